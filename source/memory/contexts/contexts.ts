import { type VirtualAddress, virtual } from '../../machine/address.ts';
import type { KernelContext, Task } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Pkmap } from '../pkmap.ts';
import type { Preemption } from '../preemption.ts';
import { Initcall } from './initcall.ts';
import { Interrupts } from './interrupts.ts';
import { KmapLock } from './kmap-lock.ts';
import { Scheduler } from './scheduler.ts';
import { SpinLocks } from './spin-locks.ts';
import { UserReturn } from './user-return.ts';

/** Threads are numbered above every process. */
const FIRST_THREAD = 1000;
const TASKS_OFFSET = 0x100000;
const TASK_BYTES = 0x1000;

/** A kernel thread before its first instruction. */
export interface StartingThread {
	readonly task: Task;
	/** Its function and what that is given. */
	readonly address: VirtualAddress;
	readonly data: number;
	readonly cpu: number;
}

/** All that decides what code may do where it runs: preemption, interrupts, spinlocks, and what sleeping does. */
export class Contexts {
	readonly interrupts: Interrupts;
	readonly locks: SpinLocks;
	readonly scheduler: Scheduler;
	readonly initcall: Initcall;
	readonly userReturn: UserReturn;
	readonly kmapLock: KmapLock;

	/** Threads that were started and that nobody runs yet, oldest first. */
	readonly starting: StartingThread[] = [];

	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
		words: KernelWords,
		pkmap: Pkmap | null,
	) {
		this.interrupts = new Interrupts(context, preemption);
		this.kmapLock = new KmapLock(context, pkmap, this.interrupts, words, preemption);
		this.locks = new SpinLocks(context, preemption, this.interrupts);
		this.scheduler = new Scheduler(context, preemption, words);
		this.userReturn = new UserReturn(context, words);
		this.initcall = new Initcall(context, words, this.interrupts);
	}

	/** kthread_run: the thread runs when the scheduler next has a choice. @returns its number. */
	startThread(address: VirtualAddress, data: number, comm: string): number {
		const pid = Math.max(...this.context.tasks.keys(), FIRST_THREAD) + 1;
		const task = this.context.addTask(pid, comm);
		task.isKernel = true;
		this.starting.push({ task, address, data, cpu: this.context.cpu.id });
		return pid;
	}

	/** Where a task_struct would lie: tasks are not simulated byte for byte, but their addresses differ. */
	taskAddress(pid: number): VirtualAddress {
		return virtual(this.context.layout.pageOffset + TASKS_OFFSET + pid * TASK_BYTES);
	}
}
