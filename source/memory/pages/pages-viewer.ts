import { type Pfn, pfn as toPfn, virtual } from '../../machine/address.ts';
import type { PagesView, PageView, ZoneView } from '../memory-view.ts';
import type { PageAllocator } from './page-allocator.ts';
import { PAGE_SLAB } from './page-flags.ts';
import { FrameState } from './page-frames.ts';
import type { Zone } from './zones.ts';

/** The page allocator's state, read only. */
export class PagesViewer implements PagesView {
	readonly zones: readonly ZoneView[];
	/** page_address for a HighMem page; who maps such pages sets it. */
	highmemAddress: (pfn: Pfn) => number = () => 0;

	constructor(readonly pages: PageAllocator) {
		this.zones = pages.zones.map(zone => new ZoneViewer(zone));
	}

	page(pfn: Pfn): PageView | null {
		const { pages } = this;
		const { layout, machine } = pages.context;
		const zone = pages.zoneOf(pfn);
		if (zone === undefined) return null;
		const found = pages.frames.find(pfn);
		const isHighmem = pages.isHighmem(pfn);
		return {
			pfn,
			zone,
			state: STATE_NAMES[found.state] ?? 'allocated',
			order: found.order,
			isHighmem,
			isSlab: found.state === FrameState.allocated && (pages.flagsOf(found.head) & PAGE_SLAB) !== 0,
			address: isHighmem ? this.highmemAddress(pfn) : virtual(pfn * 4096 - layout.physOffset + layout.pageOffset),
			structPage: virtual(layout.memMap + (pfn - layout.memMapFirstPfn) * machine.structPageBytes),
		};
	}
}

const STATE_NAMES: Readonly<Record<number, PageView['state']>> = {
	[FrameState.reserved]: 'reserved',
	[FrameState.free]: 'free',
	[FrameState.pcp]: 'pcp',
	[FrameState.allocated]: 'allocated',
};

class ZoneViewer implements ZoneView {
	readonly #zone: Zone;

	constructor(zone: Zone) {
		this.#zone = zone;
	}

	get name() {
		return this.#zone.name;
	}
	get startPfn() {
		return toPfn(this.#zone.startPfn);
	}
	get spanned() {
		return this.#zone.spanned;
	}
	get present() {
		return this.#zone.present;
	}
	get managed() {
		return this.#zone.managed;
	}
	get free() {
		return this.#zone.free;
	}
	get watermarks() {
		return this.#zone.watermarks;
	}
	get lowmemReserve() {
		return this.#zone.lowmemReserve;
	}
	get freeBlocks() {
		return Array.from(this.#zone.freeBlocks);
	}
	get perCpuPages() {
		return this.#zone.perCpu.map(({ count }) => count);
	}
}
