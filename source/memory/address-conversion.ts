import type { Layout } from '../layout/layout.ts';
import { PAGE_SIZE, type Pfn, pfn as toPfn, type VirtualAddress, virtual } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';

const FOUR_GIB = 2 ** 32;

/**
 * Conversions between virtual addresses, physical addresses and struct pages (asm/memory.h, asm/page.h). Pure arithmetic:
 * outside lowmem the results are numbers without meaning, as in the kernel.
 */
export class AddressConversion {
	readonly #lastPfn: number;
	readonly #isWide: boolean;

	constructor(
		readonly machine: Machine,
		readonly layout: Layout,
	) {
		this.#lastPfn = layout.maxPfn;
		this.#isWide = machine.arch === 'arm' && machine.lpae;
	}

	/** __pa: wraps at 4 GiB like the 32-bit subtraction it is. With LPAE phys_addr_t is wider, and lowmem may lie above. */
	virtToPhys(address: number): number {
		const physical = address - this.layout.pageOffset + this.layout.physOffset;
		if (physical < 0) return physical + FOUR_GIB;
		return this.#isWide ? physical : physical % FOUR_GIB;
	}

	physToVirt(physical: number): VirtualAddress {
		return virtual((physical - this.layout.physOffset + this.layout.pageOffset) % FOUR_GIB);
	}

	virtToPfn(address: number): Pfn {
		return toPfn(Math.floor(this.virtToPhys(address) / PAGE_SIZE));
	}

	/** pfn_valid: whether a struct page exists for it. */
	pfnValid(pfn: number): boolean {
		if (this.machine.arch === 'x86') return pfn >= 0 && pfn < this.#lastPfn;
		return this.layout.ramPages.some(range => pfn >= range.startPfn && pfn < range.endPfn);
	}

	/**
	 * virt_addr_valid. ARM asks for a lowmem address; x86 only refuses user space, vmalloc and pages beyond the last, so
	 * that a kmap address passes there.
	 */
	virtAddrValid(address: number): boolean {
		const { pageOffset, highMemory } = this.layout;
		if (address < pageOffset) return false;
		if (this.machine.arch === 'arm') return address < highMemory && this.pfnValid(this.virtToPfn(address));
		if (address >= this.layout.fixmap.start) return false;
		return !this.isVmallocAddress(address) && this.pfnValid(this.virtToPfn(address));
	}

	isVmallocAddress(address: number): boolean {
		return address >= this.layout.vmallocStart && address < this.layout.vmallocEnd;
	}

	/** PageHighMem. */
	isHighmemPage(pfn: number): boolean {
		return pfn >= this.layout.maxLowPfn;
	}

	structPage(pfn: number): VirtualAddress {
		return virtual(this.layout.memMap + (pfn - this.layout.memMapFirstPfn) * this.machine.structPageBytes);
	}

	pfnOfStruct(page: number): Pfn {
		return toPfn(this.layout.memMapFirstPfn + Math.floor((page - this.layout.memMap) / this.machine.structPageBytes));
	}
}
