import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Preemption } from '../preemption.ts';
import { Initcall } from './initcall.ts';
import { Interrupts } from './interrupts.ts';
import { Scheduler } from './scheduler.ts';
import { SpinLocks } from './spin-locks.ts';

/** All that decides what code may do where it runs: preemption, interrupts, spinlocks, and what sleeping does. */
export class Contexts {
	readonly interrupts: Interrupts;
	readonly locks: SpinLocks;
	readonly scheduler: Scheduler;
	readonly initcall: Initcall;

	constructor(
		context: KernelContext,
		readonly preemption: Preemption,
		words: KernelWords,
	) {
		this.interrupts = new Interrupts(context, preemption);
		this.locks = new SpinLocks(context, preemption, this.interrupts);
		this.scheduler = new Scheduler(context, preemption, words);
		this.initcall = new Initcall(context, words, this.interrupts);
	}
}
