import { MiB, PAGE_SIZE, physical, physicalToPfn, virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { bootFailure } from '../boot-failure.ts';
import { borderTable, imageBorders } from '../border-table.ts';
import { armPageTable, commonSymbols, symbolTable } from '../common-symbols.ts';
import type { Layout, ZoneName } from '../layout.ts';
import { placeMemMapBesideCma } from '../mem-map.ts';
import { wholePages } from '../ram-pages.ts';
import { fillRegions, type RegionDraft } from '../regions.ts';
import { zonesBetween } from '../zones.ts';
import { armBorders, armTopBorders } from './arm-borders.ts';
import { armFixmap } from './arm-fixmap.ts';
import { armLowmem } from './arm-lowmem.ts';
import {
	ARM_HEADING,
	armPrints,
	armRows,
	CONSISTENT_END,
	DTCM_OFFSET,
	hasConsistentWindow,
	ITCM_OFFSET,
	VECTORS_BASE,
} from './arm-rows.ts';
import { armVmalloc, VMALLOC_OFFSET } from './arm-vmalloc.ts';

const VECTOR_PAGES_BYTES = 2 * PAGE_SIZE;

/** The layout of an ARM kernel (arch/arm/mm/mmu.c, arch/arm/mm/init.c). */
export const armLayout = (machine: ArmMachine): Layout => {
	const pageOffset = PAGE_OFFSETS[machine.split];
	const pageTable = armPageTable(machine);
	const vmalloc = armVmalloc(machine);
	const { ram, physOffset, limit, messages, ...lowmem } = armLowmem(machine, vmalloc.min);
	const found = armBorders(machine, lowmem.highMemory);
	const highMemory = lowmem.highMemory.value;
	const vmallocStart = found.vmallocStart.value;
	const vmallocEnd = vmalloc.end.value;
	const pkmap = found.pkmapBase ? { base: virtual(found.pkmapBase.value), slots: pageTable.entries } : null;
	const modulesStart = found.modulesStart.value;
	const modulesEnd = found.modulesEnd.value;
	const { fixmap, symbols, ...window } = armFixmap(machine);
	const ramPages = wholePages(ram);
	const firstPfn = ramPages[0]?.startPfn ?? physicalToPfn(physOffset);
	const maxPfn = ramPages.at(-1)?.endPfn ?? firstPfn;
	const maxLowPfn = physicalToPfn(limit);
	const borders = {
		fixmap,
		pageOffset,
		taskSize: found.taskSize.value,
		highMemory,
		maxLowPfn,
		maxPfn,
		vmallocStart,
		vmallocEnd,
		vmallocOffset: VMALLOC_OFFSET,
		modulesStart,
		modulesEnd,
		pkmap,
		pageTable,
	};
	const ramLayout = { ramPages, maxPfn, maxLowPfn, pageOffset: virtual(pageOffset), physOffset: physical(physOffset) };
	const place = placeMemMapBesideCma(machine, ramLayout, firstPfn, highMemory);
	const failure = bootFailure(machine, { ...place, pageOffset, highMemory, vmallocStart, vmallocEnd });
	return {
		heading: ARM_HEADING,
		isPrinted: armPrints(machine),
		rows: armRows(machine, borders),
		messages: [...vmalloc.messages, ...messages],
		regions: fillRegions(armRegions(machine, borders)),
		pageOffset: virtual(pageOffset),
		physOffset: physical(physOffset),
		highMemory,
		maxLowPfn,
		maxPfn,
		ramPages,
		zones: zonesBetween(firstPfn, armZoneEnds(machine, physOffset, maxLowPfn, maxPfn)),
		vmallocStart: virtual(vmallocStart),
		vmallocEnd,
		modulesStart: virtual(modulesStart),
		modulesEnd,
		pkmap,
		fixmap,
		memMap: place.memMap,
		memMapFirstPfn: place.memMapFirstPfn,
		...(failure === undefined ? {} : { bootFailure: failure }),
		borders: borderTable([
			...Object.values(found),
			...lowmem.borders,
			vmalloc.end,
			vmalloc.min,
			...window.borders,
			...armTopBorders(machine),
			...imageBorders(machine.sections),
		]),
		symbols: symbolTable([
			...commonSymbols(machine, borders),
			...symbols,
			...frameSymbols(machine, physicalToPfn(physOffset), maxLowPfn, maxPfn),
			['PHYS_OFFSET', physOffset],
			['SECTION_SIZE', machine.lpae ? 2 * MiB : MiB],
		]),
	};
};

/** Page frame numbers. The kernel's own variables count from the first frame of RAM up to 3.13. */
const frameSymbols = (
	{ kernel }: ArmMachine,
	physPfn: number,
	maxLowPfn: number,
	maxPfn: number,
): [string, number][] => {
	const countedFrom = atLeast(kernel, '3.14') ? 0 : physPfn;
	return [
		['PHYS_PFN_OFFSET', physPfn],
		['ARCH_PFN_OFFSET', physPfn],
		['max_low_pfn', maxLowPfn - countedFrom],
		['max_pfn', maxPfn - countedFrom],
	];
};

const armZoneEnds = (
	{ dmaZone }: ArmMachine,
	physOffset: number,
	maxLowPfn: number,
	maxPfn: number,
): [ZoneName, number][] => {
	const ends: [ZoneName, number][] = [
		['Normal', maxLowPfn],
		['HighMem', maxPfn],
	];
	if (dmaZone === undefined) return ends;
	const dmaEnd = dmaZone === 'lowmem' ? maxLowPfn : Math.min(maxLowPfn, physicalToPfn(physOffset + dmaZone));
	return [['DMA', dmaEnd], ...ends];
};

interface RegionBorders {
	readonly pageOffset: number;
	readonly taskSize: number;
	readonly highMemory: number;
	readonly vmallocStart: number;
	readonly vmallocEnd: number;
	readonly modulesStart: number;
	readonly modulesEnd: number;
	readonly fixmap: Layout['fixmap'];
}

const armRegions = (machine: ArmMachine, borders: RegionBorders): RegionDraft[] => {
	const regions: RegionDraft[] = [
		{ name: 'user', start: 0, end: borders.taskSize },
		{ name: 'modules', start: borders.modulesStart, end: borders.modulesEnd },
		{ name: 'lowmem', start: borders.pageOffset, end: borders.highMemory },
		{ name: 'gap', start: borders.highMemory, end: borders.vmallocStart },
		{ name: 'vmalloc', start: borders.vmallocStart, end: borders.vmallocEnd },
		{ name: 'fixmap', start: borders.fixmap.start, end: borders.fixmap.end },
		{ name: 'vectors', start: VECTORS_BASE, end: VECTORS_BASE + VECTOR_PAGES_BYTES },
	];
	if (machine.highmem) regions.push({ name: 'pkmap', start: borders.modulesEnd, end: borders.pageOffset });
	if (hasConsistentWindow(machine)) {
		regions.push({ name: 'dma', start: CONSISTENT_END - machine.consistentDmaBytes, end: CONSISTENT_END });
	}
	if (machine.tcm) {
		regions.push({ name: 'tcm', start: ITCM_OFFSET, end: machine.tcm.itcmEnd });
		regions.push({ name: 'tcm', start: DTCM_OFFSET, end: machine.tcm.dtcmEnd });
	}
	return regions;
};
