import type { PageAllocator } from '../pages/page-allocator.ts';
import { FrameState, MIGRATE_TYPES, MigrateType, SECTION_ORDER } from '../pages/page-frames.ts';
import type { Zone } from '../pages/zones.ts';
import type { Slab } from '../slab/slab.ts';
import type { SlabAllocator } from '../slab/slab-allocator.ts';

/** What contradicts itself in the page allocator's state; empty when all is well. For tests and the debug flag. */
export const checkPageInvariants = (pages: PageAllocator): string[] =>
	pages.zones.flatMap(zone => checkZone(pages, zone));

const checkZone = (pages: PageAllocator, zone: Zone): string[] => {
	const problems: string[] = [];
	const listed = freeBlocks(pages, zone, problems);
	const keyOf = (pfn: number, order: number): number => pfn * 16 + order;
	const known = new Set(listed.map(({ pfn, order }) => keyOf(pfn, order)));
	let end = zone.startPfn;
	let free = 0;
	let cma = 0;
	for (const { pfn, order, type } of listed.sort((a, b) => a.pfn - b.pfn)) {
		if (pfn % 2 ** order !== 0) problems.push(`${zone.name}: free block ${pfn} of order ${order} is not aligned`);
		if (pfn < end) problems.push(`${zone.name}: free block ${pfn} of order ${order} overlaps the one before it`);
		if (pages.frames.find(pfn).state !== FrameState.free)
			problems.push(`${zone.name}: frame ${pfn} is listed but not free`);
		end = pfn + 2 ** order;
		free += 2 ** order;
		if (type === MigrateType.cma) cma += 2 ** order;
		const buddy = pfn ^ (1 << order);
		const isMate = known.has(keyOf(buddy, order));
		const isSplitByType = (zone.blocks.type(pfn) === MigrateType.cma) !== (zone.blocks.type(buddy) === MigrateType.cma);
		if (order < zone.maxOrder && isMate && !isSplitByType) {
			problems.push(`${zone.name}: blocks ${pfn} and ${buddy} of order ${order} are free and not merged`);
		}
	}
	if (end > zone.endPfn) problems.push(`${zone.name}: a free block ends behind the zone`);
	if (free !== zone.free) problems.push(`${zone.name}: the lists hold ${free} pages, the counter says ${zone.free}`);
	if (cma !== zone.freeCma)
		problems.push(`${zone.name}: the lists hold ${cma} CMA pages, the counter says ${zone.freeCma}`);
	const counted = countPages(pages, zone);
	const perCpu = zone.perCpu.reduce((sum, pcp) => sum + pcp.count, 0);
	if (counted.pcp !== perCpu)
		problems.push(`${zone.name}: ${counted.pcp} pages are marked per-CPU, the lists count ${perCpu}`);
	if (free + counted.pcp + counted.allocated !== zone.managed) {
		problems.push(
			`${zone.name}: free ${free} + per-CPU ${counted.pcp} + allocated ${counted.allocated} is not managed ${zone.managed}`,
		);
	}
	return problems;
};

interface ListedBlock {
	readonly pfn: number;
	readonly order: number;
	readonly type: number;
}

const freeBlocks = (pages: PageAllocator, zone: Zone, problems: string[]): ListedBlock[] => {
	const { frames } = pages;
	const blocks: ListedBlock[] = [];
	for (let order = 0; order <= zone.maxOrder; order++) {
		let count = 0;
		for (let type = 0; type < MIGRATE_TYPES; type++) {
			const isWide = order >= SECTION_ORDER;
			let before = -1;
			for (let pfn = zone.heads[zone.listOf(type, order)] ?? -1; pfn !== -1; count++) {
				const at = isWide ? frames.section(pfn) : frames.index(pfn);
				const prev = (isWide ? frames.sectionPrev : frames.prev)[at];
				if (prev !== before) problems.push(`${zone.name}: the list of order ${order} is torn at ${pfn}`);
				blocks.push({ pfn, order, type });
				before = pfn;
				pfn = (isWide ? frames.sectionNext : frames.next)[at] ?? -1;
			}
			if (before !== zone.tails[zone.listOf(type, order)])
				problems.push(`${zone.name}: order ${order} has a wrong tail`);
		}
		if (count !== zone.freeBlocks[order]) problems.push(`${zone.name}: order ${order} holds ${count} blocks`);
	}
	return blocks;
};

const countPages = (pages: PageAllocator, zone: Zone): { readonly pcp: number; readonly allocated: number } => {
	let pcp = 0;
	let allocated = 0;
	for (let pfn = zone.startPfn; pfn < zone.endPfn; ) {
		const { head, order, state } = pages.frames.find(pfn);
		const size = head === pfn ? 2 ** order : 1;
		if (state === FrameState.pcp) pcp += size;
		if (state === FrameState.allocated || state === FrameState.tail) allocated += size;
		pfn += size;
	}
	return { pcp, allocated };
};

/** What contradicts itself in the slab allocator's state; empty when all is well. */
export const checkSlabInvariants = (slab: SlabAllocator): string[] => {
	const problems: string[] = [];
	for (const cache of slab.caches) {
		for (const one of cache.slabs.values()) {
			const name = `${cache.name}: slab ${one.pfn}`;
			if (slab.pages.allocatedOrder(one.pfn) !== one.order) problems.push(`${name} has lost its pages`);
			if (one.objects - one.inUse !== listLength(one, one.ownFree)) {
				problems.push(`${name}: ${one.inUse} objects in use do not fit its free list`);
			}
			const seen = new Set<number>();
			for (const head of [one.cpuFree, one.ownFree]) {
				for (let offset = head; offset !== -1; offset = one.next(offset)) {
					if (seen.has(offset)) {
						problems.push(`${name}: object ${offset} is on a free list twice`);
						break;
					}
					seen.add(offset);
					if (offset % one.objectBytes !== 0) problems.push(`${name}: ${offset} on the free list is no object`);
					else if (one.isLive[offset / one.objectBytes] === 1)
						problems.push(`${name}: object ${offset} is free and in use`);
				}
			}
			if (seen.size + one.liveObjects !== one.objects) {
				problems.push(`${name}: ${seen.size} free + ${one.liveObjects} in use is not ${one.objects}`);
			}
		}
	}
	return problems;
};

/** Objects on a free list; a list that runs in a circle counts as endless. */
const listLength = (slab: Slab, head: number): number => {
	let length = 0;
	for (let offset = head; offset !== -1 && length <= slab.objects; offset = slab.next(offset)) length++;
	return length;
};
