import { describe, expect, it } from 'vitest';
import { alignUp, KiB, MiB } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { vmallocRules } from '../../../source/memory/vmalloc/vmalloc-rules.ts';
import { oracleMachine } from '../oracle-machine.ts';

const DEVICE = 0xfebf0000;

const machineOf = (kernel: string) =>
	oracleMachine({
		machine: 'qemu-i386-512m',
		kernel,
		ram: '1024M',
		highmem: true,
		nrCpus: '32',
		cpus: '2',
		ghes: true,
	});

/** A kernel whose vmalloc space has one hole of that many pages, nine before a multiple of 128 KiB, below the rest. */
const withHole = (kernel: string, pages: number) => {
	const machine = machineOf(kernel);
	const start = Kernel.boot(machine).view.layout.vmallocStart;
	const hole = alignUp(start + MiB, 128 * KiB) - 9 * 4096;
	const end = hole + pages * 4096;
	return {
		hole,
		rest: start + 4096 * 4096,
		kernel: Kernel.boot(machine, {
			vmallocAreas: [
				{ start, bytes: hole - start },
				{ start: end, bytes: start + 4096 * 4096 - end },
			],
		}),
	};
};

// mm/vmalloc.c: alloc_vmap_area, find_vmap_lowest_match.
describe('the search for a range that must be aligned', () => {
	it.each([
		['4.19.44', 2],
		['5.10.223', 3],
		['6.1.176', 2],
	])('%s takes one page of a device and its guard from a hole of %i pages', (version, pages) => {
		const enough = withHole(version, pages);
		expect(enough.kernel.ioremap(DEVICE, 4096)).toBe(enough.hole);
		const less = withHole(version, pages - 1);
		expect(less.kernel.ioremap(DEVICE, 4096)).toBe(less.rest);
	});

	// Recorded from 6.1: 128 KiB do not go into 60 pages from 0xf7417000 on, though 0xf7420000 would do.
	it.each([
		['4.19.44', 42],
		['5.10.223', 65],
		['6.1.176', 65],
	])('%s wants %i pages for 128 KiB, which with their guard are 33', (version, pages) => {
		const enough = withHole(version, pages);
		expect(enough.kernel.ioremap(DEVICE, 128 * KiB)).toBeLessThan(enough.rest);
		const less = withHole(version, pages - 1);
		expect(less.kernel.ioremap(DEVICE, 128 * KiB)).toBeGreaterThanOrEqual(less.rest);
	});

	it.each([
		['5.1.21', 12288, 12288],
		['5.2.21', 16383, 28671],
		['5.15.150', 16383, 28671],
		['5.16.20', 12288, 28671],
	])('%s asks for %i bytes at a page, for %i at four pages', (version, page, four) => {
		const { searchBytes } = vmallocRules(machineOf(version));
		expect([1, 4096, 16384].map(align => searchBytes(12288, align))).toEqual([12288, page, four]);
	});
});
