// SPDX-License-Identifier: MIT
/*
 * Temporary mapping by hand: what kmap_atomic() does, from its parts.
 *
 * The slot comes from this CPU's stack of kmap slots, its fixmap index from the slot, its address from the index. The
 * index that is turned into an address must be the one that set_fixmap() gets, FIX_KMAP_BEGIN included, else another
 * page than the printed one is mapped.
 *
 * kmap_atomic_idx_pop() is left out on purpose. The slot stays taken on this CPU, and whoever maps next gets the one
 * below it: load atomic_high.c afterwards to see it.
 */
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/smp.h>
#include <linux/version.h>
#include <asm/fixmap.h>
#include <asm/kmap_types.h>
#include <asm/pgtable.h>

#define RULE "***************************************************\n"

/* The exclusive end of the fixmap has a name of its own on ARM since 3.19. */
#if defined(CONFIG_ARM) && LINUX_VERSION_CODE >= KERNEL_VERSION(3, 19, 0)
#define FIXMAP_END FIXADDR_END
#else
#define FIXMAP_END FIXADDR_TOP
#endif

static void print_range(const char *name, unsigned long start, unsigned long end)
{
	printk("%-12s %8lx -- %8lx\n", name, start, end);
}

static void print_ranges(void)
{
	printk(RULE);
	print_range("FIXMAP:", FIXADDR_START, FIXMAP_END);
	print_range("VMALLOC:", VMALLOC_START, VMALLOC_END);
	print_range("LOWMEM:", PAGE_OFFSET, (unsigned long)high_memory);
#ifdef CONFIG_HIGHMEM
	print_range("PKMAP:", PKMAP_BASE, PKMAP_BASE + LAST_PKMAP * PAGE_SIZE);
#endif
	printk(RULE);
}

static int __init lowapi_atomic_example_init(void)
{
	struct page *page;
	unsigned long address;
	int index;

	printk("lowapi_atomic map example init\n");
	print_ranges();

	page = alloc_page(__GFP_HIGHMEM);
	if (!page)
		return -ENOMEM;

	index = FIX_KMAP_BEGIN + KM_TYPE_NR * smp_processor_id() + kmap_atomic_idx_push();
	address = __fix_to_virt(index);
	set_fixmap(index, page_to_phys(page));
	/* The label is spelt as the board printed it. */
	printk("[*]unsignd long vaddr:       Address: %#08x\n", (unsigned int)address);
	clear_fixmap(index);

	__free_page(page);

	return 0;
}

static void __exit lowapi_atomic_example_exit(void)
{
	printk("lowapi_atomic map example exit\n");
}

module_init(lowapi_atomic_example_init);
module_exit(lowapi_atomic_example_exit);

MODULE_DESCRIPTION("A highmem page in the fixmap, without kmap_atomic");
MODULE_LICENSE("Dual MIT/GPL");
