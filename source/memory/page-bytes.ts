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
		this.page(Math.floor(physical / PAGE_SIZE))[physical % PAGE_SIZE] = value;
	}

	/** The contents of a page themselves, made when it has none: what is written to them is written to memory. */
	page(pfn: number): Uint8Array {
		let bytes = this.#pages.get(pfn);
		if (!bytes) {
			bytes = new Uint8Array(PAGE_SIZE);
			this.#pages.set(pfn, bytes);
		}
		return bytes;
	}

	/** The 32-bit word at an address that is a multiple of 4, unsigned. */
	word(physical: number): number {
		const bytes = this.#pages.get(Math.floor(physical / PAGE_SIZE));
		if (!bytes) return 0;
		const at = physical % PAGE_SIZE;
		const at2 = (bytes[at + 2] ?? 0) << 16;
		return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | at2 | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
	}

	setWord(physical: number, value: number): void {
		const bytes = this.page(Math.floor(physical / PAGE_SIZE));
		const at = physical % PAGE_SIZE;
		for (let byte = 0; byte < 4; byte++) bytes[at + byte] = value >>> (8 * byte);
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
