import { type Execution, Interpreter, type Program, splitModuleArgument } from '../kernel-c/interpreter.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { Task } from '../memory/context.ts';
import type { InterruptKind } from '../memory/contexts/interrupts.ts';
import { Kernel } from '../memory/kernel.ts';
import { KernelFault } from '../memory/kernel-fault.ts';
import { asPhrase, phrase, type Text } from '../phrases/phrase.ts';
import type { Ending, KernelAct, SleeperEnding } from './kernel-act.ts';
import { ProgramStart } from './program-start.ts';
import { shownResult } from './shown-value.ts';
import { TaskTable } from './task-table.ts';
import { wakingText } from './waking-text.ts';

/** How long others may run while a task waits for one of them to wake it. */
const PATIENCE_NS = 60e9;

/** An execution that sleeps in the kernel, and what is to be said of it when it ends. */
interface Sleeper {
	readonly execution: Execution;
	readonly cpu: number;
	readonly text: string;
}

/**
 * One booted kernel and the tasks that run on it: a shell on each CPU takes the acts one by one. When it falls asleep
 * in the kernel or is killed, a new one takes its place.
 *
 * After each act the sleepers that were woken go on, in the order in which they fell asleep, each until it finishes or
 * sleeps again, over and over until none is runnable. Nothing else ever runs, so the same acts give the same events.
 */
export class Shell {
	readonly kernel: Kernel;
	readonly interpreter: Interpreter;
	readonly #tasks: TaskTable;
	/** Oldest first. */
	readonly #sleepers: Sleeper[] = [];
	#panic: string | undefined;
	/** What else happened in this act. */
	#notes: Text[] = [];

	constructor(machine: Machine, bootState: BootState | undefined) {
		this.kernel = Kernel.boot(machine, bootState);
		this.interpreter = new Interpreter(this.kernel);
		this.#tasks = new TaskTable(this.kernel.context, this.kernel);
		this.#tasks.runShell();
	}

