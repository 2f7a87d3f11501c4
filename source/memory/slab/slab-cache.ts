import { PAGE_SIZE, type Pfn, virtual } from '../../machine/address.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { NO_PAGE } from '../operations.ts';
import type { GfpBits } from '../pages/gfp.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import { PAGE_COMPOUND, PAGE_SLAB } from '../pages/page-flags.ts';
import { type FreePointers, listAddress, listOffset } from './free-pointers.ts';
import { Slab } from './slab.ts';
import { cpuPartial, orderOf, slabOrder } from './slab-rules.ts';

const SLAB_NEW = eventCode('slab_new');
const SLAB_FREE = eventCode('slab_free');
const END = -1;

/** Empty slabs that a cache keeps: MIN_PARTIAL of mm/slub.c. */
export const MIN_PARTIAL = 5;

/** What else than the objects lies in a slab. */
export interface SlabSpacing {
	/** From one object to the next. */
	readonly stride: number;
	/** Bytes before an object. */
	readonly leftZone: number;
	/** Where in or behind a free object its link lies. */
	readonly link: number;
}

/** A cache of equal objects (struct kmem_cache): one slab in use on each CPU, partly free ones in lists. */
export class SlabCache {
	readonly order: number;
	readonly objectsPerSlab: number;
	/** First pfn of a slab to the slab. */
	readonly slabs = new Map<number, Slab>();
	/** Slab that each CPU allocates from (kmem_cache_cpu). */
	readonly current: (Slab | undefined)[];
	/** Slabs that wait on each CPU, newest first. */
	readonly cpuPartial: Slab[][];
	/** The node's list of partly free slabs, first to be used first. */
	readonly partial: Slab[] = [];
	readonly textId: number;
	/** Whether free objects are filled with a pattern, so that memory is not handed out zeroed unasked. */
	readonly isPoisoned: boolean = false;
	readonly spacing: SlabSpacing;
	readonly #limit: { readonly objects: number; readonly slabs: number };

	constructor(
		readonly name: string,
		readonly objectBytes: number,
		/** Flags that every slab of this cache adds: its zone and its mobility. */
		readonly gfp: number,
		readonly context: KernelContext,
		readonly pages: PageAllocator,
		readonly owners: Map<number, SlabCache>,
		/** The links within free objects; absent where an object's bytes may not be used for that. */
		readonly links: FreePointers | undefined,
		spacing?: SlabSpacing,
	) {
		this.spacing = spacing ?? { stride: objectBytes, leftZone: 0, link: links?.placeIn(objectBytes) ?? 0 };
		const { stride } = this.spacing;
		this.order = slabOrder(context.machine, stride);
		this.objectsPerSlab = Math.floor((PAGE_SIZE << this.order) / stride);
		this.current = context.cpus.map(() => undefined);
		this.cpuPartial = context.cpus.map(() => []);
		this.textId = context.events.textId(name);
		this.#limit = cpuPartial(context.machine, objectBytes, this.objectsPerSlab);
	}

	/**
	 * slab_alloc: address of an object, or 0 when no page could be had.
	 * @param _bytes What kmalloc was asked for: caches that slub_debug watches keep it.
	 */
	alloc(gfp: number, _bytes?: number): number {
		const cpu = this.context.cpu.id;
		let slab = this.current[cpu];
		if (!slab || slab.cpuFree === END) {
			slab = this.#nextSlab(cpu, gfp);
			if (!slab) return 0;
		}
		const offset = slab.cpuFree;
		slab.cpuFree = this.next(slab, offset);
		slab.setLive(offset, true);
		return slab.address + offset;
	}

	/** How much of an object of which `_bytes` were asked for __GFP_ZERO clears. */
	zeroedBytes(_bytes: number): number {
		return this.objectBytes;
	}

	/** slab_free: onto the list of the CPU when it allocates from that slab, else onto the slab's own list. */
	free(slab: Slab, offset: number): void {
		slab.setLive(offset, false);
		const cpu = this.context.cpu.id;
		if (slab === this.current[cpu]) {
			this.link(slab, offset, slab.cpuFree);
			slab.cpuFree = offset;
			return;
		}
		const wasFull = slab.ownFree === END;
		this.link(slab, offset, slab.ownFree);
		slab.ownFree = offset;
		slab.inUse = Math.max(0, slab.inUse - 1);
		if (slab.place === 'cpu' || slab.place === 'cpu-partial') return;
		if (slab.inUse === 0 && this.partial.length >= MIN_PARTIAL) {
			this.discard(slab);
		} else if (wasFull) {
			if (this.#hasCpuPartial) this.#putCpuPartial(cpu, slab);
			else this.addPartial(slab);
		}
	}

	/** The offset that the next free of `slab` would be put in front of: a second free of the same object is seen there. */
	freeListHead(slab: Slab): number {
		return slab === this.current[this.context.cpu.id] ? slab.cpuFree : slab.ownFree;
	}

	/** Take a block that is allocated already as CPU 0's slab, its first `used` objects in use. */
	adopt(pfn: Pfn, used: number): void {
		const slab = this.enlist(pfn, this.order, this.objectsPerSlab);
		slab.takeFirst(used);
		this.afterAdoption(slab, used);
	}

	/** What becomes of a slab that was there at boot: CPU 0 allocates from it. */
	protected afterAdoption(slab: Slab, _used: number): void {
		const before = this.current[0];
		if (before) this.#deactivate(before);
		this.#freeze(0, slab);
	}

	/** kmem_cache_shrink of a cache without objects: all its slabs go back. */
	shrink(): void {
		this.current.fill(undefined);
		for (const waiting of this.cpuPartial) waiting.length = 0;
		this.partial.length = 0;
		for (const slab of [...this.slabs.values()]) this.discard(slab);
	}

	/** What follows a free object, as the kernel finds it. */
	protected next(slab: Slab, offset: number): number {
		if (!this.links || !slab.isLinked(offset)) return slab.next(offset);
		return listOffset(this.links.read(slab.address + offset, this.spacing.link), slab.address);
	}

	protected link(slab: Slab, offset: number, next: number): void {
		slab.setNext(offset, next);
		if (!this.links) return;
		this.links.write(slab.address + offset, this.spacing.link, listAddress(next, slab.address));
		slab.setLinked(offset);
	}

	get #hasCpuPartial(): boolean {
		return this.#limit.objects > 0 || this.#limit.slabs > 0;
	}

