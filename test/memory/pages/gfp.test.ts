import { describe, expect, it } from 'vitest';
import { parseKernelVersion } from '../../../source/machine/kernel-version.ts';
import { gfpConstants, gfpText } from '../../../source/memory/pages/gfp.ts';

const value = (kernel: string, name: string) => gfpConstants(parseKernelVersion(kernel)).get(name);

// KERNEL.md G6, computed from the bit definitions of those trees.
describe('the value of', () => {
	it.each([
		['2.6.32', 0xd0, 0x20, 0x10, 0x50, 0x200d0],
		['4.3.0', 0xd0, 0x20, 0x10, 0x50, 0x200d0],
		['4.4.0', 0x24000c0, 0x2080020, 0x2400000, 0x2400040, 0x24200c0],
		['4.9.88', 0x24000c0, 0x2080020, 0x2400000, 0x2400040, 0x24200c0],
		['4.12.0', 0x14000c0, 0x1080020, 0x1400000, 0x1400040, 0x14200c0],
		['4.15.0', 0x14000c0, 0x1080020, 0x1400000, 0x1400040, 0x14200c0],
		['4.19.44', 0x6000c0, 0x480020, 0x600000, 0x600040, 0x6200c0],
		['5.0.0', 0x6000c0, 0x480020, 0x600000, 0x600040, 0x6200c0],
		['5.4.0', 0xcc0, 0xa20, 0xc00, 0xc40, 0x100cc0],
		['6.1.0', 0xcc0, 0xa20, 0xc00, 0xc40, 0x100cc0],
		['6.3.0', 0xcc0, 0x820, 0xc00, 0xc40, 0x100cc0],
	])('the GFP masks in %s', (kernel, gfpKernel, atomic, noio, nofs, user) => {
		const names = ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_NOIO', 'GFP_NOFS', 'GFP_USER', 'GFP_HIGHUSER'];
		expect(names.map(name => value(kernel, name))).toEqual([gfpKernel, atomic, noio, nofs, user, user + 2]);
	});

	it('__GFP_HIGHMEM is 2 in every kernel', () => {
		expect(['2.6.24', '3.0.0', '4.19.0', '6.6.0'].map(kernel => value(kernel, '__GFP_HIGHMEM'))).toEqual([2, 2, 2, 2]);
	});

	it('__GFP_ZERO moved with 5.1, __GFP_NOWARN too', () => {
		expect([value('5.0.0', '__GFP_ZERO'), value('5.4.0', '__GFP_ZERO')]).toEqual([0x8000, 0x100]);
		expect([value('5.0.0', '__GFP_NOWARN'), value('5.4.0', '__GFP_NOWARN')]).toEqual([0x200, 0x2000]);
	});
});

describe('a name that the kernel lacks', () => {
	it('is absent', () => {
		expect(value('4.3.0', '__GFP_DIRECT_RECLAIM')).toBeUndefined();
		expect(value('4.4.0', '__GFP_WAIT')).toBeUndefined();
		expect(value('6.3.0', '__GFP_ATOMIC')).toBeUndefined();
		expect(value('4.15.0', '__GFP_COLD')).toBeUndefined();
	});
});

describe('a mask in words', () => {
	it.each([
		['4.19.44', 0x480020, 'GFP_ATOMIC'],
		['4.19.44', 0x6000c0, 'GFP_KERNEL'],
		['5.5.0', 0xcc0 | 0x40000, 'GFP_KERNEL|__GFP_COMP'],
		['5.5.0', 0xcc0 | 0x40000 | 0x100 | 0x2000, 'GFP_KERNEL|__GFP_NOWARN|__GFP_COMP|__GFP_ZERO'],
		['5.5.0', 0x2, '__GFP_HIGHMEM'],
		['6.1.0', 0xdc0, 'GFP_KERNEL|__GFP_ZERO'],
		['6.1.0', 0x100cc2, 'GFP_HIGHUSER'],
		['4.9.0', 0, 'none'],
		['5.5.0', 0x80000000, '0x80000000'],
	])('%s %i', (kernel, mask, text) => {
		expect(gfpText(parseKernelVersion(kernel), mask)).toBe(text);
	});
});
