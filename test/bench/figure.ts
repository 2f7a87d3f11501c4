/** One measured figure beside its budget. Ratios compare two things measured in the same run on the same machine. */
export interface Figure {
	readonly what: string;
	readonly value: string;
	/** Beside what it was measured in the same run, and how many times as much it takes. */
	readonly ratio?: string;
	/** Absent where none is set. */
	readonly budget?: string;
	readonly isMet?: boolean;
}

/** Operations a second, the best of `rounds`: the one least disturbed by the machine. */
export const bestRate = (operations: number, rounds: number, run: () => void): number =>
	bestRates(operations, rounds, [run])[0] ?? Number.NaN;

/** The same for several things that are compared: they take turns, so that all meet the same machine. */
export const bestRates = (operations: number, rounds: number, runs: readonly (() => void)[]): number[] => {
	const best = runs.map(() => Number.POSITIVE_INFINITY);
	for (let round = 0; round < rounds; round++) {
		for (const [index, run] of runs.entries()) {
			const start = process.hrtime.bigint();
			run();
			best[index] = Math.min(best[index] ?? 0, Number(process.hrtime.bigint() - start));
		}
	}
	return best.map(time => (operations * 1e9) / time);
};

/** Bytes that stay in use by what `make` makes. Node must have been started with --expose-gc. */
export const bytesOf = <Made>(make: () => Made): { readonly made: Made; readonly bytes: number } => {
	const used = (): number => {
		globalThis.gc?.();
		const { heapUsed, arrayBuffers } = process.memoryUsage();
		return heapUsed + arrayBuffers;
	};
	const before = used();
	const made = make();
	return { made, bytes: used() - before };
};

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const millions = (rate: number): string => `${(rate / 1e6).toFixed(1)} M/s`;

export const MIB = 1024 * 1024;

export const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/** How many times as long `rate` takes as `other`. */
export const times = (rate: number, other: number, name: string): string => `${(other / rate).toFixed(1)} x ${name}`;
