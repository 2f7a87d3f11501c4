import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { digest } from './digest.ts';

/** With a checkpoint after every act, or with none but the boot. */
const open = (machine: string, checkpointMs: number): Promise<Session> =>
	Session.open({ machine: findMachine(machine), checkpointMs, readFile: path => MODULES[path] ?? '' });

const MODULES: Readonly<Record<string, string>> = {
	'keeper.c': `#include <linux/module.h>
static int loads = 10;
static struct page *page;
int keeper_count(void) { static int calls; return ++calls + loads; }
static int __init keeper_init(void) { page = alloc_page(GFP_HIGHUSER); printk("keeper at %p\\n", kmap(page)); return 0; }
static void __exit keeper_exit(void) { kunmap(page); __free_page(page); }
module_init(keeper_init);
module_exit(keeper_exit);
`,
};

/** Acts of every kind; what is wrong at that moment is refused, which is as good. */
const ACTS = [
	'struct page *p = alloc_page(GFP_HIGHUSER), *q = alloc_page(GFP_KERNEL)',
	'v = kmap(p)',
	'*v += 0x1234',
	'kunmap(p)',
	'a = kmap_atomic(p); *a = 7; kunmap_atomic(a)',
	'a = kmap_atomic(p)',
	'kunmap_atomic(a)',
	'l = kmap_local_page(p)',
	'kunmap_local(l)',
	'n = n + 1',
	'int n = 5',
	'int next(void) { static int calls = 0; n = n + 1; return ++calls; }',
	'next()',
	'm = kmalloc(n * 10, GFP_KERNEL); memset(m, n, n * 10)',
	'kfree(m)',
	'for (int i = 0; i < 40; i++) kmalloc(64 << (i % 4), GFP_KERNEL)',
	'area = vmalloc(20000); area[3] = 4',
	'vfree(area)',
	'char *s = "hello"; printk("%s %d\\n", s, n)',
	'io = ioremap(0x12340000, 8192)',
	'iounmap(io)',
	'struct page *many[600]; for (int i = 0; i < 511; i++) { many[i] = alloc_page(GFP_HIGHUSER); kmap(many[i]); }',
	'got = kmap(alloc_page(GFP_HIGHUSER)); n++; got',
	'kunmap(many[7])',
	'kunmap(many[8])',
	'for (int i = 0; i < 300; i++) kunmap(many[i])',
	'__free_page(p)',
	'*(int *)0 = 1',
	'set_fixmap(3, 0x10000)',
	'__free_pages(alloc_pages(GFP_KERNEL, 3), 3)',
	'cpu 1',
	'cpu 0',
	'task new',
	'task 100',
	'insmod keeper.c',
	'rmmod keeper',
	'keeper_count()',
	'#define TWICE(x) ((x) + (x))',
	'n = TWICE(n)',
	'struct pair { int a; struct page *b; }; struct pair pair = { 3, p }',
	'pair.a++',
	'msleep(10)',
	'kmap_flush_unused()',
	'preempt_disable()',
	'preempt_enable()',
	'DEFINE_SPINLOCK(lock)',
	'spin_lock(&lock)',
	'spin_unlock(&lock)',
	'local_irq_disable()',
	'local_irq_enable()',
	'irq n = n + 100',
	'softirq n = n + 1000',
	'int worker(void *data) { n++; msleep(5); n++; return 0; }',
	'kthread_run(worker, NULL, "worker")',
	'void *r = vm_map_ram(&p, 1, -1, PAGE_KERNEL)',
	'vm_unmap_ram(r, 1)',
	'int *u = mmap(NULL, 6 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)',
	'u[0] = n; u[1024] = 5',
	'u[2048]',
	'u[1024] += u[0]',
	'munmap(u, PAGE_SIZE)',
	'fork',
	'exit',
	'task 101',
	'task 102',
	'LIST_HEAD(head)',
	'struct list_head entry; list_add(&entry, &head)',
	'list_del(&entry)',
	'get_page(p); put_page(p)',
	'char t[40]; snprintf(t, 40, "%s %d %p", "text", n, p); t',
];

/** What C can still tell, beside what panels show. */
const variables = (session: Session): string[] =>
	['n', 'p', 'v', '*v', 'u', 'got', 'pair.a', 'area[3]', 'm', 'TWICE(n)', 'next', 's'].map(text => {
		try {
			return session.inspect(text).text;
		} catch (error) {
			return String(error);
		}
	});

const everything = (session: Session): unknown => [digest(session), variables(session)];

describe('a step of the past or the future', () => {
	it.each(['imx6q-2g', 'laptop-2g-nopae', 'vexpress-a15-6.1', 'i386-6.1-8g-pae'])(
		'on %s is the same from a checkpoint as from the boot, and so is what is done from there on',
		async machine => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(fc.constantFrom(...ACTS), { minLength: 5, maxLength: 40 }),
					fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
					fc.array(fc.constantFrom(...ACTS), { minLength: 1, maxLength: 6 }),
					async (acts, steps, more) => {
						const marked = await open(machine, 0);
						const plain = await open(machine, Number.POSITIVE_INFINITY);
						for (const text of acts) expect(marked.execute(text).kind).toBe(plain.execute(text).kind);
						for (const step of steps) {
							marked.seek(step % (marked.step + 1));
							plain.seek(step % (plain.step + 1));
							expect(everything(marked)).toEqual(everything(plain));
						}
						for (const text of more) {
							const outcome = marked.execute(text);
							expect(JSON.stringify(outcome)).toBe(JSON.stringify(plain.execute(text)));
						}
						expect(everything(marked)).toEqual(everything(plain));
						marked.seek(marked.history.length);
						plain.seek(plain.history.length);
						expect(everything(marked)).toEqual(everything(plain));
					},
				),
				{ numRuns: 25 },
			);
		},
		60_000,
	);

	it('is within reach of the newest checkpoint before it, also after another way was taken', async () => {
		const session = await open('imx6q-2g', 0);
		for (const text of ['int a = 1', 'a = 2', 'a = 3', 'a = 4']) session.execute(text);
		session.seek(2);
		session.execute('a = 30');
		session.execute('printk("%d\\n", a)');
		session.undo();
		expect(session.inspect('a').text).toBe('30');
		expect(session.history.map(({ text }) => text)).toEqual(['int a = 1', 'a = 2', 'a = 30', 'printk("%d\\n", a)']);
		session.seek(1);
		expect(session.inspect('a').text).toBe('1');
		session.seek(4);
		expect(session.view.log.at(-1)?.text).toBe('30');
	});
});

describe('a sleeper', () => {
	it('that a checkpoint found asleep goes on from there, its variables as they were', async () => {
		const session = await open('imx6q-2g', 0);
		session.execute(
			'struct page *held[512]; for (int i = 0; i < 512; i++) { held[i] = alloc_page(GFP_HIGHUSER); kmap(held[i]); }',
		);
		session.execute('int count = 1; struct page *extra = alloc_page(GFP_HIGHUSER)');
		expect(session.execute('count++; kmap(extra); count = count * 10; count').kind).toBe('sleeping');
		session.execute('int count = 100');
		session.execute('kunmap(held[3])');
		const awake = everything(session);
		const said = session.history.at(-1)?.outcome;
		expect(JSON.stringify(said)).toContain('20');
		session.undo();
		expect(session.view.tasks.get(100)).toMatchObject({ state: 'uninterruptible' });
		session.execute('kunmap(held[3])');
		expect(JSON.stringify(session.history.at(-1)?.outcome)).toBe(JSON.stringify(said));
		expect(everything(session)).toEqual(awake);
	});
});
