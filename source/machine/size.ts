import { phrase } from '../phrases/phrase.ts';
import { GiB, KiB, MiB } from './address.ts';
import { UserError } from './user-error.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: KiB, M: MiB, G: GiB, T: 1024 * GiB };

/**
 * A size as people write it: `512M`, `1.5G`, `0x20000000`, `2 GiB`. Bytes.
 * @param where The flag, for the error.
 * @throws {UserError} when it is not a size.
 */
export const parseSize = (text: string, where: string): number => {
	const match = /^\s*(0x[0-9a-f]+|\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text);
	const bytes = Number(match?.[1]) * (UNITS[(match?.[2] ?? '').toUpperCase()] ?? 1);
	if (!match || bytes > Number.MAX_SAFE_INTEGER) {
		throw new UserError(phrase('"{text}" is not a size', { text }), where, 'for example 512M or 2G');
	}
	return Math.floor(bytes);
};

/**
 * A physical address as people write it: `0x80000000`, `2G`.
 * @throws {UserError} when it is not an address.
 */
export const parseAddress = (text: string, where: string): number => {
	const match = /^\s*(0x[0-9a-f]+|\d+)\s*([kmgt]?)\s*$/i.exec(text);
	const address = Number(match?.[1]) * (UNITS[(match?.[2] ?? '').toUpperCase()] ?? 1);
	if (!match || !Number.isSafeInteger(address)) {
		throw new UserError(phrase('"{text}" is not an address', { text }), where, 'for example 0x80000000');
	}
	return address;
};

/** What memparse leaves unread stands behind the number. */
export interface Memparse {
	readonly bytes: number;
	readonly rest: string;
}

/**
 * A size as the kernel reads it from its command line (lib/cmdline.c: memparse): decimal, 0x or 0 octal, one suffix, and
 * zero for what is no number at all. The result wraps at 2^64.
 */
export const memparse = (text: string): Memparse => {
	const match = /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)?([kmgtpe])?/i.exec(text);
	const digits = match?.[1];
	if (digits === undefined) return { bytes: 0, rest: text };
	const isOctal = /^0[0-7]+$/.test(digits);
	const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits.toLowerCase());
	const suffix = match?.[2] ?? '';
	const shift = suffix === '' ? 0n : 10n * BigInt('kmgtpe'.indexOf(suffix.toLowerCase()) + 1);
	return { bytes: Number(BigInt.asUintN(64, value << shift)), rest: text.slice(digits.length + suffix.length) };
};
