import { PAGE_SIZE, type Pfn, pfn, virtual } from '../../machine/address.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { type Availability, type Environment, operation, query } from './builtin.ts';
import { fill, frameOf } from './pages.ts';

// arch/arm/include/asm/fixmap.h has had set_fixmap since 3.19 only.
const SET_FIXMAP: readonly Availability[] = [{ arch: 'x86' }, { arch: 'arm', since: '3.19' }];

const setFixmap = SET_FIXMAP.flatMap(when => [
	operation(
		'void set_fixmap(int idx, phys_addr_t phys)',
		'map a physical page at a fixmap index',
		({ kernel }, index = 0, physical = 0) => kernel.setFixmap(index, physical),
		when,
	),
	operation(
		'void set_fixmap_nocache(int idx, phys_addr_t phys)',
		'map a physical page uncached at a fixmap index',
		({ kernel }, index = 0, physical = 0) => kernel.setFixmap(index, physical),
		when,
	),
	operation(
		'void clear_fixmap(int idx)',
		'unmap a fixmap index',
		({ kernel }, index = 0) => kernel.clearFixmap(index),
		when,
	),
]);

/** asm/fixmap.h */
const fixmapBuiltins = [
	...['__fix_to_virt', 'fix_to_virt'].map(name =>
		query(`unsigned long ${name}(unsigned int idx)`, 'address of a fixmap index', ({ kernel }, index = 0) =>
			kernel.fixToVirt(index),
		),
	),
	...['__virt_to_fix', 'virt_to_fix'].map(name =>
		query(`unsigned long ${name}(unsigned long vaddr)`, 'fixmap index of an address', ({ kernel }, address = 0) =>
			kernel.virtToFix(virtual(address)),
		),
	),
	...setFixmap,
];

const vfree = ({ kernel }: Environment, address = 0) => {
	if (address !== 0) kernel.vfree(virtual(address));
};

/** The page frames of an array of struct page *. */
const framesAt = (env: Environment, pages: number, count: number): readonly Pfn[] =>
	Array.from({ length: count }, (_, index) => frameOf(env, Number(env.kernel.read(virtual(pages + 4 * index), 4))));

/** The protection went with 5.8. */
const vmMapRam = [
	operation(
		'void *vm_map_ram(struct page **pages, unsigned int count, int node, unsigned long prot)',
		'map a few pages for a short time, without a guard page',
		(env, pages = 0, count = 0) => env.kernel.vmMapRam(framesAt(env, pages, count)),
		{ since: '2.6.28', before: '5.8' },
	),
	operation(
		'void *vm_map_ram(struct page **pages, unsigned int count, int node)',
		'map a few pages for a short time, without a guard page',
		(env, pages = 0, count = 0) => env.kernel.vmMapRam(framesAt(env, pages, count)),
		{ since: '5.8' },
	),
];

/** mm/vmalloc.c, arch ioremap.c */
const vmallocBuiltins = [
	operation(
		'void *vmalloc(unsigned long size)',
		'memory of single pages, mapped side by side',
		({ kernel, caller }, bytes = 0) => kernel.vmalloc(bytes, caller),
	),
	operation(
		'void *vzalloc(unsigned long size)',
		'vmalloc, zeroed',
		({ kernel, caller }, bytes = 0) => kernel.vzalloc(bytes, caller),
		{ since: '2.6.37' },
	),
	operation(
		'void *vmalloc_32(unsigned long size)',
		'vmalloc of pages that 32 bits reach',
		({ kernel, caller }, bytes = 0) => kernel.vmalloc32(bytes, caller),
	),
	operation('void vfree(const void *addr)', 'give back what vmalloc gave', vfree),
	operation(
		'void *vmap(struct page **pages, unsigned int count, unsigned long flags, unsigned long prot)',
		'map an array of pages side by side',
		(env, pages = 0, count = 0) => {
			if (count > env.kernel.view.pages.zones.reduce((sum, zone) => sum + zone.managed, 0)) return 0;
			return env.kernel.vmap(framesAt(env, pages, count), env.caller);
		},
	),
	operation('void vunmap(const void *addr)', 'drop a mapping of vmap; the pages stay', ({ kernel }, address = 0) => {
		if (address !== 0) kernel.vunmap(virtual(address));
	}),
	operation(
		'void *ioremap(phys_addr_t phys_addr, unsigned long size)',
		'map device registers',
		({ kernel, caller }, physical = 0, bytes = 0) => kernel.ioremap(physical, bytes, caller),
	),
	operation('void iounmap(const void *addr)', 'drop a mapping of ioremap', ({ kernel }, address = 0) =>
		kernel.iounmap(virtual(address)),
	),
	operation(
		'void vm_unmap_aliases(void)',
		'purge lazily freed vmalloc ranges now',
		({ kernel }) => kernel.vmUnmapAliases(),
		{ since: '2.6.28' },
	),
	...vmMapRam,
	operation(
		'void vm_unmap_ram(const void *mem, unsigned int count)',
		'drop a mapping of vm_map_ram',
		({ kernel }, address = 0, count = 0) => kernel.vmUnmapRam(virtual(address), count),
		{ since: '2.6.28' },
	),
	query(
		'struct page *vmalloc_to_page(const void *addr)',
		'page behind a vmalloc address, by walking the page tables',
		({ kernel, isInspecting }, address = 0) => {
			const frame = kernel.vmallocToPfn(virtual(address), isInspecting);
			return frame === NO_PAGE ? 0 : kernel.structPage(pfn(frame));
		},
	),
	query(
		'unsigned long vmalloc_to_pfn(const void *addr)',
		'page frame number behind a vmalloc address',
		({ kernel, isInspecting }, address = 0) => {
			const frame = kernel.vmallocToPfn(virtual(address), isInspecting);
			// page_to_pfn(NULL) is what the kernel computes for an address without a page.
			return frame === NO_PAGE ? kernel.pfnOfStruct(virtual(0)) : frame;
		},
	),
	query(
		'bool is_vmalloc_addr(const void *addr)',
		'whether VMALLOC_START <= addr < VMALLOC_END',
		({ kernel }, address = 0) => kernel.isVmallocAddress(virtual(address)),
	),
];

