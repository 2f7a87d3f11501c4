import type { PageRules } from './page-rules.ts';

/** Free pages of a zone at which kswapd wakes (low), rests (high) and requests fail (min). */
export interface Watermarks {
	readonly min: number;
	readonly low: number;
	readonly high: number;
}

interface ManagedZone {
	readonly name: string;
	readonly managed: number;
}

const MIN_FREE_KILOBYTES_FLOOR = 128;
/** watermark_scale_factor, in ten-thousandths. */
const WATERMARK_SCALE = 10;
const SWAP_CLUSTER_MAX = 32;

const isLowmem = (zone: ManagedZone): boolean => zone.name !== 'HighMem';

/**
 * init_per_zone_wmark_min: min_free_kbytes, from the lowmem that the buddy lists had at that time.
 * @param lowmemPages Managed lowmem before the init sections were given back.
 */
export const minFreeKilobytes = (lowmemPages: number, rules: PageRules): number =>
	Math.min(Math.max(Math.floor(Math.sqrt(lowmemPages * 4 * 16)), MIN_FREE_KILOBYTES_FLOOR), rules.minFreeKilobytesCap);

/** __setup_per_zone_wmarks, for each zone in order. */
export const zoneWatermarks = (
	zones: readonly ManagedZone[],
	minFreeKb: number,
	rules: PageRules,
): readonly Watermarks[] => {
	const pagesMin = minFreeKb >> 2;
	const lowmem = zones.reduce((sum, zone) => sum + (isLowmem(zone) ? zone.managed : 0), 0);
	return zones.map(zone => {
		const share = lowmem === 0 ? 0 : Math.floor((pagesMin * zone.managed) / lowmem);
		const min = isLowmem(zone) ? share : Math.min(Math.max(zone.managed >> 10, SWAP_CLUSTER_MAX), 128);
		if (rules.watermarkStep === 'quarter') return { min, low: min + (share >> 2), high: min + (share >> 1) };
		const step = Math.max(share >> 2, Math.floor((zone.managed * WATERMARK_SCALE) / 10000));
		return { min, low: min + step, high: min + step * 2 };
	});
};

/**
 * setup_per_zone_lowmem_reserve: what a zone keeps back from requests that could have used a higher one. One row a zone,
 * one column for each zone and for Movable, which is always empty.
 */
export const lowmemReserves = (zones: readonly ManagedZone[], rules: PageRules): readonly (readonly number[])[] =>
	zones.map((zone, index) => {
		const ratio = rules.reserveRatio[zone.name as keyof PageRules['reserveRatio']];
		let above = 0;
		return Array.from({ length: zones.length + 1 }, (_, column) => {
			if (column <= index) return 0;
			above += zones[column]?.managed ?? 0;
			return ratio > 0 ? Math.floor(above / ratio) : 0;
		});
	});
