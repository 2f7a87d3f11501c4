import type { Pfn, VirtualAddress } from '../machine/address.ts';
import type { NO_PAGE } from './operations.ts';

/** Pages and small objects, as the mappings take them from the page and slab allocators. */
export interface MemorySource {
	/** totalram_pages: pages that the page allocator manages. */
	readonly totalPages: number;
	allocPages(gfp: number, order: number): Pfn | typeof NO_PAGE;
	freePages(pfn: Pfn, order: number): void;
	kmalloc(bytes: number, gfp: number): VirtualAddress;
	kfree(address: VirtualAddress): void;
}
