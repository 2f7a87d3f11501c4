import { type Pfn, pfn as toPfn } from '../../machine/address.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import { MIGRATE_TYPES, SECTION_ORDER } from '../pages/page-frames.ts';
import type { Zone } from '../pages/zones.ts';
import type { BootState, BootZone } from './boot-state.ts';
import { type Block, planFreeBlocks } from './free-block-plan.ts';

/** No board has more free blocks in a zone than this. */
const MOST_BLOCKS = 1_000_000;

/** How many pages in use have owners that will ask for them. */
export interface OwnedPages {
	/** Of vmalloc areas, anywhere. */
	readonly areas: number;
	/** Page tables, in lowmem. */
	readonly tables: number;
}

/** Gives pages that are in use to owners whose pages nobody knows; undefined when there is none left. */
export interface UsedPages {
	forArea(): Pfn | undefined;
	forTable(): Pfn | undefined;
}

/** Pages of a zone that areas may have. */
interface Spare {
	readonly pages: number[];
}

/**
 * Make the free lists, the per-CPU lists and the watermarks of a freshly booted kernel those of a board that has run for
 * a while. Which blocks are free, and whose the others are, no board tells: see `planFreeBlocks`.
 */
export const restoreZones = (pages: PageAllocator, state: BootState, owned: OwnedPages): UsedPages => {
	const spares: Spare[] = [];
	const tables: number[] = [];
	let left = owned.areas;
	// Areas have highmem pages where there are any.
	for (const zone of [...pages.zones].reverse()) {
		const boot = state.zones?.find(({ name }) => name === zone.name);
		if (!boot) continue;
		const forTables = zone.name === 'HighMem' ? 0 : owned.tables - tables.length;
		const spare = restoreFreeLists(pages, zone, boot, left + forTables);
		tables.push(...spare.pages.splice(0, forTables));
		left -= spare.pages.length;
		spares.push(spare);
		if (boot.watermarks) zone.watermarks = boot.watermarks;
	}
	const next = (list: number[] | undefined): Pfn | undefined => {
		const pfn = list?.shift();
		return pfn === undefined ? undefined : toPfn(pfn);
	};
	return {
		forArea: () => next(spares.find(spare => spare.pages.length > 0)?.pages),
		forTable: () => next(tables),
	};
};

const restoreFreeLists = (pages: PageAllocator, zone: Zone, boot: BootZone, wanted: number): Spare => {
	const { freeBlocks, perCpu = [] } = boot;
	if (!freeBlocks) return { pages: [] };
	const blocks = freeBlocks.reduce((sum, count) => sum + count, 0);
	const free = freeBlocks.reduce((sum, count, order) => sum + count * 2 ** order, 0);
	if (free > zone.managed || blocks > MOST_BLOCKS) return { pages: [] };
	const counts = perCpu.map(({ count }) => count);
	const inLists = counts.reduce((sum, count) => sum + count, 0);
	for (const pcp of zone.perCpu) pcp.drain(pcp.count);
	const plan = planFreeBlocks(freeBlocksOf(pages, zone), padded(freeBlocks, zone.maxOrder), inLists + wanted);
	for (const { pfn, order } of plan.used) pages.reserveAtBoot(toPfn(pfn), order);
	const singles = [...plan.singles];
	for (const [cpu, { high, batch }] of perCpu.entries()) {
		const pcp = zone.perCpu[cpu];
		if (!pcp) break;
		if (high !== undefined && high > 0) pcp.high = high;
		if (batch !== undefined && batch > 0) pcp.batch = batch;
		// At its high mark a list is drained.
		const count = Math.min(counts[cpu] ?? 0, pcp.high - 1);
		for (const pfn of singles.splice(0, Math.max(0, count))) {
			pages.frames.count[pages.frames.index(pfn)] = 0;
			pcp.give(pfn, 0);
		}
	}
	return { pages: singles.slice(0, wanted) };
};

/** A kernel with larger blocks than the board's has none of them free. */
const padded = (counts: readonly number[], maxOrder: number): number[] =>
	Array.from({ length: maxOrder + 1 }, (_, order) => counts[order] ?? 0);

const freeBlocksOf = ({ frames }: PageAllocator, zone: Zone): Block[] => {
	const blocks: Block[] = [];
	for (let order = 0; order <= zone.maxOrder; order++) {
		for (let type = 0; type < MIGRATE_TYPES; type++) {
			for (let pfn = zone.heads[zone.listOf(type, order)] ?? -1; pfn !== -1; ) {
				blocks.push({ pfn, order });
				pfn =
					order >= SECTION_ORDER
						? (frames.sectionNext[frames.section(pfn)] ?? -1)
						: (frames.next[frames.index(pfn)] ?? -1);
			}
		}
	}
	return blocks;
};
