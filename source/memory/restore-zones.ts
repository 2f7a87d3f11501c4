import { type Pfn, pfn as toPfn } from '../machine/address.ts';
import type { BootState, BootZone } from './boot-state.ts';
import { type Block, planFreeBlocks } from './free-block-plan.ts';
import type { PageAllocator } from './page-allocator.ts';
import { MIGRATE_TYPES, SECTION_ORDER } from './page-frames.ts';
import type { Zone } from './zones.ts';

/** No board has more free blocks in a zone than this. */
const MOST_BLOCKS = 1_000_000;

/** Gives pages that are in use to areas whose pages nobody knows. */
export interface UsedPages {
	/** @returns undefined when there is none left. */
	take(): Pfn | undefined;
}

/** Pages of a zone that areas may have. */
interface Spare {
	readonly pages: number[];
}

/**
 * Make the free lists, the per-CPU lists and the watermarks of a freshly booted kernel those of a board that has run for
 * a while. Which blocks are free, and whose the others are, no board tells: see `planFreeBlocks`.
 * @param wanted How many pages in use areas will ask for.
 */
export const restoreZones = (pages: PageAllocator, state: BootState, wanted: number): UsedPages => {
	const spares: Spare[] = [];
	let left = wanted;
	// Areas have highmem pages where there are any.
	for (const zone of [...pages.zones].reverse()) {
		const boot = state.zones?.find(({ name }) => name === zone.name);
		if (!boot) continue;
		const spare = restoreFreeLists(pages, zone, boot, left);
		left -= spare.pages.length;
		spares.push(spare);
		if (boot.watermarks) zone.watermarks = boot.watermarks;
	}
	const take = (): Pfn | undefined => {
		const next = spares.find(spare => spare.pages.length > 0)?.pages.shift();
		return next === undefined ? undefined : toPfn(next);
	};
	return { take };
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
