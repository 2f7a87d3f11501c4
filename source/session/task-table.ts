import { UserError } from '../machine/user-error.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { Cpu, KernelContext, Task } from '../memory/context.ts';
import { SOFTIRQ_MASK } from '../memory/contexts/preempt-bits.ts';
import { eventCode } from '../memory/event-log.ts';
import { phrase } from '../phrases/phrase.ts';

const TASK_EXIT = eventCode('task_exit');

const FIRST_PID = 100;

/** What happens to a process's memory when processes come and go. */
export interface ProcessMemory {
	/** @returns false when there is no memory for the tables of the child. */
	forkMemory(child: Task): boolean;
	exitMemory(task: Task): void;
	/** @returns false when the task that was killed faults once more and sleeps for ever. */
	die(task: Task): boolean;
}

/** The processes of an exploration: a shell on each CPU, further ones by request, and what they start. Numbers rise from 100. */
export class TaskTable {
	readonly #context: KernelContext;
	readonly #memory: ProcessMemory;
	/** Shells that can go on, and the CPU of each, oldest first. */
	readonly #cpuOf = new Map<Task, number>();
	/** The shell that took commands last on each CPU. */
	readonly #current = new Map<number, Task>();
	#nextPid = FIRST_PID;

	constructor(context: KernelContext, memory: ProcessMemory) {
		this.#context = context;
		this.#memory = memory;
	}

	keep(recorder: Recorder): void {
		recorder.note(this.#cpuOf);
		recorder.note(this.#current);
		recorder.value(this.#nextPid, pid => {
			this.#nextPid = pid;
		});
	}

	/** The shell of the current CPU. */
	get shell(): Task {
		return this.#shellOf(this.#context.cpu);
	}

	/** Make the current CPU's shell the running task; a new one if the old one sleeps or is dead. */
	runShell(): void {
		this.#context.switchTask(this.shell);
	}

	/** Another shell on the current CPU, which takes the commands from now on. */
	addShell(): Task {
		const { id } = this.#context.cpu;
		this.#current.set(id, this.#newShell(id));
		this.runShell();
		return this.shell;
	}

	/** A child of the current CPU's shell with the same memory; the parent goes on. @returns undefined without memory. */
	fork(): Task | undefined {
		const { id } = this.#context.cpu;
		const child = this.#context.addTask(this.#nextPid++, this.shell.comm);
		if (this.#memory.forkMemory(child)) {
			this.#cpuOf.set(child, id);
			return child;
		}
		this.exit(child);
		return undefined;
	}

	/** @throws {UserError} when no shell has that number, or it cannot run now. */
	checkTask(pid: number): void {
		const task = this.#context.tasks.get(pid);
		const cpu = task && this.#cpuOf.get(task);
		if (!task || (cpu === undefined && canRun(task))) {
			const shells = [...this.#cpuOf].map(([shell, id]) => `${shell.pid} on CPU ${id}`).join(', ');
			throw new UserError(
				task
					? phrase('task {pid} is {comm} and takes no commands', { pid, comm: task.comm })
					: phrase('there is no task {pid}', { pid }),
				undefined,
				phrase('shells: {shells}; task new starts another', { shells }),
			);
		}
		if (cpu === undefined || !canRun(task)) {
			throw new UserError(
				phrase('task {pid} sleeps on {queue}', { pid, queue: task.waitingOn ?? phrase('a wait queue') }),
				undefined,
				'it goes on by itself once it is woken',
			);
		}
		if (task !== this.#current.get(cpu) && !this.isPreemptible(cpu)) {
			const count = this.#context.cpus[cpu]?.preemptCount ?? 0;
			throw new UserError(
				phrase('task {pid} cannot run: the task on CPU {cpu} has preemption off (preempt_count {count})', {
					pid,
					cpu,
					count,
				}),
				undefined,
				'first undo what turned it off, for example with kunmap_atomic',
			);
		}
	}

	/** Go on as a shell that `checkTask` let pass, on its CPU. */
	switchTo(pid: number): Task {
		for (const [task, cpu] of this.#cpuOf) {
			if (task.pid !== pid) continue;
			this.#current.set(cpu, task);
			this.switchCpu(cpu, task);
		}
		return this.shell;
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

	/** Note where a task has gone by itself. A shell takes its commands there from now on. @returns its CPU. */
	follow(task: Task): number {
		const { id } = this.#context.cpu;
		const before = this.#cpuOf.get(task);
		if (before === undefined || before === id) return id;
		this.#cpuOf.set(task, id);
		if (this.#current.get(before) === task) this.#current.delete(before);
		this.#current.set(id, task);
		return id;
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

	/** @throws {UserError} when interrupts are off on the current CPU, so that none arrives. */
	checkInterruptible(kind: 'hardirq' | 'softirq'): void {
		const { id, irqsDisabled, preemptCount } = this.#context.cpu;
		if (!irqsDisabled && (kind === 'hardirq' || (preemptCount & SOFTIRQ_MASK) === 0)) return;
		throw new UserError(
			phrase('no interrupt arrives on CPU {id}: they are switched off there', { id }),
			undefined,
			irqsDisabled ? 'it waits until local_irq_enable()' : 'it waits until local_bh_enable()',
		);
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
		if (this.#memory.die(task)) this.#end(task, true);
		else {
			task.state = 'uninterruptible';
			task.waitingOn = 'do_exit';
			this.#context.revisions.tasks++;
		}
		this.runShell();
	}

	#end(task: Task, isKilled: boolean): void {
		const context = this.#context;
		this.#memory.exitMemory(task);
		context.cpu.preemptCount = 0;
		context.cpu.pagefaultDisabled = 0;
		// Its locks stay taken, but the CPU has left the code that held them.
		context.cpu.locks.length = 0;
		task.state = 'dead';
		task.waitingOn = undefined;
		context.tasks.delete(task.pid);
		context.revisions.tasks++;
		context.events.record(TASK_EXIT, task.pid, Number(isKilled));
	}

	#shellOf({ id }: Cpu): Task {
		for (const task of this.#cpuOf.keys()) if (!canRun(task)) this.#cpuOf.delete(task);
		const current = this.#current.get(id);
		if (current && canRun(current)) return current;
		const [waiting] = [...this.#cpuOf].find(([, cpu]) => cpu === id) ?? [];
		const shell = waiting ?? this.#newShell(id);
		this.#current.set(id, shell);
		return shell;
	}

	#newShell(cpu: number): Task {
		const shell = this.#context.addTask(this.#nextPid++, 'sh');
		this.#cpuOf.set(shell, cpu);
		return shell;
	}
}

const canRun = ({ state }: Task): boolean => state === 'running' || state === 'runnable';
