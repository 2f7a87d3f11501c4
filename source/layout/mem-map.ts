import { alignDown, alignUp, PAGE_SIZE, type Pfn, pfn, type VirtualAddress, virtual } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import { cmaPlace, type RamLayout } from './cma.ts';

/**
 * What boot takes from the top of lowmem before mem_map, in bytes, as recorded on running kernels. ARM: page tables of
 * vectors, pkmap and fixmap, the vectors and the zero page. x86: the initrd that the boot loader left there and the
 * kernel's early page tables.
 */
const TAKEN_BEFORE_BYTES = { arm: 0x6000, x86: 0x110000 } as const;

export interface MemMapPlace {
	readonly memMap: VirtualAddress;
	readonly memMapFirstPfn: Pfn;
	/** The same address before it wraps: below PAGE_OFFSET when lowmem is too small. */
	readonly memMapStart: number;
	readonly memMapBytes: number;
}

/**
 * mem_map (FLATMEM): one struct page a frame, from the first frame rounded down to the last rounded up to whole blocks of
 * the largest buddy order; memblock hands it out top-down below high_memory. (mm/page_alloc.c: alloc_node_mem_map)
 */
export const placeMemMap = (machine: Machine, firstPfn: Pfn, endPfn: Pfn, highMemory: number): MemMapPlace => {
	const block = 2 ** machine.maxOrder;
	const start = alignDown(firstPfn, block);
	const bytes = alignUp((alignUp(endPfn, block) - start) * machine.structPageBytes, PAGE_SIZE);
	const top = alignDown(highMemory, PAGE_SIZE) - TAKEN_BEFORE_BYTES[machine.arch];
	return { memMap: virtual(top - bytes), memMapFirstPfn: pfn(start), memMapStart: top - bytes, memMapBytes: bytes };
};

/** mem_map where a CMA region may have been reserved before it at the top of lowmem. */
export const placeMemMapBesideCma = (
	machine: Machine,
	layout: RamLayout,
	firstPfn: Pfn,
	highMemory: number,
): MemMapPlace => {
	const { memMapBytes } = placeMemMap(machine, firstPfn, layout.maxPfn, highMemory);
	return placeMemMap(machine, firstPfn, layout.maxPfn, bootMemoryTop(machine, layout, highMemory, memMapBytes));
};

/**
 * Where memblock begins to hand out lowmem from the top down: high_memory, or the start of a CMA that leaves too little
 * room above itself. It was reserved before.
 */
export const bootMemoryTop = (machine: Machine, layout: RamLayout, highMemory: number, memMapBytes: number): number => {
	const cma = cmaPlace(machine, layout);
	if (!cma) return highMemory;
	const toVirtual = (frame: number): number => frame * PAGE_SIZE - layout.physOffset + layout.pageOffset;
	const needed = memMapBytes + TAKEN_BEFORE_BYTES[machine.arch];
	const isInTheWay = toVirtual(cma.end) > highMemory - needed && toVirtual(cma.start) < highMemory;
	return isInTheWay ? toVirtual(cma.start) : highMemory;
};
