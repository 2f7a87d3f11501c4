import { FOUR_GIB, virtual } from '../machine/address.ts';
import type { Region, RegionName } from './layout.ts';

/** A border pair before it is fitted among the others. */
export interface RegionDraft {
	readonly name: RegionName;
	readonly start: number;
	readonly end: number;
}

/**
 * The whole 4 GiB: the given regions in ascending order, the space between them `unused`. Where regions of an impossible
 * layout overlap, the lower one keeps its place and the upper one begins behind it.
 */
export const fillRegions = (drafts: readonly RegionDraft[]): Region[] => {
	const regions: Region[] = [];
	let border = 0;
	const push = (name: RegionName, end: number): void => {
		if (end > border) regions.push({ name, start: virtual(border), end });
		border = Math.max(border, end);
	};
	for (const { name, start, end } of [...drafts].sort((a, b) => a.start - b.start)) {
		push('unused', Math.min(start, FOUR_GIB));
		push(name, Math.min(end, FOUR_GIB));
	}
	push('unused', FOUR_GIB);
	return regions;
};
