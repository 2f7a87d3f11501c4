import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';

const SILENT = { highmem: false, atomicSleep: false, virtual: false, preemptCount: false } as const;
const COUNTING = { ...SILENT, preemptCount: true } as const;

const open = (files: Readonly<Record<string, string>> = {}, debug: typeof SILENT | typeof COUNTING = SILENT) =>
	Session.open({ machine: { ...findMachine('imx6q-2g'), debug }, readFile: path => files[path] ?? '' });

const logOf = (session: Session): string[] => session.view.log.map(({ text }) => text);

const doAll = (session: Session, ...acts: string[]) => {
	const outcomes = acts.map(act => session.execute(act));
	for (const outcome of outcomes) if (outcome.kind === 'error') throw outcome.error;
	return outcomes.at(-1);
};

describe('a task that is killed', () => {
	// kernel/exit.c: do_exit gives no spinlock back, but the task that runs next on the CPU holds none.
	it('leaves its lock taken, and the CPU to a shell that may sleep', async () => {
		const session = await open({}, COUNTING);
		doAll(session, 'DEFINE_SPINLOCK(lock)', 'spin_lock(&lock); *(int *)0 = 1');
		expect(session.view.currentCpu).toMatchObject({ preemptCount: 0, locks: [] });
		expect(session.inspect('spin_is_locked(&lock)').text).toBe('1');
		doAll(session, 'kmalloc(100, GFP_KERNEL)');
		expect(session.view.advices.map(({ key }) => key)).not.toContain('allocatedWhileAtomic');
	});
});

describe('irq', () => {
	it('runs statements as a hard interrupt and comes back', async () => {
		const session = await open();
		doAll(session, 'irq printk("%d %d %x\\n", in_irq(), in_interrupt(), preempt_count())');
		expect(logOf(session)).toEqual(['1 1 10000']);
		expect(session.view.currentCpu.preemptCount).toBe(0);
	});

	it('takes braces, and softirq its own bits', async () => {
		const session = await open();
		doAll(session, 'softirq { int a = preempt_count(); printk("%x %d\\n", a, in_softirq()); }');
		expect(logOf(session)).toEqual(['100 1']);
	});

	it('does not arrive while interrupts are off', async () => {
		const session = await open();
		doAll(session, 'local_irq_disable()');
		const outcome = session.execute('irq printk("x")');
		expect(outcome.kind === 'error' && outcome.error.line).toContain('no interrupt arrives on CPU 0');
		expect(session.step).toBe(1);
	});

	it('ends in a panic when it touches a null pointer', async () => {
		const session = await open();
		const outcome = session.execute('irq *(int *)0 = 1');
		expect(outcome).toMatchObject({ kind: 'fault', isPanic: true });
		expect(logOf(session)).toContain('Kernel panic - not syncing: Fatal exception in interrupt');
	});

	it('is undone like any act', async () => {
		const session = await open();
		doAll(session, 'irq printk("x\\n")', 'undo');
		expect(logOf(session)).toEqual([]);
	});
});

describe('sleeping', () => {
	it('with a spinlock is silent without PREEMPT_COUNT, and the explorer says it', async () => {
		const session = await open();
		doAll(session, 'DEFINE_SPINLOCK(lk);', 'spin_lock(&lk)', 'msleep(30)');
		expect(logOf(session)).toEqual([]);
		expect(session.view.advices.map(({ key }) => key)).toEqual(['sleptWhileAtomic']);
	});

	it('with a spinlock is "scheduling while atomic" with PREEMPT_COUNT', async () => {
		const session = await open({}, COUNTING);
		doAll(session, 'DEFINE_SPINLOCK(lk);', 'spin_lock(&lk)', 'msleep(30)');
		expect(logOf(session)[0]).toBe('BUG: scheduling while atomic: sh/100/0x00000002');
	});

	it('lets simulated time pass, and switches interrupts on', async () => {
		const session = await open();
		doAll(session, 'local_irq_disable()');
		const before = session.view.timeNs;
		doAll(session, 'msleep(30)');
		expect(session.view.timeNs - before).toBeGreaterThanOrEqual(30e6);
		expect(session.view.currentCpu.irqsDisabled).toBe(false);
	});

	it('lets a thread run meanwhile', async () => {
		const module = `
			static int work(void *data) { msleep(10); printk("thread done\\n"); return 0; }
			static int __init start(void) { kthread_run(work, NULL, "worker"); msleep(50); printk("init done\\n"); return 0; }
			module_init(start);`;
		const session = await open({ 'threads.c': module });
		doAll(session, 'insmod threads.c');
		expect(logOf(session)).toEqual(['thread done', 'init done']);
	});
});

describe('a spinlock taken twice', () => {
	it('loses the CPU without a word; another one goes on', async () => {
		const session = await open();
		const outcome = doAll(session, 'DEFINE_SPINLOCK(lk);', 'spin_lock(&lk)', 'spin_lock(&lk)');
		expect(outcome).toMatchObject({ kind: 'fault', isPanic: false });
		expect(logOf(session)).toEqual([]);
		const refused = session.execute('1 + 1');
		expect(refused.kind === 'error' && refused.error.line).toContain('CPU 0 spins for ever');
		expect(doAll(session, 'cpu 1', '1 + 1')).toMatchObject({ kind: 'done', value: '2' });
	});
});

describe('an init function', () => {
	const leaves = (what: string) => `static int __init leave(void) { ${what} return 0; } module_init(leave);`;

	it('that leaves interrupts off is warned of, and they are on again', async () => {
		const session = await open({ 'leave.c': leaves('local_irq_disable();') });
		doAll(session, 'insmod leave.c');
		expect(logOf(session).join('\n')).toMatch(/initcall leave\S* \[leave\] returned with disabled interrupts/);
		expect(session.view.currentCpu.irqsDisabled).toBe(false);
	});

	it('that leaks a kmap_atomic kills insmod on its way back to user space', async () => {
		const session = await open({
			'leak.c': leaves('kmap_atomic(alloc_page(GFP_HIGHUSER));').replaceAll('leave', 'leak'),
		});
		const outcome = session.execute('insmod leak.c');
		expect(outcome).toMatchObject({ kind: 'fault', isPanic: false });
		expect(logOf(session).join('\n')).toContain('Mode USER_32');
	});
});
