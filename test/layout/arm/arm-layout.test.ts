import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import type { Layout } from '../../../source/layout/layout.ts';
import { type MachineFlags, machineFromFlags } from '../../../source/machine/from-flags.ts';
import type { ArmMachine } from '../../../source/machine/machine.ts';
import { inEnglish } from '../../helpers/in-english.ts';

const armOf = (flags: MachineFlags): ArmMachine => {
	const machine = machineFromFlags(flags);
	if (machine.arch !== 'arm') throw new Error('not an ARM machine');
	return machine;
};
const layoutOf = (flags: MachineFlags): Layout => computeLayout(armOf(flags));

/** 1 GiB from 0x80000000 on; the vmalloc reserve leaves 760 or 768 MiB of it as lowmem. */
const oneGiB = (kernel: string, rest: MachineFlags = {}): MachineFlags => ({
	machine: 'imx6q-2g',
	kernel,
	ram: '1G@0x80000000',
	...rest,
});

describe('ARM vmalloc space by version', () => {
	it.each<[string, number, number]>([
		['2.6.35', 0xf4000000 - 0x8000000, 0xf4000000],
		['3.2', 0xf4000000 - 0x8000000, 0xf4000000],
		['3.3', 0xef800000, 0xff000000],
		['4.3', 0xef800000, 0xff000000],
		['4.4', 0xf0000000, 0xff800000],
		['6.6', 0xf0000000, 0xff800000],
	])('%s: lowmem to %d, VMALLOC_END %d', (kernel, highMemory, vmallocEnd) => {
		const layout = layoutOf({ machine: 'imx6q-2g', kernel });
		expect([layout.highMemory, layout.vmallocEnd]).toEqual([highMemory, vmallocEnd]);
	});

	it('a platform without a value of its own has 0xf8000000 before 3.3', () => {
		expect(layoutOf({ machine: 'a10-1g', kernel: '3.0' }).vmallocEnd).toBe(0xf8000000);
	});

	// A log of a kernel of that age: vmalloc=320M gives 312 MB.
	it('vmalloc=320M includes the hole up to 5.13, excludes it from 5.14 on', () => {
		const sizeMb = (kernel: string): number => {
			const { vmallocStart, vmallocEnd } = layoutOf(oneGiB(kernel, { vmalloc: '320M' }));
			return (vmallocEnd - vmallocStart) / 2 ** 20;
		};
		expect([sizeMb('5.13'), sizeMb('5.14')]).toEqual([312, 320]);
	});

	// Recorded on 4.19: vmalloc=131000000 gives high_memory 0xf7b11940, not even page aligned.
	it('does not round what vmalloc= asks for, but VMALLOC_START', () => {
		const layout = layoutOf(oneGiB('4.19.44', { vmalloc: '131000000' }));
		expect([layout.highMemory, layout.vmallocStart]).toEqual([0xf7b11940, 0xf8000000]);
	});

	// Recorded: 4.19 984MB, 6.1 976MiB.
	it.each<[string, string, string]>([
		['4.19.44', 'vmalloc=1M', 'vmalloc area too small, limiting to 16MB'],
		['4.19.44', 'vmalloc=1G', 'vmalloc area is too big, limiting to 984MB'],
		['6.1', 'vmalloc=bogus', 'vmalloc area is too small, limiting to 16MiB'],
		['6.1', 'vmalloc=1G', 'vmalloc area is too big, limiting to 976MiB'],
	])('%s %s: %s', (kernel, cmdline, message) => {
		expect(layoutOf(oneGiB(kernel, { cmdline })).messages).toEqual([message]);
	});

	it('the gap above an unaligned lowmem is smaller than 8 MB', () => {
		const layout = layoutOf({ machine: 'imx6q-2g', kernel: '4.9', ram: '46M@0x80000000' });
		expect([layout.highMemory, layout.vmallocStart]).toEqual([0xc2e00000, 0xc3000000]);
	});
});

describe('RAM above lowmem without HIGHMEM', () => {
	it.each<[string, string[]]>([
		['3.0', ['Truncating RAM at 80000000-bfffffff to -abffffff (vmalloc region overlap).']],
		['3.15', ['Truncating RAM at 80000000-bfffffff to -af7fffff (vmalloc region overlap).']],
		['4.1', ['Truncating RAM at 0x80000000-0xc0000000 to -0xaf800000']],
		['4.2', ['Truncating RAM at 0x80000000-0xc0000000 to -0xaf800000', 'Consider using a HIGHMEM enabled kernel.']],
		['4.11', ['Ignoring RAM at 0xb0000000-0xc0000000', 'Consider using a HIGHMEM enabled kernel.']],
	])('%s tells and drops it', (kernel, messages) => {
		const layout = layoutOf(oneGiB(kernel, { highmem: false }));
		expect(layout.messages).toEqual(messages);
		expect(layout.maxPfn).toBe(layout.maxLowPfn);
		expect(layout.zones.map(zone => zone.name)).toEqual(['Normal']);
		expect(layout.pkmap).toBeNull();
	});

	it('a whole bank beyond the limit is ignored', () => {
		const banks = { machine: 'imx6q-2g', ram: '512M@0x80000000,256M@0xc0000000', highmem: false };
		expect(layoutOf({ ...banks, kernel: '3.4' }).messages).toEqual([
			'Ignoring RAM at c0000000-cfffffff (vmalloc region overlap).',
		]);
		expect(layoutOf({ ...banks, kernel: '4.1' }).messages).toEqual([
			'Ignoring RAM at 0xc0000000-0xd0000000 (!CONFIG_HIGHMEM)',
		]);
	});

	it('LPAE prints physical addresses with 16 digits', () => {
		const layout = layoutOf({ machine: 'vexpress-a15-lpae-4g', highmem: false });
		expect(layout.messages[0]).toBe('Ignoring RAM at 0x00000000b0000000-0x0000000180000000');
	});

	it('with HIGHMEM nothing is said and the rest becomes highmem', () => {
		const layout = layoutOf(oneGiB('4.19'));
		expect(layout.messages).toEqual([]);
		expect(layout.zones).toEqual([
			{ name: 'Normal', startPfn: 0x80000, endPfn: 0xb0000 },
			{ name: 'HighMem', startPfn: 0xb0000, endPfn: 0xc0000 },
		]);
	});
});

