import { type Pfn, pfn as toPfn } from '../../machine/address.ts';
import { NO_PAGE } from '../operations.ts';
import type { PageAllocator } from './page-allocator.ts';
import { FrameState, MigrateType } from './page-frames.ts';
import type { Zone } from './zones.ts';

/** CONFIG_CMA_ALIGNMENT: larger buffers are aligned to 2^8 pages only. */
const MAX_ALIGN_ORDER = 8;

/**
 * cma_alloc (mm/cma.c): neighbouring pages from the area that is set apart for drivers, the lowest that are free. Pages
 * that somebody uses are passed over: nothing is migrated here.
 * @param order Of the whole buffer, for its alignment.
 * @returns the first page, or NO_PAGE when there is no such area or no room in it.
 */
export const allocContiguous = (pages: PageAllocator, count: number, order: number): Pfn | typeof NO_PAGE => {
	const step = 1 << Math.min(order, MAX_ALIGN_ORDER);
	const zone = pages.zones.find(({ freeCma }) => freeCma > 0);
	if (!zone) return NO_PAGE;
	const isFree = (pfn: number): boolean =>
		zone.blocks.type(pfn) === MigrateType.cma && pages.frames.find(pfn).state === FrameState.free;
	for (let start = firstOf(zone); start + count <= zone.endPfn; start += step) {
		let free = 0;
		while (free < count && isFree(start + free)) free++;
		if (free < count) continue;
		for (let at = start; at < start + count; at++) pages.reserveAtBoot(toPfn(at), 0);
		return toPfn(start);
	}
	return NO_PAGE;
};

/** The first page of the zone's CMA area. */
const firstOf = (zone: Zone): number => {
	const blockPages = 1 << zone.blocks.order;
	let pfn = Math.ceil(zone.startPfn / blockPages) * blockPages;
	while (pfn < zone.endPfn && zone.blocks.type(pfn) !== MigrateType.cma) pfn += blockPages;
	return pfn;
};
