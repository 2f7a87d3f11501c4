import type { Recorder } from '../checkpoint.ts';
import { MigrateType } from './page-frames.ts';

/**
 * The migrate type of each pageblock of a zone (mm/page_alloc.c: get_pageblock_migratetype). Boot marks them movable as it
 * meets their first frame; so a zone that begins in the middle of a pageblock keeps that one as unmovable.
 */
export class PageblockTypes {
	readonly #types: Uint8Array;
	readonly #firstPfn: number;

	/** @param order pageblock_order: 4 MiB, or 2 MiB where huge pages are. */
	constructor(
		startPfn: number,
		endPfn: number,
		readonly order: number,
	) {
		const size = 2 ** order;
		this.#firstPfn = Math.floor(startPfn / size) * size;
		this.#types = new Uint8Array(Math.ceil((endPfn - this.#firstPfn) / size)).fill(MigrateType.movable);
		if (startPfn !== this.#firstPfn) this.#types[0] = MigrateType.unmovable;
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#types);
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
