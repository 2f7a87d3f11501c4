import type { Layout } from '../../../../source/layout/layout.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Machine } from '../../../../source/machine/machine.ts';

const PAGE = 4096;

export interface PlainArea {
	readonly start: number;
	/** Guard page included. */
	readonly end: number;
	isLazy: boolean;
}

interface Range {
	readonly bytes: number;
	readonly align: number;
	readonly from: number;
	readonly to: number;
}

/** Address ranges of mm/vmalloc.c: a sorted list, searched from its beginning. */
export class PlainVmalloc {
	areas: PlainArea[] = [];
	purges = 0;
	readonly lazyMax: number;
	readonly hasCursor: boolean;
	readonly isLazy: boolean;
	/** x86 to 4.18 reaches the ISA hole through lowmem addresses. */
	readonly hasIsaShortcut: boolean;
	/** free_vmap_cache and what goes with it (2.6.39 to 5.1). */
	#cursor: PlainArea | undefined;
	#cachedHole = 0;
	#cachedFrom = 0;
	#cachedAlign = 0;
	/** Alignment for which no extra room is asked. */
	readonly #freeAlign: number;

	constructor(
		machine: Machine,
		readonly layout: Layout,
		readonly flushTlbs: (start: number, end: number) => void,
	) {
		const { kernel, cpusOnline } = machine;
		this.isLazy = atLeast(kernel, '2.6.28');
		this.hasIsaShortcut = machine.arch === 'x86' && !atLeast(kernel, '4.19');
		this.hasCursor = atLeast(kernel, '2.6.39') && !atLeast(kernel, '5.2');
		this.#freeAlign = atLeast(kernel, '5.16') ? PAGE : atLeast(kernel, '5.2') ? 1 : 2 ** 32;
		// KERNEL.md F: 1 CPU 8192 pages, 2 and 3 CPUs 16384, 4 to 7 24576, 8 to 15 32768.
		this.lazyMax = 8192 * (Math.floor(Math.log2(cpusOnline)) + 1);
	}

	get lazyPages(): number {
		return this.areas.reduce((sum, { isLazy, start, end }) => sum + (isLazy ? (end - start) / PAGE : 0), 0);
	}

	get #whole(): Pick<Range, 'from' | 'to'> {
		return { from: this.layout.vmallocStart, to: this.layout.vmallocEnd };
	}

	/** The area in use around an address. */
	at(address: number): PlainArea | undefined {
		return this.areas.find(({ start, end, isLazy }) => !isLazy && address >= start && address < end);
	}

	/** A range of whole pages, in the vmalloc space if not said otherwise. @returns -1 when there is none, even after a purge. */
	take(bytes: number, align = 1, { from, to }: Pick<Range, 'from' | 'to'> = this.#whole): number {
		const range = { bytes, align, from, to };
		let start = this.#search(range);
		if (start < 0) {
			this.purge();
			start = this.#search(range);
		}
		if (start < 0) return -1;
		const area = { start, end: start + bytes, isLazy: false };
		this.areas.push(area);
		this.areas.sort((a, b) => a.start - b.start);
		this.#cursor = area;
		return start;
	}

	/** The mapping is gone; its addresses are reusable at once to 2.6.27, and else after a purge. */
	free(area: PlainArea): void {
		if (!this.isLazy) {
			this.flushTlbs(area.start, area.end);
			this.#remove(area);
			return;
		}
		area.isLazy = true;
		if (this.lazyPages > this.lazyMax) this.purge();
	}

	/** @returns whether there was anything to purge. */
	purge(from = Number.POSITIVE_INFINITY, to = 0): boolean {
		const lazy = this.areas.filter(({ isLazy }) => isLazy);
		if (lazy.length === 0) return false;
		this.flushTlbs(Math.min(from, ...lazy.map(({ start }) => start)), Math.max(to, ...lazy.map(({ end }) => end)));
		for (const area of lazy) this.#remove(area);
		this.purges++;
		return true;
	}

	#remove(area: PlainArea): void {
		const at = this.areas.indexOf(area);
		if (this.#cursor && area.end < this.#cachedFrom) this.#cursor = undefined;
		else if (this.#cursor && area.start <= this.#cursor.start) this.#cursor = this.areas[at - 1];
		this.areas.splice(at, 1);
	}

	#search(range: Range): number {
		return this.hasCursor ? this.#behindCursor(range) : this.#lowest(range);
	}

	/** The lowest hole that is large enough in any case: from 5.2 on that is with room for the worst alignment. */
	#lowest({ bytes, align, from, to }: Range): number {
		const room = align > this.#freeAlign ? bytes + align - 1 : bytes;
		let hole = 0;
		for (const { start, end } of [...this.areas, { start: 2 ** 32, end: 2 ** 32 }]) {
			const at = roundUp(Math.max(hole, from), align);
			if (start - hole >= room && at + bytes <= Math.min(start, to)) return at;
			hole = end;
		}
		return -1;
	}

	/** Begin where the last search ended, unless this request is less demanding than what was asked since. */
	#behindCursor(range: Range): number {
		const { bytes, align, from, to } = range;
		if (bytes < this.#cachedHole || from < this.#cachedFrom || align < this.#cachedAlign) this.#cursor = undefined;
		this.#cachedFrom = from;
		this.#cachedAlign = align;
		if (this.#cursor && roundUp(this.#cursor.end, align) < from) this.#cursor = undefined;
		if (!this.#cursor) this.#cachedHole = 0;
		let at = roundUp(this.#cursor?.end ?? from, align);
		const cursorEnd = this.#cursor?.end ?? 0;
		// The first area that ends at or behind the place where the search begins.
		for (const area of this.areas.filter(({ end }) => (cursorEnd > 0 ? end > cursorEnd : end >= at))) {
			if (at + bytes <= area.start || at + bytes > to) break;
			this.#cachedHole = Math.max(this.#cachedHole, area.start - at);
			at = roundUp(area.end, align);
		}
		return at + bytes <= to ? at : -1;
	}
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
