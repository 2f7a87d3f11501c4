import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { openShell, X86 } from './shell.ts';

/** The line that a mistake gets. */
const mistake = (run: () => unknown): string => {
	try {
		run();
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	return 'no mistake';
};

const WATCH = `
#include <linux/kprobes.h>
#include <linux/highmem.h>
#include <linux/vmalloc.h>
static unsigned long start, end;
static int seen;
static int before(struct kprobe *p, struct pt_regs *regs)
{
#ifdef CONFIG_X86
	start = regs->ax;
	end = regs->dx;
#else
	start = regs->ARM_r0;
	end = regs->ARM_r1;
#endif
	seen += preempt_count() > 0 && irqs_disabled();
	return 0;
}
static struct kprobe probe = { .symbol_name = "flush_tlb_kernel_range", .pre_handler = before };
static int __init watch_init(void)
{
	void *area = vmalloc(2 * PAGE_SIZE);
	int result = register_kprobe(&probe);
	vfree(area);
	printk(KERN_INFO "%d seen after vfree\\n", seen);
	vm_unmap_aliases();
	printk(KERN_INFO "%d: %d seen, %d %lu\\n", result, seen, start == (unsigned long)area, (end - start) / PAGE_SIZE);
	unregister_kprobe(&probe);
	vfree(vmalloc(1));
	vm_unmap_aliases();
	printk(KERN_INFO "%d seen at the end\\n", seen);
	return 0;
}
module_init(watch_init);
`;

describe('kprobes', () => {
	it.each(['imx6q-2g', X86])('see the range that a purge flushes, guard page included, on %s', async machine => {
		const { insmod, log } = await openShell(machine);
		insmod(WATCH);
		expect(log().slice(-3)).toEqual(['0 seen after vfree', '0: 1 seen, 1 3', '1 seen at the end']);
	});

	it('are refused for functions that cannot be watched here', async () => {
		const { insmod } = await openShell();
		const text = WATCH.replace('"flush_tlb_kernel_range"', '"do_sys_open"');
		expect(mistake(() => insmod(text))).toBe(
			'register_kprobe: calls of do_sys_open cannot be watched here (only those of flush_tlb_kernel_range)',
		);
	});
});

const TIMER = `
#include <linux/hrtimer.h>
#include <linux/highmem.h>
#include <linux/delay.h>
static struct hrtimer timer;
static struct page *page;
static int runs, wanted = 1;
static void *first, *second;
static enum hrtimer_restart expired(struct hrtimer *t)
{
	second = kmap_atomic(page);
	kunmap_atomic(second);
	printk(KERN_INFO "run %d: in_irq %d, irqs_disabled %d, cpu %d\\n", ++runs, !!in_irq(), !!irqs_disabled(), smp_processor_id());
	if (runs == wanted)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(t, ms_to_ktime(5));
	return HRTIMER_RESTART;
}
`;

describe('hrtimers', () => {
	it('interrupt a delay loop and go on with its CPU’s stack of kmap_atomic slots (recorded of 4.19)', async () => {
		const { insmod, log } = await openShell(X86);
		insmod(`${TIMER}
static int __init timer_init(void)
{
	page = alloc_page(GFP_HIGHUSER);
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = expired;
	first = kmap_atomic(page);
	hrtimer_start(&timer, ktime_set(0, 2000000), HRTIMER_MODE_REL);
	mdelay(1);
	printk(KERN_INFO "%d runs after 1 ms\\n", runs);
	mdelay(2);
	kunmap_atomic(first);
	printk(KERN_INFO "%d runs after 3 ms, %d slots down\\n", runs, (int)(first - second) / (int)PAGE_SIZE);
	return hrtimer_cancel(&timer);
}
module_init(timer_init);`);
		expect(log().slice(-3)).toEqual([
			'0 runs after 1 ms',
			'run 1: in_irq 1, irqs_disabled 1, cpu 0',
			'1 runs after 3 ms, 1 slots down',
		]);
	});

	it('wait while interrupts are off, and one that restarts itself runs until it is cancelled', async () => {
		const { insmod, log } = await openShell('imx6q-2g');
		insmod(`${TIMER}
static int __init timer_init(void)
{
	page = alloc_page(GFP_HIGHUSER);
	wanted = 0;
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = expired;
	local_irq_disable();
	hrtimer_start(&timer, ms_to_ktime(1), HRTIMER_MODE_REL);
	mdelay(20);
	printk(KERN_INFO "%d runs with interrupts off\\n", runs);
	local_irq_enable();
	udelay(1);
	mdelay(12);
	printk(KERN_INFO "%d runs, cancelled %d\\n", runs, hrtimer_cancel(&timer));
	mdelay(20);
	printk(KERN_INFO "%d runs\\n", runs);
	return 0;
}
module_init(timer_init);`);
		const lines = log().filter(line => !line.startsWith('run '));
		expect(lines.slice(-3)).toEqual(['0 runs with interrupts off', '3 runs, cancelled 1', '3 runs']);
	});
});

describe('set_cpus_allowed_ptr', () => {
	it('moves the task to a CPU with kmap_atomic slots of its own', async () => {
		const { insmod, log } = await openShell(X86);
		insmod(`
#include <linux/highmem.h>
#include <linux/cpumask.h>
static int __init move_init(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	int cpu;
	for_each_online_cpu(cpu) {
		void *at;
		if (set_cpus_allowed_ptr(current, cpumask_of(cpu)))
			return -EINVAL;
		at = kmap_atomic(page);
		printk(KERN_INFO "%d: %d\\n", smp_processor_id(), at == (void *)fix_to_virt(FIX_KMAP_BEGIN + KM_TYPE_NR * cpu));
		kunmap_atomic(at);
	}
	return set_cpus_allowed_ptr(current, cpumask_of(31)) == -EINVAL ? 0 : -EIO;
}
module_init(move_init);`);
		expect(log().slice(-2)).toEqual(['0: 1', '1: 1']);
	});
});

describe('assembly at file level', () => {
	const module = (line: string) =>
		`asm("${line}");\nstatic int __init a_init(void) { return 0; }\nmodule_init(a_init);`;

	it('may fill sections', async () => {
		const { insmod } = await openShell();
		expect(insmod(module('.pushsection .text\\n.rept 8\\n.long 0xe320f000\\n.endr\\n.popsection')).value?.value).toBe(
			0,
		);
	});

	it('may not hold code', async () => {
		const { insmod } = await openShell();
		expect(mistake(() => insmod(module('.text\\nf: bx lr')))).toBe(
			'test.c:1:1: assembly cannot be run here (only what fills sections may stand at file level, not f: bx lr)',
		);
	});
});

describe('zones', () => {
	it('lie in an array in the node, ZONE_MOVABLE last and empty', async () => {
		const { insmod, log } = await openShell('imx6q-2g');
		insmod(`
#include <linux/mmzone.h>
static int __init zones_init(void)
{
	struct zone *zones = page_zone(alloc_page(GFP_HIGHUSER))->zone_pgdat->node_zones;
	int i;
	for (i = 0; i < MAX_NR_ZONES; i++)
		printk(KERN_INFO "%s %lu %d\\n", zones[i].name, zones[i].spanned_pages, zone_idx(&zones[i]));
	printk(KERN_INFO "node %d: %lu\\n", NODE_DATA(0)->node_id, NODE_DATA(0)->node_spanned_pages);
	return 0;
}
module_init(zones_init);`);
		expect(log().slice(-4)).toEqual(['Normal 196608 0', 'HighMem 327680 1', 'Movable 0 2', 'node 0: 524288']);
	});
});
