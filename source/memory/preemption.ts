import { atLeast } from '../machine/kernel-version.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';

/** DEBUG_ATOMIC_SLEEP speaks once a second (kernel/sched/core.c: ___might_sleep). */
const MIGHT_SLEEP_INTERVAL_NS = 1e9;

/** preempt_disable, pagefault_disable and might_sleep on the current CPU (linux/preempt.h, linux/uaccess.h). */
export class Preemption {
	/** Before 4.2 pagefault_disable raises preempt_count, afterwards it has a counter of its own. */
	readonly #pagefaultRaisesPreempt: boolean;
	#lastComplaintNs = Number.NEGATIVE_INFINITY;

	constructor(readonly context: KernelContext) {
		this.#pagefaultRaisesPreempt = !atLeast(context.machine.kernel, '4.2');
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#lastComplaintNs, lastComplaintNs => {
			this.#lastComplaintNs = lastComplaintNs;
		});
	}

	disable(): void {
		this.context.changePreemptCount(1);
	}

	enable(): void {
		this.context.changePreemptCount(-1);
	}

	pagefaultDisable(): void {
		this.context.cpu.pagefaultDisabled++;
		if (this.#pagefaultRaisesPreempt) this.disable();
	}

	pagefaultEnable(): void {
		this.context.cpu.pagefaultDisabled--;
		if (this.#pagefaultRaisesPreempt) this.enable();
	}

	/** What kmap_atomic does first: no preemption, no page faults. */
	enterAtomic(): void {
		if (!this.#pagefaultRaisesPreempt) this.disable();
		this.pagefaultDisable();
	}

	/** What kunmap_atomic does last. */
	leaveAtomic(): void {
		this.pagefaultEnable();
		if (!this.#pagefaultRaisesPreempt) this.enable();
	}

	/**
	 * might_sleep(): with DEBUG_ATOMIC_SLEEP the kernel complains when sleeping is forbidden; without it, it is silent.
	 * @param where Source file and line that it names.
	 */
	mightSleep(where: string): void {
		const { machine, cpu, task, timeNs } = this.context;
		if (!machine.debug.atomicSleep || cpu.preemptCount <= 0) return;
		if (timeNs - this.#lastComplaintNs < MIGHT_SLEEP_INTERVAL_NS) return;
		this.#lastComplaintNs = timeNs;
		this.context.printk(`BUG: sleeping function called from invalid context at ${where}`, 3);
		this.context.printk(`in_atomic(): 1, irqs_disabled(): 0, pid: ${task.pid}, name: ${task.comm}`, 3);
	}
}
