import type { FaultCases } from '../fault-case.ts';

const OBJECT = 'char *p = kmalloc(64, GFP_KERNEL);';
const AREA = 'void *p = vmalloc(8192);';

/** What others had of the slab: with slub_debug a report tells it. */
const OTHERS = { OTHERS: /used=(\d+) fp=/ };
const TAKE_OTHERS = 'int others; for (others = 0; others < OTHERS; others++) kmalloc(64, GFP_KERNEL);';

/** Pages, objects and areas given back twice, wrongly, or by whom they do not belong to. */
export const FREEING: FaultCases = {
	free_page_twice: {
		body: `struct page *p = alloc_page(GFP_KERNEL);
	say("page pfn 0x%lx virt 0x%08lx count %d", page_to_pfn(p), A(page_address(p)), page_count(p)); __free_page(p);
	say("second __free_page, count %d", page_count(p)); __free_page(p); say("went on"); next_pages();`,
	},
	free_page_twice_high: {
		body: `struct page *p = alloc_page(GFP_HIGHUSER); say("page pfn 0x%lx", page_to_pfn(p)); __free_page(p);
	say("second __free_page"); __free_page(p); say("went on"); next_pages();`,
	},
	put_page_extra: {
		body: `struct page *p = alloc_page(GFP_KERNEL); say("page pfn 0x%lx", page_to_pfn(p)); put_page(p);
	say("second put_page, count %d", page_count(p)); put_page(p); say("went on, count %d", page_count(p)); next_pages();`,
	},
	free_order_small: {
		body: `struct page *p = alloc_pages(GFP_KERNEL, 2);
	say("order 2 block pfn 0x%lx, freeing as order 0", page_to_pfn(p)); __free_page(p); say("went on"); next_pages();`,
	},
	free_pages_tail: {
		body: `unsigned long a = __get_free_pages(GFP_KERNEL, 2); say("order 2 block 0x%08lx, free_page of its 2nd page", a);
	free_page(a + PAGE_SIZE); say("went on"); next_pages();`,
	},
	free_page_mapped: {
		body: `struct page *p = alloc_page(GFP_KERNEL); get_page(p);
	say("page pfn 0x%lx count %d, __free_page", page_to_pfn(p), page_count(p)); __free_page(p);
	say("count %d", page_count(p)); __free_page(p); say("went on");`,
	},
	free_page_wild: {
		body: `unsigned long a = A(high_memory) + (64 << 20); say("free_page(0x%08lx), not a lowmem address", a);
	free_page(a); say("went on");`,
	},
	free_page_kmalloc: {
		body: `void *p = kmalloc(64, GFP_KERNEL); say("free_page of a kmalloc(64) object 0x%08lx", A(p));
	free_page(A(p)); say("went on"); next_pages();`,
	},
	free_order_big: {
		facts: { NEIGHBOUR: /next page: count (\d+)/ },
		body: `struct page *p = alloc_page(GFP_KERNEL), *q = alloc_page(GFP_KERNEL);
	while ((page_to_pfn(p) & 1) || q != p + 1) { if (q + 1 == p && !(page_to_pfn(q) & 1)) { struct page *r = p; p = q; q = r; } else { p = q; q = alloc_page(GFP_KERNEL); } }
	if (!NEIGHBOUR) __free_page(q);
	say("page pfn 0x%lx virt 0x%08lx order 0, freeing as order 1 (next page: count %d)", page_to_pfn(p), A(page_address(p)), page_count(p + 1));
	free_pages(A(page_address(p)), 1); say("went on"); next_pages();`,
	},
	kfree_twice: {
		facts: OTHERS,
		body: `${TAKE_OTHERS} ${OBJECT} say("kmalloc(64) = 0x%08lx", A(p)); kfree(p); say("second kfree"); kfree(p); say("went on"); next_objects(64);`,
	},
	kfree_twice_between: {
		facts: OTHERS,
		body: `${TAKE_OTHERS} ${OBJECT} char *q = kmalloc(64, GFP_KERNEL); say("p = 0x%08lx q = 0x%08lx; kfree(p) kfree(q) kfree(p)", A(p), A(q));
	kfree(p); kfree(q); kfree(p); say("went on"); next_objects(64);`,
	},
	kfree_twice_big: {
		body: `void *p = kmalloc(65536, GFP_KERNEL); say("kmalloc(64K) = 0x%08lx", A(p)); kfree(p); say("second kfree");
	kfree(p); say("went on"); next_objects(65536);`,
	},
	kfree_vmalloc: { body: `${AREA} say("kfree(0x%08lx), a vmalloc address", A(p)); kfree(p); say("went on");` },
	kfree_stack: {
		facts: { STACK: /kfree\((0x\w+)\), a stack address/ },
		body: `unsigned long b = A(STACK > A(high_memory) ? vmalloc(8192) : page_address(alloc_pages(GFP_KERNEL, 1))) + 0xd98;
	say("kfree(0x%08lx), a stack address", b); kfree((void *)b); say("went on");`,
	},
	kfree_unaligned: {
		body: `${OBJECT} say("kmalloc(64) = 0x%08lx, kfree(+4)", A(p)); kfree(p + 4); say("went on"); next_objects(64);`,
	},
	kfree_odd: {
		body: `${OBJECT} say("kmalloc(64) = 0x%08lx, kfree(+1)", A(p)); kfree(p + 1); say("went on"); next_objects(64);`,
	},
	kmalloc_overrun: {
		body: `char *p = kmalloc(60, GFP_KERNEL); say("kmalloc(60) = 0x%08lx, writing 8 bytes from +60, then kfree", A(p));
	wr(A(p + 60), 0x41414141); wr(A(p + 64), 0x42424242); kfree(p); say("went on"); next_objects(64);`,
	},
	kmalloc_uaf_write: {
		body: `${OBJECT} kfree(p); say("kmalloc(64) = 0x%08lx, freed, reads 0x%08x, writing +8", A(p), rd(A(p)));
	wr(A(p + 8), 0x43434343); say("written"); next_objects(64); say("went on");`,
	},
	kfree_page: {
		body: `unsigned long a = __get_free_page(GFP_KERNEL); say("kfree of __get_free_page 0x%08lx", a); kfree((void *)a);
	say("went on"); next_pages();`,
	},
	kfree_pages_tail: {
		body: `unsigned long a = A(kmalloc(65536, GFP_KERNEL)); say("kmalloc(64K) = 0x%08lx, kfree(+4096)", a);
	kfree((void *)(a + 4096)); say("went on");`,
	},
	kfree_static: {
		file: 'static int rw_word = 5;',
		body: 'say("kfree of a module variable 0x%08lx", A(&rw_word)); kfree(&rw_word); say("went on");',
	},
	kfree_kernel_data: {
		facts: { DATA: /kfree of kernel data (0x\w+)/ },
		body: 'void *p = (void *)DATA; say("kfree of kernel data 0x%08lx", A(p)); kfree(p); say("went on");',
	},
	kfree_small_int: { body: 'say("kfree(0x1000)"); kfree((void *)0x1000); say("went on");' },
	kfree_zero: {
		body: `void *p = kmalloc(0, GFP_KERNEL); say("kmalloc(0) = 0x%08lx", A(p)); kfree(p); kfree(NULL); vfree(NULL);
	say("went on");`,
	},
	vfree_unaligned: { body: `${AREA} say("vmalloc = 0x%08lx, vfree(+4)", A(p)); vfree(p + 4); say("went on");` },
	vfree_middle: {
		body: `${AREA} say("vmalloc = 0x%08lx, vfree(+4096)", A(p)); vfree(p + 4096);
	say("went on; pte of +0 0x%llx of +4096 0x%llx", getpte(A(p)), getpte(A(p) + 4096));`,
	},
	vfree_noarea: {
		body: `void *p = (void *)((VMALLOC_END - (1 << 20)) & PAGE_MASK); say("vfree(0x%08lx), no area there", A(p));
	vfree(p); say("went on");`,
	},
	vfree_twice: {
		body: `${AREA} say("vmalloc = 0x%08lx", A(p)); vfree(p); say("second vfree"); vfree(p); say("went on");`,
	},
	vfree_kmalloc: {
		body: 'void *p = kmalloc(4096, GFP_KERNEL); say("vfree(0x%08lx), a kmalloc address", A(p)); vfree(p); say("went on");',
	},
	vunmap_vmalloc: { body: `${AREA} say("vunmap(0x%08lx) of a vmalloc area", A(p)); vunmap(p); say("went on");` },
	vfree_vmap: {
		body: `struct page *g = alloc_page(GFP_KERNEL); void *p = vmap(&g, 1, VM_MAP, PAGE_KERNEL);
	say("vmap = 0x%08lx, vfree of it", A(p)); vfree(p); say("went on, page count %d", page_count(g));`,
	},
	vfree_ioremap: {
		body: 'void *p = ioremap(IOADDR, 4096); say("ioremap = 0x%08lx, vfree of it", A(p)); vfree(p); say("went on");',
	},
	iounmap_twice: {
		body: `void *v = ioremap(IOADDR, 4096); say("ioremap = 0x%08lx, iounmap", A(v)); iounmap(v); say("second iounmap");
	iounmap(v); say("went on");`,
	},
	iounmap_kmalloc: {
		body: 'void *v = kmalloc(4096, GFP_KERNEL); say("iounmap(0x%08lx), a kmalloc address", A(v)); iounmap(v); say("went on");',
	},
	iounmap_vmalloc: {
		body: 'void *v = vmalloc(4096); say("iounmap(0x%08lx), a vmalloc address", A(v)); iounmap(v); say("went on");',
	},
};
