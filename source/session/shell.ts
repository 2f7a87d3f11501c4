import { formatValue } from '../kernel-c/c-value.ts';
import { type Execution, Interpreter } from '../kernel-c/interpreter.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot-state.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { Task } from '../memory/context.ts';
import { Kernel } from '../memory/kernel.ts';
import { KernelFault } from '../memory/kernel-fault.ts';
import { asPhrase, phrase, type Text } from '../phrases/phrase.ts';
import type { Outcome } from './outcome.ts';
import { TaskTable } from './task-table.ts';

/** An act that changes the kernel, with everything that a replay needs: a module's text, not its file. */
export type KernelAct =
	| { readonly kind: 'c'; readonly text: string }
	| { readonly kind: 'cpu'; readonly id: number }
	| { readonly kind: 'task'; readonly pid: number | 'new' }
	| { readonly kind: 'insmod'; readonly path: string; readonly source: string }
	| { readonly kind: 'rmmod'; readonly name: string };

/** An execution that sleeps in the kernel, and what is to be said of it when it ends. */
interface Sleeper {
	readonly execution: Execution;
	readonly cpu: number;
	readonly text: string;
}

/** How a run of an execution ended. */
export type Ending = Extract<Outcome, { kind: 'done' | 'fault' | 'sleeping' }>;

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

	constructor(machine: Machine, bootState: BootState | undefined) {
		this.kernel = Kernel.boot(machine, bootState);
		this.interpreter = new Interpreter(this.kernel);
		this.#tasks = new TaskTable(this.kernel.context);
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
		const begin = this.#prepare(act);
		this.kernel.context.step = step;
		const ending = begin();
		const notes = this.#panic === undefined ? this.#resumeWoken() : [];
		return notes.length === 0 ? ending : { ...ending, notes };
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
					return { kind: 'done', value: `${task.comm}[${task.pid}] on CPU ${this.kernel.context.cpu.id}` };
				};
			}
			case 'insmod': {
				const module = this.interpreter.parseModule(act.source, act.path);
				this.#tasks.checkPreemptible('insmod');
				return () => this.#runApart('insmod', act.path, task => this.interpreter.insmod(module, task));
			}
			case 'rmmod':
				this.#tasks.checkPreemptible('rmmod');
				return () => this.#runApart('rmmod', act.name, task => this.interpreter.rmmod(act.name, task));
		}
	}

	/** Run a program that is a process of its own, not a part of the shell. */
	#runApart(comm: string, argument: string, start: (task: Task) => Execution): Ending {
		const task = this.#tasks.spawn(comm);
		const ending = this.#run(task, start, `${comm} ${argument}`);
		if (ending.kind === 'done') this.#tasks.exit(task);
		if (this.#panic === undefined) this.#tasks.runShell();
		return ending;
	}

	/** @param start Gives the execution to run; what loads a module may already fault. */
	#run(task: Task, start: (task: Task) => Execution, text: string): Ending {
		const { context } = this.kernel;
		try {
			const execution = start(task);
			if (execution.run() === 'sleeping') {
				this.#sleepers.push({ execution, cpu: context.cpu.id, text });
				this.#tasks.runShell();
				return { kind: 'sleeping', pid: task.pid, on: task.waitingOn ?? '' };
			}
			// An expression of type void has a value without a text.
			return { kind: 'done', value: (execution.value && formatValue(execution.value)) || undefined };
		} catch (error) {
			if (!(error instanceof KernelFault)) throw error;
			const isPanic = error.verdict === 'panic';
			if (isPanic) this.#panic = error.message;
			else this.#tasks.kill(task);
			return { kind: 'fault', message: error.message, reason: error.reason, isPanic };
		}
	}

	/** Let every woken sleeper go on. @returns what became of each. */
	#resumeWoken(): readonly Text[] {
		const { context } = this.kernel;
		const home = context.cpu.id;
		const notes: Text[] = [];
		for (;;) {
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
		switch (ending.kind) {
			case 'sleeping':
				return phrase('{name} woke and sleeps again on {on}: {text}', { name, on: ending.on, text });
			case 'fault':
				return phrase('{name} woke and was killed: {message} ({reason})', {
					name,
					message: ending.message,
					reason: asPhrase(ending.reason),
				});
			case 'error':
				this.#tasks.exit(task);
				return phrase('{name} woke and gave up: {error}', { name, error: ending.error.whole });
			case 'done':
				this.#tasks.exit(task);
				return ending.value === undefined
					? phrase('{name} woke and finished: {text}', { name, text })
					: phrase('{name} woke and finished: {text} = {value}', { name, text, value: ending.value });
		}
	}

	/** A mistake that shows only now cannot undo what the task did before it slept; it ends the task. */
	#endOf(execution: Execution, text: string): Ending | { readonly kind: 'error'; readonly error: UserError } {
		try {
			return this.#run(execution.task, () => execution, text);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return { kind: 'error', error };
		}
	}
}
