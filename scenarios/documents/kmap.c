// SPDX-License-Identifier: MIT
/*
 * Permanent mapping: one highmem page gets an address in the pkmap window.
 *
 * kmap() takes the next free slot behind the one that was taken last, so the address tells how far the cursor has come
 * since boot. kunmap() empties nothing: the slot keeps its page, with count 1, until the cursor wraps and all such slots
 * are flushed together.
 */
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/version.h>
#include <asm/fixmap.h>
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

static int __init kmap_example_init(void)
{
	struct page *page;
	unsigned int *words;

	printk("kmap example init\n");
	print_ranges();

	page = alloc_pages(__GFP_HIGHMEM, 0);
	if (!page)
		return -ENOMEM;

	words = kmap(page);
	printk("[*]unsigned int *KMAP_int:       Address: %#08x\n", (unsigned int)words);
	kunmap(page);

	__free_pages(page, 0);

	return 0;
}

static void __exit kmap_example_exit(void)
{
	printk("kmap example exit\n");
}

module_init(kmap_example_init);
module_exit(kmap_example_exit);

MODULE_DESCRIPTION("A highmem page in the pkmap window");
MODULE_LICENSE("Dual MIT/GPL");
