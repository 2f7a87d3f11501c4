import type { Recorder } from '../checkpoint.ts';

// Four words a slot: pkmap_count, the page, the step that changed it last, the next slot in the bucket of its page.
const WORDS = 4;
const COUNT = 0;
const PAGE = 1;
const CHANGED = 2;
const NEXT = 3;
const NONE = -1;

const BUCKETS = 1024;
const SHIFT = 22; // 32 bits of the product less the 10 that number a bucket.
/** 2^32 divided by the golden ratio, as in the kernel's hash_32. */
const GOLDEN_RATIO = 0x61c88647;

/**
 * The slots of the pkmap: pkmap_count, and page_address_htable, which finds the slot of a page (mm/highmem.c). All of a
 * slot lies in one array, so that kmap and kunmap touch little memory.
 */
export class PkmapSlots {
	readonly #words: Int32Array;
	/** First slot of each bucket. */
	readonly #heads = new Int32Array(BUCKETS).fill(NONE);
	/** Slots of count 0. */
	free: number;
	/** Slots of count 1. */
	stale = 0;

	constructor(readonly size: number) {
		this.free = size;
		this.#words = new Int32Array(size * WORDS).map((_, word) => (word % WORDS === COUNT ? 0 : NONE));
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#words);
		recorder.walk(this.#heads);
	}

	count(slot: number): number {
		return this.#words[slot * WORDS + COUNT] ?? 0;
	}

	/** Page in a slot, or -1. */
	pfn(slot: number): number {
		return this.#words[slot * WORDS + PAGE] ?? NONE;
	}

	/** Step of the last change, or -1. */
	changedAt(slot: number): number {
		return this.#words[slot * WORDS + CHANGED] ?? NONE;
	}

	/** Slot of a page, or -1. */
	find(pfn: number): number {
		const words = this.#words;
		let slot = this.#heads[Math.imul(pfn, GOLDEN_RATIO) >>> SHIFT] as number;
		while (slot >= 0 && words[slot * WORDS + PAGE] !== pfn) slot = words[slot * WORDS + NEXT] as number;
		return slot;
	}

	/** The first slot from `from` on whose count is `count`, or -1. */
	next(from: number, count: number): number {
		const words = this.#words;
		for (let slot = from; slot < this.size; slot++) if (words[slot * WORDS + COUNT] === count) return slot;
		return NONE;
	}

	/** Give a slot that has a page another count. At 0 it keeps its page, as kunmap_high leaves it when it finds the bug. */
	setCount(slot: number, count: number, step: number): void {
		const words = this.#words;
		const before = words[slot * WORDS + COUNT];
		if (before === 1) this.stale--;
		else if (before === 0) this.free--;
		if (count === 1) this.stale++;
		else if (count === 0) this.free++;
		words[slot * WORDS + COUNT] = count;
		words[slot * WORDS + CHANGED] = step;
	}

	/** Put a page that has no slot into a free one. Whatever page a bug had left there is forgotten. */
	put(slot: number, pfn: number, count: number, step: number): void {
		const words = this.#words;
		const before = words[slot * WORDS + PAGE] as number;
		if (before !== NONE) this.#unchain(slot, Math.imul(before, GOLDEN_RATIO) >>> SHIFT);
		const bucket = Math.imul(pfn, GOLDEN_RATIO) >>> SHIFT;
		words[slot * WORDS + NEXT] = this.#heads[bucket] as number;
		this.#heads[bucket] = slot;
		words[slot * WORDS + PAGE] = pfn;
		words[slot * WORDS + COUNT] = count;
		words[slot * WORDS + CHANGED] = step;
		this.free--;
		if (count === 1) this.stale++;
	}

	/** Free a slot of count 1. @returns the page that was in it. */
	take(slot: number, step: number): number {
		const words = this.#words;
		const pfn = words[slot * WORDS + PAGE] as number;
		this.#unchain(slot, Math.imul(pfn, GOLDEN_RATIO) >>> SHIFT);
		words[slot * WORDS + PAGE] = NONE;
		words[slot * WORDS + COUNT] = 0;
		words[slot * WORDS + CHANGED] = step;
		this.free++;
		this.stale--;
		return pfn;
	}

	#unchain(slot: number, bucket: number): void {
		const words = this.#words;
		const after = words[slot * WORDS + NEXT] as number;
		let before = this.#heads[bucket] as number;
		if (before === slot) {
			this.#heads[bucket] = after;
			return;
		}
		while (words[before * WORDS + NEXT] !== slot) before = words[before * WORDS + NEXT] as number;
		words[before * WORDS + NEXT] = after;
	}
}
