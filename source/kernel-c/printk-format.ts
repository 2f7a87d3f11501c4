import { hex } from '../machine/address.ts';
import { atLeast, type KernelVersion } from '../machine/kernel-version.ts';
import type { PlainPhrase } from '../phrases/phrase.ts';
import type { CType } from './c-types.ts';
import type { Value } from './c-value.ts';

/** What the formats need of the kernel. */
export interface FormatSources {
	readonly kernel: KernelVersion;
	readonly physicalBytes: 4 | 8;
	readString(address: number, limit?: number): string;
	read(address: number, bytes: number): bigint;
	symbolAt(address: number): string | undefined;
}

export interface Conversion {
	readonly flags: string;
	readonly width: number | '*' | undefined;
	readonly precision: number | '*' | undefined;
	/** `l`, `ll`, `h`, `hh`, `z`, `t` or ''. */
	readonly length: string;
	readonly letter: string;
	/** What follows %p: `x`, `K`, `S`, `a` ... */
	readonly suffix: string;
	/** As written: `%08lx`. */
	readonly text: string;
}

const CONVERSION =
	/%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?(hh|h|ll|l|L|z|Z|t)?(?:p(I4|M|m|h[CDN]?|[xKSsFfaBbeG]?[pd]?)|([a-zA-Z%]))?/g;

const number = (text: string | undefined): number | '*' | undefined =>
	text === undefined ? undefined : text === '*' ? '*' : Number(text);

/** A format split into plain text and conversions (lib/vsprintf.c: format_decode). */
export const splitFormat = (format: string): readonly (string | Conversion)[] => {
	const parts: (string | Conversion)[] = [];
	let end = 0;
	for (const match of format.matchAll(CONVERSION)) {
		parts.push(format.slice(end, match.index));
		end = match.index + match[0].length;
		const [text, flags = '', width, precision, length = '', suffix, letter] = match;
		parts.push({
			flags,
			width: number(width),
			precision: number(precision),
			length: length === 'L' ? 'll' : length,
			letter: letter ?? (suffix === undefined ? '' : 'p'),
			suffix: suffix ?? '',
			text,
		});
	}
	parts.push(format.slice(end));
	return parts.filter(part => part !== '');
};

/** How many arguments a conversion takes. */
export const argumentsOf = ({ letter, width, precision }: Conversion): number =>
	letter === '%' || letter === '' ? 0 : 1 + Number(width === '*') + Number(precision === '*');

/**
 * The kernel's vsnprintf.
 * @param format One character a byte, as strings are kept.
 */
export const formatPrintk = (sources: FormatSources, format: string, args: readonly Value[]): string => {
	let next = 0;
	const take = (): Value => args[next++] ?? 0;
	return splitFormat(format)
		.map(part => {
			if (typeof part === 'string') return part;
			let width = part.width === '*' ? Number(take()) | 0 : part.width;
			const precision = part.precision === '*' ? Number(take()) | 0 : part.precision;
			let { flags } = part;
			if (width !== undefined && width < 0) {
				width = -width;
				flags += '-';
			}
			return convertOne(sources, { ...part, flags }, Math.min(width ?? 0, MAX_WIDTH), precision, take);
		})
		.join('')
		.slice(0, LINE_LIMIT);
};

// kernel/printk/printk.c: a record holds LOG_LINE_MAX characters.
const LINE_LIMIT = 1024 - 32;
const MAX_WIDTH = LINE_LIMIT;

const convertOne = (
	sources: FormatSources,
	conversion: Conversion,
	width: number,
	precision: number | undefined,
	take: () => Value,
): string => {
	const { letter, flags } = conversion;
	switch (letter) {
		case '%':
			return '%';
		case 'c':
			return pad(String.fromCharCode(Number(take()) & 0xff), width, flags);
		case 's': {
			const address = Number(take());
			// valid_string: the first page and error pointers are not read.
			const text =
				address < 4096
					? '(null)'
					: address >= 0xfffff001
						? '(efault)'
						: sources.readString(address, precision ?? LINE_LIMIT);
			return pad(text.slice(0, precision), width, flags);
		}
		case 'p':
			return formatPointer(sources, conversion, width, Number(take()));
		case 'd':
		case 'i':
		case 'u':
		case 'x':
		case 'X':
		case 'o':
			return formatNumber(conversion, width, precision, take());
		default:
			return conversion.text;
	}
};

const pad = (text: string, width: number, flags: string): string =>
	flags.includes('-') ? text.padEnd(width) : text.padStart(width);

