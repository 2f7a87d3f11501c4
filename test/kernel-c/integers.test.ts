import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
	commonType,
	INT,
	type IntegerType,
	LONG,
	LONG_LONG,
	promote,
	SHORT,
	UNSIGNED_CHAR,
	UNSIGNED_INT,
	UNSIGNED_LONG,
	UNSIGNED_LONG_LONG,
} from '../../source/kernel-c/c-types.ts';
import { type BinaryOperator, isComparison, isShift } from '../../source/kernel-c/integer-operations.ts';
import { openShell } from './shell.ts';

const TYPES = [INT, UNSIGNED_INT, LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG, SHORT, UNSIGNED_CHAR];
const OPERATORS: BinaryOperator[] = [
	'+',
	'-',
	'*',
	'/',
	'%',
	'&',
	'|',
	'^',
	'<<',
	'>>',
	'==',
	'!=',
	'<',
	'>',
	'<=',
	'>=',
];

interface Reference {
	readonly type: IntegerType;
	readonly value: bigint;
}

const inRange = (type: IntegerType, value: bigint): bigint =>
	type.isSigned ? BigInt.asIntN(type.bytes * 8, value) : BigInt.asUintN(type.bytes * 8, value);

const compute = (operator: BinaryOperator, a: bigint, b: bigint): bigint => {
	switch (operator) {
		case '+':
			return a + b;
		case '-':
			return a - b;
		case '*':
			return a * b;
		case '/':
			return a / b;
		case '%':
			return a % b;
		case '&':
			return a & b;
		case '|':
			return a | b;
		case '^':
			return a ^ b;
		case '<<':
			return a << b;
		case '>>':
			return a >> b;
		case '==':
			return BigInt(a === b);
		case '!=':
			return BigInt(a !== b);
		case '<':
			return BigInt(a < b);
		case '>':
			return BigInt(a > b);
		case '<=':
			return BigInt(a <= b);
		case '>=':
			return BigInt(a >= b);
	}
};

/** C's rules in plain BigInt arithmetic; undefined where C leaves the result undefined. */
const reference = (operator: BinaryOperator, left: Reference, right: Reference): Reference | undefined => {
	if (isShift(operator)) {
		const type = promote(left.type);
		if (right.value < 0n || right.value >= BigInt(type.bytes * 8)) return undefined;
		return { type, value: inRange(type, compute(operator, left.value, right.value)) };
	}
	const type = commonType(left.type, right.type);
	const [a, b] = [inRange(type, left.value), inRange(type, right.value)];
	if ((operator === '/' || operator === '%') && b === 0n) return undefined;
	if (isComparison(operator)) return { type: INT, value: compute(operator, a, b) };
	return { type, value: inRange(type, compute(operator, a, b)) };
};

let shell: Awaited<ReturnType<typeof openShell>>;
beforeAll(async () => {
	shell = await openShell();
});

const value = fc
	.record({
		type: fc.constantFrom(...TYPES),
		bits: fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n), fc.bigInt(-40n, 40n)),
	})
	.map(({ type, bits }): Reference => ({ type, value: inRange(type, bits) }));

describe('integer arithmetic', () => {
	it('gives what C gives, for every pair of types', () => {
		fc.assert(
			fc.property(value, value, fc.constantFrom(...OPERATORS), (left, right, operator) => {
				const expected = reference(operator, left, right);
				fc.pre(expected !== undefined);
				// Through variables, so that the running program computes and not the compiler.
				const { execution } = shell.run(
					`{ ${left.type.name} a = ${left.value}ull; ${right.type.name} b = ${right.value}ull; r = a ${operator} b; } r`,
				);
				expect(BigInt(execution.value?.value ?? 0)).toBe(expected?.value);
			}),
			{ numRuns: 1500 },
		);
	});

	it.each([
		['-1 < 0u', '0'],
		['(u8)300', '44'],
		['-7 / 2', '-3'],
		['-7 % 2', '-1'],
		['(int)0x80000000 >> 31', '-1'],
		['0x80000000 >> 31', '1'],
		['1 << 31', '-2147483648'],
		['1ull << 40', '0x10000000000'],
		['(unsigned long)-1', '0xffffffff'],
		['sizeof(long)', '4'],
		['sizeof(u64)', '8'],
		['3 > 2 ? 10 : 20', '10'],
		['1 ? : 5', '1'],
		['!!7', '1'],
		['~0', '-1'],
		['(1, 2)', '2'],
		['min(3, 5)', '3'],
		['ALIGN(5000, 4096)', '8192'],
		["'A'", '65'],
	])('%s is %s', (expression, expected) => {
		expect(shell.say(expression)).toBe(expected);
	});

	it('char is unsigned on ARM and signed on x86 before 6.2', async () => {
		expect(shell.say('char c = 200; c + 0')).toBe('200');
		expect((await openShell('laptop-2g-nopae')).say('char c = 200; c + 0')).toBe('-56');
	});
});
