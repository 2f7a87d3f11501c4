import type { PhysicalAddress, VirtualAddress } from '../../machine/address.ts';
import type { VmallocAreaView } from '../memory-view.ts';

/** What an area is for, beside its address range. */
export interface AreaUse {
	readonly kind: VmallocAreaView['kind'];
	readonly caller: string;
	/** Pages mapped from the start on; the guard page behind them is not. */
	readonly pages: number;
	readonly physical?: number;
	/** Step in which it was made. */
	readonly step: number;
}

/** One range of the kernel's vmalloc space with its owner (vmap_area and vm_struct), and its place in the tree. */
export class VmapArea implements VmallocAreaView {
	readonly kind: VmallocAreaView['kind'];
	readonly caller: string;
	readonly pages: number;
	readonly physical?: PhysicalAddress;
	isLazy = false;
	changedAt: number;
	/** Pages that go back to the page allocator with the area, in order. */
	ownPages: readonly number[] | null = null;
	/** Slab objects that the kernel keeps for it, freed with the area and with its address range. */
	structObject = 0;
	rangeObject = 0;
	/** Array of page pointers: a slab object, or an area of its own when it exceeds a page. */
	pageArray = 0;

	// The tree and the list of vmap-areas.ts; nobody else touches them.
	previous: VmapArea | null = null;
	next: VmapArea | null = null;
	left: VmapArea | null = null;
	right: VmapArea | null = null;
	/** Largest gap in front of any area of this subtree. */
	maxGap = 0;

	/** @param bytes Guard page included. */
	constructor(
		readonly start: VirtualAddress,
		readonly bytes: number,
		use: AreaUse,
	) {
		this.kind = use.kind;
		this.caller = use.caller;
		this.pages = use.pages;
		this.changedAt = use.step;
		if (use.physical !== undefined) this.physical = use.physical as PhysicalAddress;
	}

	/** Exclusive; up to 2^32. */
	get end(): number {
		return this.start + this.bytes;
	}

	/** Free bytes between the area before and this one. */
	get gap(): number {
		return this.start - (this.previous ? this.previous.end : 0);
	}
}
