import { type VirtualAddress, virtual } from '../../machine/address.ts';
import type { KernelContext, Task } from '../context.ts';
import type { Pkmap } from '../highmem/pkmap.ts';
import type { KernelWords } from '../kernel-words.ts';
import { HrTimers } from './hrtimers.ts';
import { Initcall } from './initcall.ts';
import { Interrupts } from './interrupts.ts';
import { KmapLock } from './kmap-lock.ts';
import type { Preemption } from './preemption.ts';
import { Scheduler } from './scheduler.ts';
import { SpinLocks } from './spin-locks.ts';
import { UserReturn } from './user-return.ts';

/** Threads are numbered above every process. */
const FIRST_THREAD = 1000;
const TASKS_OFFSET = 0x100000;
const TASK_BYTES = 0x1000;
/** Characters of a task's name, without the zero byte. */
const TASK_COMM_LEN = 15;

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
	readonly hrtimers: HrTimers;
	readonly locks: SpinLocks;
	readonly scheduler: Scheduler;
	readonly initcall: Initcall;
	readonly userReturn: UserReturn;
	readonly kmapLock: KmapLock;
	/** What a program that starts does with its page tables; set by whoever made those that it needs. */
	reachTables: () => void = () => {};

	/** Threads that were started and that nobody runs yet, oldest first. */
	readonly starting: StartingThread[] = [];
	/** Threads that wait for their first wake_up_process, by number. */
	readonly created = new Map<number, StartingThread>();

	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
		words: KernelWords,
		pkmap: Pkmap | null,
	) {
		this.interrupts = new Interrupts(context, preemption);
		this.kmapLock = new KmapLock(context, pkmap, this.interrupts, words, preemption);
		this.locks = new SpinLocks(context, preemption, this.interrupts);
		this.hrtimers = new HrTimers(context, this.interrupts);
		this.scheduler = new Scheduler(context, preemption, words, this.hrtimers);
		this.userReturn = new UserReturn(context, words);
		this.initcall = new Initcall(context, words, this.interrupts);
	}

	/** kthread_run: the thread runs when the scheduler next has a choice. @returns its number. */
	startThread(address: VirtualAddress, data: number, comm: string): number {
		const pid = this.createThread(address, data, comm);
		this.wakeThread(pid);
		return pid;
	}

	/** kthread_create: the thread waits to be woken for the first time. @returns its number. */
	createThread(address: VirtualAddress, data: number, comm: string): number {
		const pid = Math.max(...this.context.tasks.keys(), FIRST_THREAD) + 1;
		const task = this.context.addTask(pid, comm.slice(0, TASK_COMM_LEN));
		task.isKernel = true;
		this.created.set(pid, { task, address, data, cpu: this.context.cpu.id });
		return pid;
	}

	/** wake_up_process. @returns whether it slept. */
	wakeThread(pid: number): boolean {
		const thread = this.created.get(pid);
		if (thread) {
			this.created.delete(pid);
			this.starting.push(thread);
			return true;
		}
		const task = this.context.tasks.get(pid);
		if (task?.state !== 'uninterruptible') return false;
		this.scheduler.wakeTask(task);
		return true;
	}

	/** Number of the task whose task_struct lies there, if there is one. */
	taskAt(address: number): number | undefined {
		const pid = (address - this.context.layout.pageOffset - TASKS_OFFSET) / TASK_BYTES;
		return Number.isInteger(pid) && pid >= 0 ? pid : undefined;
	}

	/** Where a task_struct would lie: tasks are not simulated byte for byte, but their addresses differ. */
	taskAddress(pid: number): VirtualAddress {
		return virtual(this.context.layout.pageOffset + TASKS_OFFSET + pid * TASK_BYTES);
	}
}
