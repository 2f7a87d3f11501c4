import type { VersionRow } from '../../machine/by-version.ts';

/** Where the allocators say that they might sleep, as the complaint of DEBUG_ATOMIC_SLEEP names it. */
export interface SleepPlaces extends VersionRow {
	readonly pages: string;
	readonly slab: string;
}

/** 4.19 as a running kernel printed it; the lines of other releases differ a little from tree to tree. */
export const SLEEP_PLACES: readonly [SleepPlaces, ...SleepPlaces[]] = [
	{ since: '2.6.24', pages: 'mm/page_alloc.c:2754', slab: 'mm/slub.c:1287' },
	{ since: '4.5', pages: 'mm/page_alloc.c:4284', slab: 'mm/slab.h:422' },
	{ since: '5.1', pages: 'mm/page_alloc.c:4975', slab: 'mm/slab.h:494' },
	{ since: '5.13', pages: 'include/linux/sched/mm.h:274', slab: 'include/linux/sched/mm.h:274' },
];