	keep(recorder: Recorder): void {
		this.kernel.keep(recorder);
		this.interpreter.keep(recorder);
		this.#tasks.keep(recorder);
		recorder.value(this.#panic, panic => {
			this.#panic = panic;
		});
		recorder.note(this.#sleepers);
		for (const { execution } of this.#sleepers) execution.keep(recorder);
	}

	/**
	 * Do one act.
	 * @param step Its number; everything it changes is marked with it.
	 * @throws {UserError} for a mistake of the user. When `context.step` is already `step`, parts of the act were done.
	 */
	perform(act: KernelAct, step: number): Ending {
		if (this.#panic !== undefined) {
			throw new UserError(
				phrase('the kernel has stopped: {panic}', { panic: this.#panic }),
				undefined,
				'undo, reset and quit still work',
			);
		}
		if (act.kind !== 'cpu' && act.kind !== 'task') this.#checkSpinning();
		const begin = this.#prepare(act);
		this.kernel.context.step = step;
		const ending = begin();
		this.kernel.contexts.scheduler.wakeDue();
		const woken = this.#panic === undefined ? this.#resumeWoken() : [];
		const notes = [...this.#notes.splice(0), ...woken];
		return notes.length === 0 ? ending : { ...ending, notes };
	}

	/** @throws {UserError} when the current CPU takes no commands any more. */
	#checkSpinning(): void {
		const { id, spinsFor: why } = this.kernel.context.cpu;
		if (why === undefined) return;
		throw new UserError(
			phrase('CPU {id} spins for ever: {why}', { id, why: asPhrase(why) }),
			undefined,
			'cpu N goes on on another one',
		);
	}

	/** Check and parse an act, which changes nothing. @returns what carries it out. */
	#prepare(act: KernelAct): () => Ending {
		switch (act.kind) {
			case 'c': {
				const program = this.interpreter.parseStatements(act.text);
				return () => this.#run(this.#tasks.shell, task => this.interpreter.start(program, task), act.text);
			}
			case 'cpu': {
				this.#tasks.checkCpu(act.id);
				return () => {
					this.#tasks.switchCpu(act.id);
					return { kind: 'done' };
				};
			}
			case 'task': {
				const { pid } = act;
				if (pid === 'new') this.#tasks.checkPreemptible('another shell');
				else this.#tasks.checkTask(pid);
				return () => {
					const task = pid === 'new' ? this.#tasks.addShell() : this.#tasks.switchTo(pid);
					return { kind: 'done', value: this.#where(task) };
				};
			}
			case 'fork':
				this.#tasks.checkPreemptible('fork');
				return () => this.#fork();
			case 'exit':
				this.#tasks.checkPreemptible('exit');
				return () => {
					this.#tasks.exit(this.#tasks.shell);
					this.#tasks.runShell();
					return { kind: 'done', value: this.#where(this.#tasks.shell) };
				};
			case 'interrupt': {
				const program = this.interpreter.parseStatements(act.text);
				this.#tasks.checkInterruptible(act.context);
				return () => this.#interrupt(act.context, program, act.text);
			}
			case 'insmod': {
				const [path, parameters] = splitModuleArgument(act.path);
				const module = this.interpreter.parseModule(act.source, path);
				this.#tasks.checkPreemptible('insmod');
				return () => this.#runApart('insmod', act.path, task => this.interpreter.insmod(module, task, parameters));
			}
			case 'rmmod':
				this.#tasks.checkPreemptible('rmmod');
				return () => this.#runApart('rmmod', act.name, task => this.interpreter.rmmod(act.name, task));
		}
	}

	#fork(): Ending {
		const child = this.#tasks.fork();
		if (!child) return { kind: 'done', value: '-ENOMEM' };
		const value = phrase('{child}; task {pid} goes on as it', { child: this.#where(child), pid: child.pid });
		return { kind: 'done', value };
	}

	#where(task: Task): string {
		return `${task.comm}[${task.pid}] on CPU ${this.kernel.context.cpu.id}`;
	}

	/** Run statements as an interrupt of whatever the current CPU does. */
	#interrupt(kind: InterruptKind, program: Program, text: string): Ending {
		const { interrupts } = this.kernel.contexts;
		let ending: Ending = { kind: 'done' };
		interrupts.run(kind, () => {
			ending = this.#run(this.kernel.context.task, task => this.interpreter.start(program, task), text);
		});
		return ending;
	}

	/** Run a program that is a process of its own, not a part of the shell. */
	#runApart(comm: string, argument: string, start: (task: Task) => Execution): Ending {
		const home = this.kernel.context.cpu.id;
		const task = this.#tasks.spawn(comm);
		const program = new ProgramStart(task, this.kernel.contexts, start);
		const ending = this.#run(task, () => program, `${comm} ${argument}`);
		if (ending.kind === 'done') this.#tasks.exit(task);
		if (this.#panic === undefined) this.#tasks.switchCpu(home);
		return ending;
	}

	/**
	 * Run an execution of the user's until it is done or waits for somebody else. While it waits for a timer, others run.
	 * @param start Gives the execution; what loads a module may already fault.
	 */
	#run(task: Task, start: (task: Task) => Execution, text: string): Ending {
		return this.#guard(task, () => {
			const execution = start(task);
			for (;;) {
				const state = execution.run();
				// It may have gone to another CPU meanwhile.
				const cpu = this.#tasks.follow(task);
				if (state === 'done') break;
				const { scheduler } = this.kernel.contexts;
				const awaitsOthers = task.wakesAtNs !== undefined || scheduler.isInQueue(task);
				if (awaitsOthers) this.#runOthers(task);
				if (task.state === 'uninterruptible') return this.#putAside({ execution, cpu, text });
				this.#tasks.switchCpu(cpu, task);
			}
			if (task.killedBy !== undefined) this.kernel.contexts.userReturn.leave();
			return { kind: 'done', value: shownResult(execution.value, this.kernel.view) };
		});
	}

