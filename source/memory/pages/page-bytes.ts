import { PAGE_SIZE } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';

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

	/** The unsigned number in up to 4 bytes of one page, little endian. */
	number(physical: number, count: number): number {
		const bytes = this.#pages.get(Math.floor(physical / PAGE_SIZE));
		if (!bytes) return 0;
		const first = physical % PAGE_SIZE;
		let value = 0;
		for (let byte = count - 1; byte >= 0; byte--) value = (value << 8) | (bytes[first + byte] as number);
		return value >>> 0;
	}

	setNumber(physical: number, count: number, value: number): void {
		const bytes = this.page(Math.floor(physical / PAGE_SIZE));
		const first = physical % PAGE_SIZE;
		for (let byte = 0; byte < count; byte++) bytes[first + byte] = value >>> (8 * byte);
	}

	/** The 32-bit word at an address that is a multiple of 4, unsigned. */
	word(physical: number): number {
		return this.number(physical, 4);
	}

	setWord(physical: number, value: number): void {
		this.setNumber(physical, 4, value);
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
