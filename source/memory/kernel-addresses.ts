import { type Pfn, pfnToPhysical, type VirtualAddress, virtual } from '../machine/address.ts';
import { hasHighmem } from '../machine/machine.ts';
import type { KernelContext } from './context.ts';
import type { KernelParts } from './kernel-parts.ts';
import { NO_PAGE } from './operations.ts';
import type { Counters } from './paging/counters.ts';

/** No page frame number is as high: physical addresses have 40 bits. */
const BEYOND_ALL_PAGES = 2 ** 28;

/** The kernel's operations that only look: conversions of addresses, pages and slots. They change nothing. */
export class KernelAddresses {
	readonly context: KernelContext;
	protected readonly counters: Counters;
	/** Pages from here on are highmem. One comparison: kmap and kunmap ask for every page. */
	readonly #firstHighmem: number;

	constructor(readonly parts: KernelParts) {
		this.context = parts.context;
		this.counters = parts.context.counters;
		const { machine, layout } = parts.context;
		this.#firstHighmem = hasHighmem(machine) ? layout.maxLowPfn : BEYOND_ALL_PAGES;
	}

	pageAddress(pfn: Pfn): VirtualAddress {
		if (this.isHighmemPage(pfn)) return virtual(this.parts.pkmap?.pageAddress(pfn) ?? 0);
		return this.parts.conversion.physToVirt(pfnToPhysical(pfn));
	}

	kmapToPage(address: VirtualAddress): Pfn | typeof NO_PAGE {
		if (!this.parts.pkmap?.contains(address)) return this.parts.conversion.virtToPfn(address);
		return this.vmallocToPfn(address);
	}

	isHighmemPage(pfn: Pfn): boolean {
		return pfn >= this.#firstHighmem;
	}

	fixToVirt(index: number): VirtualAddress {
		return this.parts.fixmap.address(index);
	}

	virtToFix(address: VirtualAddress): number {
		return this.parts.fixmap.virtToFix(address);
	}

	vmallocToPfn(address: VirtualAddress): Pfn | typeof NO_PAGE {
		return this.parts.table.translate(address)?.pfn ?? NO_PAGE;
	}

	isVmallocAddress(address: VirtualAddress): boolean {
		return this.parts.conversion.isVmallocAddress(address);
	}

	virtToPhys(address: VirtualAddress): number {
		return this.parts.conversion.virtToPhys(address);
	}

	physToVirt(physical: number): VirtualAddress {
		return this.parts.conversion.physToVirt(physical);
	}

	virtAddrValid(address: VirtualAddress): boolean {
		return this.parts.conversion.virtAddrValid(address);
	}

	structPage(pfn: Pfn): VirtualAddress {
		return this.parts.conversion.structPage(pfn);
	}

	pfnOfStruct(page: VirtualAddress): Pfn {
		return this.parts.conversion.pfnOfStruct(page);
	}

	virtToPfn(address: VirtualAddress): Pfn {
		return this.parts.conversion.virtToPfn(address);
	}
}
