import { type VirtualAddress, virtual } from '../../machine/address.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { SlabAllocator } from './slab-allocator.ts';
import type { SlabCache } from './slab-cache.ts';

/** Where a struct kmem_cache would lie: caches are not simulated byte for byte, but their addresses differ. */
const CACHES_OFFSET = 0x80000;
const CACHE_STRUCT_BYTES = 0x100;
/** SLAB_HWCACHE_ALIGN */
const HWCACHE_ALIGN = 0x2000;
/** Alignment of objects and of the link between free ones: sizeof(void *). */
const WORD_BYTES = 4;

/** A cache as its maker knows it. */
export interface KmemCache {
	readonly name: string;
	/** Size that was asked for. */
	readonly bytes: number;
	/** Address of the constructor; 0 without one. */
	readonly construct: number;
	/** Where the objects come from, which others may share. */
	readonly slabs: SlabCache;
}

/** kmem_cache_create and what is done with such caches (mm/slab_common.c, mm/slub.c). */
export class KmemCaches {
	/** By the address of their struct. */
	readonly byAddress = new Map<number, KmemCache>();

	constructor(
		readonly context: KernelContext,
		readonly slab: SlabAllocator,
		readonly words: KernelWords,
	) {}

	/** @param align What was asked for; 0 for none. */
	create(name: string, bytes: number, align: number, flags: number, construct: number): VirtualAddress {
		const { machine, layout } = this.context;
		let alignment = Math.max(align, WORD_BYTES);
		if ((flags & HWCACHE_ALIGN) !== 0) {
			let line = machine.cacheLineBytes;
			while (bytes <= line / 2) line /= 2;
			alignment = Math.max(alignment, line);
		}
		const hasConstructor = construct !== 0;
		const slabs = this.slab.createCache(name, { bytes, alignment, hasConstructor, isKmalloc: false });
		const last = Math.max(layout.pageOffset + CACHES_OFFSET, ...this.byAddress.keys());
		const address = virtual(last + CACHE_STRUCT_BYTES);
		this.byAddress.set(address, { name, bytes, construct, slabs });
		return address;
	}

	/** @returns the cache, or undefined when none lies at that address. */
	at(address: number): KmemCache | undefined {
		return this.byAddress.get(address);
	}

	/**
	 * @param prepare Called for each object of a slab that is new.
	 */
	alloc(cache: KmemCache, gfp: number, prepare: (object: VirtualAddress) => void): VirtualAddress {
		const { slabs } = cache.slabs;
		const known = new Set(cache.construct === 0 ? [] : slabs.values());
		const object = this.slab.allocFrom(cache.slabs, gfp);
		if (cache.construct === 0) return object;
		for (const slab of slabs.values()) {
			if (known.has(slab)) continue;
			for (let index = 0; index < slab.objects; index++) prepare(virtual(slab.address + index * slab.objectBytes));
		}
		return object;
	}

	/** kmem_cache_destroy: a cache with objects in use stays, and the kernel says so. */
	destroy(address: VirtualAddress): void {
		const cache = this.byAddress.get(address);
		if (!cache) return;
		this.byAddress.delete(address);
		const isShared =
			cache.slabs.name !== cache.name || [...this.byAddress.values()].some(({ slabs }) => slabs === cache.slabs);
		if (isShared || this.#isDropped(cache.slabs)) return;
		this.context.printk(`kmem_cache_destroy ${cache.name}: Slab cache still has objects`, 3);
		this.words.dumpStack();
	}

	/** Take a cache out when none of its objects is in use. */
	#isDropped(cache: SlabCache): boolean {
		const { caches, context } = this.slab;
		if ([...cache.slabs.values()].some(({ liveObjects }) => liveObjects > 0)) return false;
		cache.shrink();
		caches.splice(caches.indexOf(cache), 1);
		context.revisions.slab++;
		return true;
	}
}
