import type { Pfn, VirtualAddress } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';

/** End of a free list. */
const END = -1;

/**
 * One slab (struct page, later struct slab): a block of pages cut into equal objects. The order of its free
 * objects is kept here, and, once one was given back, in the object's own bytes too. A list holds byte offsets, since the kernel too takes back whatever address it is given.
 */
export class Slab {
	/** Objects that are taken, or wait on a CPU's free list. */
	inUse = 0;
	/** On which list of its cache the slab is. */
	place: 'cpu' | 'cpu-partial' | 'node-partial' | 'full' = 'full';
	/** Free list of the CPU that allocates from this slab (c->freelist). */
	cpuFree = END;
	/** Free list of the slab itself (page->freelist): what others gave back. */
	ownFree = END;
	readonly isLive: Uint8Array;
	readonly #next: Int32Array;
	readonly #oddNext = new Map<number, number>();
	/** Objects whose link to the next lies in memory, because they were given back. */
	readonly #linked: Uint8Array;

	constructor(
		readonly pfn: Pfn,
		readonly order: number,
		readonly address: VirtualAddress,
		readonly objectBytes: number,
		readonly objects: number,
	) {
		this.isLive = new Uint8Array(objects);
		this.#next = new Int32Array(objects).fill(END);
		for (let index = 0; index + 1 < objects; index++) this.#next[index] = (index + 1) * objectBytes;
		this.#linked = new Uint8Array(objects);
		this.ownFree = 0;
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#next);
		recorder.walk(this.#oddNext);
		recorder.walk(this.#linked);
	}

	/** The free list's next offset after `offset`. */
	next(offset: number): number {
		if (offset % this.objectBytes !== 0) return this.#oddNext.get(offset) ?? END;
		return this.#next[offset / this.objectBytes] ?? END;
	}

	setNext(offset: number, next: number): void {
		const index = offset / this.objectBytes;
		if (Number.isInteger(index) && index < this.objects) this.#next[index] = next;
		else this.#oddNext.set(offset, next);
	}

	/** Whether the link of what a list holds at `offset` is in memory. What lies outside the slab has none elsewhere. */
	isLinked(offset: number): boolean {
		const index = offset / this.objectBytes;
		if (!Number.isInteger(index) || index < 0 || index >= this.objects) return true;
		return this.#linked[index] === 1;
	}

	setLinked(offset: number): void {
		this.#linked[Math.floor(offset / this.objectBytes)] = 1;
	}

	/** Mark the object that holds `offset`. */
	setLive(offset: number, isLive: boolean): void {
		this.isLive[Math.floor(offset / this.objectBytes)] = isLive ? 1 : 0;
	}

	get liveObjects(): number {
		return this.isLive.reduce((sum, live) => sum + live, 0);
	}

	/** Take the first `used` objects, in the state that a machine boots into. */
	takeFirst(used: number): void {
		this.isLive.fill(1, 0, used);
		this.ownFree = used < this.objects ? used * this.objectBytes : END;
		this.inUse = used;
	}
}
