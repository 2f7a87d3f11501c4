import type { Recorder } from './checkpoint.ts';

/**
 * A set of slot numbers as bits, with a quick search for the next member. Words are signed: a load above 2^31 from
 * unsigned ones would be a floating-point number.
 */
export class SlotBitmap {
	readonly #words: Int32Array;
	/** Number of members. */
	size = 0;

	constructor(slots: number) {
		this.#words = new Int32Array((slots + 31) >>> 5);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#words);
	}

	has(slot: number): boolean {
		return (((this.#words[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
	}

	/** Add a slot that is not a member. */
	add(slot: number): void {
		const word = slot >>> 5;
		this.#words[word] = (this.#words[word] ?? 0) | (1 << (slot & 31));
		this.size++;
	}

	/** Remove a slot that is a member. */
	delete(slot: number): void {
		const word = slot >>> 5;
		this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (slot & 31));
		this.size--;
	}

	/** The lowest member that is `from` or above, or -1. */
	next(from: number): number {
		let word = from >>> 5;
		if (word >= this.#words.length) return -1;
		let bits = (this.#words[word] ?? 0) & (-1 << (from & 31));
		while (bits === 0) {
			if (++word >= this.#words.length) return -1;
			bits = this.#words[word] ?? 0;
		}
		return word * 32 + 31 - Math.clz32(bits & -bits);
	}
}
