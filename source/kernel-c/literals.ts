import { INT, type IntegerType, LONG, LONG_LONG, UNSIGNED_INT, UNSIGNED_LONG, UNSIGNED_LONG_LONG } from './c-types.ts';
import { type Value, wrap } from './c-value.ts';

/** An integer constant with the type that C gives it, or undefined when it is none (`1.5`, `0x`, `12ab`). */
export const parseNumber = (text: string): { readonly type: IntegerType; readonly value: Value } | undefined => {
	const match = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uU]?(?:ll|LL|[lL])?|(?:ll|LL|[lL])[uU])$/.exec(text);
	if (!match) return undefined;
	const [, digits = '0', suffix = ''] = match;
	const isOctal = /^0\d/.test(digits);
	const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
	const isUnsigned = /u/i.test(suffix);
	const isDecimal = /^[1-9]/.test(digits);
	const longs = suffix.replace(/u/i, '').length;
	const candidates = [INT, UNSIGNED_INT, LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG].filter(
		type =>
			type.rank >= INT.rank + longs &&
			(isUnsigned ? !type.isSigned : type.isSigned || !isDecimal || type === UNSIGNED_LONG_LONG),
	);
	const type = candidates.find(candidate => BigInt(wrap(candidate, value)) === value);
	return type && { type, value: wrap(type, value) };
};

const ESCAPES: Readonly<Record<string, number>> = {
	n: 10,
	t: 9,
	r: 13,
	0: 0,
	a: 7,
	b: 8,
	f: 12,
	v: 11,
	e: 27,
	'\\': 92,
	"'": 39,
	'"': 34,
	'?': 63,
};

const ESCAPE = /\\(x[\da-fA-F]+|[0-7]{1,3}|.)/gs;

/**
 * The characters of a string or character literal, quotes taken off and escapes read; one character is one byte, other
 * text is UTF-8. @returns undefined at an escape that C does not know.
 */
export const unescapeLiteral = (literal: string): string | undefined => {
	let isValid = true;
	const bytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
	const inside = literal.slice(1, -1);
	let output = '';
	let end = 0;
	for (const match of inside.matchAll(ESCAPE)) {
		output += bytes(inside.slice(end, match.index));
		end = match.index + match[0].length;
		const [, sequence = ''] = match;
		const numeric = /^x/.test(sequence) ? Number.parseInt(sequence.slice(1), 16) : Number.parseInt(sequence, 8);
		const code = /^(?:x[\da-fA-F]|[0-7])/.test(sequence) ? numeric & 0xff : ESCAPES[sequence];
		if (code === undefined) isValid = false;
		else output += String.fromCharCode(code);
	}
	output += bytes(inside.slice(end));
	return isValid ? output : undefined;
};

/** Text of one-byte characters read as UTF-8, for the log and the screen. */
export const decodeBytes = (text: string): string =>
	new TextDecoder().decode(Uint8Array.from(text, character => character.charCodeAt(0)));
