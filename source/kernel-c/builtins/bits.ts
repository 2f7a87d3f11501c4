import { virtual } from '../../machine/address.ts';
import { type Environment, operation, query } from './builtin.ts';

/** The word of a bitmap that holds bit `nr`, and the bit in it. */
const place = (nr: number, bitmap: number): readonly [address: number, mask: number] => [
	bitmap + Math.floor(nr / 32) * 4,
	(1 << (nr & 31)) >>> 0,
];

const isSet = ({ kernel }: Environment, nr: number, bitmap: number): boolean => {
	const [address, mask] = place(nr, bitmap);
	return (Number(kernel.read(virtual(address), 4)) & mask) !== 0;
};

/** @returns whether the bit was set before. */
const change = (env: Environment, nr: number, bitmap: number, isOn: boolean): boolean => {
	const [address, mask] = place(nr, bitmap);
	const word = Number(env.kernel.read(virtual(address), 4));
	env.kernel.write(virtual(address), 4, BigInt((isOn ? word | mask : word & ~mask) >>> 0));
	return (word & mask) !== 0;
};

const countOnes = (word: number): number => word.toString(2).replaceAll('0', '').length;

/** include/linux/bitops.h, log2.h */
export const bitBuiltins = [
	query('bool test_bit(int nr, address addr)', 'whether a bit of a bitmap is set', (env, nr = 0, bitmap = 0) =>
		isSet(env, nr, bitmap),
	),
	operation('void set_bit(int nr, address addr)', 'set a bit of a bitmap', (env, nr = 0, bitmap = 0) => {
		change(env, nr, bitmap, true);
	}),
	operation('void clear_bit(int nr, address addr)', 'clear a bit of a bitmap', (env, nr = 0, bitmap = 0) => {
		change(env, nr, bitmap, false);
	}),
	operation('void change_bit(int nr, address addr)', 'turn a bit of a bitmap over', (env, nr = 0, bitmap = 0) => {
		change(env, nr, bitmap, !isSet(env, nr, bitmap));
	}),
	operation(
		'bool test_and_set_bit(int nr, address addr)',
		'set a bit of a bitmap and tell what it was',
		(env, nr = 0, bitmap = 0) => change(env, nr, bitmap, true),
	),
	operation(
		'bool test_and_clear_bit(int nr, address addr)',
		'clear a bit of a bitmap and tell what it was',
		(env, nr = 0, bitmap = 0) => change(env, nr, bitmap, false),
	),
	query('int ffs(int x)', 'number of the lowest bit that is set, from 1; 0 when none is', (_env, word = 0) =>
		word === 0 ? 0 : 32 - Math.clz32(word & -word),
	),
	query('int fls(unsigned int x)', 'number of the highest bit that is set, from 1; 0 when none is', (_env, word = 0) =>
		word === 0 ? 0 : 32 - Math.clz32(word),
	),
	query('unsigned int hweight32(unsigned int w)', 'how many bits are set', (_env, word = 0) => countOnes(word >>> 0)),
	query(
		'int ilog2(unsigned long n)',
		'logarithm to base 2, rounded down',
		(_env, word = 0) => 31 - Math.clz32(word >>> 0),
	),
	query(
		'bool is_power_of_2(unsigned long n)',
		'whether just one bit is set',
		(_env, word = 0) => countOnes(word >>> 0) === 1,
	),
	query('unsigned long roundup_pow_of_two(unsigned long n)', 'the power of two at or above n', (_env, word = 0) =>
		word <= 1 ? 1 : 2 ** (32 - Math.clz32(word - 1)),
	),
];