describe('ARM fixmap by version', () => {
	it.each<[string, number, number, number, number]>([
		['3.15', 0xfff00000, 0xfffe0000, 0xfffe0000, 0],
		['3.16', 0xffc00000, 0xffe00000, 0xffe00000, 0],
		['3.19', 0xffc00000, 0xfff00000, 0xffeff000, 0],
		['4.3', 0xffc00000, 0xfff00000, 0xffeff000, 1],
		['5.4.100', 0xffc00000, 0xfff00000, 0xffeff000, 1],
		['5.4.200', 0xffc80000, 0xfff00000, 0xffeff000, 1],
		['5.5', 0xffc00000, 0xfff00000, 0xffeff000, 1],
		['5.10.223', 0xffc80000, 0xfff00000, 0xffeff000, 1],
		['5.11', 0xffc80000, 0xfff00000, 0xffeff000, 1],
	])('%s', (kernel, start, end, top, kmapBegin) => {
		expect(layoutOf({ machine: 'imx6q-2g', kernel }).fixmap).toMatchObject({ start, end, top, kmapBegin });
	});

	it('FIXADDR_END exists from 3.19 on only', () => {
		expect(layoutOf({ machine: 'imx6q-2g', kernel: '3.18' }).symbols.has('FIXADDR_END')).toBe(false);
		expect(layoutOf({ machine: 'imx6q-2g', kernel: '3.19' }).symbols.get('FIXADDR_END')).toBe(0xfff00000);
	});

	it('the KM_ types exist up to 2.6.36, KM_MAX_IDX from 5.11 on', () => {
		const symbols = (kernel: string): ReadonlyMap<string, number> => layoutOf({ machine: 'imx6q-2g', kernel }).symbols;
		expect(symbols('2.6.36').get('KM_USER1')).toBe(4);
		expect(symbols('2.6.36').get('KM_L1_CACHE')).toBe(13);
		expect(symbols('2.6.37').has('KM_USER0')).toBe(false);
		expect(symbols('5.10').get('KM_TYPE_NR')).toBe(16);
		expect(symbols('5.11').get('KM_MAX_IDX')).toBe(16);
		expect(symbols('5.11').has('KM_TYPE_NR')).toBe(false);
	});
});

describe('ARM zones, modules and page descriptors', () => {
	it('ZONE_DMA without a size takes all lowmem, with one its first part', () => {
		const machine = armOf({ machine: 'imx6q-1g' });
		const zones = (dmaZone: number | 'lowmem'): string[] =>
			computeLayout({ ...machine, dmaZone }).zones.map(({ name, startPfn, endPfn }) => `${name} ${startPfn}-${endPfn}`);
		expect(zones('lowmem')).toEqual(['DMA 65536-260096', 'HighMem 260096-327680']);
		expect(zones(128 * 2 ** 20)).toEqual(['DMA 65536-98304', 'Normal 98304-260096', 'HighMem 260096-327680']);
	});

	it('CMA does not move high_memory', () => {
		const { cma: _, ...rest } = armOf({ machine: 'imx6ull-512m' });
		expect(computeLayout(rest).highMemory).toBe(0xe0000000);
		expect(layoutOf({ machine: 'imx6ull-512m' }).highMemory).toBe(0xe0000000);
	});

	it('a Thumb-2 kernel has 6 MB for modules', () => {
		const layout = computeLayout({ ...armOf({}), thumb2: true });
		expect([layout.modulesStart, layout.modulesEnd]).toEqual([0xbf800000, 0xbfe00000]);
		expect(layout.symbols.get('TASK_SIZE')).toBe(0xbf000000);
	});

	it('the default machine has mem_map below the first pages taken from lowmem', () => {
		expect(layoutOf({})).toMatchObject({ memMap: 0xf0000000 - 0x6000 - 0x80000 * 32, memMapFirstPfn: 0x10000 });
	});

	it('max_low_pfn counts from the start of RAM up to 3.13, absolutely later', () => {
		const maxLowPfn = (kernel: string): number | undefined =>
			layoutOf({ machine: 'imx6ull-512m', kernel }).symbols.get('max_low_pfn');
		expect([maxLowPfn('3.13'), maxLowPfn('3.14')]).toEqual([0x20000, 0xa0000]);
	});

	it('tells when the page descriptors do not fit', () => {
		const layout = layoutOf({ lpae: true, ram: '96G@0x80000000', cmdline: 'vmalloc=768M' });
		expect(inEnglish(layout.bootFailure)).toBe(
			'mem_map needs 768 MB, which 248 MB of lowmem do not hold beside the kernel',
		);
		expect(layoutOf({})).not.toHaveProperty('bootFailure');
	});
});
