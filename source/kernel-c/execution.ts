import type { Recorder } from '../memory/checkpoint.ts';
import type { Task } from '../memory/context.ts';
import type { CValue } from './c-value.ts';
import type { FunctionSymbol } from './tree.ts';
import type { Code, Vm } from './vm.ts';

/** A program that runs as a task. */
export interface Execution {
	readonly task: Task;
	/**
	 * Run until the program ends or its task sleeps; to be called again after the wake.
	 * @throws {KernelFault} the simulated kernel stopped the task. @throws {UserError} the program exceeds its bounds.
	 */
	run(): 'done' | 'sleeping';
	/** Value of the last expression statement, or the result of a module's function. */
	readonly value: CValue | undefined;
	keep(recorder: Recorder): void;
}

/** A part of an execution: code to run, or undefined when there is none. */
export type Step = () => Code | FunctionSymbol | undefined;

/** Runs its steps one after the other on one virtual machine. */
export class StepExecution implements Execution {
	readonly #vm: Vm;
	readonly #steps: Step[];
	#isRunning = false;
	value: CValue | undefined;
	/** Pieces of code that have ended. */
	ended = 0;

	/** @param finish Called after each piece of code with the value that it left. */
	constructor(
		readonly task: Task,
		vm: Vm,
		steps: readonly Step[],
		readonly finish: (execution: StepExecution, vm: Vm) => void,
	) {
		this.#vm = vm;
		this.#steps = [...steps];
	}

	keep(recorder: Recorder): void {
		recorder.note(this);
		recorder.note(this.#steps);
		recorder.value(this.#isRunning, isRunning => {
			this.#isRunning = isRunning;
		});
		this.#vm.keep(recorder);
	}

	/** Drop what has not run yet: the init function failed. */
	abandon(): void {
		this.#steps.length = 0;
	}

	run(): 'done' | 'sleeping' {
		if (this.task.state === 'uninterruptible') return 'sleeping';
		this.#vm.kernel.context.switchTask(this.task);
		for (;;) {
			if (this.#isRunning) {
				if (this.#vm.resume() === 'sleeping') return 'sleeping';
				this.#isRunning = false;
				this.ended++;
				this.finish(this, this.#vm);
				this.#vm.stack.length = 0;
			}
			const step = this.#steps.shift();
			if (!step) return 'done';
			const code = step();
			if (code) {
				this.#vm.begin(code);
				this.#isRunning = true;
			}
		}
	}
}
