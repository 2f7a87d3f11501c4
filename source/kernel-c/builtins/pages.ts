import { PAGE_SIZE, type Pfn, pfn, virtual } from '../../machine/address.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { type Environment, operation, query } from './builtin.ts';

const structPage = ({ kernel }: Environment, frame: number): number =>
	frame === NO_PAGE ? 0 : kernel.structPage(pfn(frame));

/**
 * The page frame whose `struct page` C code hands over. The kernel reads its flags, so an address where nothing is mapped
 * faults; one that is mapped but holds no struct page has no meaning here and faults too.
 */
export const frameOf = (env: Environment, page: number): Pfn => {
	env.touch(page);
	const frame = env.kernel.pfnOfStruct(virtual(page));
	const isPage = env.kernel.structPage(frame) === page && env.kernel.view.pages.page(frame) !== null;
	if (isPage) return frame;
	if (env.isInspecting) return env.fault(['bad page'], 'this is not the address of a struct page');
	const access = { address: page, isWrite: false, hasTable: true, isFixmap: false };
	return env.kernel.words.pageFault(access, 'this is not the address of a struct page');
};

/** mm/page_alloc.c */
export const pageBuiltins = [
	operation(
		'struct page *alloc_pages(gfp_t gfp_mask, unsigned int order)',
		'2^order pages, neighbours in physical memory',
		(env, gfp = 0, order = 0) => structPage(env, env.kernel.allocPages(gfp, order)),
	),
	operation('struct page *alloc_page(gfp_t gfp_mask)', 'one page', (env, gfp = 0) =>
		structPage(env, env.kernel.allocPages(gfp, 0)),
	),
	operation(
		'void __free_pages(struct page *page, unsigned int order)',
		'give back 2^order pages',
		(env, page = 0, order = 0) => env.kernel.freePages(frameOf(env, page), order),
	),
	operation('void __free_page(struct page *page)', 'give back one page', (env, page = 0) =>
		env.kernel.freePages(frameOf(env, page), 0),
	),
	query('int page_count(struct page *page)', 'how many hold the page', (env, page = 0) =>
		env.kernel.pageCount(frameOf(env, page)),
	),
	operation('void get_page(struct page *page)', 'hold the page once more', (env, page = 0) =>
		env.kernel.getPage(frameOf(env, page)),
	),
	operation('void put_page(struct page *page)', 'drop a reference; the last one frees the page', (env, page = 0) =>
		env.kernel.freePages(frameOf(env, page), 0),
	),
	operation(
		'unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)',
		'lowmem address of 2^order pages',
		({ kernel }, gfp = 0, order = 0) => kernel.getFreePages(gfp, order),
	),
	operation('unsigned long __get_free_page(gfp_t gfp_mask)', 'lowmem address of one page', ({ kernel }, gfp = 0) =>
		kernel.getFreePages(gfp, 0),
	),
	operation(
		'unsigned long get_zeroed_page(gfp_t gfp_mask)',
		'lowmem address of one page of zeros',
		({ kernel }, gfp = 0) => {
			const address = kernel.getFreePages(gfp, 0);
			if (address !== 0) fill(kernel, address, 0, PAGE_SIZE);
			return address;
		},
	),
	operation(
		'void free_pages(unsigned long addr, unsigned int order)',
		'give back 2^order pages by address',
		({ kernel }, address = 0, order = 0) => kernel.freePagesAt(virtual(address), order),
	),
	operation('void free_page(unsigned long addr)', 'give back one page by address', ({ kernel }, address = 0) =>
		kernel.freePagesAt(virtual(address), 0),
	),
	query('int PageHighMem(struct page *page)', 'whether the page lies in ZONE_HIGHMEM', (env, page = 0) =>
		env.kernel.isHighmemPage(frameOf(env, page)),
	),
	query(
		'int PageReserved(struct page *page)',
		'whether the page is marked as not for the page allocator',
		(env, page = 0) => env.kernel.pageReserved(frameOf(env, page)),
	),
	operation(
		'void SetPageReserved(struct page *page)',
		'mark a page, as drivers did before they mapped it',
		(env, page = 0) => env.kernel.setPageReserved(frameOf(env, page), true),
	),
	operation('void ClearPageReserved(struct page *page)', 'undo SetPageReserved', (env, page = 0) =>
		env.kernel.setPageReserved(frameOf(env, page), false),
	),
	operation(
		'void split_page(struct page *page, unsigned int order)',
		'make 2^order pages that were allocated as one single ones',
		(env, page = 0, order = 0) => env.kernel.splitPage(frameOf(env, page), order),
	),
	query('int page_mapcount(struct page *page)', 'how often processes map the page', (env, page = 0) => {
		const frame = frameOf(env, page);
		const pages = env.kernel.view.processes.flatMap(process => process.pages());
		return pages.filter(({ pfn: mapped, isZeroPage }) => mapped === frame && !isZeroPage).length;
	}),
	query(
		'int PageSlab(struct page *page)',
		'whether a slab cache has the page',
		(env, page = 0) => env.kernel.view.pages.page(frameOf(env, page))?.isSlab ?? false,
	),
	query('int get_order(unsigned long size)', 'order of the smallest block that holds size bytes', (_env, size = 0) =>
		size <= PAGE_SIZE ? 0 : Math.ceil(Math.log2(Math.ceil(size / PAGE_SIZE))),
	),
	query('unsigned long nr_free_pages(void)', 'free pages of all zones', ({ kernel }) =>
		kernel.view.pages.zones.reduce((sum, zone) => sum + zone.free, 0),
	),
	query('unsigned long nr_free_highpages(void)', 'free pages of ZONE_HIGHMEM', ({ kernel }) =>
		kernel.view.pages.zones.reduce((sum, zone) => sum + (zone.name === 'HighMem' ? zone.free : 0), 0),
	),
];

/** Set bytes, word by word where they are aligned. */
export const fill = (
	kernel: Pick<Environment['kernel'], 'write'>,
	start: number,
	byte: number,
	bytes: number,
): void => {
	const word = BigInt(byte & 0xff) * 0x0101010101010101n;
	for (let at = start, end = start + bytes; at < end; ) {
		const step = at % 8 === 0 && end - at >= 8 ? 8 : 1;
		kernel.write(virtual(at), step, step === 8 ? word : word & 0xffn);
		at += step;
	}
};
