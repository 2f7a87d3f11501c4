import { hex } from '../machine/address.ts';
import { type CType, type IntegerType, isScalar, typeName } from './c-types.ts';

/** A scalar at run time: a number of at most 32 bits, or a bigint for eight-byte integers. Structs are their address. */
export type Value = number | bigint;

/** A value with its C type. */
export interface CValue {
	readonly type: CType;
	readonly value: Value;
}

/** Any result of arithmetic brought into the range of `type`, as storing it in that type does. */
export const wrap = (type: IntegerType, value: Value): Value => {
	if (type.bits) return wrapBits(type, value, type.bits.width);
	if (type.rank === 0) return value ? 1 : 0;
	if (type.bytes === 8) {
		const wide = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
		return type.isSigned ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide);
	}
	const word = typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value;
	switch (type.bytes) {
		case 4:
			return type.isSigned ? word | 0 : word >>> 0;
		case 2:
			return type.isSigned ? (word << 16) >> 16 : word & 0xffff;
		case 1:
			return type.isSigned ? (word << 24) >> 24 : word & 0xff;
	}
};

const wrapBits = (type: IntegerType, value: Value, width: number): Value => {
	const kept = type.isSigned ? BigInt.asIntN(width, BigInt(value)) : BigInt.asUintN(width, BigInt(value));
	return type.bytes === 8 ? kept : Number(kept);
};

/** A scalar converted to another scalar type. */
export const convert = (type: CType, value: Value): Value => {
	if (type.kind === 'integer') return wrap(type, value);
	return typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value >>> 0;
};

/** What memory holds for a value of that type, as an unsigned number for KernelOperations.write. */
export const toBytes = (type: CType, value: Value): bigint =>
	BigInt.asUintN(type.kind === 'integer' ? type.bytes * 8 : 32, BigInt(value));

/** The value of that type in what memory holds at its address. */
export const fromBytes = (type: CType, raw: bigint): Value => {
	const bits = type.kind === 'integer' ? type.bits : undefined;
	if (bits) return convert(type, raw >> BigInt(bits.shift));
	return convert(type, type.kind === 'integer' && type.bytes === 8 ? raw : Number(raw));
};

/** What memory holds after a value is stored. @param before What it held; asked for bit fields only. */
export const intoBytes = (type: CType, value: Value, before: () => bigint): bigint => {
	const bits = type.kind === 'integer' ? type.bits : undefined;
	if (!bits) return toBytes(type, value);
	const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.shift);
	return (before() & ~mask) | ((BigInt.asUintN(64, BigInt(value)) << BigInt(bits.shift)) & mask);
};

const isLetter = (code: number): boolean => code >= 0x20 && code < 0x7f;

/**
 * A value as the command bar prints it: `(struct page *) 0xef8d2000`, `0xbfe01000`, `3`, `65 'A'`. Unsigned words of
 * 0x10000 and above, most often addresses and flags, are shown in hex.
 */
export const formatValue = ({ type, value }: CValue): string => {
	switch (type.kind) {
		case 'void':
			return '';
		case 'pointer': {
			const address = hex(Number(value));
			return type.to.kind === 'struct' ? `(${typeName(type)}) ${address}` : address;
		}
		case 'integer': {
			if (type.rank === 0) return value ? 'true' : 'false';
			if (type.name === 'char' && isLetter(Number(value))) return `${value} '${String.fromCharCode(Number(value))}'`;
			if (!type.isSigned && type.bytes >= 4 && value >= 0x10000) return `0x${value.toString(16).padStart(8, '0')}`;
			return String(value);
		}
		case 'struct':
		case 'array':
			return `(${typeName(type)}) at ${hex(Number(value))}`;
		case 'function':
			return `(${typeName(type)}) ${hex(Number(value))}`;
	}
};

/** Whether a value counts as true: non-zero, as `if` asks. */
export const isTrue = ({ type, value }: CValue): boolean => (isScalar(type) ? Boolean(value) : true);
