import { pfn, pfnToPhysical, physicalToPfn, virtual } from '../../machine/address.ts';
import { query } from './builtin.ts';

/** asm/memory.h, asm/page.h: arithmetic, right or wrong, as in the kernel. */
export const conversionBuiltins = [
	...['virt_to_phys', '__pa'].map(name =>
		query(`phys_addr_t ${name}(address vaddr)`, 'physical address of a lowmem address', (env, address = 0) =>
			env.kernel.virtToPhys(virtual(address), env.isInspecting),
		),
	),
	...['phys_to_virt', '__va'].map(name =>
		query(`void *${name}(phys_addr_t paddr)`, 'lowmem address of a physical address', ({ kernel }, physical = 0) =>
			kernel.physToVirt(physical),
		),
	),
	query('struct page *virt_to_page(address kaddr)', 'page of a lowmem address', ({ kernel }, address = 0) =>
		kernel.structPage(kernel.virtToPfn(virtual(address))),
	),
	query(
		'unsigned long virt_to_pfn(address kaddr)',
		'page frame number of a lowmem address',
		({ kernel }, address = 0) => kernel.virtToPfn(virtual(address)),
	),
	query('void *pfn_to_virt(unsigned long pfn)', 'lowmem address of a page frame', ({ kernel }, frame = 0) =>
		kernel.physToVirt(pfnToPhysical(pfn(frame))),
	),
	query('unsigned long page_to_pfn(struct page *page)', 'page frame number of a page', ({ kernel }, page = 0) =>
		kernel.pfnOfStruct(virtual(page)),
	),
	query('struct page *pfn_to_page(unsigned long pfn)', 'struct page of a page frame', ({ kernel }, frame = 0) =>
		kernel.structPage(pfn(frame)),
	),
	query('phys_addr_t page_to_phys(struct page *page)', 'physical address of a page', (env, page = 0) =>
		pfnToPhysical(env.kernel.pfnOfStruct(virtual(page))),
	),
	query('struct page *phys_to_page(phys_addr_t phys)', 'page of a physical address', ({ kernel }, physical = 0) =>
		kernel.structPage(physicalToPfn(physical)),
	),
	query('bool virt_addr_valid(address kaddr)', 'whether this is an address of lowmem', ({ kernel }, address = 0) =>
		kernel.virtAddrValid(virtual(address)),
	),
	query(
		'bool pfn_valid(unsigned long pfn)',
		'whether that page frame has a struct page',
		({ kernel }, frame = 0) => kernel.view.pages.page(pfn(frame)) !== null,
	),
];
