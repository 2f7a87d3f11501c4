import { alignUp, virtual } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { counted } from '../paging/counters.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import type { VmallocRules } from './vmalloc-rules.ts';
import { type AreaUse, VmapArea } from './vmap-area.ts';
import { VmapAreas } from './vmap-areas.ts';

const VMALLOC_PURGE = eventCode('vmalloc_purge');
const VMAP_LOCKS = counted('vmapLocks');
const BYTES_PER_PAGE = 4096;
/** Taking one area out of the tree costs about as much as passing over this many when it is made anew. */
const REBUILD_FACTOR = 8;

/** A request for an address range. */
export interface RangeRequest {
	/** Guard page included. */
	readonly bytes: number;
	/** Power of two. */
	readonly align: number;
	readonly from: number;
	/** Exclusive; up to 2^32. */
	readonly to: number;
}

/** Address ranges of the kernel's mappings: taking, lazy freeing, purging (mm/vmalloc.c: alloc_vmap_area and below). */
export class VmapSpace {
	readonly areas = new VmapAreas();
	lazyPages = 0;
	purges = 0;
	/**
	 * What happens when too much is lazily freed. From 5.18 on a worker purges (drain_vmap_area_work), soon after; here it
	 * is done at once unless someone arranges otherwise.
	 */
	whenTooLazy: () => void = () => this.purge();
	readonly #lazy: VmapArea[] = [];
	/** free_vmap_cache and what was known when it was set (2.6.39 to 5.1). */
	#cursor: VmapArea | null = null;
	#cachedHole = 0;
	#cachedFrom = 0;
	#cachedAlign = 0;

	/** @param release Called with each area whose range has become reusable. */
	constructor(
		readonly context: KernelContext,
		readonly table: KernelPageTable,
		readonly rules: VmallocRules,
		readonly release: (area: VmapArea) => void,
	) {}

	keep(recorder: Recorder): void {
		recorder.walk(this.#lazy);
		recorder.value(this.#cursor, cursor => {
			this.#cursor = cursor;
		});
		recorder.value(this.#cachedHole, cachedHole => {
			this.#cachedHole = cachedHole;
		});
		recorder.value(this.#cachedFrom, cachedFrom => {
			this.#cachedFrom = cachedFrom;
		});
		recorder.value(this.#cachedAlign, cachedAlign => {
			this.#cachedAlign = cachedAlign;
		});
	}

	/** @returns null when the range is full even after a purge. */
	take(request: RangeRequest, use: AreaUse): VmapArea | null {
		let start = this.#search(request);
		if (start < 0) {
			this.purge();
			start = this.#search(request);
		}
		if (start < 0) return null;
		const area = new VmapArea(virtual(start), request.bytes, use);
		this.areas.insert(area);
		this.#cursor = area;
		this.context.revisions.vmalloc++;
		return area;
	}

	/** Take a range that is known to be free: what exists when the exploration begins. */
	place(area: VmapArea): void {
		this.areas.insert(area);
	}

	/** The mapping is gone; the range stays taken until the next purge. */
	free(area: VmapArea): void {
		area.changedAt = this.context.step;
		this.context.revisions.vmalloc++;
		if (!this.rules.isLazy) {
			// unmap_vm_area: flush_tlb_kernel_range at once.
			this.table.flushRange(area.start, area.end);
			this.#remove(area, false);
			return;
		}
		area.isLazy = true;
		this.#lazy.push(area);
		this.lazyPages += area.bytes / BYTES_PER_PAGE;
		if (this.lazyPages > this.rules.lazyMaxPages) this.whenTooLazy();
	}

	/**
	 * __purge_vmap_area_lazy: one TLB flush for all lazily freed ranges, which then are reusable.
	 * @param from The flush covers `[from, to)` as well.
	 * @returns whether there was anything to free.
	 */
	purge(from = Number.POSITIVE_INFINITY, to = 0): boolean {
		this.context.counters.add(VMAP_LOCKS);
		const taken = this.beginPurge(from, to);
		if (taken.length === 0) return false;
		this.endPurge(taken);
		return true;
	}

	/** The first half of a purge: the lazily freed ranges are taken off their list, and the TLB is flushed. */
	beginPurge(from = Number.POSITIVE_INFINITY, to = 0): readonly VmapArea[] {
		if (this.#lazy.length === 0) return [];
		let start = from;
		let end = to;
		for (const area of this.#lazy) {
			start = Math.min(start, area.start);
			end = Math.max(end, area.end);
		}
		this.table.flushRange(start, end);
		return this.#lazy.splice(0);
	}

	/** The second half: the ranges become reusable. */
	endPurge(taken: readonly VmapArea[]): void {
		const isMany = taken.length * REBUILD_FACTOR > this.areas.size;
		let pages = 0;
		for (const area of taken) {
			pages += area.bytes / BYTES_PER_PAGE;
			this.#remove(area, isMany);
		}
		if (isMany) this.areas.rebuild();
		this.context.events.record(VMALLOC_PURGE, taken.length, pages);
		this.lazyPages -= pages;
		this.purges++;
		this.context.revisions.vmalloc++;
	}

	#remove(area: VmapArea, isOfMany: boolean): void {
		// __free_vmap_area: an area at or below the cursor takes it along to the area before.
		if (this.#cursor && area.end < this.#cachedFrom) this.#cursor = null;
		else if (this.#cursor && area.start <= this.#cursor.start) this.#cursor = area.previous;
		if (isOfMany) this.areas.removeOfMany(area);
		else this.areas.remove(area);
		this.release(area);
	}

	#search(request: RangeRequest): number {
		if (this.rules.search === 'cursor') return this.#searchFromCursor(request);
		const { bytes, align, from, to } = request;
		// A range of just the size is asked for as it is.
		const room = to - from === bytes ? bytes : this.rules.searchBytes(bytes, align);
		return this.areas.lowestFit(bytes, align, from, to, room);
	}

	/**
	 * alloc_vmap_area of 2.6.39 to 5.1: go on behind the area that was taken last, unless a hole that was skipped may be
	 * large enough or the request is less demanding than those before.
	 */
	#searchFromCursor({ bytes, align, from, to }: RangeRequest): number {
		if (!this.#cursor || bytes < this.#cachedHole || from < this.#cachedFrom || align < this.#cachedAlign)
			this.#forget();
		this.#cachedFrom = from;
		this.#cachedAlign = align;
		if (this.#cursor && alignUp(this.#cursor.end, align) < from) this.#forget();
		let area = this.#cursor;
		let at = area ? alignUp(area.end, align) : alignUp(from, align);
		if (!area) {
			const below = this.areas.lastBelow(at);
			area = below && below.end >= at ? below : below ? below.next : this.areas.first;
		}
		while (area && at + bytes > area.start && at + bytes <= to) {
			if (at + this.#cachedHole < area.start) this.#cachedHole = area.start - at;
			at = alignUp(area.end, align);
			area = area.next;
		}
		return at + bytes <= to ? at : -1;
	}

	#forget(): void {
		this.#cursor = null;
		this.#cachedHole = 0;
	}
}
