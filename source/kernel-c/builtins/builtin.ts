import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';
import type { Architecture, Machine } from '../../machine/machine.ts';
import type { KernelOperations } from '../../memory/operations.ts';
import { type Phrase, type PlainPhrase, phrase, type Text } from '../../phrases/phrase.ts';
import { type CType, pointerTo, VOID } from '../c-types.ts';
import type { Value } from '../c-value.ts';
import type { TypeTable } from '../type-table.ts';

/** Which kernels have a name. Absent fields do not restrict. */
export interface Availability {
	/** First release that has it: `5.11`. */
	readonly since?: string;
	/** First release that lacks it. */
	readonly before?: string;
	readonly arch?: Architecture;
	/** Any other condition, in words for the hint: `CONFIG_HIGHMEM`. */
	readonly option?: readonly [name: string, holds: (machine: Machine) => boolean];
}

/** What a builtin returns when the current task went to sleep in it: it is to be called again after the wake. */
export const SLEEPS = Symbol('sleeps');

/** What builtins work on. */
export interface Environment {
	readonly kernel: KernelOperations;
	/** Function whose code runs, for /proc/vmallocinfo. */
	readonly caller: string;
	/** Source file of that function, for BUG and WARN. */
	readonly fileName: string;
	/**
	 * The simulated kernel faults with these lines; while only looking, the mistake is the user's.
	 * @throws {KernelFault} @throws {UserError}
	 */
	fault(lines: readonly [string, ...string[]], reason: Text): never;
	/** Whether nothing may change, not even the log. */
	readonly isInspecting: boolean;
	/** Read a word as the kernel would, for its fault when nothing is mapped there. */
	touch(address: number): void;
	/** Name of the module function at an address, for %pS. */
	symbolAt(address: number): string | undefined;
	/** Address of a text of our own; not written to memory when it is only read through `readString`. */
	literal(text: string, isWritten: boolean): number;
	/** Address of a variable of the kernel's own. */
	kernelVariable(global: KernelGlobal): number;
	/** Address of a text of the kernel's own. */
	kernelText(text: string): number;
	/** Bytes from an address up to a zero byte or the limit, one character each. */
	readString(address: number, limit?: number): string;
	/** Address at which the running function's further arguments (`...`) lie in a row. */
	restArguments(): number;
	/** Call the function at an address now, as the kernel calls a callback; it may not sleep. */
	callback(address: number, args: readonly number[]): void;
}

/** A parameter may be a kind that C's own types do not tell: an address however it is typed. */
export type ParameterType = CType | 'address';

export interface Builtin {
	readonly name: string;
	/** As declared: `void *kmap(struct page *page)`. */
	readonly signature: string;
	readonly help: PlainPhrase;
	readonly returns: CType;
	readonly parameters: readonly ParameterType[];
	readonly isVariadic: boolean;
	/** Whether it leaves the kernel as it was, so that inspectors may call it. */
	readonly isPure: boolean;
	/** @param types Types of the arguments, for variadic ones. */
	run(environment: Environment, args: readonly Value[], types: readonly CType[]): Value | undefined | typeof SLEEPS;
}

/** A variable of the kernel that C code can read: a number, or an array with its length. */
export interface KernelGlobal {
	readonly name: string;
	/** As declared: `int pkmap_count[LAST_PKMAP]`. */
	readonly signature: string;
	readonly help: PlainPhrase;
	/** Type of the value, or of an element. */
	readonly type: CType;
	/** undefined when it is no array. */
	readonly length: number | undefined;
	read(kernel: KernelOperations, index: number): Value;
}

/** A row of the table of builtins, before it is fitted to a machine. */
export interface BuiltinRow {
	readonly prototype: string;
	readonly help: PlainPhrase;
	readonly when: Availability;
	readonly isPure: boolean;
	readonly run: Builtin['run'];
}

// biome-ignore lint/suspicious/noConfusingVoidType: most operations of the kernel return nothing
type Result = Value | boolean | typeof SLEEPS | undefined | void;

type NumberFunction = (environment: Environment, ...args: readonly number[]) => Result;

/** A row whose arguments are all plain numbers (an eight-byte one loses nothing below 2^53, as physical addresses are). */
const row =
	(isPure: boolean) =>
	(prototype: string, help: PlainPhrase, run: NumberFunction, when: Availability = {}): BuiltinRow => ({
		prototype,
		help,
		when,
		isPure,
		run: (environment, args): Value | undefined | typeof SLEEPS => {
			const result = run(environment, ...args.map(Number));
			if (typeof result === 'boolean') return result ? 1 : 0;
			return result ?? undefined;
		},
	});

/** A function that changes the kernel's state. */
export const operation = row(false);
/** A function that only looks. */
export const query = row(true);

/** Read a row's prototype: `unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)`. */
export const fitBuiltin = (source: BuiltinRow, types: TypeTable): Builtin => {
	const match = /^(.*?)(\w+)\((.*)\)$/.exec(source.prototype);
	if (!match) throw new Error(`no prototype: ${source.prototype}`);
	const [, returns = '', name = '', list = ''] = match;
	const parameters = list === 'void' || list === '' ? [] : list.split(',').map(text => text.trim());
	const isVariadic = parameters.at(-1) === '...';
	return {
		name,
		signature: source.prototype.replace(/\baddress (?=\w)/g, 'const void *'),
		help: source.help,
		returns: readType(returns, types),
		parameters: parameters
			.filter(text => text !== '...')
			.map(text => (text.startsWith('address ') ? 'address' : readType(text.replace(/\w+$/, ''), types))),
		isVariadic,
		isPure: source.isPure,
		run: source.run,
	};
};

/** `const struct page *` as a type. */
export const readType = (text: string, types: TypeTable): CType => {
	const words = text
		.replaceAll('*', ' * ')
		.split(/\s+/)
		.filter(word => word !== '' && word !== 'const');
	const stars = words.filter(word => word === '*').length;
	const base = words.filter(word => word !== '*');
	const [keyword, tag = ''] = base;
	let type: CType | undefined = keyword === 'struct' ? types.structs.get(tag) : types.fromWords(base);
	if (!type) throw new Error(`no type: ${text}`);
	for (let star = 0; star < stars; star++) type = pointerTo(type);
	return type ?? VOID;
};

export const isAvailable = (when: Availability, machine: Machine): boolean =>
	(when.arch === undefined || when.arch === machine.arch) &&
	(when.since === undefined || atLeast(machine.kernel, when.since)) &&
	(when.before === undefined || !atLeast(machine.kernel, when.before)) &&
	(when.option === undefined || when.option[1](machine));

/** Why a machine lacks a name, or undefined when it has it: `since 5.11, this kernel is 4.19.44`. */
export const whyAbsent = (when: Availability, machine: Machine): Phrase | undefined => {
	if (isAvailable(when, machine)) return undefined;
	const kernel: KernelVersion = machine.kernel;
	if (when.arch !== undefined && when.arch !== machine.arch)
		return phrase('only {arch} kernels have it', { arch: when.arch });
	if (when.since !== undefined && !atLeast(kernel, when.since))
		return phrase('exists since {since}; this kernel is {kernel}', { since: when.since, kernel: kernel.text });
	if (when.before !== undefined && atLeast(kernel, when.before))
		return phrase('gone since {before}; this kernel is {kernel}', { before: when.before, kernel: kernel.text });
	return phrase('needs {option}', { option: when.option?.[0] ?? '' });
};
