import type { FaultCases } from '../fault-case.ts';

const KM = `static void km(unsigned int n) { void *p; say("kmalloc(%u)", n); p = kmalloc(n, GFP_KERNEL); say("got 0x%08lx", A(p)); kfree(p); }`;
const VM = `static void vm(unsigned long n) { void *p; say("vmalloc(%lu)", n); p = vmalloc(n); say("got 0x%08lx", A(p)); if (p) vfree(p); }`;
const HOG = 'static struct page *hog[20000];\nstatic unsigned long hogn;';

/** All pages, the largest blocks first, so that a short list holds them. */
const GRAB = `static struct page *grabbed[20000];
static int orders[20000];
static int blocks;
static unsigned long taken;
static void grab(gfp_t flags)
{
	int order;
	struct page *p;
	for (order = 10; order >= 0; order--)
		while (blocks < 20000 && (p = alloc_pages(flags | __GFP_NOWARN, order))) {
			grabbed[blocks] = p;
			orders[blocks++] = order;
			taken += 1ul << order;
		}
}
static void release(void) { while (blocks > 0) { blocks--; __free_pages(grabbed[blocks], orders[blocks]); } }`;

/** All memory that the kernel gives, until the task is to die. */
const OOM = `${GRAB}
static void oom(gfp_t flags)
{
	struct page *p = NULL;
	grab(flags | __GFP_NORETRY);
	while (!fatal_signal_pending(NULL) && (p = alloc_page(flags))) {
		grabbed[blocks] = p;
		orders[blocks++] = 0;
		taken++;
	}
	say("stopped after %lu pages, last %s, killed %d", taken, p ? "a page" : "NULL", fatal_signal_pending(NULL));
	release();
	say("freed");
}`;

