import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';

const load = async (source: string, argument = 'm.c', machine = 'imx6q-2g') => {
	const session = await Session.open({ machine: findMachine(machine), readFile: () => source });
	const outcome = session.execute(`insmod ${argument}`);
	return { session, outcome, log: () => session.view.log.map(line => line.text) };
};

const inInit = (globals: string, body: string): string =>
	`#include <linux/module.h>\n${globals}\nstatic int __init go(void) { ${body} return 0; }\nmodule_init(go)\nMODULE_LICENSE("GPL")`;

describe('parameters of a module', () => {
	const source = inInit(
		'static int count = 1; static char *name = "none"; static bool loud; static int list[3]; module_param(count, int, 0444) module_param_named(who, name, charp, 0); module_param(loud, bool, 0); module_param_array(list, int, NULL, 0);',
		'pr_info("%d %s %d %d\\n", count, name, loud, list[1]);',
	);

	it('have their first values, or those that insmod gives', async () => {
		expect((await load(source)).log()).toEqual(['1 none 0 0']);
		expect((await load(source, 'm.c count=-0x10 who="you" loud list=4,5')).log()).toEqual(['-16 you 1 5']);
	});

	it('are refused with a suggestion when the module has no such name or the value does not suit', async () => {
		const said = async (argument: string) => {
			const { outcome } = await load(source, argument);
			return outcome.kind === 'error' ? outcome.error.line : outcome.kind;
		};
		expect(await said('m.c cuont=2')).toBe('m.c: module m has no parameter cuont (did you mean count?)');
		expect(await said('m.c count=many')).toContain('m.c: count=many does not suit parameter count');
		expect(await said('m.c list=1,2,3,4')).toContain('does not suit parameter list');
	});
});

describe('what a module sets going', () => {
	it('runs while its init function waits for it', async () => {
		const { outcome, log } = await load(
			inInit(
				'static DECLARE_COMPLETION(done); static int fn(void *x) { msleep(5); pr_info("%s\\n", current->comm); complete(&done); return 0; }',
				'kthread_run(fn, NULL, "worker/%d", 3); wait_for_completion(&done); pr_info("done\\n");',
			),
		);
		expect(outcome.kind).toBe('done');
		expect(log()).toEqual(['worker/3', 'done']);
	});

	it('happens when time goes on: work in a thread, timers and tasklets as softirqs', async () => {
		const { session, log } = await load(
			inInit(
				'static void later(struct work_struct *w) { pr_info("work %d\\n", !!in_interrupt()); } static DECLARE_WORK(work, later); static void tick(struct timer_list *t) { pr_info("timer %d\\n", !!in_softirq()); } static struct timer_list timer; static void small(unsigned long n) { pr_info("tasklet %lu %d\\n", n, !!in_softirq()); } static struct tasklet_struct tasklet;',
				'schedule_work(&work); timer_setup(&timer, tick, 0); mod_timer(&timer, jiffies + HZ); tasklet_init(&tasklet, small, 7); tasklet_schedule(&tasklet);',
			),
		);
		expect(log()).toEqual(['work 0', 'tasklet 7 1']);
		session.execute('ssleep(2)');
		expect(log().at(-1)).toBe('timer 1');
		expect(session.view.timeNs).toBeGreaterThan(2e9);
	});

	it('ends when the module asks it to', async () => {
		const { session, log } = await load(
			'#include <linux/module.h>\nstatic struct task_struct *t; static int fn(void *x) { while (!kthread_should_stop()) msleep(50); pr_info("stopped\\n"); return 0; }\nstatic int __init go(void) { t = kthread_run(fn, NULL, "loop"); return IS_ERR(t) ? PTR_ERR(t) : 0; }\nstatic void __exit end(void) { kthread_stop(t); pr_info("gone\\n"); }\nmodule_init(go);\nmodule_exit(end);',
		);
		session.execute('rmmod m');
		expect(log()).toEqual(['stopped', 'gone']);
		expect([...session.view.tasks.values()].some(({ comm }) => comm === 'loop')).toBe(false);
	});

	it('is undone and done again with the act that loaded it', async () => {
		const { session, log } = await load(
			inInit(
				'static DECLARE_WAIT_QUEUE_HEAD(wq); static int flag; static int fn(void *x) { wait_event(wq, flag); pr_info("woken\\n"); return 0; }',
				'kthread_run(fn, NULL, "w");',
			),
		);
		session.execute('flag = 1; wake_up(&wq)');
		expect(log()).toEqual(['woken']);
		session.undo();
		expect(log()).toEqual([]);
		session.redo();
		expect(log()).toEqual(['woken']);
	});

	it('answers interrupts until free_irq', async () => {
		const { session, log } = await load(
			inInit(
				'static int hits; static irqreturn_t handler(int irq, void *dev) { ++*(int *)dev; pr_info("irq %d in_irq %d\\n", irq, !!in_irq()); return IRQ_HANDLED; }',
				'return request_irq(40, handler, IRQF_SHARED, "dev", &hits);',
			),
		);
		session.execute('irq generic_handle_irq(40)');
		session.execute('generic_handle_irq(40); free_irq(40, &hits)');
		expect(log()).toEqual(['irq 40 in_irq 1', 'irq 40 in_irq 1']);
		const outcome = session.execute('generic_handle_irq(40)');
		expect(outcome.kind === 'done' && outcome.value).toBe('-22');
	});
});

