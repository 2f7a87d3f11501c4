import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { PageBytes } from '../pages/page-bytes.ts';

/** End of a free list. */
const END = -1;
/** s->random of a hardened cache: any number will do, and each boot has the same. */
const RANDOM = 0x2a6d1b5e;
const WORD_BYTES = 4;

interface AllocName extends VersionRow {
	/** The function that follows the links when kmalloc is called. */
	readonly name: string;
}

const ALLOC_NAMES: readonly [AllocName, ...AllocName[]] = [
	{ since: '2.6.24', name: 'kmem_cache_alloc' },
	{ since: '5.0', name: 'kmem_cache_alloc_trace' },
	{ since: '6.1', name: '__kmem_cache_alloc_node' },
	{ since: '6.9', name: '__kmalloc_cache_noprof' },
];

/** Where an address leads now. */
export interface LinkMemory {
	readonly bytes: PageBytes;
	/** Physical address, undefined where nothing is mapped. */
	physical(address: number): number | undefined;
}

/**
 * The links between free objects (mm/slub.c: get_freepointer, set_freepointer): each lies in the object itself, so
 * whoever writes to an object after its kfree damages the list, and the kernel follows what it finds there.
 */
export class FreePointers {
	readonly #isMiddle: boolean;
	readonly #isHardened: boolean;
	readonly #name: string;

	constructor(
		readonly context: KernelContext,
		readonly memory: LinkMemory,
		readonly words: KernelWords,
	) {
		const { kernel, debug } = context.machine;
		// 5.7 moved the link away from an object's beginning, where an overrun of the one before would hit it.
		this.#isMiddle = atLeast(kernel, '5.7');
		this.#isHardened = debug.slabHardened !== false && atLeast(kernel, '4.14');
		this.#name = byVersion(kernel, ALLOC_NAMES).name;
	}

	/** Where the link lies in an object of that size when nothing else is kept of it. */
	placeIn(objectBytes: number): number {
		return this.#isMiddle ? (objectBytes >> 1) & ~(WORD_BYTES - 1) : 0;
	}

	/**
	 * Enter a free object into a list.
	 * @param place Where the link lies, as an offset from the object.
	 * @param next Address of the one that follows, 0 for none.
	 */
	write(object: number, place: number, next: number): void {
		const at = (object + place) >>> 0;
		const word = this.#coded(next, at);
		const { memory } = this;
		this.context.revisions.bytes++;
		if (at % WORD_BYTES === 0) {
			const physical = memory.physical(at);
			if (physical !== undefined) memory.bytes.setWord(physical, word);
			return;
		}
		for (let byte = 0; byte < WORD_BYTES; byte++) {
			const physical = memory.physical(at + byte);
			if (physical !== undefined) memory.bytes.setByte(physical, (word >>> (8 * byte)) & 0xff);
		}
	}

	/** Address that a free object's link gives. @throws {KernelFault} where nothing is mapped. */
	read(object: number, place: number): number {
		const at = (object + place) >>> 0;
		const { memory } = this;
		if (at % WORD_BYTES === 0)
			return this.#coded(memory.bytes.word(memory.physical(at) ?? this.#fault(object, at)), at);
		let word = 0;
		for (let byte = 0; byte < WORD_BYTES; byte++) {
			const physical = memory.physical(at + byte) ?? this.#fault(object, at);
			word |= memory.bytes.byte(physical) << (8 * byte);
		}
		return this.#coded(word >>> 0, at);
	}

	/** freelist_ptr: the same both ways. */
	#coded(value: number, at: number): number {
		if (!this.#isHardened) return value >>> 0;
		return (value ^ RANDOM ^ (this.#isMiddle ? swab(at) : at)) >>> 0;
	}

	#fault(object: number, at: number): never {
		const access = { address: at, isWrite: false, hasTable: false, isFixmap: false };
		const shown = `0x${(object >>> 0).toString(16).padStart(8, '0')}`;
		this.words.pageFault(
			access,
			phrase('kmalloc took {shown} from the list of free objects: somebody wrote over the link in one of them', {
				shown,
			}),
			this.#name,
		);
	}
}

const swab = (word: number): number =>
	((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24)) >>> 0;

/** The offset in a slab's list that an address stands for. */
export const listOffset = (address: number, slab: number): number => (address === 0 ? END : address - slab);

/** The address that an offset in a slab's list stands for. */
export const listAddress = (offset: number, slab: number): number => (offset === END ? 0 : (slab + offset) >>> 0);
