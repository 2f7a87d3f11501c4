import type { Layout, ZoneName } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import type { Found } from '../../machine/boot-log/log-facts.ts';
import type { ProcFacts, VmallocRow } from '../../machine/proc/proc-facts.ts';
import { filledZones } from '../../machine/proc/proc-log-facts.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { BootArea, BootState, BootZone } from './boot-state.ts';

/** The state of a board, and what of its /proc could not be believed or placed. */
export interface StateFromProc {
	readonly state: BootState;
	readonly notes: readonly Text[];
}

/**
 * The state that the files of /proc show: vmalloc areas, free blocks, per-CPU lists, watermarks.
 * @param layout Where the areas must lie.
 * @param placeText A place as people write it: `board.txt:12`.
 */
export const bootStateFromProc = (
	proc: ProcFacts,
	layout: Layout,
	placeText: (place: number) => string,
): StateFromProc => {
	const notes: Text[] = [];
	const areas = areasOf(proc, layout, placeText, notes);
	const zones = zonesOf(proc, layout, placeText, notes);
	const state = {
		...(areas.length > 0 ? { vmallocAreas: areas } : {}),
		...(zones.length > 0 ? { zones } : {}),
	};
	return { state, notes };
};

const areasOf = (
	{ vmalloc }: ProcFacts,
	layout: Layout,
	placeText: (place: number) => string,
	notes: Text[],
): BootArea[] => {
	const [first] = vmalloc;
	if (!first) return [];
	const hidden = hiddenBecause(vmalloc);
	if (hidden) {
		notes.push(
			phrase(
				'{place}: the vmalloc addresses are {how}, so the areas are not placed; root with kptr_restrict=1 (and no_hash_pointers) sees them',
				{ place: placeText(first.line), how: hidden },
			),
		);
		return [];
	}
	const areas: BootArea[] = [];
	const refused: Found<VmallocRow>[] = [];
	const sorted = [...vmalloc].sort((a, b) => (a.value.start ?? 0) - (b.value.start ?? 0));
	let end = 0;
	for (const row of sorted) {
		const { start = 0, bytes } = row.value;
		const isSound = row.value.end === start + bytes && start % PAGE_SIZE === 0 && start >= end;
		if (!isSound || !isInside(start, bytes, layout)) {
			refused.push(row);
			continue;
		}
		end = start + bytes;
		areas.push(areaOf(row.value, start, layout));
	}
	const [worst] = refused;
	if (worst) {
		const place = placeText(worst.line);
		const values = { place, count: refused.length, all: vmalloc.length };
		notes.push(phrase('{place}: {count} of {all} vmalloc areas do not fit into this layout and are left out', values));
	}
	return areas;
};

/** A few rows may be damaged; when hardly any can be true, the kernel has not told the addresses. */
const hiddenBecause = (rows: readonly Found<VmallocRow>[]): Text | undefined => {
	const share = (is: (row: VmallocRow) => boolean): boolean =>
		rows.filter(({ value }) => is(value)).length * 2 > rows.length;
	if (share(({ start }) => start === undefined)) return 'not told';
	if (share(({ start }) => start === 0)) return 'zero';
	return share(({ start = 0, end = 0, bytes }) => end - start !== bytes) ? 'hashed' : undefined;
};

const isInside = (start: number, bytes: number, layout: Layout): boolean => {
	const { vmallocStart, vmallocEnd, modulesStart, modulesEnd } = layout;
	const isIn = (from: number, to: number): boolean => start >= from && start + bytes <= to;
	return isIn(vmallocStart, vmallocEnd) || isIn(modulesStart, modulesEnd);
};

const areaOf = (row: VmallocRow, start: number, layout: Layout): BootArea => {
	const { bytes, caller, pages, physical, isLazy } = row;
	const common = { start, bytes, caller, isLazy };
	if (isLazy) return common;
	const kind = kindOf(row, start, layout);
	if (kind === 'vm_map_ram' || kind === 'percpu') return { ...common, kind, pages: 0 };
	if (physical !== undefined) return { ...common, kind: 'ioremap', physical, pages: mappedPages(row) };
	return {
		...common,
		kind,
		pages: Math.min(pages ?? (kind === 'vmap' ? 0 : bytes / PAGE_SIZE - 1), bytes / PAGE_SIZE),
	};
};

/** Mappings made by a platform before the allocator runs have no guard page (arch/arm/mm/mmu.c: iotable_init). */
const mappedPages = ({ caller, bytes }: VmallocRow): number =>
	/^(?:iotable_init|debug_ll_io_init|pci_reserve_io)\b/.test(caller) ? bytes / PAGE_SIZE : bytes / PAGE_SIZE - 1;

const kindOf = (
	{ caller, words, physical }: VmallocRow,
	start: number,
	layout: Layout,
): NonNullable<BootArea['kind']> => {
	if (words.includes('vm_map_ram')) return 'vm_map_ram';
	if (/^pcpu_get_vm_areas\b/.test(caller)) return 'percpu';
	if (physical !== undefined || words.includes('ioremap')) return 'ioremap';
	const isModule = start >= layout.modulesStart && start < layout.modulesEnd;
	if (isModule || /^(?:module_alloc|load_module|move_module|layout_and_allocate)\b/.test(caller)) return 'module';
	return words.includes('vmalloc') ? 'vmalloc' : 'vmap';
};

const ZONES: readonly ZoneName[] = ['DMA', 'Normal', 'HighMem'];

const zonesOf = (proc: ProcFacts, layout: Layout, placeText: (place: number) => string, notes: Text[]): BootZone[] => {
	const known = filledZones(proc);
	return ZONES.flatMap(name => {
		const range = layout.zones.find(zone => zone.name === name);
		const zone = known.find(({ value }) => value.name === name);
		const buddy = proc.buddy.find(({ value }) => value.zone === name);
		if (!zone && !buddy) return [];
		if (!range || range.endPfn <= range.startPfn) {
			// A zone that another one has swallowed is listed without any page.
			const isEmpty = !zone && buddy?.value.counts.every(count => count === 0);
			const place = placeText(zone?.line ?? buddy?.line ?? 0);
			if (!isEmpty)
				notes.push(phrase('{place}: zone {name} does not exist in this layout and is left out', { place, name }));
			return [];
		}
		const pages = range.endPfn - range.startPfn;
		const free = buddy?.value.counts.reduce((sum, count, order) => sum + count * 2 ** order, 0) ?? 0;
		const isPossible = free <= pages;
		if (buddy && !isPossible) {
			const place = placeText(buddy.line);
			notes.push(phrase('{place}: more pages are free than zone {name} has; not believed', { place, name }));
		}
		return [{ name, ...(buddy && isPossible ? { freeBlocks: buddy.value.counts } : {}), ...limitsOf(zone?.value) }];
	});
};

const limitsOf = (zone: ReturnType<typeof filledZones>[number]['value'] | undefined): Partial<BootZone> => {
	if (!zone) return {};
	const { min, low, high, pageSets } = zone;
	const cpus = Math.max(-1, ...pageSets.keys()) + 1;
	const perCpu = Array.from({ length: cpus }, (_, cpu) => pageSets.get(cpu) ?? { count: 0 });
	return {
		...(min === undefined || low === undefined || high === undefined ? {} : { watermarks: { min, low, high } }),
		...(perCpu.length > 0 ? { perCpu } : {}),
	};
};
