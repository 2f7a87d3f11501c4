/** A seeded generator (mulberry32): the same seed gives the same numbers on every machine. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** 32 random bits. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
		return (bits ^ (bits >>> 14)) >>> 0;
	}

	/** From 0 to `limit - 1`. */
	below(limit: number): number {
		return this.next() % limit;
	}

	pick<T>(list: readonly [T, ...T[]]): T {
		return list[this.below(list.length)] ?? list[0];
	}

	/** True once in `times`. */
	once(times: number): boolean {
		return this.below(times) === 0;
	}
}
