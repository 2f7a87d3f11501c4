import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import type { Layout } from '../../../source/layout/layout.ts';
import { type MachineFlags, machineFromFlags } from '../../../source/machine/from-flags.ts';
import { inEnglish } from '../../helpers/in-english.ts';

const layoutOf = (flags: MachineFlags): Layout => computeLayout(machineFromFlags({ arch: 'x86', ...flags }));

const lowmemMb = (flags: MachineFlags): number => {
	const { highMemory, pageOffset } = layoutOf(flags);
	return (highMemory - pageOffset) / 2 ** 20;
};

describe('x86 lowmem', () => {
	it('is exactly 896 MB up to 2.6.27', () => {
		expect(lowmemMb({ kernel: '2.6.24' })).toBe(896);
		expect(lowmemMb({ kernel: '2.6.27' })).toBe(896);
	});

	it('hangs below VMALLOC_END from 2.6.28 on, 2 pages short of a whole number of MB', () => {
		expect(Math.floor(lowmemMb({ kernel: '4.4' }))).toBe(887);
		expect(Math.floor(lowmemMb({ kernel: '4.4', pae: true }))).toBe(891);
	});

	it('vmalloc=128M is not the default: the hole comes on top from 2.6.28 on', () => {
		const reserve = (kernel: string): number | undefined =>
			layoutOf({ kernel, vmalloc: '128M' }).symbols.get('__VMALLOC_RESERVE');
		expect([reserve('2.6.27'), reserve('4.4')]).toEqual([0x8000000, 0x8800000]);
	});

	// Recorded on 4.19: reserve 0x084ee6c0, high_memory 0xf6b0f000, VMALLOC_START 0xf730f000.
	it('an unaligned vmalloc= is floored to a page', () => {
		const layout = layoutOf({ machine: 'qemu-i386-512m', kernel: '4.19.44', ram: '1G', vmalloc: '131000000' });
		expect(layout.symbols.get('__VMALLOC_RESERVE')).toBe(0x084ee6c0);
		expect([layout.highMemory, layout.vmallocStart]).toEqual([0xf6b0f000, 0xf730f000]);
	});
});

describe('what find_low_pfn_range says', () => {
	const messages = (flags: MachineFlags): readonly string[] =>
		layoutOf({ machine: 'qemu-i386-512m', ...flags }).messages;

	it('how much is highmem and lowmem', () => {
		expect(messages({ kernel: '4.19.44', ram: '1G' })).toEqual([
			'143MB HIGHMEM available.',
			'879MB LOWMEM available.',
			'  mapped low ram: 0 - 36ffe000',
			'  low ram: 0 - 36ffe000',
		]);
	});

	it.each<[string, MachineFlags, string]>([
		[
			'more highmem= than RAM above the limit',
			{ ram: '1G', cmdline: 'highmem=2G' },
			'only 143MB highmem pages available, ignoring highmem size of 2048MB!',
		],
		[
			'more highmem= than RAM',
			{ ram: '512M', cmdline: 'highmem=1G' },
			'highmem size (1024MB) is bigger than pages available (511MB)!',
		],
		[
			'highmem= that leaves too little lowmem',
			{ ram: '512M', cmdline: 'highmem=480M' },
			'highmem size (480MB) results in <64MB lowmem, ignoring it!',
		],
		[
			'highmem= without HIGHMEM',
			{ ram: '512M', highmem: false, cmdline: 'highmem=64M' },
			'ignoring highmem size on non-highmem kernel!',
		],
	])('%s', (_, flags, message) => {
		expect(messages({ kernel: '4.19.44', ...flags })).toContain(message);
	});

	it('which RAM goes unused without HIGHMEM', () => {
		expect(messages({ kernel: '4.19.44', ram: '1G', highmem: false }).slice(0, 3)).toEqual([
			'Warning only 883MB will be used.',
			'Use a HIGHMEM enabled kernel.',
			'883MB LOWMEM available.',
		]);
		expect(messages({ kernel: '4.19.44', ram: '6G', highmem: false, pae: true })).toContain(
			'Use a HIGHMEM64G enabled kernel.',
		);
	});

	it('that 2.6.24 without PAE stops at 4 GB', () => {
		expect(messages({ kernel: '2.6.24', ram: '6G' }).slice(0, 2)).toEqual([
			'Warning only 4GB will be used.',
			'Use a PAE enabled kernel.',
		]);
	});

	it('highmem= carves highmem out of lowmem', () => {
		const layout = layoutOf({ machine: 'qemu-i386-512m', kernel: '4.19.44', cmdline: 'highmem=128M' });
		expect(layout.highMemory).toBe(0xd7fe0000);
		expect(layout.messages.slice(0, 2)).toEqual(['128MB HIGHMEM available.', '383MB LOWMEM available.']);
	});
});

