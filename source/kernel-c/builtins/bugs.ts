import { operation } from './builtin.ts';

/** asm-generic/bug.h; the macros BUG, BUG_ON and WARN_ON stand on these. */
export const bugBuiltins = [
	operation('void __bug(int line)', 'stop this task: kernel BUG', (env, line = 0) =>
		env.kernel.words.bug(`${env.fileName}:${line}`, 'the module itself found something that must not be'),
	),
	operation(
		'int __warn(int condition, int line)',
		'warn and go on when the condition holds',
		(env, condition = 0, line = 0) => {
			if (condition !== 0) env.kernel.words.warn(`${env.fileName}:${line} ${env.caller}`);
			return condition;
		},
	),
	operation('void dump_stack(void)', 'the kernel prints its stack', ({ kernel, caller }) => {
		kernel.printk(`CPU: ${kernel.context.cpu.id} PID: ${kernel.context.task.pid} Comm: ${kernel.context.task.comm}`, 0);
		kernel.printk(`Call trace: ${caller}`, 0);
	}),
];
