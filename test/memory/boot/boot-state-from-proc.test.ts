import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { virtual } from '../../../source/machine/address.ts';
import { boardChecks } from '../../../source/memory/boot/board-checks.ts';
import { bootStateFromProc } from '../../../source/memory/boot/boot-state-from-proc.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { formatVmallocinfo } from '../../../source/memory/vmalloc/vmallocinfo.ts';
import { english } from '../../../source/phrases/phrase.ts';
import { boardFiles, boardText, readFiles } from '../../machine/proc/boards.ts';

const stateOf = (files: Readonly<Record<string, string>>) => {
	const { log, proc, places } = readFiles(files);
	if (!proc) throw new Error('no /proc');
	const layout = computeLayout(log.machine);
	const { state, notes } = bootStateFromProc(proc, layout, place => places.text(place));
	return { machine: log.machine, proc, state, notes: notes.map(english) };
};

const ARM = boardFiles('armmp-6.1');
const PC = boardFiles('pc-4.4');

describe.each([
	['armmp-6.1', ARM],
	['pc-4.4', PC],
])('the session of %s', (_, files) => {
	const { machine, state, notes } = stateOf(files);
	const kernel = Kernel.boot(machine, state);

	it('breaks no rule of the kernel', () => {
		expect(checkInvariants(kernel)).toEqual([]);
		expect(notes).toEqual([]);
	});

	it('shows the same /proc/vmallocinfo', () => {
		const rows = (files.vmallocinfo ?? '').trimEnd().split('\n');
		const shown = formatVmallocinfo(machine, kernel.view.vmalloc.areas());
		// Marks that say nothing of memory, and areas without pages of their own, are not kept.
		const words = (row: string): string => row.replace(/ (?:user|dma-coherent|pages=0|vmap)\b/g, '');
		expect(shown.map(words)).toEqual(rows.filter(row => isShown(machine.kernel.major, row)).map(words));
	});

	it('has free lists of the same length, and the same lists on each CPU', () => {
		for (const { name, freeBlocks, perCpu = [], watermarks } of state.zones ?? []) {
			const zone = kernel.view.pages.zones.find(one => one.name === name);
			expect(zone?.freeBlocks).toEqual(freeBlocks);
			expect(zone?.perCpuPages).toEqual(perCpu.map(({ count }) => count));
			expect(zone?.watermarks).toEqual(watermarks);
		}
	});

	it('is the same each time', () => {
		const again = Kernel.boot(machine, state);
		expect(again.allocPages(2, 0)).toBe(Kernel.boot(machine, state).allocPages(2, 0));
		expect(again.view.vmalloc.areas().map(({ start }) => start)).toEqual(
			kernel.view.vmalloc.areas().map(({ start }) => start),
		);
	});

	it('goes on as the board would: the next area takes the lowest gap that fits', () => {
		const session = Kernel.boot(machine, state);
		const areas = session.view.vmalloc.areas().filter(({ start }) => start >= session.view.layout.vmallocStart);
		const address = session.vmalloc(4096);
		const gap = areas.find((area, index) => {
			const before = areas[index - 1];
			return area.start - (before ? before.start + before.bytes : session.view.layout.vmallocStart) >= 8192;
		});
		expect(address).toBeLessThan(gap?.start ?? 2 ** 32);
		expect(checkInvariants(session)).toEqual([]);
		session.vfree(address);
		expect(checkInvariants(session)).toEqual([]);
	});
});

/** Lazily freed ranges are listed from 4.19 on. */
const isShown = (major: number, row: string): boolean => major > 4 || !row.includes('unpurged');

