import type { ZoneName, ZoneRange } from '../../layout/layout.ts';
import { MIGRATE_TYPES } from './page-frames.ts';
import type { PageRules } from './page-rules.ts';
import { PageblockTypes } from './pageblock-types.ts';
import type { PerCpuPages } from './per-cpu-pages.ts';
import type { Watermarks } from './watermarks.ts';

/** A memory zone (struct zone): its range, its counts and its free lists. Counts are in pages. */
export class Zone {
	readonly name: ZoneName;
	readonly startPfn: number;
	readonly endPfn: number;
	readonly spanned: number;
	present = 0;
	managed = 0;
	/** NR_FREE_PAGES: pages in the buddy lists, those of the per-CPU lists not counted. */
	free = 0;
	freeCma = 0;
	watermarks: Watermarks = { min: 0, low: 0, high: 0 };
	/** By highest zone that the request may use, Movable last. */
	lowmemReserve: readonly number[] = [];
	/** NR_ALLOC_BATCH: pages until it is the next zone's turn (fair zones only). */
	fairBatch = 0;
	perCpu: readonly PerCpuPages[] = [];
	/** First and last block of each free list, by type and order; -1 when empty. */
	readonly heads: Int32Array;
	readonly tails: Int32Array;
	readonly freeBlocks: Int32Array;
	readonly blocks: PageblockTypes;

	/** @param index Position in the machine's zones, lowest memory first. */
	constructor(
		range: ZoneRange,
		readonly index: number,
		readonly maxOrder: number,
		readonly textId: number,
		pageblockOrder: number,
	) {
		this.name = range.name;
		this.startPfn = range.startPfn;
		this.endPfn = range.endPfn;
		this.spanned = Math.max(0, range.endPfn - range.startPfn);
		this.blocks = new PageblockTypes(range.startPfn, range.endPfn, pageblockOrder);
		this.heads = new Int32Array(MIGRATE_TYPES * (maxOrder + 1)).fill(-1);
		this.tails = new Int32Array(MIGRATE_TYPES * (maxOrder + 1)).fill(-1);
		this.freeBlocks = new Int32Array(maxOrder + 1);
	}

	listOf(type: number, order: number): number {
		return type * (this.maxOrder + 1) + order;
	}
}

/** What a request may do beyond an ordinary one (ALLOC_* flags). */
export interface AllocationPrivilege {
	/** ALLOC_HIGH: half of the mark. */
	readonly isHigh: boolean;
	/** ALLOC_HARDER: a quarter less again. */
	readonly isHarder: boolean;
	/** ALLOC_CMA: free CMA pages count. */
	readonly mayUseCma: boolean;
}

/** zone_watermark_ok: whether 2^order pages may leave the zone without going below `mark`. */
export const isAboveWatermark = (
	zone: Zone,
	rules: PageRules,
	order: number,
	mark: number,
	classZone: number,
	privilege: AllocationPrivilege,
): boolean => {
	let min = mark;
	if (privilege.isHigh) min -= min >> 1;
	if (privilege.isHarder) min -= min >> 2;
	let free = zone.free - (2 ** order - 1);
	if (!privilege.mayUseCma) free -= zone.freeCma;
	if (free <= min + (zone.lowmemReserve[classZone] ?? 0)) return false;
	if (order === 0) return true;
	if (rules.orderCheck === 'halving') {
		for (let lower = 0; lower < order; lower++) {
			free -= (zone.freeBlocks[lower] ?? 0) << lower;
			min >>= 1;
			if (free <= min) return false;
		}
		return true;
	}
	for (let fitting = order; fitting <= zone.maxOrder; fitting++) {
		if ((zone.freeBlocks[fitting] ?? 0) === 0) continue;
		for (let type = 0; type < MIGRATE_TYPES; type++) {
			if (type === MIGRATE_TYPES - 1 && !privilege.mayUseCma) continue;
			if ((zone.heads[zone.listOf(type, fitting)] ?? -1) !== -1) return true;
		}
	}
	return false;
};
