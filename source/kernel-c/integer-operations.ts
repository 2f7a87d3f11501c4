import type { IntegerType } from './c-types.ts';
import { type Value, wrap } from './c-value.ts';

export type BinaryOperator =
	| '+'
	| '-'
	| '*'
	| '/'
	| '%'
	| '<<'
	| '>>'
	| '&'
	| '|'
	| '^'
	| '=='
	| '!='
	| '<'
	| '>'
	| '<='
	| '>=';

type Operation = (left: Value, right: Value) => Value;

const NARROW: Readonly<Record<BinaryOperator, (left: number, right: number, isSigned: boolean) => number>> = {
	'+': (left, right) => left + right,
	'-': (left, right) => left - right,
	'*': (left, right) => Math.imul(left, right),
	'/': (left, right) => Math.trunc(left / right),
	'%': (left, right) => left % right,
	'<<': (left, right) => left << right,
	'>>': (left, right, isSigned) => (isSigned ? left >> right : left >>> right),
	'&': (left, right) => left & right,
	'|': (left, right) => left | right,
	'^': (left, right) => left ^ right,
	'==': (left, right) => Number(left === right),
	'!=': (left, right) => Number(left !== right),
	'<': (left, right) => Number(left < right),
	'>': (left, right) => Number(left > right),
	'<=': (left, right) => Number(left <= right),
	'>=': (left, right) => Number(left >= right),
};

const WIDE: Readonly<Record<BinaryOperator, (left: bigint, right: bigint) => bigint | number>> = {
	'+': (left, right) => left + right,
	'-': (left, right) => left - right,
	'*': (left, right) => left * right,
	'/': (left, right) => left / right,
	'%': (left, right) => left % right,
	'<<': (left, right) => left << right,
	'>>': (left, right) => left >> right,
	'&': (left, right) => left & right,
	'|': (left, right) => left | right,
	'^': (left, right) => left ^ right,
	'==': (left, right) => Number(left === right),
	'!=': (left, right) => Number(left !== right),
	'<': (left, right) => Number(left < right),
	'>': (left, right) => Number(left > right),
	'<=': (left, right) => Number(left <= right),
	'>=': (left, right) => Number(left >= right),
};

export const isComparison = (operator: BinaryOperator): boolean =>
	operator === '==' ||
	operator === '!=' ||
	operator === '<' ||
	operator === '>' ||
	operator === '<=' ||
	operator === '>=';

export const isShift = (operator: BinaryOperator): boolean => operator === '<<' || operator === '>>';

/**
 * The operator on two values of `type` (promoted, so int or wider); for shifts the right one may have any type. The
 * result is wrapped to `type`, for comparisons 0 or 1. Division by zero is the caller's matter. A shift by the width or
 * more is undefined in C; here the count is taken modulo the width, as x86 does.
 */
export const binaryOperation = (operator: BinaryOperator, type: IntegerType): Operation => {
	const bits = type.bytes * 8;
	if (type.bytes === 8) {
		const operation = WIDE[operator];
		if (isComparison(operator)) return (left, right) => operation(BigInt(left), BigInt(right));
		if (isShift(operator)) return (left, right) => wrap(type, operation(BigInt(left), BigInt(right) & 63n));
		return (left, right) => wrap(type, operation(BigInt(left), BigInt(right)));
	}
	const operation = NARROW[operator];
	const { isSigned } = type;
	if (isComparison(operator)) return (left, right) => operation(Number(left), Number(right), isSigned);
	if (isShift(operator)) {
		return (left, right) => wrap(type, operation(Number(left), Number(BigInt(right) & BigInt(bits - 1)), isSigned));
	}
	return (left, right) => wrap(type, operation(Number(left), Number(right), isSigned));
};
