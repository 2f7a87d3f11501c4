import { atLeast } from '../../machine/kernel-version.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { AdviceKey } from './advice.ts';
import { type PreemptBits, type PreemptState, preemptBits, preemptState } from './preempt-bits.ts';

/** DEBUG_ATOMIC_SLEEP speaks once a second (kernel/sched/core.c: ___might_sleep). */
const MIGHT_SLEEP_INTERVAL_NS = 1e9;

/** preempt_disable, pagefault_disable and might_sleep on the current CPU (linux/preempt.h, linux/uaccess.h). */
export class Preemption {
	readonly bits: PreemptBits;
	/** CONFIG_PREEMPT_COUNT, which DEBUG_ATOMIC_SLEEP selects: without it preempt_disable counts nothing. */
	readonly counts: boolean;
	/** Before 4.2 pagefault_disable raises preempt_count in every kernel; afterwards it has a counter of its own. */
	readonly #pagefaultRaisesPreempt: boolean;
	/** Its first versions warned of an enable too many. */
	readonly #warnsBelowZero: boolean;
	#lastComplaintNs = Number.NEGATIVE_INFINITY;

	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
	) {
		const { kernel, debug } = context.machine;
		this.bits = preemptBits(kernel);
		this.counts = debug.preemptCount || debug.atomicSleep;
		this.#pagefaultRaisesPreempt = !atLeast(kernel, '4.2');
		this.#warnsBelowZero = atLeast(kernel, '4.2') && !atLeast(kernel, '4.11');
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#lastComplaintNs, lastComplaintNs => {
			this.#lastComplaintNs = lastComplaintNs;
		});
	}

	/** Where the CPU is, as its preempt_count tells. */
	get state(): PreemptState {
		return preemptState(this.bits, this.context.cpu.preemptCount);
	}

	/** Whether sleeping is forbidden, even if this kernel's preempt_count does not show it. */
	get mayNotSleep(): boolean {
		const { cpu } = this.context;
		return cpu.preemptCount > 0 || cpu.irqsDisabled || cpu.locks.length > 0 || cpu.pagefaultDisabled > 0;
	}

	disable(): void {
		if (this.counts) this.context.changePreemptCount(1);
	}

	enable(): void {
		if (this.counts) this.context.changePreemptCount(-1);
	}

	pagefaultDisable(): void {
		this.context.cpu.pagefaultDisabled++;
		if (this.#pagefaultRaisesPreempt) this.context.changePreemptCount(1);
		else this.context.revisions.tasks++;
	}

	pagefaultEnable(): void {
		this.context.cpu.pagefaultDisabled--;
		if (this.#pagefaultRaisesPreempt) this.context.changePreemptCount(-1);
		else this.context.revisions.tasks++;
	}

	/** What kmap_atomic does first: no preemption, no page faults. */
	enterAtomic(): void {
		if (!this.#pagefaultRaisesPreempt) this.disable();
		this.pagefaultDisable();
	}

	/** What kunmap_atomic does last. */
	leaveAtomic(): void {
		this.pagefaultEnable();
		if (this.#warnsBelowZero && this.context.cpu.pagefaultDisabled < 0)
			this.words.warn('include/linux/uaccess.h:15 __kunmap_atomic');
		if (!this.#pagefaultRaisesPreempt) this.enable();
	}

	/**
	 * might_sleep(): with DEBUG_ATOMIC_SLEEP the kernel complains when sleeping is forbidden; without it, it is silent, and
	 * only the explorer says so.
	 * @param where Source file and line that it names.
	 */
	mightSleep(where: string, advice: AdviceKey = 'allocatedWhileAtomic'): void {
		const { cpu } = this.context;
		// All that kmap needs to know, and it asks each time: the rest is looked up afterwards.
		if (cpu.preemptCount <= 0 && !cpu.irqsDisabled && cpu.locks.length === 0 && cpu.pagefaultDisabled <= 0) return;
		const { machine, timeNs } = this.context;
		this.context.advise(advice);
		if (!machine.debug.atomicSleep || (cpu.preemptCount === 0 && !cpu.irqsDisabled)) return;
		if (timeNs - this.#lastComplaintNs < MIGHT_SLEEP_INTERVAL_NS) return;
		this.#lastComplaintNs = timeNs;
		this.words.sleepingFunction(where);
	}
}
