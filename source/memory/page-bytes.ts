import { PAGE_SIZE } from '../machine/address.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';

/** Contents of physical pages. Only pages that were written have any; all others read as zero. */
export class PageBytes {
	readonly #pages = new Map<number, Uint8Array>();

	constructor(readonly context: KernelContext) {}

	keep(recorder: Recorder): void {
		recorder.walk(this.#pages);
	}

	/** Number of pages that have contents. */
	get size(): number {
		return this.#pages.size;
	}

	byte(physical: number): number {
		return this.#pages.get(Math.floor(physical / PAGE_SIZE))?.[physical % PAGE_SIZE] ?? 0;
	}

	setByte(physical: number, value: number): void {
		const page = Math.floor(physical / PAGE_SIZE);
		let bytes = this.#pages.get(page);
		if (!bytes) {
			bytes = new Uint8Array(PAGE_SIZE);
			this.#pages.set(page, bytes);
		}
		bytes[physical % PAGE_SIZE] = value;
	}

	/** A copy of `count` bytes. */
	copy(physical: number, count: number): Uint8Array {
		return Uint8Array.from({ length: count }, (_, index) => this.byte(physical + index));
	}

	/** Zero whole pages, as __GFP_ZERO does. */
	clearPages(pfn: number, count: number): void {
		for (let page = pfn; page < pfn + count; page++) this.#pages.delete(page);
		this.context.revisions.bytes++;
	}

	/** Zero some bytes, as kzalloc does. */
	clear(physical: number, count: number): void {
		for (let at = physical; at < physical + count; at++) {
			if (this.#pages.has(Math.floor(at / PAGE_SIZE))) this.setByte(at, 0);
		}
		this.context.revisions.bytes++;
	}
}
