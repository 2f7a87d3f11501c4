import { pfn } from '../machine/address.ts';
import type { ZoneName, ZoneRange } from './layout.ts';

/**
 * Zones from their borders, lowest first; empty ones are left out, as the kernel never takes a page from them.
 * (mm/page_alloc.c: free_area_init)
 */
export const zonesBetween = (startPfn: number, ends: readonly (readonly [ZoneName, number])[]): ZoneRange[] => {
	const zones: ZoneRange[] = [];
	let start = startPfn;
	for (const [name, end] of ends) {
		if (end > start) {
			zones.push({ name, startPfn: pfn(start), endPfn: pfn(end) });
			start = end;
		}
	}
	return zones;
};
