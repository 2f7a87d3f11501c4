import type { Recorder } from './checkpoint.ts';

const PAGES_PER_SECTION = 4096;

/**
 * Which pkmap slot a page sits in: the kernel's page_address hash (mm/highmem.c: page_address_htable) as direct tables by
 * section of 16 MiB, made when first used.
 */
export class PageSlots {
	readonly #sections: (Int16Array | undefined)[] = [];
	/** Number of pages that have a slot. */
	size = 0;

	keep(recorder: Recorder): void {
		recorder.walk(this.#sections);
	}

	/** Slot of a page, or -1. */
	get(pfn: number): number {
		return this.#sections[pfn >>> 12]?.[pfn & (PAGES_PER_SECTION - 1)] ?? -1;
	}

	set(pfn: number, slot: number): void {
		let section = this.#sections[pfn >>> 12];
		if (!section) {
			section = new Int16Array(PAGES_PER_SECTION).fill(-1);
			this.#sections[pfn >>> 12] = section;
		}
		section[pfn & (PAGES_PER_SECTION - 1)] = slot;
		this.size++;
	}

	delete(pfn: number): void {
		const section = this.#sections[pfn >>> 12];
		if (!section) return;
		section[pfn & (PAGES_PER_SECTION - 1)] = -1;
		this.size--;
	}
}
