/** What PC kernels are built for, as far as a log may leave it open: values to try one after the other. */

/** CONFIG_NR_CPUS. */
export const NR_CPUS: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

/** Generations of the cpu_entry_area, which distributions brought to older kernels too. */
export const ENTRY_GENERATIONS = [0, 1, 2, 3] as const;
