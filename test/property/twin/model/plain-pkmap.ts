import { PlainBug } from './plain-bug.ts';

/** mm/highmem.c as plainly as it can be told: a list of counts, a cursor, and which page lies in which slot. */
export class PlainPkmap {
	readonly counts: number[];
	readonly slotOf = new Map<number, number>();
	cursor = 0;
	/** pids on pkmap_map_wait, oldest first. */
	waiters: number[] = [];

	constructor(
		readonly slots: number,
		readonly base: number,
		/** A page was put into a slot, or -1 taken out of it. */
		readonly setEntry: (address: number, pfn: number) => void,
		readonly flushTlbs: (start: number, end: number) => void,
	) {
		this.counts = new Array(slots).fill(0);
	}

	/** @returns the address, or 0 when the caller has to sleep. */
	kmap(pfn: number): number {
		const slot = this.slotOf.get(pfn) ?? this.#newSlot(pfn);
		if (slot < 0) return 0;
		this.counts[slot] = this.count(slot) + 1;
		return this.address(slot);
	}

	/** @returns who woke up. @throws {PlainBug} when nobody uses the page's slot. */
	kunmap(pfn: number): readonly number[] {
		const slot = this.slotOf.get(pfn);
		if (slot === undefined || this.count(slot) === 1) throw new PlainBug('kunmap of a page that nobody uses');
		this.counts[slot] = this.count(slot) - 1;
		if (this.count(slot) > 1) return [];
		const woken = this.waiters;
		this.waiters = [];
		return woken;
	}

	/** flush_all_zero_pkmaps. */
	flush(): void {
		let isAny = false;
		for (const [pfn, slot] of this.slotOf) {
			if (this.count(slot) !== 1) continue;
			this.counts[slot] = 0;
			this.slotOf.delete(pfn);
			this.setEntry(this.address(slot), -1);
			isAny = true;
		}
		if (isAny) this.flushTlbs(this.base, this.address(this.slots));
	}

	address(slot: number): number {
		return this.base + slot * 4096;
	}

	count(slot: number): number {
		return this.counts[slot] ?? 0;
	}

	contains(address: number): boolean {
		return address >= this.base && address < this.address(this.slots);
	}

	/** page_address() of a highmem page. */
	pageAddress(pfn: number): number {
		const slot = this.slotOf.get(pfn);
		return slot === undefined ? 0 : this.address(slot);
	}

	/** map_new_virtual: one turn through the slots behind the cursor, begun anew where it wraps. */
	#newSlot(pfn: number): number {
		for (let tries = this.slots; tries > 0; tries--) {
			this.cursor = (this.cursor + 1) % this.slots;
			if (this.cursor === 0) {
				this.flush();
				tries = this.slots;
			}
			if (this.count(this.cursor) !== 0) continue;
			this.counts[this.cursor] = 1;
			this.slotOf.set(pfn, this.cursor);
			this.setEntry(this.address(this.cursor), pfn);
			return this.cursor;
		}
		return -1;
	}
}
