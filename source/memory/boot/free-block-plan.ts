/** A block of 2^order page frames. */
export interface Block {
	readonly pfn: number;
	readonly order: number;
}

/** Which blocks of a zone stay free and which are taken so that its free lists have given lengths. */
export interface FreeBlockPlan {
	/** Blocks to take, none overlapping. */
	readonly used: readonly Block[];
	/** Single pages among what is taken, ascending, for owners that are known. */
	readonly singles: readonly number[];
	/** Free blocks by order that found no room. */
	readonly missing: readonly number[];
}

/**
 * /proc/buddyinfo counts free blocks but does not say which ones they are. Here the largest lie as high in the zone as
 * they fit, each smaller one in the smallest piece that is left, and no two free blocks are buddies of each other: the
 * kernel would have merged them.
 * @param free What the boot left free, merged as far as it goes.
 * @param counts Wanted free blocks by order.
 * @param singles How many of the taken pages must be single.
 */
export const planFreeBlocks = (free: readonly Block[], counts: readonly number[], singles: number): FreeBlockPlan => {
	const largest = Math.max(counts.length - 1, ...free.map(({ order }) => order));
	// A whole block may stay as it is; of a remnant at least one page is in use, so its buddy stays unmerged.
	const whole = lists(largest);
	const remnants = lists(largest);
	for (const { pfn, order } of [...free].sort((a, b) => a.pfn - b.pfn)) whole[order]?.push(pfn);
	const missing = counts.map(() => 0);
	for (let order = largest; order >= 0; order--) {
		for (let left = counts[order] ?? 0; left > 0; left--) {
			if (whole[order]?.pop() !== undefined) continue;
			if (split(whole, remnants, order)) continue;
			missing[order] = left;
			break;
		}
	}
	const used = [remnants, whole].flatMap(all => all.flatMap((pfns, order) => pfns.map(pfn => ({ pfn, order }))));
	return { ...withSingles(used, singles), missing };
};

const lists = (largest: number): number[][] => Array.from({ length: largest + 1 }, () => []);

/** Cut the smallest piece that can hold it: the upper part becomes the free block, the lower parts are remnants. */
const split = (whole: number[][], remnants: number[][], order: number): boolean => {
	for (let from = order + 1; from < remnants.length; from++) {
		const pfn = remnants[from]?.pop() ?? whole[from]?.pop();
		if (pfn === undefined) continue;
		let low = pfn;
		for (let current = from - 1; current >= order; current--) {
			remnants[current]?.push(low);
			low += 2 ** current;
		}
		return true;
	}
	return false;
};

/** Cut the smallest of the used blocks into pages until there are enough. */
const withSingles = (all: readonly Block[], wanted: number): Pick<FreeBlockPlan, 'used' | 'singles'> => {
	const bySize = [...all].sort((a, b) => a.order - b.order || a.pfn - b.pfn);
	const singles: number[] = [];
	const used: Block[] = [];
	for (const { pfn, order } of bySize) {
		const take = Math.min(wanted - singles.length, 2 ** order);
		if (take <= 0) {
			used.push({ pfn, order });
			continue;
		}
		for (let page = 0; page < take; page++) singles.push(pfn + page);
		used.push(...cut(pfn + take, pfn + 2 ** order));
	}
	for (const pfn of singles) used.push({ pfn, order: 0 });
	return { used, singles };
};

/** Aligned blocks that make up `[start, end)`. */
const cut = (start: number, end: number): Block[] => {
	const blocks: Block[] = [];
	for (let pfn = start; pfn < end; ) {
		let order = 0;
		while (pfn % 2 ** (order + 1) === 0 && pfn + 2 ** (order + 1) <= end) order++;
		blocks.push({ pfn, order });
		pfn += 2 ** order;
	}
	return blocks;
};
