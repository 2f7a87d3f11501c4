import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import type { KernelVersion } from '../../machine/kernel-version.ts';

/**
 * How a kernel packs the reasons that forbid a task switch into preempt_count (linux/hardirq.h, later linux/preempt.h):
 *
 *     bits 0-7    preempt_disable, spinlocks      (only counted with CONFIG_PREEMPT_COUNT)
 *     bits 8-15   softirq: 0x100 running one, 0x200 (before 2.6.37 0x100) for each local_bh_disable
 *     bits 16-    hard interrupts, then NMI
 */
export interface PreemptBits extends VersionRow {
	/** What local_bh_disable adds. */
	readonly bhOffset: number;
	readonly hardirqMask: number;
	readonly nmiMask: number;
}

export const SOFTIRQ_OFFSET = 0x100;
export const HARDIRQ_OFFSET = 0x10000;
export const PREEMPT_MASK = 0xff;
export const SOFTIRQ_MASK = 0xff00;

const ROWS: readonly [PreemptBits, ...PreemptBits[]] = [
	{ since: '2.6.24', bhOffset: 0x100, hardirqMask: 0x0fff0000, nmiMask: 0 },
	{ since: '2.6.30', bhOffset: 0x100, hardirqMask: 0x03ff0000, nmiMask: 0x04000000 },
	{ since: '2.6.37', bhOffset: 0x200, hardirqMask: 0x03ff0000, nmiMask: 0x04000000 },
	{ since: '3.13', bhOffset: 0x200, hardirqMask: 0x000f0000, nmiMask: 0x00100000 },
	{ since: '5.8', bhOffset: 0x200, hardirqMask: 0x000f0000, nmiMask: 0x00f00000 },
];

export const preemptBits = (kernel: KernelVersion): PreemptBits => byVersion(kernel, ROWS);

/** What preempt_count says about where a CPU is. */
export interface PreemptState {
	readonly isHardirq: boolean;
	/** in_softirq: serving one, or bottom halves are off. */
	readonly isSoftirq: boolean;
	/** Whether a softirq is being served. */
	readonly isServingSoftirq: boolean;
	readonly isInterrupt: boolean;
	readonly isAtomic: boolean;
}

/** preempt_count taken apart. */
export interface PreemptParts {
	/** preempt_disable and spinlocks. */
	readonly preempt: number;
	readonly isServingSoftirq: boolean;
	/** Times that softirqs were switched off, one inside the other. */
	readonly softirqsOff: number;
	readonly hardirq: number;
	readonly nmi: number;
}

export const preemptParts = (bits: PreemptBits, count: number): PreemptParts => {
	const softirq = count & SOFTIRQ_MASK;
	const served = bits.bhOffset === SOFTIRQ_OFFSET ? 0 : softirq & SOFTIRQ_OFFSET;
	return {
		preempt: count & PREEMPT_MASK,
		isServingSoftirq: served !== 0,
		softirqsOff: Math.floor((softirq - served) / bits.bhOffset),
		hardirq: Math.floor((count & bits.hardirqMask) / HARDIRQ_OFFSET),
		nmi: bits.nmiMask === 0 ? 0 : Math.floor((count & bits.nmiMask) / (bits.nmiMask & -bits.nmiMask)),
	};
};

export const preemptState = (bits: PreemptBits, count: number): PreemptState => {
	const isHardirq = (count & (bits.hardirqMask | bits.nmiMask)) !== 0;
	const isSoftirq = (count & SOFTIRQ_MASK) !== 0;
	return {
		isHardirq,
		isSoftirq,
		isServingSoftirq: (count & SOFTIRQ_OFFSET) !== 0,
		isInterrupt: isHardirq || isSoftirq,
		isAtomic: count !== 0,
	};
};
