import { type Pfn, pfnToPhysical, type VirtualAddress, virtual } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import { hasHighmem } from '../machine/machine.ts';
import type { KernelContext } from './context.ts';
import type { KernelParts } from './kernel-parts.ts';
import { checkVirtual } from './oops/check-virtual.ts';
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

	kmapToPage(address: VirtualAddress, isQuiet = false): Pfn | typeof NO_PAGE {
		const { conversion, pkmap, table, words } = this.parts;
		if (!pkmap?.contains(address)) return conversion.virtToPfn(address);
		const { kernel } = this.context.machine;
		if (!isQuiet && atLeast(kernel, '6.1'))
			words.warnOnce(`mm/highmem.c:${atLeast(kernel, '6.9') ? 173 : 162} __kmap_to_page`);
		return table.translate(address)?.pfn ?? NO_PAGE;
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

	vmallocToPfn(address: VirtualAddress, isQuiet = false): Pfn | typeof NO_PAGE {
		const { table, words } = this.parts;
		const { kernel } = this.context.machine;
		if (!isQuiet && this.context.machine.debug.virtual && !this.#mayBeVmalloc(address)) {
			words.bug('mm/vmalloc.c:280', 'vmalloc_to_page of an address that vmalloc cannot have given', 'vmalloc_to_page');
		}
		// A section or large page is a bad middle entry, until vmalloc itself began to use such (5.13).
		if (atLeast(kernel, '4.11') && !atLeast(kernel, '5.13') && table.isLarge(address)) {
			if (!isQuiet) words.warnOnce(`mm/vmalloc.c:${atLeast(kernel, '5.0') ? 383 : 301} vmalloc_to_page`);
			return NO_PAGE;
		}
		return table.translate(address)?.pfn ?? NO_PAGE;
	}

	/** is_vmalloc_or_module_addr */
	#mayBeVmalloc(address: VirtualAddress): boolean {
		const { modulesStart, modulesEnd } = this.context.layout;
		return this.isVmallocAddress(address) || (address >= modulesStart && address < modulesEnd);
	}

	isVmallocAddress(address: VirtualAddress): boolean {
		return this.parts.conversion.isVmallocAddress(address);
	}

	virtToPhys(address: VirtualAddress, isQuiet = false): number {
		if (!isQuiet) checkVirtual(this.parts.words, address);
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