/** Requests that are too large, of the wrong kind, or more than there is; and conversions without meaning. */
export const LIMITS: FaultCases = {
	gfp_highmem: {
		body: `unsigned long a; say("__get_free_page(GFP_KERNEL|__GFP_HIGHMEM)"); a = __get_free_page(GFP_KERNEL | __GFP_HIGHMEM);
	say("got 0x%08lx", a);`,
	},
	kmalloc_highmem: {
		body: `void *p; say("kmalloc(64, GFP_KERNEL|__GFP_HIGHMEM)"); p = kmalloc(64, GFP_KERNEL | __GFP_HIGHMEM); say("got 0x%08lx", A(p));`,
	},
	kmalloc_highmem_big: {
		body: `void *p; say("kmalloc(64K, GFP_KERNEL|__GFP_HIGHMEM)"); p = kmalloc(65536, GFP_KERNEL | __GFP_HIGHMEM);
	say("got 0x%08lx", A(p));`,
	},
	kmalloc_4m: { file: KM, body: 'km(4 << 20);' },
	kmalloc_5m: { file: KM, body: 'km((4 << 20) + 1);' },
	kmalloc_16m: { file: KM, body: 'km(16 << 20);' },
	kmalloc_huge: { file: KM, body: 'km((unsigned int)-64); km((unsigned int)1 << 31);' },
	order11: {
		body: `struct page *p; say("alloc_pages(GFP_KERNEL, %u)", 11); p = alloc_pages(GFP_KERNEL, 11); say("got %s", p ? "a block" : "NULL");
	p = alloc_pages(GFP_KERNEL, 10); say("order 10 got %s", p ? "a block" : "NULL"); if (p) __free_pages(p, 10);`,
	},
	order32: {
		body: 'struct page *p; say("alloc_pages(GFP_KERNEL, %u)", 32); p = alloc_pages(GFP_KERNEL, 32); say("got %s", p ? "a block" : "NULL");',
	},
	vmalloc_2g: { file: VM, body: 'vm(2ul << 30);' },
	vmalloc_ram: { file: VM, body: 'vm(1100ul << 20);' },
	vmalloc_area: { file: VM, body: 'vm(300ul << 20);' },
	vmalloc_0: { file: VM, body: 'vm(0);' },
	vmalloc_neg: { file: VM, body: 'vm(-4096ul);' },
	vmalloc_fill: {
		body: `int i; void *p = NULL; for (i = 0; i < 100; i++) { p = vmalloc(8 << 20); if (!p) break; if (i < 2) say("8 MiB no %d at 0x%08lx", i + 1, A(p)); }
	say("failed at no %d", i + 1);`,
	},
	ioremap_fill: {
		body: 'int i; void *p = NULL; for (i = 0; i < 100; i++) { p = ioremap(IOADDR, 8 << 20); if (!p) break; } say("ioremap failed at no %d", i + 1);',
	},
	fail_atomic9: {
		file: HOG,
		body: `struct page *p; while ((p = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, 9))) hog[hogn++] = p;
	say("took %lu order-9 blocks; now GFP_ATOMIC order 9 with warning", hogn); p = alloc_pages(GFP_ATOMIC, 9);
	say("got %s", p ? "a block" : "NULL"); while (hogn) __free_pages(hog[--hogn], 9); say("went on");`,
	},
	fail_norm9: {
		file: HOG,
		body: `struct page *p; while ((p = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, 4))) hog[hogn++] = p;
	say("took %lu order-4 blocks; now GFP_KERNEL|__GFP_NORETRY order 4 with warning", hogn);
	p = alloc_pages(GFP_KERNEL | __GFP_NORETRY, 4); say("got %s", p ? "a block" : "NULL");
	while (hogn) __free_pages(hog[--hogn], 4); say("went on");`,
	},
	fail_atomic0: {
		file: GRAB,
		body: `struct page *p; grab(GFP_ATOMIC); say("took %lu pages; now GFP_ATOMIC order 0 with warning", taken);
	p = alloc_pages(GFP_ATOMIC, 0); say("got %s", p ? "a page" : "NULL"); release(); say("went on");`,
	},
	fail_kmalloc: {
		file: GRAB,
		body: `void *q; int i; grab(GFP_ATOMIC); say("took %lu pages; now kmalloc(2048, GFP_ATOMIC) until NULL", taken);
	for (i = 0; i < 100000; i++) { q = kmalloc(2048, GFP_ATOMIC); if (!q) break; } say("kmalloc no %d got NULL", i + 1);
	release(); say("went on");`,
	},
	oom_kernel: { file: OOM, body: 'oom(GFP_KERNEL);' },
	oom_high: { file: OOM, body: 'oom(GFP_HIGHUSER);' },
	vmalloc_to_page_low: {
		body: `void *p = kmalloc(64, GFP_KERNEL); struct page *q; say("vmalloc_to_page of a kmalloc address 0x%08lx", A(p));
	q = vmalloc_to_page(p); say("got pfn 0x%lx", q ? page_to_pfn(q) : 0);`,
	},
	values: {
		file: 'static int rw_word = 5;',
		body: `unsigned long v = A(vmalloc(4096)), k; struct page *p;
	say("PAGE_OFFSET 0x%08lx high_memory 0x%08lx VMALLOC_START 0x%08lx VMALLOC_END 0x%08lx", A(PAGE_OFFSET), A(high_memory), A(VMALLOC_START), A(VMALLOC_END));
	say("virt_to_phys(vmalloc 0x%08lx) = 0x%08llx, real phys 0x%08llx", v, (u64)virt_to_phys((void *)v), (u64)vmalloc_to_pfn((void *)v) << PAGE_SHIFT);
	say("virt_to_page(vmalloc) pfn 0x%lx, virt_addr_valid(vmalloc) = %d", page_to_pfn(virt_to_page((void *)v)), !!virt_addr_valid((void *)v));
	say("virt_to_phys(NULL) = 0x%08llx", (u64)virt_to_phys(NULL));
	say("virt_to_phys(high_memory) = 0x%08llx, virt_addr_valid(high_memory) = %d, (high_memory-1) = %d", (u64)virt_to_phys(high_memory), !!virt_addr_valid(high_memory), !!virt_addr_valid(high_memory - 1));
	say("virt_to_phys(&module var 0x%08lx) = 0x%08llx", A(&rw_word), (u64)virt_to_phys(&rw_word));
	p = gh(); say("page_address(never mapped highmem page) = 0x%08lx", A(page_address(p)));
	say("phys_to_virt(0x%08llx) = 0x%08lx", (u64)page_to_phys(p), A(phys_to_virt(page_to_phys(p))));
	k = A(kmap(p)); say("kmap = 0x%08lx: __pa = 0x%08lx, real phys 0x%08llx, kmap_to_page ok %d, virt_addr_valid = %d, is_vmalloc_addr = %d", k, A(__pa(k)), (u64)page_to_phys(p), kmap_to_page((void *)k) == p, !!virt_addr_valid((void *)k), is_vmalloc_addr((void *)k)); kunmap(p);
	k = A(kmap_atomic(p)); say("kmap_atomic = 0x%08lx: __pa = 0x%08lx, virt_addr_valid = %d", k, A(__pa(k)), !!virt_addr_valid((void *)k)); kunmap_atomic((void *)k);
	say("vmalloc_to_page(guard) = 0x%08lx", A(vmalloc_to_page((void *)(v + 4096))));`,
	},
	ioremap_ram: {
		body: `struct page *p = alloc_page(GFP_KERNEL); void *v; say("ioremap of lowmem RAM 0x%08llx", (u64)page_to_phys(p));
	v = ioremap(page_to_phys(p), 4096); say("got 0x%08lx", A(v));`,
	},
	ioremap_ram_high: {
		body: `struct page *p = gh(); void *v; say("ioremap of highmem RAM 0x%08llx", (u64)page_to_phys(p));
	v = ioremap(page_to_phys(p), 4096); say("got 0x%08lx", A(v));`,
	},
	ioremap_0: {
		body: 'void *v; say("ioremap(0x%08lx, 0)", A(IOADDR)); v = ioremap(IOADDR, 0); say("got 0x%08lx", A(v));',
	},
	ioremap_wrap: {
		body: 'void *v; say("ioremap(0xfffff000, 8192)"); v = ioremap(0xfffff000, 8192); say("got 0x%08lx", A(v));',
	},
	ioremap_huge: {
		body: 'void *v; say("ioremap(0x%08lx, 0x20000000)", 0x80000000ul); v = ioremap(0x80000000ul, 0x20000000); say("got 0x%08lx", A(v));',
	},
};