describe('x86 areas by version', () => {
	it.each<[string, number | undefined, number | undefined, number | undefined]>([
		['4.14', undefined, undefined, 0xff800000],
		['4.15', 0xffc00000, undefined, 0xff800000],
		['4.17', 0xff800000, undefined, 0xff400000],
		['4.19', 0xff800000, 0xff400000, 0xff000000],
		['6.6', 0xff800000, 0xff400000, 0xff000000],
	])('%s: cpu_entry_area, LDT, pkmap', (kernel, entry, ldt, pkmap) => {
		const { symbols } = layoutOf({ machine: 'qemu-i386-512m', kernel });
		expect(['CPU_ENTRY_AREA_BASE', 'LDT_BASE_ADDR', 'PKMAP_BASE'].map(name => symbols.get(name))).toEqual([
			entry,
			ldt,
			pkmap,
		]);
	});

	// A 4.17-rc5 log prints 39 pages a CPU, a 5.1-rc2 log 38.
	it.each<[string, number]>([
		['4.17', 39 * 8 + 1],
		['5.1', 38 * 8 + 1],
		['5.4', 39 * 8 + 1],
		['5.10', 43 * 8 + 1],
	])('%s prints %d pages of cpu_entry', (kernel, pages) => {
		const row = layoutOf({ machine: 'qemu-i386-512m', kernel }).rows.find(({ name }) => name === 'cpu_entry');
		expect(row && (row.end - row.start) / 4096).toBe(pages);
	});

	it('the permanent fixmap has 151 pages for 4 CPUs on 4.17, 91 for one', () => {
		const pages = (nrCpus: string): number =>
			layoutOf({ machine: 'qemu-i386-512m', kernel: '4.17', nrCpus }).fixmap.endOfPermanent;
		expect([pages('4'), pages('1')]).toEqual([151, 91]);
	});

	it('reservetop= lowers the fixmap and all below it', () => {
		const layout = layoutOf({ kernel: '4.4', cmdline: 'reservetop=8M' });
		expect(layout.fixmap.top).toBe(0xff7ff000);
		expect(layout.rows[1]?.text).toBe('    pkmap   : 0xff000000 - 0xff400000   (4096 kB)');
	});

	/** Debian's 5.10 without PAE, built for 32 CPUs. */
	const debian: MachineFlags = { machine: 'debian10-pae-4g', kernel: '5.10.223', pae: false, ram: '1G' };

	// Recorded on 5.10: 995 MB of lowmem, percpu finds a vmalloc space of 0x0, the machine dies.
	it('a kernel without vmalloc space does not boot', () => {
		const layout = layoutOf({ ...debian, cmdline: 'vmalloc=bogus' });
		expect(layout.messages).toContain('995MB LOWMEM available.');
		expect(inEnglish(layout.bootFailure)).toBe(
			'no vmalloc space: lowmem ends at 0xfe3fe000, VMALLOC_END is 0xfebfe000',
		);
	});

	// Recorded on 5.10: the reserve wraps, "1023MB LOWMEM available." and a panic.
	it('vmalloc=1G wraps round and does not boot', () => {
		const layout = layoutOf({ ...debian, vmalloc: '1G' });
		expect(layout.messages.slice(0, 2)).toEqual(['0MB HIGHMEM available.', '1023MB LOWMEM available.']);
		expect(inEnglish(layout.bootFailure)).toMatch(/^no vmalloc space/);
	});
});
