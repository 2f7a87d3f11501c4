import type { KernelContext } from '../context.ts';

/** Functions of the kernel's own whose calls can be watched: those that the engine makes as the kernel does. */
export const PROBED = ['flush_tlb_kernel_range'] as const;

export type ProbedFunction = (typeof PROBED)[number];

interface Probe {
	readonly name: string;
	/** Address of what is called with the probe itself and the first three arguments. */
	readonly address: number;
}

/** Breakpoints on functions of the kernel (kernel/kprobes.c). */
export class Probes {
	/** By address of their struct kprobe, oldest first. */
	readonly active = new Map<number, Probe>();

	/** A probed function is called: whoever watches it runs before its first instruction. */
	hit(context: KernelContext, name: ProbedFunction, ...args: readonly number[]): void {
		if (this.active.size === 0) return;
		for (const [probe, { name: watched, address }] of this.active) {
			if (watched === name) context.callFunction(address, [probe, ...args]);
		}
	}
}
