// SPDX-License-Identifier: MIT
/*
 * Temporary mapping: one highmem page gets this CPU's next kmap slot in the fixmap.
 *
 * Between the two calls the task can neither sleep nor move to another CPU. kunmap_atomic() is no formality: it gives the
 * slot back and allows both again, even where it leaves the page table entry as it is.
 */
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/version.h>
#include <asm/fixmap.h>
#include <asm/pgtable.h>

/* Up to 2.6.36 the caller names the slot. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 37)
#define MAP_ATOMIC(page) kmap_atomic(page, KM_USER0)
#define UNMAP_ATOMIC(address) kunmap_atomic(address, KM_USER0)
#else
#define MAP_ATOMIC(page) kmap_atomic(page)
#define UNMAP_ATOMIC(address) kunmap_atomic(address)
#endif

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

static int __init highapi_atomic_example_init(void)
{
	struct page *page;
	unsigned int *words;

	printk("highapi_atomic map example init\n");
	print_ranges();

	page = alloc_pages(__GFP_HIGHMEM, 0);
	if (!page)
		return -ENOMEM;

	words = MAP_ATOMIC(page);
	printk("[*]unsigned int *KMAP_atomic:       Address: %#08x\n", (unsigned int)words);
	UNMAP_ATOMIC(words);

	__free_pages(page, 0);

	return 0;
}

static void __exit highapi_atomic_example_exit(void)
{
	printk("highapi_atomic map example exit\n");
}

module_init(highapi_atomic_example_init);
module_exit(highapi_atomic_example_exit);

MODULE_DESCRIPTION("A highmem page in the fixmap, through kmap_atomic");
MODULE_LICENSE("Dual MIT/GPL");
