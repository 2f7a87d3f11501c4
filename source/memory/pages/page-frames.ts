import { type Pfn, pfn as toPfn } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';

/** What a page frame is, kept at the first frame of each block. */
export const FrameState = { tail: 0, reserved: 1, free: 2, pcp: 3, allocated: 4 } as const;

/** Which list a block belongs to (include/linux/mmzone.h: enum migratetype, in an order of our own). */
export const MigrateType = { unmovable: 0, movable: 1, reclaimable: 2, cma: 3 } as const;
export const MIGRATE_TYPES = 4;

/** A section is 4 MiB: 1024 frames. */
export const SECTION_ORDER = 10;
export const SECTION_FRAMES = 1 << SECTION_ORDER;
const OFFSET_MASK = SECTION_FRAMES - 1;

const NONE = -1;

/**
 * The page frames (struct page) of the machine. Frames live in typed arrays, section by section; a section gets its
 * part when one of its frames is first touched. Free blocks of a whole section or more are kept in arrays by section, so
 * that the free memory of a large machine costs a few bytes a section.
 *
 * Only the first frame of a block says what the block is and of which order; the others are `tail`.
 */
export class PageFrames {
	/** First frame of section 0, a multiple of the largest block. */
	readonly firstPfn: number;
	readonly sections: number;
	/** By frame index: see `index`. */
	state = new Uint8Array(0);
	order = new Uint8Array(0);
	list = new Uint8Array(0);
	/** _refcount: 1 for an allocated block, below 0 after one free too many. */
	count = new Int8Array(0);
	flags = new Uint8Array(0);
	next = new Int32Array(0);
	prev = new Int32Array(0);
	/** By section: order of the free block that begins there, 0 for none. */
	readonly sectionOrder: Uint8Array;
	readonly sectionList: Uint8Array;
	readonly sectionNext: Int32Array;
	readonly sectionPrev: Int32Array;
	readonly #base: Int32Array;
	#used = 0;

	constructor(
		startPfn: number,
		endPfn: number,
		readonly maxOrder: number,
	) {
		const step = 1 << Math.max(maxOrder, SECTION_ORDER);
		this.firstPfn = Math.floor(startPfn / step) * step;
		this.sections = Math.ceil((endPfn - this.firstPfn) / step) * (step >> SECTION_ORDER);
		this.sectionOrder = new Uint8Array(this.sections);
		this.sectionList = new Uint8Array(this.sections);
		this.sectionNext = new Int32Array(this.sections).fill(NONE);
		this.sectionPrev = new Int32Array(this.sections).fill(NONE);
		this.#base = new Int32Array(this.sections).fill(NONE);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#base);
		recorder.value(this.#used, used => {
			this.#used = used;
		});
	}

	section(pfn: number): number {
		return (pfn - this.firstPfn) >>> SECTION_ORDER;
	}

	isTouched(pfn: number): boolean {
		return (this.#base[this.section(pfn)] ?? NONE) !== NONE;
	}

	/** Index of a frame into the arrays; its section must have been touched. */
	index(pfn: number): number {
		return (this.#base[(pfn - this.firstPfn) >>> SECTION_ORDER] as number) + ((pfn - this.firstPfn) & OFFSET_MASK);
	}

	/** Give the frame's section its part of the arrays, all frames in `state`. */
	touch(pfn: number, state: number = FrameState.tail): void {
		const section = this.section(pfn);
		if (this.#base[section] !== NONE) return;
		const base = this.#used;
		this.#used += SECTION_FRAMES;
		if (this.#used > this.state.length) this.#grow(Math.max(this.#used, this.state.length * 2));
		this.#base[section] = base;
		this.state.fill(state, base, this.#used);
	}

	/** Whether a free block of just this order begins at `pfn`. */
	isFreeBlock(pfn: number, order: number): boolean {
		const section = this.section(pfn);
		if (section >= this.sections || pfn < this.firstPfn) return false;
		if (order >= SECTION_ORDER) return this.sectionOrder[section] === order;
		const base = this.#base[section] as number;
		if (base === NONE) return false;
		const at = base + ((pfn - this.firstPfn) & OFFSET_MASK);
		return this.state[at] === FrameState.free && this.order[at] === order;
	}

	/**
	 * The block that holds a frame: its first frame, order and state. `tail` as a state means that nobody knows the frame
	 * any more: it was lost by freeing a block with too small an order.
	 */
	find(pfn: number): { readonly head: Pfn; readonly order: number; readonly state: number } {
		for (let order = 0; order <= this.maxOrder; order++) {
			const head = pfn - ((pfn - this.firstPfn) & ((1 << order) - 1));
			if (order >= SECTION_ORDER && (this.sectionOrder[this.section(head)] ?? 0) >= order) {
				return { head: toPfn(head), order: this.sectionOrder[this.section(head)] ?? 0, state: FrameState.free };
			}
			if (!this.isTouched(head)) continue;
			const at = this.index(head);
			const state = this.state[at] ?? 0;
			if (state === FrameState.tail) continue;
			if ((this.order[at] ?? 0) >= order) return { head: toPfn(head), order: this.order[at] ?? 0, state };
		}
		return { head: toPfn(pfn), order: 0, state: this.isTouched(pfn) ? FrameState.tail : FrameState.reserved };
	}

	#grow(frames: number): void {
		const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
			to.set(from);
			return to;
		};
		this.state = grown(new Uint8Array(frames), this.state);
		this.order = grown(new Uint8Array(frames), this.order);
		this.list = grown(new Uint8Array(frames), this.list);
		this.count = grown(new Int8Array(frames), this.count);
		this.flags = grown(new Uint8Array(frames), this.flags);
		this.next = grown(new Int32Array(frames), this.next);
		this.prev = grown(new Int32Array(frames), this.prev);
	}
}
