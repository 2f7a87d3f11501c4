import type { Recorder } from './checkpoint.ts';

const BUCKETS = 1024;
const SHIFT = 22; // 32 bits of the product less the 10 that number a bucket.
/** 2^32 divided by the golden ratio, as the kernel's hash_32. */
const GOLDEN_RATIO = 0x61c88647;
const NONE = -1;

/**
 * Which page sits in which pkmap slot, and back: the kernel's page_address_htable (mm/highmem.c), as chains of slots in
 * buckets.
 */
export class PageSlots {
	readonly #heads = new Int16Array(BUCKETS).fill(NONE);
	readonly #next: Int16Array;
	readonly #pfns: Int32Array;
	/** Number of pages that have a slot. */
	size = 0;

	constructor(slots: number) {
		this.#next = new Int16Array(slots).fill(NONE);
		this.#pfns = new Int32Array(slots).fill(NONE);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#heads);
		recorder.walk(this.#next);
		recorder.walk(this.#pfns);
	}

	/** Slot of a page, or -1. */
	get(pfn: number): number {
		let slot = this.#heads[Math.imul(pfn, GOLDEN_RATIO) >>> SHIFT] as number;
		while (slot >= 0 && this.#pfns[slot] !== pfn) slot = this.#next[slot] as number;
		return slot;
	}

	/** Page in a slot, or -1. */
	pfn(slot: number): number {
		return this.#pfns[slot] ?? NONE;
	}

	/** Put a page that has no slot into an empty one. */
	set(slot: number, pfn: number): void {
		const bucket = Math.imul(pfn, GOLDEN_RATIO) >>> SHIFT;
		this.#next[slot] = this.#heads[bucket] as number;
		this.#heads[bucket] = slot;
		this.#pfns[slot] = pfn;
		this.size++;
	}

	/** Empty a slot that has a page. */
	delete(slot: number): void {
		const bucket = Math.imul(this.#pfns[slot] as number, GOLDEN_RATIO) >>> SHIFT;
		const head = this.#heads[bucket] as number;
		if (head === slot) this.#heads[bucket] = this.#next[slot] as number;
		else {
			let before = head;
			while (this.#next[before] !== slot) before = this.#next[before] as number;
			this.#next[before] = this.#next[slot] as number;
		}
		this.#pfns[slot] = NONE;
		this.size--;
	}
}