	/** Run something as a task; a fault of the kernel ends the task, the CPU or everything. */
	#guard(task: Task, run: () => Ending): Ending {
		try {
			return run();
		} catch (error) {
			if (!(error instanceof KernelFault)) throw error;
			const { message, reason, verdict } = error;
			if (verdict === 'spins') return this.#lose(reason);
			const isPanic = verdict === 'panic';
			if (isPanic) this.#panic = message;
			else this.#tasks.kill(task);
			return { kind: 'fault', message, reason, isPanic };
		}
	}

	/** The current CPU goes round in circles. Without another one nothing goes on at all. */
	#lose(reason: Text): Ending {
		const { cpu, cpus, revisions } = this.kernel.context;
		cpu.spinsFor = reason;
		revisions.tasks++;
		const isPanic = cpus.every(({ spinsFor }) => spinsFor !== undefined);
		const message = `CPU ${cpu.id} spins`;
		if (isPanic) this.#panic = message;
		return { kind: 'fault', message, reason, isPanic };
	}

	#putAside(sleeper: Sleeper): Ending {
		const { task } = sleeper.execution;
		this.#sleepers.push(sleeper);
		this.#tasks.runShell();
		return { kind: 'sleeping', pid: task.pid, on: task.waitingOn ?? '' };
	}

	/** Let whoever can run do so, then the clock go on to the next timer, until `task` is woken. */
	#runOthers(task: Task): void {
		const { context, contexts } = this.kernel;
		const patience = task.wakesAtNs === undefined ? context.timeNs + PATIENCE_NS : Infinity;
		while (task.state === 'uninterruptible') {
			this.#notes.push(...this.#resumeWoken());
			const isIdle = task.state === 'uninterruptible' && context.timeNs <= patience && !contexts.scheduler.runTimers();
			if (this.#panic !== undefined || isIdle || context.timeNs > patience) return;
		}
	}

	/** Kernel threads that were started since. */
	#startThreads(): void {
		for (const { task, address, data, cpu } of this.kernel.contexts.starting.splice(0)) {
			const execution = this.interpreter.call(address, [data], task);
			this.#sleepers.push({ execution, cpu, text: task.comm });
		}
	}

	/** Let every woken sleeper go on. @returns what became of each. */
	#resumeWoken(): readonly Text[] {
		const { context } = this.kernel;
		const home = context.cpu.id;
		const notes: Text[] = [];
		for (;;) {
			this.#startThreads();
			const index = this.#sleepers.findIndex(
				({ execution, cpu }) => execution.task.state === 'runnable' && this.#tasks.isPreemptible(cpu),
			);
			const [sleeper] = index < 0 ? [] : this.#sleepers.splice(index, 1);
			if (!sleeper) break;
			notes.push(this.#resume(sleeper));
			if (this.#panic !== undefined) return notes;
		}
		this.#tasks.switchCpu(home);
		return notes;
	}

	#resume({ execution, cpu, text }: Sleeper): Text {
		const { task } = execution;
		const name = `${task.comm}[${task.pid}]`;
		this.#tasks.switchCpu(cpu, task);
		const ending = this.#endOf(execution, text);
		if (ending.kind === 'done' || ending.kind === 'error') this.#tasks.exit(task);
		return wakingText(name, text, ending);
	}

	/** A mistake that shows only now cannot undo what the task did before it slept; it ends the task. */
	#endOf(execution: Execution, text: string): SleeperEnding {
		try {
			const { task } = execution;
			return this.#guard(task, () => {
				const state = execution.run();
				const cpu = this.#tasks.follow(task);
				if (state === 'sleeping') return this.#putAside({ execution, cpu, text });
				return { kind: 'done', value: shownResult(execution.value, this.kernel.view) };
			});
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return { kind: 'error', error };
		}
	}
}
