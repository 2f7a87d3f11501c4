import { MiB, PAGE_SIZE, pfn, physical, virtual } from '../machine/address.ts';
import { byVersion, type VersionRow } from '../machine/by-version.ts';
import { hasHighmem, type X86Machine } from '../machine/machine.ts';
import { PAGE_OFFSETS } from '../machine/split.ts';
import { bootFailure } from './boot-failure.ts';
import { commonSymbols, PAGE_TABLES, symbolTable } from './common-symbols.ts';
import type { Layout, ZoneName } from './layout.ts';
import { placeMemMap } from './mem-map.ts';
import { wholePages } from './ram-pages.ts';
import { fillRegions, type RegionDraft } from './regions.ts';
import { x86Areas } from './x86-areas.ts';
import { x86Fixmap } from './x86-fixmap.ts';
import { x86Lowmem } from './x86-lowmem.ts';
import { X86_HEADING, x86Prints, x86Rows } from './x86-rows.ts';
import { zonesBetween } from './zones.ts';

/** MAX_DMA_PFN: what an ISA device reaches. */
const MAX_DMA_PFN = (16 * MiB) / PAGE_SIZE;

/** First page that the kernel hands out; the BIOS's own data lies below it. */
interface FirstPageRules extends VersionRow {
	readonly pfn: number;
}

const FIRST_PAGE_RULES: readonly [FirstPageRules, ...FirstPageRules[]] = [
	{ since: '2.6.24', pfn: 0 },
	{ since: '2.6.33', pfn: 16 },
	{ since: '3.9', pfn: 1 },
];

/** The layout of a 32-bit x86 kernel (arch/x86/mm/init_32.c). */
export const x86Layout = (machine: X86Machine): Layout => {
	const pageOffset = PAGE_OFFSETS[machine.split];
	const found = x86Fixmap(machine);
	const areas = x86Areas(machine, found);
	const lowmem = x86Lowmem(machine, areas);
	const { highMemory, vmallocStart } = lowmem;
	const maxLowPfn = pfn(lowmem.maxLowPfn);
	const maxPfn = pfn(lowmem.maxPfn);
	const firstPfn = pfn(byVersion(machine.kernel, FIRST_PAGE_RULES).pfn);
	const ramPages = wholePages(
		lowmem.ram.map(({ start, end }) => ({ start: Math.max(start, firstPfn * PAGE_SIZE), end })),
	);
	const pkmap = hasHighmem(machine) ? { base: virtual(areas.pkmapBase), slots: areas.pkmapSlots } : null;
	const place = placeMemMap(machine, firstPfn, maxPfn, highMemory);
	const zoneEnds: [ZoneName, number][] = [
		['Normal', maxLowPfn],
		['HighMem', maxPfn],
	];
	if (machine.zoneDma) zoneEnds.unshift(['DMA', Math.min(MAX_DMA_PFN, maxLowPfn)]);
	const failure = bootFailure(machine, {
		...place,
		pageOffset,
		highMemory,
		vmallocStart,
		vmallocEnd: areas.vmallocEnd,
	});
	return {
		heading: X86_HEADING,
		isPrinted: x86Prints(machine),
		rows: x86Rows(machine, { areas, fixmap: found.fixmap, pageOffset, highMemory, vmallocStart }),
		messages: lowmem.messages,
		regions: fillRegions(x86Regions(pageOffset, highMemory, vmallocStart, found.fixmap, areas, pkmap !== null)),
		pageOffset: virtual(pageOffset),
		physOffset: physical(0),
		highMemory,
		maxLowPfn,
		maxPfn,
		ramPages,
		zones: zonesBetween(firstPfn, zoneEnds),
		vmallocStart: virtual(vmallocStart),
		vmallocEnd: areas.vmallocEnd,
		modulesStart: virtual(vmallocStart),
		modulesEnd: areas.vmallocEnd,
		pkmap,
		fixmap: found.fixmap,
		memMap: place.memMap,
		memMapFirstPfn: place.memMapFirstPfn,
		...(failure === undefined ? {} : { bootFailure: failure }),
		symbols: symbolTable([
			...commonSymbols(machine, {
				pageOffset,
				taskSize: pageOffset,
				highMemory,
				maxLowPfn,
				maxPfn,
				vmallocStart,
				vmallocEnd: areas.vmallocEnd,
				vmallocOffset: 8 * MiB,
				modulesStart: vmallocStart,
				modulesEnd: areas.vmallocEnd,
				pkmap,
				pageTable: PAGE_TABLES[machine.pae ? 'pae' : 'x86'],
			}),
			...found.symbols,
			...areaSymbols(machine, areas),
			['highstart_pfn', Math.min(maxLowPfn, maxPfn)],
			['highend_pfn', maxPfn],
		]),
	};
};

const areaSymbols = (machine: X86Machine, areas: ReturnType<typeof x86Areas>): [string, number][] => {
	const symbols: [string, number][] = [
		['__VMALLOC_RESERVE', areas.vmallocReserve],
		['MAX_DMA_PFN', MAX_DMA_PFN],
	];
	if (machine.pae) symbols.push(['CONFIG_X86_PAE', 1]);
	if (areas.cpuEntry) {
		symbols.push(['CPU_ENTRY_AREA_BASE', areas.cpuEntry.start], ['CPU_ENTRY_AREA_PAGES', areas.cpuEntry.reservedPages]);
	}
	if (areas.ldt) symbols.push(['LDT_BASE_ADDR', areas.ldt.start]);
	return symbols;
};

const x86Regions = (
	pageOffset: number,
	highMemory: number,
	vmallocStart: number,
	fixmap: Layout['fixmap'],
	areas: ReturnType<typeof x86Areas>,
	isHighmem: boolean,
): RegionDraft[] => {
	const regions: RegionDraft[] = [
		{ name: 'user', start: 0, end: pageOffset },
		{ name: 'lowmem', start: pageOffset, end: highMemory },
		{ name: 'gap', start: highMemory, end: vmallocStart },
		{ name: 'vmalloc', start: vmallocStart, end: areas.vmallocEnd },
		{ name: 'fixmap', start: fixmap.start, end: fixmap.end },
	];
	if (isHighmem) {
		regions.push({ name: 'pkmap', start: areas.pkmapBase, end: areas.pkmapBase + areas.pkmapSlots * PAGE_SIZE });
	}
	if (areas.ldt) regions.push({ name: 'ldt', ...areas.ldt });
	if (areas.cpuEntry) regions.push({ name: 'cpu_entry', start: areas.cpuEntry.start, end: areas.cpuEntry.end });
	return regions;
};
