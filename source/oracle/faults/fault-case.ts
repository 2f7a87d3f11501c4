/** One misuse of kernel memory, as C of a module. */
export interface FaultCase {
	/** What the module's init function does. */
	readonly body: string;
	/** Functions and variables that stand before it. */
	readonly file?: string;
	/** The kernel was started with oops=panic. */
	readonly isPanicOnOops?: boolean;
	/** The name that the module was given, where that is another. */
	readonly named?: string;
	/** What the recording says when the module was loaded on CPU 1 and not on CPU 0. */
	readonly onSecondCpu?: RegExp;
	/** Macros whose values the recorded kernel's state gave: each is read from what the module said. */
	readonly facts?: Readonly<Record<string, RegExp>>;
}

export type FaultCases = Readonly<Record<string, FaultCase>>;

/** What all cases use: reading and writing through a pointer in a function of its own, and a highmem page. */
const PRELUDE = `
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/highmem.h>
#include <linux/vmalloc.h>
#include <linux/slab.h>
#include <linux/io.h>
#include <linux/sched.h>
#include <linux/delay.h>
#include <linux/spinlock.h>
#include <linux/kthread.h>
#define A(x) ((unsigned long)(x))
#define say(fmt, ...) printk(KERN_INFO "MMF " fmt "\\n", ##__VA_ARGS__)
#ifdef CONFIG_X86
#define IOADDR 0xfebf0000UL
#define FREE_FIX FIX_KMAP_END
#else
#define IOADDR 0x0a000000UL
#define FREE_FIX 31
#endif
#define panic(text) __panic(text)
static DEFINE_SPINLOCK(lk);
static struct page *gp;
static void *gv;
static struct page *aside[20000];
static unsigned int seen;
static unsigned int rd(unsigned long at) { return *(unsigned int *)at; }
static void wr(unsigned long at, unsigned int value) { *(unsigned int *)at = value; }
static void look(unsigned long at) { say("reading 0x%08lx", at); seen = rd(at); say("read gave 0x%08x", seen); }
static void poke(unsigned long at, unsigned int value) { say("writing 0x%08lx", at); wr(at, value); say("write done, reads back 0x%08x", rd(at)); }
#ifdef CONFIG_DEBUG_VIRTUAL
static unsigned long long getpte(unsigned long at) { unsigned int level = 0; pte_t *p = lookup_address(at, &level); return p && pte_present(*p) ? 0xfff : 0; }
#else
static unsigned long long getpte(unsigned long at) { return vmalloc_to_page((void *)at) ? 0xfff : 0; }
#endif
static void run_hardirq(void *fn) { __run_as_interrupt(0, fn); say("hardirq function returned"); }
static void run_softirq(void *fn) { __run_as_interrupt(1, fn); say("softirq function returned"); }
static struct page *gh(void)
{
	struct page *page = NULL;
	int count = 0;
	for (;;) {
		page = alloc_page(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY);
		if (!page || PageHighMem(page) || count == 20000) break;
		aside[count++] = page;
	}
	while (count > 0) __free_page(aside[--count]);
	say("highmem page pfn 0x%lx", page_to_pfn(page));
	return page;
}
static void next_pages(void) { int i; for (i = 0; i < 4; i++) say("next alloc_page: pfn 0x%lx", page_to_pfn(alloc_page(GFP_KERNEL))); }
static void next_objects(unsigned int size) { int i; for (i = 0; i < 5; i++) say("next kmalloc(%u): 0x%08lx", size, A(kmalloc(size, GFP_KERNEL))); }
`;

/** An early build of the recorded module said less after kmap(). */
const IRQS_AFTER_KMAP = /kmap gave 0x\w+, irqs_disabled now/;

/**
 * The module of a case, named as the recorded one was.
 * @param recorded What the recorded kernel and the module said: some of it tells what the state was.
 */
export const moduleOf = (
	caseName: string,
	{ body, file = '', named: name = caseName, facts = {} }: FaultCase,
	recorded: readonly string[],
): string => `${PRELUDE}${defines(facts, recorded)}${file}
static void c_${name}(void) { ${body} }
static int __init mmfault_init(void) { say("case ${name}"); c_${name}(); say("case ${name} returned"); return 0; }
static void __exit mmfault_exit(void) { say("exit"); }
module_init(mmfault_init);
module_exit(mmfault_exit);
MODULE_LICENSE("GPL");
`;

const defines = (facts: Readonly<Record<string, RegExp>>, recorded: readonly string[]): string => {
	const macros = Object.entries(facts).map(([macro, pattern]) => {
		const found = recorded.map(line => pattern.exec(line)?.[1]).find(value => value !== undefined);
		return `#define ${macro} ${found ?? 0}\n`;
	});
	if (recorded.some(line => IRQS_AFTER_KMAP.test(line))) macros.push('#define SAYS_IRQS\n');
	return macros.join('');
};
