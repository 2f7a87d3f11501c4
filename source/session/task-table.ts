import { UserError } from '../machine/user-error.ts';
import type { Cpu, KernelContext, Task } from '../memory/context.ts';
import { eventCode } from '../memory/event-log.ts';
import { phrase } from '../phrases/phrase.ts';

const TASK_EXIT = eventCode('task_exit');

const FIRST_PID = 100;

/** The processes of an exploration: one shell a CPU, and what it starts. Process numbers rise from 100. */
export class TaskTable {
	readonly #context: KernelContext;
	readonly #shells = new Map<number, Task>();
	#nextPid = FIRST_PID;

	constructor(context: KernelContext) {
		this.#context = context;
	}

	/** The shell of the current CPU. */
	get shell(): Task {
		return this.#shellOf(this.#context.cpu);
	}

	/** Make the current CPU's shell the running task; a new one if the old one sleeps or is dead. */
	runShell(): void {
		this.#context.switchTask(this.shell);
	}

	/** A new process on the current CPU, running at once. */
	spawn(comm: string): Task {
		const task = this.#context.addTask(this.#nextPid++, comm);
		this.#context.switchTask(task);
		return task;
	}

	/** Go on on CPU `id`, with its shell or another task of it. */
	switchCpu(id: number, task?: Task): void {
		this.#context.switchCpu(id);
		this.#context.switchTask(task ?? this.shell);
	}

	/** @throws {UserError} when no such CPU is on line. */
	checkCpu(id: number): void {
		const last = this.#context.cpus.length - 1;
		if (id <= last) return;
		throw new UserError(
			phrase('CPU {id} is not online', { id }),
			undefined,
			last === 0 ? 'this machine has CPU 0 only' : phrase('0 to {last}', { last }),
		);
	}

	/** Whether another task may run on a CPU. */
	isPreemptible(cpu: number): boolean {
		return (this.#context.cpus[cpu]?.preemptCount ?? 0) <= 0;
	}

	/** @throws {UserError} when `comm` cannot be started because the shell may not be scheduled away. */
	checkPreemptible(comm: string): void {
		const { id, preemptCount } = this.#context.cpu;
		if (preemptCount <= 0) return;
		throw new UserError(
			phrase('{comm} cannot run on CPU {id}: its shell has preemption off (preempt_count {preemptCount})', {
				comm,
				id,
				preemptCount,
			}),
			undefined,
			'first undo what turned it off, for example with kunmap_atomic',
		);
	}

	/** The task ends as it should. What it left switched off ends with it. */
	exit(task: Task): void {
		this.#end(task, false);
	}

	/** The kernel killed the task (do_exit in kernel/exit.c); what it left switched off ends with it. */
	kill(task: Task): void {
		const { cpu } = this.#context;
		if (cpu.preemptCount !== 0) {
			this.#context.printk(`note: ${task.comm}[${task.pid}] exited with preempt_count ${cpu.preemptCount}`, 6);
		}
		this.#end(task, true);
		this.runShell();
	}

	#end(task: Task, isKilled: boolean): void {
		const context = this.#context;
		context.cpu.preemptCount = 0;
		context.cpu.pagefaultDisabled = 0;
		task.state = 'dead';
		task.waitingOn = undefined;
		context.tasks.delete(task.pid);
		context.revisions.tasks++;
		context.events.record(TASK_EXIT, task.pid, Number(isKilled));
	}

	#shellOf(cpu: Cpu): Task {
		const present = this.#shells.get(cpu.id);
		if (present && (present.state === 'running' || present.state === 'runnable')) return present;
		const shell = this.#context.addTask(this.#nextPid++, 'sh');
		this.#shells.set(cpu.id, shell);
		return shell;
	}
}
