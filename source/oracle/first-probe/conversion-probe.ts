import { PAGE_SIZE, pfn as pfnOf, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { pageEntry } from '../probe-kernel/page-entry.ts';
import type { Trail } from '../trail.ts';

/** The part of lowmem() of the first probe that takes no memory: conversions of addresses, and the border of lowmem. */
export class ConversionProbe {
	constructor(
		readonly kernel: Kernel,
		readonly trail: Trail,
	) {}

	run(): void {
		this.#conversions();
		this.#boundary();
	}

	#conversions(): void {
		const { kernel, trail } = this;
		const { pageOffset } = kernel.context.layout;
		const physical = kernel.virtToPhys(pageOffset);
		trail.expect('virt_to_phys', { virt: pageOffset, result: physical });
		const inside = physical + 0x123456;
		trail.expect('phys_to_virt', { phys: inside, result: kernel.physToVirt(inside) });
	}

	#boundary(): void {
		const { kernel, trail } = this;
		const last = Math.floor(kernel.virtToPhys(virtual(kernel.context.layout.highMemory - 1)) / PAGE_SIZE);
		const of = (pfn: number) => {
			const isValid = this.#isValid(pfn);
			return [
				isValid ? 1 : 0,
				isValid ? (kernel.isHighmemPage(pfnOf(pfn)) ? 1 : 0) : -1,
				isValid ? kernel.pageAddress(pfnOf(pfn)) : 0,
			] as const;
		};
		const [lastValid, lastHigh, lastAddress] = of(last);
		const [nextValid, nextHigh, nextAddress] = of(last + 1);
		trail.expect('lowmem_boundary', {
			last_lowmem_pfn: last,
			last_valid: lastValid,
			last_PageHighMem: lastHigh,
			last_page_address: lastAddress,
			next_valid: nextValid,
			next_PageHighMem: nextHigh,
			next_page_address: nextAddress,
		});
		for (const pfn of [last, last + 1]) {
			if (this.#isValid(pfn)) trail.expect('zone_of', { pfn, zone: kernel.parts.pages.zoneOf(pfnOf(pfn)) });
		}
		const beyond = virtual(kernel.context.layout.highMemory);
		trail.expect('pte', { addr: beyond, pte: pageEntry(kernel, beyond) });
	}

	/** pfn_valid with FLATMEM. ARM asks memblock, x86 whether it is below max_pfn. */
	#isValid(pfn: number): boolean {
		const { machine, layout } = this.kernel.context;
		if (machine.arch === 'x86') return pfn < layout.maxPfn;
		return layout.ramPages.some(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn);
	}
}
