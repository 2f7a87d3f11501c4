import { formatValue, Interpreter, type InterpreterOptions, loadC } from '../../source/kernel-c/interpreter.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { formatLogLine } from '../../source/memory/context.ts';
import { Kernel } from '../../source/memory/kernel.ts';

export const ARM = 'imx6q-2g';
export const X86 = 'laptop-2g-nopae';

/** A command bar on a freshly booted machine. */
export const openShell = async (machine = ARM, options: InterpreterOptions = {}) => {
	await loadC();
	const kernel = Kernel.boot(findMachine(machine));
	const interpreter = new Interpreter(kernel, options);
	const run = (text: string) => {
		const execution = interpreter.start(interpreter.parseStatements(text), kernel.context.task);
		const state = execution.run();
		return { execution, state };
	};
	return {
		kernel,
		interpreter,
		run,
		/** Printed value of the last of some statements. */
		say: (...lines: string[]): string => {
			let value = '';
			for (const line of lines) {
				const { execution } = run(line);
				value = execution.value ? formatValue(execution.value) : '';
			}
			return value;
		},
		/** The one line that a mistake gets. */
		mistake: (text: string): string => {
			try {
				run(text);
			} catch (error) {
				if (error instanceof UserError) return error.line;
				throw error;
			}
			return 'no mistake';
		},
		insmod: (text: string, fileName = 'test.c') => {
			const execution = interpreter.insmod(interpreter.parseModule(text, fileName), kernel.context.task);
			execution.run();
			return execution;
		},
		log: (): string[] => kernel.context.log.map(line => line.text),
		dmesg: (): string[] => kernel.context.log.map(formatLogLine),
	};
};
