import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';

/** What the page allocator (mm/page_alloc.c) does differently from release to release: one row tells one kernel. */
export interface PageRules {
	/** Boot memory goes to the end of the free lists, so that the lowest addresses are taken first. */
	readonly isBootFreedToTail: boolean;
	/** Blocks moved to another type's list go to its end. */
	readonly isMovedToTail: boolean;
	/** A freed block whose next-higher buddy is free goes to the end of the list, to be left alone for the merge. */
	readonly isMergeLikelyToTail: boolean;
	/** Largest order on the per-CPU lists. */
	readonly pcpMaxOrder: number;
	/** Most pages of a zone's 1/1024th that count for the batch, before it is divided by four. */
	readonly batchCap: number;
	/** Per-CPU high mark: six batches, or the low watermark shared among the CPUs. */
	readonly pcpHigh: 'six-batches' | 'low-watermark';
	/** Largest min_free_kbytes that the kernel picks by itself. */
	readonly minFreeKilobytesCap: number;
	/** Distance of low and high from min: quarters of min, or watermark_scale_factor as well. */
	readonly watermarkStep: 'quarter' | 'scaled';
	/** How a request for more than one page is checked: by halving the mark order by order, or for one fitting block. */
	readonly orderCheck: 'halving' | 'fitting-block';
	/** sysctl_lowmem_reserve_ratio of DMA, Normal, HighMem; 0 reserves nothing. */
	readonly reserveRatio: { readonly DMA: number; readonly Normal: number; readonly HighMem: number };
	/** Requests take turns among the zones in proportion to their size (ALLOC_FAIR). */
	readonly hasFairZones: boolean;
	/** Movable requests prefer CMA pages while these are more than half of the zone's free pages. */
	readonly prefersCma: boolean;
	/** A block's type changes when half of it is free, or free or of the new type already. */
	readonly claim: 'free' | 'alike';
	/** Unmovable requests claim whole pageblocks also from small blocks of another type. */
	readonly unmovableAlwaysSteals: boolean;
	/** A movable request that may not claim takes the smallest block of the other types. */
	readonly movableTakesSmallest: boolean;
	/** When a page's count is checked: each time it is handed out, or when it moves between per-CPU and buddy lists. */
	readonly countCheck: 'hand-out' | 'refill-and-drain';
	/** CPUs get the shrinking reserve of __GFP_HIGH first and then a quarter more when they cannot sleep. */
	readonly harderNeedsHigh: boolean;
}

/** @param text Releases as KERNEL.md names them; see include/linux/mmzone.h and mm/page_alloc.c of each. */
export const pageRules = (kernel: KernelVersion): PageRules => {
	const since = (text: string) => atLeast(kernel, text);
	return {
		isBootFreedToTail: since('5.10'),
		isMovedToTail: since('5.10'),
		isMergeLikelyToTail: since('2.6.35'),
		pcpMaxOrder: since('5.14') ? 3 : 0,
		batchCap: since('4.16') ? 256 : 128,
		pcpHigh: since('5.14') ? 'low-watermark' : 'six-batches',
		minFreeKilobytesCap: since('5.7') ? 262144 : 65536,
		watermarkStep: since('4.6') ? 'scaled' : 'quarter',
		orderCheck: since('4.4') ? 'fitting-block' : 'halving',
		reserveRatio: { DMA: 256, Normal: 32, HighMem: since('4.16') ? 0 : 32 },
		hasFairZones: since('3.12') && !since('4.8'),
		prefersCma: since('5.7'),
		claim: since('4.12') ? 'alike' : 'free',
		unmovableAlwaysSteals: since('3.19'),
		movableTakesSmallest: since('4.13'),
		countCheck: since('4.7') && !since('6.3') ? 'refill-and-drain' : 'hand-out',
		harderNeedsHigh: since('6.3'),
	};
};
