import { describe, expect, it } from 'vitest';
import { type FormatSources, formatPrintk } from '../../source/kernel-c/printk-format.ts';
import { parseKernelVersion } from '../../source/machine/kernel-version.ts';

const sources = (release: string): FormatSources => ({
	kernel: parseKernelVersion(release),
	physicalBytes: 4,
	readString: (_address, limit) => 'kernel'.slice(0, limit),
	read: () => 0x10004000n,
	symbolAt: address => (address === 0xbf000010 ? 'f+0x10/0x40 [m]' : undefined),
});

const print = (format: string, ...args: (number | bigint)[]) => formatPrintk(sources('5.5.0'), format, args);

describe('printk formats numbers as C does', () => {
	it.each([
		['%d', [-5], '-5'],
		['%5d|', [42], '   42|'],
		['%-5d|', [42], '42   |'],
		['%05d', [-42], '-0042'],
		['%+d % d', [3, 3], '+3  3'],
		['%u', [-1], '4294967295'],
		['%x %X', [0xbeef, 0xbeef], 'beef BEEF'],
		['%08lx', [0xbfe00], '000bfe00'],
		['%8lx', [0xbfe00000], 'bfe00000'],
		['%o %#o', [8, 8], '10 010'],
		['%.3d %8.3d', [7, 7], '007      007'],
		['%lld', [-(2n ** 40n)], '-1099511627776'],
		['%llx', [2n ** 36n], '1000000000'],
		['%hhx %hx', [0x1ff, 0x1ffff], 'ff ffff'],
		['%*d %-*d|', [5, 1, 5, 1], '    1 1    |'],
		['%c%c', [0x6f, 0x6b], 'ok'],
		['100%%', [], '100%'],
	])('%s', (format, args, expected) => {
		expect(print(format, ...args)).toBe(expected);
	});

	it('counts the 0x of %#08x as part of the width', () => {
		expect(print('%#08x', 0x1234)).toBe('0x001234');
		expect(print('%#08x', 0xbfe2b000)).toBe('0xbfe2b000');
	});

	it('prefixes even zero with 0x, unlike the C library (lib/vsprintf.c: number)', () => {
		expect(print('%#x', 0)).toBe('0x0');
	});
});

describe('printk formats strings and pointers', () => {
	it('cuts a string at its precision and pads it to its width', () => {
		expect(print('[%-8s][%8.3s]', 0xc0100000, 0xc0100000)).toBe('[kernel  ][     ker]');
	});

	it('says (null) for the null string', () => {
		expect(print('%s', 0)).toBe('(null)');
	});

	it('prints %px raw and %p hashed from 4.15 on', () => {
		expect(print('%px', 0xbfe2b000)).toBe('bfe2b000');
		expect(print('%p', 0xbfe2b000)).toMatch(/^[0-9a-f]{8}$/);
		expect(print('%p', 0xbfe2b000)).not.toBe('bfe2b000');
		expect(formatPrintk(sources('4.14.0'), '%p', [0xbfe2b000])).toBe('bfe2b000');
	});

	it('has words for a null %p before 5.2', () => {
		expect(formatPrintk(sources('4.19.44'), '%p', [0])).toBe('  (null)');
		expect(print('%p', 0)).toBe('00000000');
	});

	it('prints a physical address through its pointer with %pa', () => {
		expect(print('%pa', 0xc0100000)).toBe('0x10004000');
	});

	it('names a module function with %pS', () => {
		expect(print('%pS', 0xbf000010)).toBe('f+0x10/0x40 [m]');
	});
});