const BITS: Readonly<Record<string, number>> = { ll: 64, h: 16, hh: 8 };

/** lib/vsprintf.c: number. The prefix of `#` counts as part of the width; hex has it even for 0. */
const formatNumber = (conversion: Conversion, width: number, precision: number | undefined, value: Value): string => {
	const { letter, flags } = conversion;
	const bits = BITS[conversion.length] ?? 32;
	const isSigned = letter === 'd' || letter === 'i';
	const wide = isSigned ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value));
	const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
	const magnitude = wide < 0n ? -wide : wide;
	const lower = magnitude.toString(base);
	const digits = (letter === 'X' ? lower.toUpperCase() : lower).padStart(precision ?? 1, '0');
	const positive = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	const sign = wide < 0n ? '-' : isSigned ? positive : '';
	const prefix = !flags.includes('#') ? '' : base === 16 ? `0${letter}` : base === 8 && wide !== 0n ? '0' : '';
	if (flags.includes('-')) return (sign + prefix + digits).padEnd(width);
	const isZeroPadded = flags.includes('0') && precision === undefined;
	const zeros = isZeroPadded ? digits.padStart(width - sign.length - prefix.length, '0') : digits;
	return (sign + prefix + zeros).padStart(width);
};

/** %p and its extensions. Plain %p has been hashed since 4.15. */
const formatPointer = (sources: FormatSources, conversion: Conversion, width: number, address: number): string => {
	const { suffix, flags } = conversion;
	const { kernel } = sources;
	const special = flags.includes('#') ? '0x' : '';
	const digits = (value: number): string => special + value.toString(16).padStart(8, '0');
	const isNew = atLeast(kernel, '4.15');
	switch (suffix[0]) {
		case 'x':
			return pad(isNew ? digits(address) : `${digits(address)}x`, width, flags);
		case 'a': {
			const value = sources.read(address, sources.physicalBytes);
			return pad(`0x${value.toString(16).padStart(sources.physicalBytes * 2, '0')}`, width, flags);
		}
		case 'S':
		case 'F':
		case 'B':
			return pad(sources.symbolAt(address) ?? hex(address), width, flags);
		case 's':
		case 'f':
			return pad(sources.symbolAt(address)?.replace(/\+0x\w+\/0x\w+/, '') ?? hex(address), width, flags);
		case 'M':
		case 'm':
			return pad(hexBytes(sources, address, 6, suffix === 'M' ? ':' : ''), width, flags);
		case 'h':
			return hexBytes(sources, address, Math.min(width || 1, 64), SEPARATORS[suffix[1] ?? ''] ?? ' ');
		case 'I': {
			const word = Array.from({ length: 4 }, (_, at) => Number(sources.read(address + at, 1)));
			return pad(word.join('.'), width, flags);
		}
	}
	// Before 5.2 the null pointer has words of its own.
	if (address === 0 && !atLeast(kernel, '5.2') && suffix !== 'K') return pad('(null)', Math.max(width, 8), flags);
	const shown = isNew && address !== 0 ? hashPointer(address) : address;
	return pad(digits(shown), width, flags);
};

const SEPARATORS: Readonly<Record<string, string>> = { C: ':', D: '-', N: '' };

/** %pM, %*ph: bytes of memory in hexadecimal. */
const hexBytes = ({ read }: FormatSources, address: number, count: number, separator: string): string =>
	Array.from({ length: count }, (_, at) =>
		Number(read(address + at, 1))
			.toString(16)
			.padStart(2, '0'),
	).join(separator);

/** The kernel hashes pointers with a key made at boot; here the key is constant, so that runs repeat. */
const hashPointer = (address: number): number => {
	let mixed = address ^ 0x9e3779b9;
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
	return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** Whether an argument of that type suits a conversion; undefined when it does, else what the conversion expects. */
export const mismatch = (conversion: Conversion, type: CType): PlainPhrase | undefined => {
	switch (conversion.letter) {
		case 's':
		case 'p':
			return type.kind === 'pointer' ? undefined : 'a pointer';
		case 'c':
			return type.kind === 'integer' && type.bytes <= 4 ? undefined : 'an int';
		default: {
			const bytes = conversion.length === 'll' ? 8 : 4;
			return type.kind === 'integer' && type.bytes === bytes
				? undefined
				: bytes === 8
					? 'a long long'
					: 'an integer of 32 bits';
		}
	}
};