describe('a slab cache of a module', () => {
	it('constructs each object once, hands it out again, and is gone with kmem_cache_destroy', async () => {
		const { session, log } = await load(
			inInit(
				'static struct kmem_cache *cache; static int made; static void ctor(void *p) { made++; *(int *)p = 7; }',
				'int *a, *b; cache = kmem_cache_create("items", 200, 0, SLAB_HWCACHE_ALIGN, ctor); a = kmem_cache_alloc(cache, GFP_KERNEL); b = kmem_cache_alloc(cache, GFP_KERNEL); pr_info("%d %d %ld\\n", *a, made, (long)b - (long)a); kmem_cache_free(cache, b); pr_info("%d\\n", kmem_cache_alloc(cache, GFP_KERNEL) == (void *)b);',
			),
		);
		// 200 bytes and the link, in lines of 64: 256. A slab of them is one page of 16 on this machine of four CPUs.
		expect(log()).toEqual(['7 16 256', '1']);
		expect(session.view.slab.caches.find(({ name }) => name === 'items')?.activeObjects).toBe(2);
		session.execute('kmem_cache_destroy(cache)');
		expect(log()[2]).toBe('kmem_cache_destroy items: Slab cache still has objects');
	});

	it('shares the kmalloc cache of its size without a constructor', async () => {
		const { session } = await load(
			inInit(
				'static struct kmem_cache *cache; static void *p;',
				'cache = kmem_cache_create("plain", 128, 0, 0, NULL); p = kmem_cache_alloc(cache, GFP_KERNEL);',
			),
		);
		const { caches } = session.view.slab;
		expect(caches.some(({ name }) => name === 'plain')).toBe(false);
		session.execute('kmem_cache_free(cache, p)');
		session.execute('q = kmalloc(128, GFP_KERNEL)');
		expect(session.inspect('q == p').isTrue).toBe(true);
	});
});

describe('what of the kernel is no plain memory here', () => {
	it('is walked entry by entry: the page tables that the processor reads', async () => {
		const body =
			'struct page *p = alloc_page(GFP_HIGHUSER); unsigned long a = (unsigned long)kmap(p); pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(current->mm, a), a), a); pte_t *pte = pte_offset_kernel(pmd, a); pr_info("%d %d %d\\n", pmd_none(*pmd), pte_present(*pte), pte_page(*pte) == p);';
		for (const machine of ['tegra3-1g', 'imx6q-2g', 'vexpress-a15-lpae-4g', 'laptop-2g-nopae', 'ubuntu1604-2g'])
			expect((await load(inInit('', body), 'm.c', machine)).log()).toEqual(['0 1 1']);
	});

	it('is asked by members: tasks, zones, and the words of struct page that its owner may use', async () => {
		const { log } = await load(
			inInit(
				'static LIST_HEAD(mine);',
				'struct page *p = alloc_page(GFP_HIGHUSER); struct zone *z; list_add(&p->lru, &mine); p->private = 5; pr_info("%s %d %lu %d\\n", page_zone(p)->name, list_first_entry(&mine, struct page, lru) == p, page_private(p), current->mm != NULL); for_each_zone(z) pr_info("%s from %#lx\\n", z->name, z->zone_start_pfn);',
			),
		);
		expect(log()).toEqual(
			['HighMem 1 5 1', 'Normal from 0x10000', 'HighMem from 0x40000', 'Movable from 0x0'].slice(0, log().length),
		);
		expect(log().length).toBeGreaterThanOrEqual(3);
	});
});

describe('a line for another shell', () => {
	it('is told where its answer is, unless it is C', async () => {
		const session = await Session.open({ machine: findMachine('imx6q-2g') });
		const said = (text: string) => {
			const outcome = session.execute(text);
			return outcome.kind === 'error' ? outcome.error.line : outcome.kind === 'done' ? outcome.value : outcome.kind;
		};
		expect(said('cat /proc/vmallocinfo')).toBe('this is no shell of Linux (the vmalloc areas have a panel)');
		expect(said('free')).toContain('the zones have a panel');
		said('free = 3');
		expect(said('free')).toBe('3');
	});
});
