import type { Pfn, VirtualAddress } from '../machine/address.ts';
import type { KernelContext } from './context.ts';
import type { MemorySource } from './memory-source.ts';
import { NO_PAGE } from './operations.ts';
import { gfpBits } from './pages/gfp.ts';
import type { PageAllocator } from './pages/page-allocator.ts';
import type { PageBytes } from './pages/page-bytes.ts';
import type { SlabAllocator } from './slab/slab-allocator.ts';

/** Pages and small objects from the allocators; pages are zeroed where __GFP_ZERO asks for it. */
export class KernelMemory implements MemorySource {
	readonly zeroFlag: number;
	readonly highmemFlag: number;
	readonly #tableGfp: number;

	constructor(
		readonly context: KernelContext,
		readonly pages: PageAllocator,
		readonly slab: SlabAllocator,
		readonly bytes: PageBytes,
	) {
		const bits = gfpBits(context.machine.kernel);
		this.zeroFlag = bits.zero;
		this.highmemFlag = bits.highmem;
		this.#tableGfp = bits.kernel | bits.zero;
	}

	get totalPages(): number {
		let pages = 0;
		for (const zone of this.pages.view.zones) pages += zone.managed;
		return pages;
	}

	allocPages(gfp: number, order: number): Pfn | typeof NO_PAGE {
		const pfn = this.pages.allocPages(gfp, order);
		const mustZero = (gfp & this.zeroFlag) !== 0 || this.context.machine.debug.initOnAlloc === true;
		if (pfn !== NO_PAGE && mustZero) this.bytes.clearPages(pfn, 2 ** order);
		return pfn;
	}

	/** A zeroed page of lowmem for a page table (pte_alloc_one_kernel). @returns -1 when there is none. */
	newTableFrame(): number {
		return this.allocPages(this.#tableGfp, 0);
	}

	freePages(pfn: Pfn, order: number): void {
		this.pages.freePages(pfn, order);
	}

	kmalloc(bytes: number, gfp: number): VirtualAddress {
		return this.slab.kmalloc(bytes, gfp);
	}

	kfree(address: VirtualAddress): void {
		this.slab.kfree(address);
	}
}