describe('an area of a board', () => {
	const { machine, state } = stateOf(ARM);
	const kernel = Kernel.boot(machine, state);

	it('of ioremap leads to its device', () => {
		const { physical, via } = kernel.view.translate(virtual(0xf0810010)) ?? {};
		expect([physical, via]).toEqual([0x08000010, 'vmalloc']);
	});

	it('of vmalloc has highmem pages of its own, which go back with it', () => {
		const session = Kernel.boot(machine, state);
		const free = (): number => session.view.pages.zones.reduce((sum, zone) => sum + zone.free, 0);
		const { pfn } = session.view.translate(virtual(0xf0800000)) ?? {};
		expect(pfn).toBeGreaterThanOrEqual(0x70000);
		const onLists = (): number =>
			session.view.pages.zones.reduce(
				(sum, { perCpuPages }) => sum + perCpuPages.reduce((all, one) => all + one, 0),
				0,
			);
		const before = free() + onLists();
		session.vfree(virtual(0xf0800000));
		expect(free() + onLists()).toBe(before + 2);
	});
});

describe('addresses that the kernel hides', () => {
	it.each([
		['hashed', boardText('vmallocinfo-hashed.txt'), 'hashed'],
		['not told', boardText('vmallocinfo-ptrval.txt'), 'not told'],
		['zero', '0x00000000-0x00000000    8192 of_iomap+0x34/0x3c phys=0x08000000 ioremap\n'.repeat(3), 'zero'],
	])('%s: one line, and no area is placed', (_, vmallocinfo, how) => {
		const { state, notes } = stateOf({ ...ARM, vmallocinfo });
		expect(state.vmallocAreas).toBeUndefined();
		expect(notes).toEqual([
			`vmallocinfo:1: the vmalloc addresses are ${how}, so the areas are not placed; root with kptr_restrict=1 (and no_hash_pointers) sees them`,
		]);
	});

	it('a single row that cannot be true is left out alone', () => {
		const wrong = '0xf0900000-0xf0a00000   12288 damaged+0x1/0x2 pages=2 vmalloc\n';
		const { state, notes } = stateOf({ ...ARM, vmallocinfo: `${ARM.vmallocinfo}${wrong}` });
		expect(state.vmallocAreas).toHaveLength(60);
		expect(notes).toEqual(['vmallocinfo:61: 1 of 61 vmalloc areas do not fit into this layout and are left out']);
	});
});

describe('numbers of /proc beside those of the simulated kernel', () => {
	it('are compared zone by zone', () => {
		const { machine, proc, state } = stateOf(ARM);
		const checks = boardChecks(machine, proc, state);
		const verdicts = Object.fromEntries(checks.map(({ what, isSame }) => [what, isSame]));
		expect(verdicts).toMatchObject({
			'zone DMA start': true,
			'zone DMA min': true,
			'zone HighMem low': true,
			'zone HighMem free blocks': true,
			HighTotal: true,
			VmallocTotal: true,
		});
		const low = checks.find(({ what }) => what === 'LowTotal');
		expect(low).toMatchObject({ read: '757772 kB', isSame: false });
		expect(Math.abs(low?.offBy ?? 1)).toBeLessThan(0.001);
	});

	it('marks that somebody set are taken, and told', () => {
		const files = { ...ARM, zoneinfo: (ARM.zoneinfo ?? '').replace('min      869', 'min      1024') };
		const { machine, proc, state } = stateOf(files);
		expect(Kernel.boot(machine, state).view.pages.zones[0]?.watermarks.min).toBe(1024);
		const check = boardChecks(machine, proc, state).find(({ what }) => what === 'zone DMA min');
		expect([check?.isSame, check?.cause && english(check.cause)]).toEqual([
			false,
			'min_free_kbytes is set, or huge pages raise it',
		]);
	});

	it('free blocks that cannot all lie in the zone are told', () => {
		const buddyinfo =
			'Node 0, zone      DMA      0      0      0      0      0      0      0      0      0      0     90     20\n';
		const { machine, proc, state } = stateOf({ ...ARM, buddyinfo });
		const check = boardChecks(machine, proc, state).find(({ what }) => what === 'zone DMA free blocks');
		expect(check).toMatchObject({ read: '0 0 0 0 0 0 0 0 0 0 90 20', isSame: false });
	});

	it('more free pages than there are pages are not believed', () => {
		const buddyinfo = `Node 0, zone  HighMem ${'999999 '.repeat(12)}\n`;
		expect(stateOf({ ...ARM, buddyinfo }).notes).toEqual([
			'buddyinfo:1: more pages are free than zone HighMem has; not believed',
		]);
	});
});
