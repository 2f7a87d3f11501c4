import { virtual } from '../../../../source/machine/address.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';

/** Conversions of addresses and pages, which change nothing. */
export const look = (program: Program, { a, b }: Step): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	const { layout } = model;
	const pfn = program.pick(program.holdings, a)?.pfn;
	if (pfn !== undefined) {
		twin.do(
			`page_address(${pfn})`,
			() => kernel.pageAddress(pfn) as number,
			() => model.pageAddress(pfn),
		);
		twin.same('pfnOfStruct', kernel.pfnOfStruct(kernel.structPage(pfn)), pfn);
		if (!model.isHighmem(pfn)) {
			const address = virtual(model.lowmemAddress(pfn) + 5);
			twin.same('virt_to_phys', kernel.virtToPhys(address), pfn * 4096 + 5);
			twin.same('phys_to_virt', kernel.physToVirt(pfn * 4096 + 5), address);
			twin.same('virt_addr_valid', kernel.virtAddrValid(address), true);
		}
	}
	const address = program.pick(program.addresses, b);
	if (address === undefined) return;
	const isVmalloc = address >= layout.vmallocStart && address < layout.vmallocEnd;
	twin.same('is_vmalloc_addr', kernel.isVmallocAddress(virtual(address)), isVmalloc);
	if (isVmalloc) twin.same('vmalloc_to_pfn', kernel.vmallocToPfn(virtual(address)), model.mmu.pfnAt(0, address));
	if (model.pkmap?.contains(address))
		twin.same('kmap_to_page', kernel.kmapToPage(virtual(address)), model.mmu.pfnAt(0, address));
};
