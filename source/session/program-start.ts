import type { CValue } from '../kernel-c/c-value.ts';
import type { Execution } from '../kernel-c/interpreter.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { Task } from '../memory/context.ts';
import type { Contexts } from '../memory/contexts/contexts.ts';

/**
 * A program from its execve() on, which itself needs a pkmap slot on kernels before 6.1 and may sleep for it, to its way
 * back to user space.
 */
export class ProgramStart implements Execution {
	#program: Execution | undefined;

	/** @param start Gives the program once it may begin. */
	constructor(
		readonly task: Task,
		readonly contexts: Contexts,
		readonly start: (task: Task) => Execution,
	) {}

	get value(): CValue | undefined {
		return this.#program?.value;
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#program, program => {
			this.#program = program;
		});
		this.#program?.keep(recorder);
	}

	run(): 'done' | 'sleeping' {
		if (!this.#program && !this.contexts.kmapLock.mayExec()) return 'sleeping';
		if (!this.#program) {
			this.contexts.reachTables();
			this.#program = this.start(this.task);
		}
		if (this.#program.run() === 'sleeping') return 'sleeping';
		this.contexts.userReturn.leave();
		return 'done';
	}
}
