import { alignUp, PAGE_SIZE, type Pfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { KernelContext } from '../context.ts';
import type { Preemption } from '../contexts/preemption.ts';
import { eventCode } from '../event-log.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { MemorySource } from '../memory-source.ts';
import type { VmallocAreaView, VmallocView } from '../memory-view.ts';
import { gfpBits } from '../pages/gfp.ts';
import { counted } from '../paging/counters.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import { RamBlocks } from './ram-blocks.ts';
import { type VmallocRules, vmallocRules } from './vmalloc-rules.ts';
import { type VmallocFailure, VmallocWords } from './vmalloc-words.ts';
import type { VmapArea } from './vmap-area.ts';
import { VmapSpace } from './vmap-space.ts';

const VMALLOC = eventCode('vmalloc');
const VFREE = eventCode('vfree');
const VMAP_LOCKS = counted('vmapLocks');

/** sizeof(struct page *). */
const POINTER_BYTES = 4;

/** A mapping to be made in the kernel's page-mapped space. */
export interface MappingRequest {
	/** Page-aligned, without the guard page. */
	readonly bytes: number;
	readonly align: number;
	readonly from: number;
	readonly to: number;
	readonly kind: VmallocAreaView['kind'];
	readonly caller: string;
	readonly physical?: number;
}

/** What the mappings of the vmalloc space work with. */
export interface VmallocParts {
	readonly context: KernelContext;
	readonly table: KernelPageTable;
	readonly words: KernelWords;
	readonly preemption: Preemption;
	readonly memory: MemorySource;
}

/** vmalloc, vmap and their kin (mm/vmalloc.c): an address range, pages from anywhere, entries in the kernel's tables. */
export class VmallocAllocator implements VmallocView {
	readonly rules: VmallocRules;
	readonly space: VmapSpace;
	readonly ramBlocks: RamBlocks;
	readonly says: VmallocWords;
	readonly #parts: VmallocParts;
	readonly #pageGfp: number;
	readonly #gfpKernel: number;

	constructor(parts: VmallocParts) {
		const { context, table, words, memory } = parts;
		this.#parts = parts;
		this.rules = vmallocRules(context.machine);
		this.says = new VmallocWords(context, words, this.rules);
		this.space = new VmapSpace(context, table, this.rules, area => {
			if (area.rangeObject !== 0) memory.kfree(virtual(area.rangeObject));
		});
		this.ramBlocks = new RamBlocks(context, table, this.space);
		const bits = gfpBits(context.machine.kernel);
		this.#gfpKernel = bits.kernel;
		this.#pageGfp = bits.kernel | bits.highmem;
	}

	get lazyPages(): number {
		return this.space.lazyPages;
	}

	get lazyMaxPages(): number {
		return this.rules.lazyMaxPages;
	}

	get purges(): number {
		return this.space.purges;
	}

	get freeBytes(): number {
		return this.#gaps().reduce((sum, gap) => sum + gap, 0);
	}

	get largestFreeBytes(): number {
		return Math.max(0, ...this.#gaps());
	}

	areas(): readonly VmapArea[] {
		return [...this.space.areas];
	}

	/** @returns 0 on failure, after the kernel has said why. */
	vmalloc(bytes: number, caller: string): VirtualAddress {
		const { layout } = this.#parts.context;
		return this.allocate(bytes, layout.vmallocStart, layout.vmallocEnd, 'vmalloc', caller, PageKind.memory);
	}

	/** vmalloc_32: pages that a device can address with 32 bits; here those that are not highmem. */
	vmalloc32(bytes: number, caller: string): VirtualAddress {
		const { vmallocStart, vmallocEnd } = this.#parts.context.layout;
		return this.allocate(bytes, vmallocStart, vmallocEnd, 'vmalloc', caller, PageKind.memory, this.#gfpKernel);
	}

	/** __vmalloc_node_range: pages for any range, vmalloc's or the modules'. */
	allocate(
		requested: number,
		from: number,
		to: number,
		kind: 'vmalloc' | 'module',
		caller: string,
		pageKind: PageKind,
		pageGfp = this.#pageGfp,
	): VirtualAddress {
		const { context, table, memory } = this.#parts;
		const bytes = alignUp(requested, PAGE_SIZE);
		const count = bytes / PAGE_SIZE;
		if (count === 0) return this.#fail(requested, { cause: 'size 0' });
		if (count > memory.totalPages) return this.#fail(requested, { cause: 'more than RAM' });
		const area = this.map({ bytes, align: 1, from, to, kind, caller });
		if (!area) return this.#fail(requested, { cause: 'no range' });
		if (kind !== 'module' && !this.#makePageArray(area, count)) {
			this.release(area);
			return virtual(0);
		}
		const pages: number[] = [];
		for (let index = 0; index < count; index++) {
			const page = memory.allocPages(pageGfp, 0);
			if (page < 0) {
				area.ownPages = pages;
				this.release(area);
				return this.#fail(requested, { cause: 'no page', gotBytes: index * PAGE_SIZE });
			}
			pages.push(page);
		}
		if (!table.makeTables(area.start, area.start + bytes)) {
			area.ownPages = pages;
			this.release(area);
			return this.#fail(requested, { cause: 'no page', gotBytes: bytes });
		}
		for (let index = 0; index < count; index++) table.set(area.start + index * PAGE_SIZE, pages[index] ?? 0, pageKind);
		area.ownPages = pages;
		context.events.record(VMALLOC, area.start, area.bytes, count);
		return area.start;
	}

	vfree(address: VirtualAddress): void {
		const { vfreeSleepsAt, vfreeInInterruptAt } = this.rules;
		// From 3.10 on the work is put off in an interrupt, so that it may be called there.
		if (vfreeInInterruptAt !== undefined) this.#refuseInterrupt(vfreeInInterruptAt, 'vfree');
		if (address === 0) return;
		const { preemption } = this.#parts;
		if (vfreeSleepsAt !== undefined && !preemption.state.isInterrupt)
			preemption.mightSleep(vfreeSleepsAt, 'freedWhileAtomic');
		const area = this.#find(address, 'vfree');
		if (area) this.release(area);
	}

	/** vmap: an area for pages that somebody else owns, in their order. */
	vmap(pfns: readonly Pfn[], caller: string): VirtualAddress {
		const { context, table, memory } = this.#parts;
		const { vmallocStart: from, vmallocEnd: to } = context.layout;
		if (pfns.length === 0 || pfns.length > memory.totalPages) return virtual(0);
		const bytes = pfns.length * PAGE_SIZE;
		const area = this.map({ bytes, align: 1, from, to, kind: 'vmap', caller });
		if (!area) return virtual(0);
		if (!table.makeTables(area.start, area.start + bytes)) {
			this.release(area);
			return virtual(0);
		}
		for (const [index, page] of pfns.entries()) table.set(area.start + index * PAGE_SIZE, page);
		context.events.record(VMALLOC, area.start, area.bytes, pfns.length);
		return area.start;
	}

	/** vunmap: the mapping goes, the pages stay, also those of a vmalloc area, which then leak. */
	vunmap(address: VirtualAddress): void {
		this.#refuseInterrupt(this.rules.vunmapInInterruptAt, 'vunmap');
		if (address === 0) return;
		const area = this.#find(address, 'vunmap');
		if (!area) return;
		area.ownPages = null;
		this.release(area);
	}

	/** __get_vm_area_node: an address range with its guard page, nothing mapped yet. null when there is none. */
	map(request: MappingRequest): VmapArea | null {
		const { context, memory } = this.#parts;
		this.#refuseInterrupt(this.rules.inInterruptAt, '__get_vm_area_node');
		const { bytes, align, from, to, kind, caller, physical } = request;
		const hasObjects = kind !== 'module';
		// Once to find the range (alloc_vmap_area), once to give it to its owner (setup_vmalloc_vm).
		context.counters.add(VMAP_LOCKS, 2);
		const structObject = hasObjects ? memory.kmalloc(this.rules.structObjectBytes, this.#gfpKernel) : 0;
		const rangeBytes = hasObjects ? this.rules.rangeObjectBytes : 0;
		if (hasObjects && structObject === 0) return null;
		const rangeObject = rangeBytes > 0 ? memory.kmalloc(rangeBytes, this.#gfpKernel) : 0;
		if (rangeBytes > 0 && rangeObject === 0) {
			memory.kfree(virtual(structObject));
			return null;
		}
		const use = { kind, caller, pages: bytes / PAGE_SIZE, step: context.step };
		const withGuard = bytes + PAGE_SIZE;
		const area = this.space.take(
			{ bytes: withGuard, align, from, to },
			physical === undefined ? use : { ...use, physical },
		);
		if (!area) {
			this.says.noRange(withGuard, from, to);
			if (rangeObject !== 0) memory.kfree(virtual(rangeObject));
			if (structObject !== 0) memory.kfree(virtual(structObject));
			return null;
		}
		area.structObject = structObject;
		area.rangeObject = rangeObject;
		return area;
	}

	/** Unmap an area, give its pages back, and free its range lazily. */
	release(area: VmapArea): void {
		const { context, table, memory } = this.#parts;
		context.counters.add(VMAP_LOCKS);
		for (let page = 0; page < area.pages; page++) table.clear(area.start + page * PAGE_SIZE);
		context.events.record(VFREE, area.start, area.bytes);
		this.space.free(area);
		for (const page of area.ownPages ?? []) memory.freePages(page as Pfn, 0);
		area.ownPages = null;
		const { pageArray, structObject } = area;
		area.pageArray = 0;
		area.structObject = 0;
		if (pageArray !== 0) {
			const inner = this.space.areas.containing(pageArray);
			if (inner) this.release(inner);
			else memory.kfree(virtual(pageArray));
		}
		if (structObject !== 0) memory.kfree(virtual(structObject));
	}

	/** The area in use at `address`; lazily freed ones do not count. */
	areaAt(address: number): VmapArea | null {
		const area = this.space.areas.containing(address);
		return area && !area.isLazy ? area : null;
	}

	/** The array of struct page pointers; beyond one page it is vmalloc'ed itself. */
	#makePageArray(area: VmapArea, count: number): boolean {
		const { memory, context } = this.#parts;
		const bytes = count * POINTER_BYTES;
		area.pageArray =
			bytes <= PAGE_SIZE
				? memory.kmalloc(bytes, this.#gfpKernel)
				: this.vmalloc(bytes, area.caller || context.task.comm);
		return area.pageArray !== 0;
	}

	/** BUG_ON(in_interrupt()) of a function that may sleep. */
	#refuseInterrupt(where: string, name: string): void {
		const { preemption, words } = this.#parts;
		if (!preemption.state.isInterrupt) return;
		words.bug(where, 'vmalloc, vmap, vunmap and ioremap may sleep, and this is an interrupt', name);
	}

	#find(address: VirtualAddress, call: 'vfree' | 'vunmap'): VmapArea | null {
		this.#parts.context.counters.add(VMAP_LOCKS);
		if (address % PAGE_SIZE !== 0) {
			this.says.badAddress(address);
			return null;
		}
		const area = this.space.areas.containing(address);
		if (area && !area.isLazy) return area;
		this.says.noArea(address, call, area !== null);
		return null;
	}

	#fail(bytes: number, failure: VmallocFailure): VirtualAddress {
		this.says.failed(bytes, failure);
		return virtual(0);
	}

	#gaps(): number[] {
		const { vmallocStart, vmallocEnd } = this.#parts.context.layout;
		const gaps: number[] = [];
		let end: number = vmallocStart;
		for (const area of this.space.areas) {
			if (area.start < vmallocStart || area.start >= vmallocEnd) continue;
			gaps.push(area.start - end);
			end = area.end;
		}
		gaps.push(vmallocEnd - end);
		return gaps;
	}
}
