import { virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { PlainPhrase } from '../../phrases/phrase.ts';
import type { Value } from '../c-value.ts';
import { decodeBytes } from '../literals.ts';
import { argumentsOf, formatPrintk, splitFormat } from '../printk-format.ts';
import type { BuiltinRow, Environment } from './builtin.ts';
import { operation, query } from './builtin.ts';

/** MESSAGE_LOGLEVEL_DEFAULT */
const DEFAULT_LEVEL = 4;

/** The text of a format, which is an address in memory or text of ours, with its arguments. */
export const formatted = (environment: Environment, format: Value | string, args: readonly Value[]): string => {
	const { kernel } = environment;
	const { machine } = kernel.view;
	return formatPrintk(
		{
			kernel: machine.kernel,
			physicalBytes: (machine.arch === 'arm' ? machine.lpae : machine.pae) ? 8 : 4,
			readString: (address, limit) => environment.readString(address, limit),
			read: (address, bytes) => kernel.read(address as Parameters<typeof kernel.read>[0], bytes),
			symbolAt: address => environment.symbolAt(address),
		},
		typeof format === 'string' ? format : environment.readString(Number(format)),
		args,
	);
};

/** Take the level off the front of a line: SOH and a digit since 3.6, `<digit>` before. */
export const splitLevel = (text: string): { readonly level: number; readonly text: string } => {
	const match = /^(?:\u0001|<)([0-7cd])(?:>|(?<=\u0001.))/.exec(text);
	if (!match) return { level: DEFAULT_LEVEL, text };
	const level = /\d/.test(match[1] ?? '') ? Number(match[1]) : DEFAULT_LEVEL;
	return { level, text: text.slice(match[0].length) };
};

/** A line for the log, its level in front. */
export const printLine = ({ kernel }: Environment, line: string): void => {
	const { level, text } = splitLevel(line);
	// An empty line is still a line; text without its newline is completed by the next one, here at once.
	kernel.printk(decodeBytes(text), level);
};

const printk: BuiltinRow['run'] = (environment, [format = 0, ...args]) => {
	const line = formatted(environment, format, args);
	printLine(environment, line);
	const { text } = splitLevel(line);
	// The record holds neither level nor line end since 3.5, and its length is what is returned.
	return atLeast(environment.kernel.view.machine.kernel, '3.5') ? text.replace(/\n$/, '').length : text.length;
};

const sprintf: BuiltinRow['run'] = (environment, [target = 0, format = 0, ...args]) => {
	const text = formatted(environment, format, args);
	return writeText(environment, Number(target), text, text.length + 1);
};

const snprintf: BuiltinRow['run'] = (environment, [target = 0, size = 0, format = 0, ...args]) =>
	writeText(environment, Number(target), formatted(environment, format, args), Number(size));

/** The arguments that a va_list leads to, as the format takes them from memory. */
const listed = (env: Environment, format: Value, list: Value): Value[] => {
	let at = Number(list);
	const take = (bytes: 4 | 8): Value => {
		const value = env.kernel.read(virtual(at), bytes);
		at += bytes;
		return bytes === 8 ? value : Number(value);
	};
	return splitFormat(env.readString(Number(format))).flatMap(part => {
		if (typeof part === 'string' || argumentsOf(part) === 0) return [];
		const isWide = part.length === 'll' && part.letter !== 'p' && part.letter !== 's';
		const before = Array.from({ length: argumentsOf(part) - 1 }, () => take(4));
		return [...before, take(isWide ? 8 : 4)];
	});
};

/** The same function with a va_list in place of the arguments. */
const fromList =
	(run: BuiltinRow['run'], fixed: number): BuiltinRow['run'] =>
	(env, args, types) => {
		const format = args[fixed - 1] ?? 0;
		return run(env, [...args.slice(0, fixed), ...listed(env, format, args[fixed] ?? 0)], types);
	};

const scnprintf: BuiltinRow['run'] = (env, args, types) =>
	Math.min(Number(snprintf(env, args, types)), Math.max(0, Number(args[1] ?? 0) - 1));

const withList = (prototype: string, help: PlainPhrase, run: BuiltinRow['run'], fixed: number): BuiltinRow => ({
	prototype,
	help,
	when: {},
	isPure: false,
	run: fromList(run, fixed),
});

const writeText = ({ kernel }: Environment, target: number, text: string, size: number): number => {
	const shown = text.slice(0, Math.max(0, size - 1));
	for (let at = 0; at < Math.min(size, shown.length + 1); at++) {
		const code = at < shown.length ? shown.charCodeAt(at) : 0;
		kernel.write((target + at) as Parameters<typeof kernel.write>[0], 1, BigInt(code));
	}
	return text.length;
};

const variadic = (prototype: string, help: PlainPhrase, run: BuiltinRow['run']): BuiltinRow => ({
	prototype,
	help,
	when: {},
	isPure: false,
	run,
});

/** kernel/printk.c, lib/vsprintf.c, asm-generic/bug.h */
export const logBuiltins: readonly BuiltinRow[] = [
	variadic('int printk(const char *fmt, ...)', 'write a line to the kernel log', printk),
	variadic('int sprintf(char *buf, const char *fmt, ...)', 'format into a buffer', sprintf),
	variadic(
		'int snprintf(char *buf, size_t size, const char *fmt, ...)',
		'format into a buffer of size bytes',
		snprintf,
	),
	variadic(
		'int scnprintf(char *buf, size_t size, const char *fmt, ...)',
		'format into a buffer; returns what was written',
		scnprintf,
	),
	withList('int vprintk(const char *fmt, va_list args)', 'printk with a va_list', printk, 1),
	withList('int vsprintf(char *buf, const char *fmt, va_list args)', 'sprintf with a va_list', sprintf, 2),
	withList(
		'int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)',
		'snprintf with a va_list',
		snprintf,
		3,
	),
	withList(
		'int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)',
		'scnprintf with a va_list',
		scnprintf,
		3,
	),
	operation('char *__va_start(void)', 'what va_start stands on', env => env.restArguments()),
	query(
		'bool IS_ERR(address ptr)',
		'whether a pointer is an error number in disguise',
		(_env, pointer = 0) => pointer >>> 0 >= 0xfffff001,
	),
	query(
		'bool IS_ERR_OR_NULL(address ptr)',
		'whether a pointer is NULL or an error number',
		(_env, pointer = 0) => pointer === 0 || pointer >>> 0 >= 0xfffff001,
	),
	query('long PTR_ERR(address ptr)', 'the error number in a pointer', (_env, pointer = 0) => pointer | 0),
	query('void *ERR_PTR(long error)', 'an error number as a pointer', (_env, error = 0) => error >>> 0),
];
