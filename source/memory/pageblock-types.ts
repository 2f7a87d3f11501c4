import { MigrateType, type PageFrames } from './page-frames.ts';

/** The migrate type of each pageblock (mm/page_alloc.c: get_pageblock_migratetype). All begin movable. */
export class PageblockTypes {
	readonly #types: Uint8Array;
	readonly #firstPfn: number;

	/** @param order pageblock_order: 4 MiB, or 2 MiB where huge pages are. */
	constructor(
		frames: PageFrames,
		readonly order: number,
	) {
		this.#firstPfn = frames.firstPfn;
		this.#types = new Uint8Array(((frames.sections << 10) >>> order) + 1).fill(MigrateType.movable);
	}

	start(pfn: number): number {
		return pfn - ((pfn - this.#firstPfn) & ((1 << this.order) - 1));
	}

	type(pfn: number): number {
		return this.#types[(pfn - this.#firstPfn) >>> this.order] ?? MigrateType.movable;
	}

	/** Every pageblock that a block of that order covers; at least the one it lies in. */
	setRange(pfn: number, order: number, type: number): void {
		const first = (pfn - this.#firstPfn) >>> this.order;
		this.#types.fill(type, first, first + Math.max(1, 1 << (order - this.order)));
	}
}
