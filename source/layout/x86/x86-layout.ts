import { MiB, PAGE_SIZE, pfn, physical, virtual } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { hasHighmem, type X86Machine } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { bootFailure } from '../boot-failure.ts';
import { address, type Border, border, from } from '../border.ts';
import { borderTable, imageBorders } from '../border-table.ts';
import { commonSymbols, symbolTable, x86PageTable } from '../common-symbols.ts';
import type { Layout, ZoneName } from '../layout.ts';
import { placeMemMap } from '../mem-map.ts';
import { wholePages } from '../ram-pages.ts';
import { fillRegions, type RegionDraft } from '../regions.ts';
import { zonesBetween } from '../zones.ts';
import { VMALLOC_OFFSET, type X86Areas, x86Areas } from './x86-areas.ts';
import { type X86Fixmap, x86Fixmap } from './x86-fixmap.ts';
import { type X86Lowmem, x86Lowmem } from './x86-lowmem.ts';
import { X86_HEADING, type X86RowBorders, x86Prints, x86Rows } from './x86-rows.ts';

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
	const highMemory = lowmem.highMemory.value;
	const vmallocStart = lowmem.vmallocStart.value;
	const vmallocEnd = areas.vmallocEnd.value;
	const maxLowPfn = pfn(lowmem.maxLowPfn);
	const maxPfn = pfn(lowmem.maxPfn);
	const firstPfn = pfn(byVersion(machine.kernel, FIRST_PAGE_RULES).pfn);
	const ramPages = wholePages(
		lowmem.ram.map(({ start, end }) => ({ start: Math.max(start, firstPfn * PAGE_SIZE), end })),
	);
	const pkmap = hasHighmem(machine) ? { base: virtual(areas.pkmapBase.value), slots: areas.pkmapSlots } : null;
	const place = placeMemMap(machine, firstPfn, maxPfn, highMemory);
	const failure = bootFailure(machine, { ...place, pageOffset, highMemory, vmallocStart, vmallocEnd });
	const rowBorders = { areas, fixmap: found.fixmap, pageOffset, highMemory, vmallocStart };
	return {
		heading: X86_HEADING,
		isPrinted: x86Prints(machine),
		rows: x86Rows(machine, rowBorders),
		messages: lowmem.messages,
		regions: fillRegions(x86Regions(rowBorders, pkmap !== null)),
		pageOffset: virtual(pageOffset),
		physOffset: physical(0),
		highMemory,
		maxLowPfn,
		maxPfn,
		ramPages,
		zones: zonesBetween(firstPfn, x86ZoneEnds(machine, maxLowPfn, maxPfn)),
		vmallocStart: virtual(vmallocStart),
		vmallocEnd,
		modulesStart: virtual(vmallocStart),
		modulesEnd: vmallocEnd,
		pkmap,
		fixmap: found.fixmap,
		memMap: place.memMap,
		memMapFirstPfn: place.memMapFirstPfn,
		...(failure === undefined ? {} : { bootFailure: failure }),
		borders: borderTable(x86Borders(machine, found, areas, lowmem)),
		symbols: symbolTable([
			...commonSymbols(machine, {
				pageOffset,
				taskSize: pageOffset,
				highMemory,
				maxLowPfn,
				maxPfn,
				vmallocStart,
				vmallocEnd,
				vmallocOffset: VMALLOC_OFFSET,
				modulesStart: vmallocStart,
				modulesEnd: vmallocEnd,
				pkmap,
				pageTable: x86PageTable(machine),
			}),
			...found.symbols,
			...areaSymbols(machine, areas),
			['highstart_pfn', Math.min(maxLowPfn, maxPfn)],
			['highend_pfn', maxPfn],
		]),
	};
};

const x86ZoneEnds = ({ zoneDma }: X86Machine, maxLowPfn: number, maxPfn: number): [ZoneName, number][] => [
	...(zoneDma ? ([['DMA', Math.min(MAX_DMA_PFN, maxLowPfn)]] satisfies [ZoneName, number][]) : []),
	['Normal', maxLowPfn],
	['HighMem', maxPfn],
];

const x86Borders = (
	machine: X86Machine,
	fixmap: X86Fixmap,
	areas: X86Areas,
	{ highMemory, vmallocStart }: X86Lowmem,
): (Border | undefined)[] => {
	const pageOffset = border('PAGE_OFFSET', 'split-x86', [address(PAGE_OFFSETS[machine.split])]);
	return [
		pageOffset,
		border('TASK_SIZE', 'task-size-x86', [from(pageOffset)]),
		highMemory,
		vmallocStart,
		areas.vmallocEnd,
		border('MODULES_VADDR', 'modules-in-vmalloc', [from(vmallocStart)]),
		border('MODULES_END', 'modules-in-vmalloc', [from(areas.vmallocEnd)]),
		...(hasHighmem(machine) ? [areas.pkmapBase, areas.pkmapEnd] : []),
		areas.ldt?.start,
		areas.ldt?.end,
		areas.cpuEntry?.start,
		areas.cpuEntry?.end,
		// A name only of the kernels that define it.
		fixmap.symbols.some(([name]) => name === fixmap.totalStart.name) ? fixmap.totalStart : undefined,
		fixmap.start,
		fixmap.top,
		...imageBorders(machine.sections),
	];
};

const areaSymbols = (machine: X86Machine, areas: X86Areas): [string, number][] => {
	const symbols: [string, number][] = [
		['__VMALLOC_RESERVE', areas.vmallocReserve],
		['MAX_DMA_PFN', MAX_DMA_PFN],
	];
	if (machine.pae) symbols.push(['CONFIG_X86_PAE', 1]);
	if (areas.cpuEntry) {
		symbols.push(
			['CPU_ENTRY_AREA_BASE', areas.cpuEntry.start.value],
			['CPU_ENTRY_AREA_PAGES', areas.cpuEntry.reservedPages],
		);
	}
	if (areas.ldt) symbols.push(['LDT_BASE_ADDR', areas.ldt.start.value]);
	return symbols;
};

const x86Regions = (
	{ pageOffset, highMemory, vmallocStart, fixmap, areas }: X86RowBorders,
	hasPkmap: boolean,
): RegionDraft[] => {
	const regions: RegionDraft[] = [
		{ name: 'user', start: 0, end: pageOffset },
		{ name: 'lowmem', start: pageOffset, end: highMemory },
		{ name: 'gap', start: highMemory, end: vmallocStart },
		{ name: 'vmalloc', start: vmallocStart, end: areas.vmallocEnd.value },
		{ name: 'fixmap', start: fixmap.start, end: fixmap.end },
	];
	if (hasPkmap) {
		regions.push({ name: 'pkmap', start: areas.pkmapBase.value, end: areas.pkmapEnd.value });
	}
	if (areas.ldt) regions.push({ name: 'ldt', start: areas.ldt.start.value, end: areas.ldt.end.value });
	if (areas.cpuEntry) {
		regions.push({ name: 'cpu_entry', start: areas.cpuEntry.start.value, end: areas.cpuEntry.end.value });
	}
	return regions;
};
