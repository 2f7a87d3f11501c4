// SPDX-License-Identifier: MIT
/*
 * vmalloc: whole pages, from wherever they are, side by side in the vmalloc space.
 *
 * Four bytes take a page, and one more page of addresses as a guard behind it. The address is the lowest gap that is
 * large enough.
 */
#include <linux/module.h>
#include <linux/highmem.h>
#include <linux/vmalloc.h>
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

static int __init vmalloc_example_init(void)
{
	unsigned int *word;

	printk("vmalloc example init\n");
	print_ranges();

	word = vmalloc(sizeof(*word));
	printk("[*]unsigned int *VMALLOC_int:    Address: %#08x\n", (unsigned int)word);
	vfree(word);

	return 0;
}

static void __exit vmalloc_example_exit(void)
{
	printk("vmalloc example exit\n");
}

module_init(vmalloc_example_init);
module_exit(vmalloc_example_exit);

MODULE_DESCRIPTION("A page of the vmalloc space");
MODULE_LICENSE("Dual MIT/GPL");
