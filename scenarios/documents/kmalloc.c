// SPDX-License-Identifier: MIT
/*
 * kmalloc: an object from the slab cache of the smallest class that holds it.
 *
 * Its memory is always lowmem, so virtual and physical address differ by a constant. Four bytes take a 64-byte object on
 * ARMv7: no class is smaller than a cache line there.
 */
#include <linux/module.h>
#include <linux/highmem.h>
#include <linux/slab.h>
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

static int __init kmalloc_example_init(void)
{
	unsigned int *word;

	printk("kmalloc example init\n");
	print_ranges();

	word = kmalloc(sizeof(*word), GFP_KERNEL);
	printk("[*]unsigned int *NORMAL_int:     Address: %#08x\n", (unsigned int)word);
	kfree(word);

	return 0;
}

static void __exit kmalloc_example_exit(void)
{
	printk("kmalloc example exit\n");
}

module_init(kmalloc_example_init);
module_exit(kmalloc_example_exit);

MODULE_DESCRIPTION("An object of a kmalloc cache, in lowmem");
MODULE_LICENSE("Dual MIT/GPL");
