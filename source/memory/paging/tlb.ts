import { PAGE_SHIFT } from '../../machine/address.ts';
import type { EntryMeaning } from './entry-meaning.ts';
import type { Reached } from './page-walker.ts';

/** Entries of a CPU's TLB. Real ones have 32 to 1024; this one is small enough to be looked at. */
export const TLB_ENTRIES = 64;

/** Number of the kernel's own address space. */
export const KERNEL_SPACE = 0;
const SPACE_UNIT = 2 ** 20;

/** What an entry is found by: page and space in one small integer, for which a Map needs no box. */
const keyOf = (address: number, space: number): number => (address >>> PAGE_SHIFT) + space * SPACE_UNIT;

/** A translation that a CPU remembers. */
export interface TlbEntry {
	/** First address that it maps. */
	readonly start: number;
	readonly bytes: number;
	/** Where `start` leads. */
	readonly physical: number;
	/** Whose address it is. */
	readonly space: number;
	readonly meaning: EntryMeaning;
	/** The kernel has changed the page table under it and has not flushed it since. */
	isOutdated: boolean;
}

/**
 * One CPU's translation cache. It is filled by accesses only (real CPUs also read ahead), fully associative, and when it
 * is full the entry that has been there longest makes room: round robin, as on many ARM cores.
 */
export class Tlb {
	/** By page and space, in the order in which they came. */
	readonly entries = new Map<number, TlbEntry>();

	constructor(readonly blockBytes: number) {}

	/** The entry for an address of a space. */
	find(address: number, space: number): TlbEntry | undefined {
		const { entries } = this;
		return entries.get(keyOf(address, space)) ?? this.#block(address);
	}

	/** Remember where a walk led. @returns the entry. */
	fill(reached: Reached, address: number, space: number): TlbEntry {
		const { meaning, start, bytes } = reached;
		if (this.entries.size >= TLB_ENTRIES) {
			const [oldest] = this.entries.keys();
			if (oldest !== undefined) this.entries.delete(oldest);
		}
		const physical = reached.physical - (address - start);
		const entry: TlbEntry = { start, bytes, physical, space, meaning, isOutdated: false };
		this.entries.set(keyOf(start, space), entry);
		return entry;
	}

	/** Forget what maps any of `[start, end)`. */
	flushRange(start: number, end: number): void {
		for (const [key, entry] of this.entries) {
			if (entry.start < end && entry.start + entry.bytes > start) this.entries.delete(key);
		}
	}

	/** Forget everything, or everything that is not global. */
	flushAll(keepsGlobal = false): void {
		if (!keepsGlobal) this.entries.clear();
		else for (const [key, entry] of this.entries) if (!entry.meaning.isGlobal) this.entries.delete(key);
	}

	/** Forget what belongs to one address space. */
	flushSpace(space: number): void {
		for (const [key, entry] of this.entries) if (entry.space === space) this.entries.delete(key);
	}

	/** Forget one page of one address space. */
	flushPage(address: number, space: number): void {
		this.entries.delete(keyOf(address, space));
	}

	/** The page table entry for the page at `address` has changed. */
	outdate(address: number, space: number): void {
		const entry = this.entries.get(keyOf(address, space));
		if (entry) entry.isOutdated = true;
	}

	#block(address: number): TlbEntry | undefined {
		const entry = this.entries.get(keyOf(address - (address % this.blockBytes), KERNEL_SPACE));
		return entry && address < entry.start + entry.bytes ? entry : undefined;
	}
}