const kfree = ({ kernel }: Environment, address = 0) => {
	if (address !== 0) kernel.kfree(virtual(address));
};

/** kcalloc and kmalloc_array give NULL when n * size does not fit a size_t. */
const product = (count: number, size: number): number | undefined =>
	count * size > 0xffffffff ? undefined : count * size;

/** mm/slub.c, include/linux/slab.h */
const slabBuiltins = [
	operation(
		'void *kmalloc(size_t size, gfp_t flags)',
		'memory from the slab caches, contiguous, in lowmem',
		({ kernel }, bytes = 0, gfp = 0) => kernel.kmalloc(bytes, gfp),
	),
	operation('void *kzalloc(size_t size, gfp_t flags)', 'kmalloc, zeroed', ({ kernel }, bytes = 0, gfp = 0) =>
		kernel.kzalloc(bytes, gfp),
	),
	operation(
		'void *kcalloc(size_t n, size_t size, gfp_t flags)',
		'zeroed memory for an array',
		({ kernel }, count = 0, size = 0, gfp = 0) => {
			const bytes = product(count, size);
			return bytes === undefined ? 0 : kernel.kzalloc(bytes, gfp);
		},
	),
	operation(
		'void *kmalloc_array(size_t n, size_t size, gfp_t flags)',
		'memory for an array',
		({ kernel }, count = 0, size = 0, gfp = 0) => {
			const bytes = product(count, size);
			return bytes === undefined ? 0 : kernel.kmalloc(bytes, gfp);
		},
		{ since: '3.4' },
	),
	operation('void kfree(const void *objp)', 'give back what kmalloc gave', kfree),
	query('size_t ksize(const void *objp)', 'bytes that an object of kmalloc really has', ({ kernel }, address = 0) =>
		kernel.ksize(virtual(address)),
	),
	operation(
		'void *kvmalloc(size_t size, gfp_t flags)',
		'kmalloc, else vmalloc',
		({ kernel, caller }, bytes = 0, gfp = 0) =>
			(bytes <= PAGE_SIZE ? kernel.kmalloc(bytes, gfp) : 0) || kernel.vmalloc(bytes, caller),
		{ since: '4.12' },
	),
	operation(
		'void kvfree(const void *addr)',
		'give back what kvmalloc gave',
		(env, address = 0) => (env.kernel.isVmallocAddress(virtual(address)) ? vfree(env, address) : kfree(env, address)),
		{ since: '3.15' },
	),
];

/** Helpers on whole highmem pages (include/linux/highmem.h): each maps and unmaps its pages. */
const wholePageBuiltins = [
	operation('void clear_highpage(struct page *page)', 'zero a page through kmap_atomic', (env, page = 0) => {
		const address = env.kernel.kmapAtomic(frameOf(env, page));
		fill(env.kernel, address, 0, PAGE_SIZE);
		env.kernel.kunmapAtomic(address);
	}),
	operation(
		'void copy_highpage(struct page *to, struct page *from)',
		'copy a page through two kmap_atomic',
		(env, to = 0, from = 0) => {
			const { kernel } = env;
			const source = kernel.kmapAtomic(frameOf(env, from));
			const target = kernel.kmapAtomic(frameOf(env, to));
			for (let at = 0; at < PAGE_SIZE; at += 8)
				kernel.write(virtual(target + at), 8, kernel.read(virtual(source + at), 8));
			kernel.kunmapAtomic(target);
			kernel.kunmapAtomic(source);
		},
	),
];

export const areaBuiltins = [...fixmapBuiltins, ...vmallocBuiltins, ...slabBuiltins, ...wholePageBuiltins];
