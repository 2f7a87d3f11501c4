import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';
import { type EntryBits, HARDWARE_WORD, HIGH_WORD, KIND_WORDS, type PageKind } from './entry-bits.ts';

const WORDS_PER_PAGE = 1024;

/** How the entries of a last-level table lie in its page. */
export interface LeafShape {
	/** Entries in the table: 512 or 1024. */
	readonly entries: number;
	/** 32-bit words of an entry. */
	readonly words: 1 | 2;
	/** First word of Linux's entries. */
	readonly linux: number;
	/** First word of the hardware's own entries, or -1 where Linux's are the hardware's. */
	readonly hardware: number;
}

/** To 2.6.37 the hardware's two tables stood in front of Linux's entries (PTE_HWTABLE_PTRS). */
export const leafShape = (machine: Machine): LeafShape => {
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	if (isWide) return { entries: 512, words: 2, linux: 0, hardware: -1 };
	if (machine.arch === 'x86') return { entries: 1024, words: 1, linux: 0, hardware: -1 };
	return atLeast(machine.kernel, '2.6.38')
		? { entries: 512, words: 1, linux: 0, hardware: 512 }
		: { entries: 512, words: 1, linux: 512, hardware: 0 };
};

/**
 * One last-level page table: a page of simulated memory, seen as words. ARM's short descriptors have room for two tables
 * of the hardware (256 entries each) and for Linux's own entries beside them (asm/pgtable-2level.h).
 *
 * Words are signed: a load above 2^31 from unsigned ones would be a floating-point number.
 */
export class LeafTable {
	readonly entries: number;
	readonly #isWide: boolean;
	readonly #linux: number;
	readonly #hardware: number;

	constructor(
		readonly words: Int32Array,
		shape: LeafShape,
		readonly bits: EntryBits,
	) {
		if (words.length !== WORDS_PER_PAGE) throw new RangeError('a page table is one page');
		this.entries = shape.entries;
		this.#isWide = shape.words === 2;
		this.#linux = shape.linux;
		this.#hardware = shape.hardware;
	}

	set(index: number, pfn: number, kind: PageKind): void {
		const { words, bits } = this;
		const low = (pfn << 12) | (bits[kind * KIND_WORDS] as number);
		if (this.#isWide) {
			words[2 * index] = low;
			words[2 * index + 1] = (pfn >>> 20) | (bits[kind * KIND_WORDS + HIGH_WORD] as number);
			return;
		}
		words[this.#linux + index] = low;
		if (this.#hardware >= 0)
			words[this.#hardware + index] = (pfn << 12) | (bits[kind * KIND_WORDS + HARDWARE_WORD] as number);
	}

	clear(index: number): void {
		const { words } = this;
		if (this.#isWide) {
			words[2 * index] = 0;
			words[2 * index + 1] = 0;
			return;
		}
		words[this.#linux + index] = 0;
		if (this.#hardware >= 0) words[this.#hardware + index] = 0;
	}

	isPresent(index: number): boolean {
		const { words } = this;
		return ((words[this.#isWide ? 2 * index : this.#linux + index] as number) & 1) !== 0;
	}

	/** Page of an entry, or -1. */
	pfn(index: number): number {
		const { words } = this;
		if (!this.isPresent(index)) return -1;
		if (!this.#isWide) return (words[this.#linux + index] as number) >>> 12;
		return ((words[2 * index] as number) >>> 12) + ((words[2 * index + 1] as number) & 0xff) * 2 ** 20;
	}
}