	#nextSlab(cpu: number, gfp: number): Slab | undefined {
		const current = this.current[cpu];
		if (current && current.ownFree !== END) {
			this.#freeze(cpu, current);
			return current;
		}
		if (current) current.place = 'full';
		this.current[cpu] = undefined;
		const waiting = this.cpuPartial[cpu]?.shift() ?? this.#fromNode(cpu) ?? this.newSlab(gfp);
		if (waiting) this.#freeze(cpu, waiting);
		return waiting;
	}

	/** Make `slab` the CPU's, with all its free objects. */
	#freeze(cpu: number, slab: Slab): void {
		slab.cpuFree = slab.ownFree;
		slab.ownFree = END;
		slab.inUse = slab.objects;
		slab.place = 'cpu';
		this.current[cpu] = slab;
	}

	/** deactivate_slab: the CPU's free objects go back to the slab, the slab to the node. */
	#deactivate(slab: Slab): void {
		slab.inUse = slab.liveObjects;
		while (slab.cpuFree !== END) {
			const offset = slab.cpuFree;
			slab.cpuFree = this.next(slab, offset);
			if (slab.isLinked(offset)) this.link(slab, offset, slab.ownFree);
			else slab.setNext(offset, slab.ownFree);
			slab.ownFree = offset;
		}
		if (slab.ownFree === END) slab.place = 'full';
		else this.addPartial(slab);
	}

	/** get_partial_node: the first slab for now, and some more to wait on the CPU. */
	#fromNode(cpu: number): Slab | undefined {
		const first = this.partial.shift();
		if (!first || !this.#hasCpuPartial) return first;
		let objects = first.objects - first.inUse;
		let slabs = 0;
		const { objects: most, slabs: mostSlabs } = this.#limit;
		while (this.partial.length > 0 && (most > 0 ? objects <= most >> 1 : slabs <= mostSlabs >> 1)) {
			const more = this.partial.shift();
			if (!more) break;
			objects += more.objects - more.inUse;
			slabs++;
			more.place = 'cpu-partial';
			this.cpuPartial[cpu]?.unshift(more);
		}
		return first;
	}

	/** put_cpu_partial: when too much waits already, all of it goes to the node first. */
	#putCpuPartial(cpu: number, slab: Slab): void {
		const waiting = this.cpuPartial[cpu] ?? [];
		const { objects, slabs } = this.#limit;
		// The kernel counts the objects that were free when a slab was put here; one by one, as they came back.
		const isFull =
			objects > 0 ? waiting.reduce((sum, one) => sum + one.objects - one.inUse, 0) > objects : waiting.length >= slabs;
		if (isFull) {
			for (const old of waiting.splice(0)) {
				if (old.inUse === 0 && this.partial.length >= MIN_PARTIAL) this.discard(old);
				else this.addPartial(old);
			}
		}
		slab.place = 'cpu-partial';
		waiting.unshift(slab);
	}

	protected addPartial(slab: Slab): void {
		slab.place = 'node-partial';
		this.partial.push(slab);
	}

	/** allocate_slab: first the order that wastes least, then the smallest that holds an object. */
	protected newSlab(gfp: number): Slab | undefined {
		const { pages } = this;
		const bits: GfpBits = pages.gfp;
		const wanted = (gfp & ~bits.zero) | this.gfp;
		const compound = this.order > 0 ? bits.compound : 0;
		const first = (wanted | bits.nowarn | compound) & (this.order > 0 ? ~bits.directReclaim : -1);
		let order = this.order;
		let pfn = pages.allocPages(first, order);
		if (pfn === NO_PAGE) {
			order = orderOf(this.spacing.stride);
			pfn = pages.allocPages(wanted | compound, order);
		}
		if (pfn === NO_PAGE) return undefined;
		return this.enlist(pfn, order, Math.floor((PAGE_SIZE << order) / this.spacing.stride));
	}

	protected enlist(pfn: Pfn, order: number, objects: number): Slab {
		const { layout, events, revisions } = this.context;
		const address = virtual(pfn * PAGE_SIZE - layout.physOffset + layout.pageOffset);
		const { stride, leftZone } = this.spacing;
		const slab = new Slab(pfn, order, virtual(address + leftZone), stride, objects);
		this.pages.setFlags(pfn, PAGE_SLAB | (order > 0 ? PAGE_COMPOUND : 0));
		this.slabs.set(pfn, slab);
		this.owners.set(pfn, this);
		revisions.slab++;
		events.record(SLAB_NEW, this.textId, pfn, order);
		return slab;
	}

	protected discard(slab: Slab): void {
		const at = this.partial.indexOf(slab);
		if (at >= 0) this.partial.splice(at, 1);
		this.slabs.delete(slab.pfn);
		this.owners.delete(slab.pfn);
		this.context.revisions.slab++;
		this.context.events.record(SLAB_FREE, this.textId, slab.pfn);
		this.pages.freePages(slab.pfn, slab.order);
	}
}
