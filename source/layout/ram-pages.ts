import { PAGE_SIZE, type Pfn, pfn } from '../machine/address.ts';

/** A range of physical memory in bytes, `[start, end)`. */
export interface RamRange {
	readonly start: number;
	readonly end: number;
}

/** Pages that lie wholly inside the ranges; neighbours are joined as memblock and e820 do. */
export const wholePages = (ranges: readonly RamRange[]): { startPfn: Pfn; endPfn: Pfn }[] => {
	const pages: { startPfn: Pfn; endPfn: Pfn }[] = [];
	for (const { start, end } of ranges) {
		const startPfn = pfn(Math.ceil(start / PAGE_SIZE));
		const endPfn = pfn(Math.floor(end / PAGE_SIZE));
		const last = pages.at(-1);
		if (endPfn <= startPfn) continue;
		if (last && last.endPfn === startPfn) last.endPfn = endPfn;
		else pages.push({ startPfn, endPfn });
	}
	return pages;
};

/** The part of `ranges` below `limit`. */
export const below = (ranges: readonly RamRange[], limit: number): RamRange[] =>
	ranges.filter(({ start }) => start < limit).map(({ start, end }) => ({ start, end: Math.min(end, limit) }));
