import { alignUp, PAGE_SIZE, type Pfn, pfn as toPfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { KernelWords } from '../kernel-words.ts';
import type { SlabView } from '../memory-view.ts';
import { checkVirtual } from '../oops/check-virtual.ts';
import { NO_PAGE } from '../operations.ts';
import { gfpText } from '../pages/gfp.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import { PAGE_COMPOUND } from '../pages/page-flags.ts';
import { slabDebugFlags } from './debug/debug-flags.ts';
import type { ObjectShape } from './debug/object-frame.ts';
import { WatchedCache } from './debug/watched-cache.ts';
import type { FreePointers } from './free-pointers.ts';
import type { Slab } from './slab.ts';
import { SlabCache } from './slab-cache.ts';
import {
	KMALLOC_MAX_CACHE_BYTES,
	kmallocAlignment,
	kmallocName,
	kmallocSizes,
	orderOf,
	type SlabRules,
	slabRules,
} from './slab-rules.ts';
import { SlabViewer } from './slab-viewer.ts';
import { reportNoSlab } from './slab-words.ts';

const KMALLOC = eventCode('kmalloc');
const KFREE = eventCode('kfree');

/** What kmalloc(0) returns: an address that faults when touched. */
export const ZERO_SIZE_PTR = 16;

const SIZE_STEP = 8;
/** sizeof(void *) */
const WORD_BYTES = 4;

type Kind = 'normal' | 'dma' | 'reclaim';

/** kmalloc and kfree (mm/slub.c, mm/slab_common.c): objects of lowmem from caches by size, large ones as whole pages. */
export class SlabAllocator {
	/** The kmalloc caches, then those of kmem_cache_create. */
	readonly caches: SlabCache[];
	readonly rules: SlabRules;
	readonly view: SlabView;
	/** First pfn of each slab to its cache. */
	readonly owners = new Map<number, SlabCache>();
	/** Cache for a size in steps of 8 bytes (mm/slab_common.c: size_index). */
	readonly #sizeIndex: Readonly<Uint8Array>;
	readonly #byKind: ReadonlyMap<Kind, readonly SlabCache[]>;
	readonly #largeText: number;

	/**
	 * @param words How this machine's kernel words a BUG.
	 * @param zero Called for memory that must be zeroed before it is handed out.
	 */
	constructor(
		readonly context: KernelContext,
		readonly pages: PageAllocator,
		readonly words: KernelWords = new KernelWords(context),
		readonly zero: (address: VirtualAddress, bytes: number) => void = () => {},
		/** Absent in tests of lists alone. */
		readonly links?: FreePointers,
	) {
		const { machine } = context;
		this.rules = slabRules(machine);
		const sizes = kmallocSizes(machine.kmallocMinBytes);
		this.#sizeIndex = Uint8Array.from({ length: KMALLOC_MAX_CACHE_BYTES / SIZE_STEP + 1 }, (_, steps) =>
			sizes.findIndex(size => size >= steps * SIZE_STEP),
		);
		this.#largeText = context.events.textId('kmalloc-large');
		const hasDma = pages.zones.some(({ name }) => name === 'DMA');
		const kinds: Kind[] = ['normal'];
		if (atLeast(machine.kernel, '4.20')) kinds.push('reclaim');
		if (hasDma) kinds.push('dma');
		const extra = { normal: 0, dma: pages.gfp.dma, reclaim: pages.gfp.reclaimable };
		const make = (kind: Kind) => (bytes: number) => {
			const alignment = kmallocAlignment(machine, bytes);
			const shape = { bytes, alignment, hasConstructor: false, isKmalloc: true };
			return this.#makeCache(kmallocName(machine, bytes, kind), shape, extra[kind]);
		};
		this.#byKind = new Map(kinds.map(kind => [kind, sizes.map(make(kind))]));
		this.caches = [...this.#byKind.values()].flat();
		this.view = new SlabViewer(this);
	}

	/** @returns address of at least `bytes` bytes of lowmem, ZERO_SIZE_PTR for none asked, 0 when there is no memory. */
	kmalloc(bytes: number, gfp: number): VirtualAddress {
		if (bytes === 0) return virtual(ZERO_SIZE_PTR);
		const cache = bytes > KMALLOC_MAX_CACHE_BYTES ? undefined : this.cacheFor(bytes, gfp);
		const address = cache ? this.#small(cache, gfp, bytes) : this.#large(bytes, gfp);
		if (address === 0) return virtual(0);
		if (this.#mustZero(gfp, cache))
			this.zero(virtual(address), cache?.zeroedBytes(bytes) ?? this.ksize(virtual(address)));
		this.context.revisions.slab++;
		this.context.events.record(KMALLOC, address, bytes, cache?.textId ?? this.#largeText);
		return virtual(address);
	}

	/** kmalloc with __GFP_ZERO. */
	kzalloc(bytes: number, gfp: number): VirtualAddress {
		return this.kmalloc(bytes, gfp | this.pages.gfp.zero);
	}

	/**
	 * kmem_cache_create. A cache without a constructor whose objects are as large as those of a kmalloc cache shares it, as
	 * find_mergeable has it; one that slub_debug watches shares nothing.
	 */
	createCache(name: string, shape: ObjectShape): SlabCache {
		const { caches, context } = this;
		const { bytes, alignment, hasConstructor } = shape;
		// Behind an object with a constructor the link stands apart, for it must not be written over.
		const taken = alignUp(alignUp(bytes, WORD_BYTES) + (hasConstructor ? WORD_BYTES : 0), alignment);
		const isWatched = slabDebugFlags(context.machine, name) !== undefined;
		const shared = caches.find(one => one.objectBytes >= taken && one.objectBytes - taken < WORD_BYTES);
		if (shared && !hasConstructor && !isWatched && !(shared instanceof WatchedCache)) return shared;
		const cache = this.#makeCache(name, isWatched ? shape : { ...shape, bytes: taken }, 0);
		caches.push(cache);
		context.revisions.slab++;
		return cache;
	}

	/** kmem_cache_alloc: an object of a cache, or 0. */
	allocFrom(cache: SlabCache, gfp: number): VirtualAddress {
		const address = this.#small(cache, gfp, cache.objectBytes);
		if (address === 0) return virtual(0);
		if (this.#mustZero(gfp, cache)) this.zero(virtual(address), cache.objectBytes);
		this.context.revisions.slab++;
		this.context.events.record(KMALLOC, address, cache.objectBytes, cache.textId);
		return virtual(address);
	}

	/** kfree. NULL and ZERO_SIZE_PTR are fine; any other address that kmalloc did not return is misuse. */
	kfree(address: VirtualAddress): void {
		if (address <= ZERO_SIZE_PTR) return;
		const found = this.find(address);
		if (found) {
			this.#freeObject(found.cache, found.slab, address);
			return;
		}
		const pfn = this.#lowmemPfn(address);
		if (pfn === undefined) this.#freeStray(address);
		else this.#freeLarge(address, pfn);
	}

	/** Bytes that are usable at `address`. */
	ksize(address: VirtualAddress): number {
		if (address <= ZERO_SIZE_PTR) return 0;
		const found = this.find(address);
		if (found) return found.cache.objectBytes;
		const pfn = this.#lowmemPfn(address);
		if (pfn === undefined || !this.pages.isAllocated(pfn)) return 0;
		return PAGE_SIZE << this.pages.frames.find(pfn).order;
	}

	/** The cache that serves a request of that size, which must not exceed the largest cache's. */
	cacheFor(bytes: number, gfp: number): SlabCache | undefined {
		const kind: Kind =
			(gfp & this.pages.gfp.dma) !== 0 ? 'dma' : (gfp & this.pages.gfp.reclaimable) !== 0 ? 'reclaim' : 'normal';
		const caches = this.#byKind.get(kind) ?? this.#byKind.get('normal');
		return caches?.[this.#sizeIndex[Math.ceil(bytes / SIZE_STEP)] ?? 0];
	}

	/**
	 * Put a slab where a real board had it: CPU 0 allocates from it, its first `used` objects are taken.
	 * @param name `kmalloc-64`; `kmalloc-1024` and `kmalloc-1k` mean the same.
	 * @returns what is wrong with the request, or undefined when it was done.
	 */
	seedCache(name: string, address: number, used: number): Text | undefined {
		const inBytes = (text: string) => text.replace(/(\d+)k$/, (_, size) => String(Number(size) * 1024));
		const cache = this.caches.find(one => inBytes(one.name) === inBytes(name));
		if (!cache) return phrase('no slab cache is called "{name}"', { name });
		const pfn = this.#lowmemPfn(virtual(address));
		const at = `0x${address.toString(16)}`;
		if (pfn === undefined) return phrase('{at} is not in lowmem', { at });
		if (address % (PAGE_SIZE << cache.order) !== 0)
			return phrase('a slab of {name} cannot begin at {at}', { name: cache.name, at });
		if (!Number.isInteger(used) || used < 0 || used > cache.objectsPerSlab) {
			return phrase('a slab of {name} holds {most} objects, not {used}', {
				name: cache.name,
				most: cache.objectsPerSlab,
				used,
			});
		}
		if (!this.pages.reserveAtBoot(pfn, cache.order)) return phrase('the pages at {at} are not free', { at });
		cache.adopt(pfn, used);
		return undefined;
	}

	/** The slab and cache that hold an address. */
	find(address: VirtualAddress): { readonly cache: SlabCache; readonly slab: Slab } | undefined {
		const pfn = this.#lowmemPfn(address);
		if (pfn === undefined) return undefined;
		const { head } = this.pages.frames.find(pfn);
		const cache = this.owners.get(head);
		const slab = cache?.slabs.get(head);
		return cache && slab ? { cache, slab } : undefined;
	}

	#makeCache(name: string, shape: ObjectShape, gfp: number): SlabCache {
		const { context, pages, owners, links, words } = this;
		const flags = links && slabDebugFlags(context.machine, name);
		if (links && flags) return new WatchedCache(name, shape, gfp, flags, { context, pages, owners, links, words });
		return new SlabCache(name, shape.bytes, gfp, context, pages, owners, shape.hasConstructor ? undefined : links);
	}

	/** What is filled with a pattern is zeroed only on request. */
	#mustZero(gfp: number, cache: SlabCache | undefined): boolean {
		if ((gfp & this.pages.gfp.zero) !== 0) return true;
		return this.context.machine.debug.initOnAlloc === true && cache?.isPoisoned !== true;
	}

	#small(cache: SlabCache, gfp: number, bytes: number): number {
		const { pages } = this;
		const { preemptCount, irqsDisabled } = this.context.cpu;
		if ((preemptCount > 0 || irqsDisabled) && (gfp & pages.gfp.directReclaim) !== 0)
			pages.mightSleep(pages.sleepPlaces.slab);
		const allowed = this.#fixFlags(gfp, false);
		const address = cache.alloc(allowed, bytes);
		if (address === 0 && (gfp & this.pages.gfp.nowarn) === 0) reportNoSlab(cache, gfp);
		return address;
	}

	#large(bytes: number, gfp: number): number {
		const flags = this.#fixFlags(gfp, true) | this.pages.gfp.compound;
		const pfn = this.pages.allocPages(flags, orderOf(bytes));
		if (pfn === NO_PAGE) return 0;
		this.pages.setFlags(pfn, PAGE_COMPOUND);
		return this.#address(pfn);
	}

	/** __GFP_HIGHMEM makes no sense for memory that needs an address; from 5.8 on large requests are told so. */
	#fixFlags(gfp: number, isLarge: boolean): number {
		const { highmem } = this.pages.gfp;
		if ((gfp & highmem) === 0) return gfp;
		const fixed = gfp & ~highmem;
		const { kernel } = this.context.machine;
		if (isLarge && atLeast(kernel, '5.8')) {
			const text = `0x${fixed.toString(16)} (${gfpText(kernel, fixed)})`;
			this.context.printk(`Unexpected gfp: 0x2 (__GFP_HIGHMEM). Fixing up to gfp: ${text}. Fix your code!`, 4);
			this.words.dumpStack();
		}
		return fixed;
	}

	#freeObject(cache: SlabCache, slab: Slab, address: VirtualAddress): void {
		const offset = address - slab.address;
		if (this.rules.doubleFree !== undefined && cache.freeListHead(slab) === offset) {
			const { doubleFree, doubleFreeIn = 'kfree' } = this.rules;
			this.words.bug(doubleFree, 'kfree of an object that is free already', doubleFreeIn);
		}
		this.context.revisions.slab++;
		this.context.events.record(KFREE, address, cache.textId);
		cache.free(slab, offset);
	}

	#freeLarge(address: VirtualAddress, pfn: Pfn): void {
		const { head, order } = this.pages.frames.find(pfn);
		const isCompound = this.pages.isAllocated(pfn) && (this.pages.flagsOf(head) & PAGE_COMPOUND) !== 0;
		if (!isCompound) this.#complainOfNonSlab(address);
		this.context.revisions.slab++;
		this.context.events.record(KFREE, address, this.#largeText);
		this.pages.freePages(isCompound ? head : pfn, isCompound ? order : 0);
	}

	/** An address outside lowmem: its struct page does not exist. */
	#freeStray(address: VirtualAddress): void {
		const { layout, machine } = this.context;
		checkVirtual(this.words, address);
		const pfn = Math.floor(((address - layout.pageOffset) >>> 0) / PAGE_SIZE) + layout.physOffset / PAGE_SIZE;
		const page = virtual(layout.memMap + (pfn - layout.memMapFirstPfn) * machine.structPageBytes);
		if (page < layout.pageOffset || page >= layout.highMemory) {
			const access = { address: page, isWrite: false, hasTable: false, isFixmap: false };
			this.words.pageFault(access, 'kfree of an address that is not in lowmem: it has no struct page', 'kfree');
		}
		this.#complainOfNonSlab(address);
	}

	#complainOfNonSlab(address: VirtualAddress): void {
		const { nonSlab } = this.rules;
		if ('bug' in nonSlab) this.words.bug(nonSlab.bug, 'kfree of memory that kmalloc did not hand out', 'kfree');
		this.words.warn(nonSlab.warning);
		const shown = (address >>> 0).toString(16).padStart(8, '0');
		this.context.printk(`object pointer: 0x${shown}`, 4);
	}

	#address(pfn: Pfn): number {
		const { layout } = this.context;
		return pfn * PAGE_SIZE - layout.physOffset + layout.pageOffset;
	}

	#lowmemPfn(address: VirtualAddress): Pfn | undefined {
		const { layout } = this.context;
		if (address < layout.pageOffset || address >= layout.highMemory) return undefined;
		return toPfn(Math.floor((address - layout.pageOffset + layout.physOffset) / PAGE_SIZE));
	}
}
