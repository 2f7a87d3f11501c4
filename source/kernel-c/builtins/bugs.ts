import { type BuiltinRow, operation } from './builtin.ts';
import { formatted } from './log.ts';

/** WARN(condition, format, ...): the text is printed with the warning. */
const warnText: BuiltinRow = {
	prototype: 'int __warn_text(int condition, int line, const char *fmt, ...)',
	help: 'warn and go on when the condition holds',
	when: {},
	isPure: false,
	run: (env, [condition = 0, line = 0, format = 0, ...args]) => {
		if (Number(condition) !== 0) {
			env.kernel.words.warn(`${env.fileName}:${line}`, formatted(env, format, args).replace(/\n$/, ''));
		}
		return condition;
	},
};

/** asm-generic/bug.h; the macros BUG, BUG_ON and WARN_ON stand on these. */
export const bugBuiltins = [
	operation('void __bug(int line)', 'stop this task: kernel BUG', (env, line = 0) =>
		env.kernel.words.bug(`${env.fileName}:${line}`, 'the module itself found something that must not be'),
	),
	operation(
		'int __warn(int condition, int line)',
		'warn and go on when the condition holds',
		(env, condition = 0, line = 0) => {
			if (condition !== 0) env.kernel.words.warn(`${env.fileName}:${line}`);
			return condition;
		},
	),
	operation('void dump_stack(void)', 'the kernel prints its stack', ({ kernel }) => kernel.words.dumpStack()),
	warnText,
];
