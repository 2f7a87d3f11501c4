import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { valueInEnglish } from '../helpers/in-english.ts';
import { digest } from './digest.ts';

const open = (machine = 'imx6q-2g'): Promise<Session> => Session.open({ machine: findMachine(machine) });

const said = (session: Session, text: string): string | undefined => {
	const outcome = session.execute(text);
	if (outcome.kind === 'error') return outcome.error.line;
	return outcome.kind === 'done' ? valueInEnglish(outcome.value) : outcome.kind;
};

describe('task', () => {
	it('new starts another shell on this CPU and goes on as it', async () => {
		const session = await open();
		expect(said(session, 'task new')).toBe('sh[101] on CPU 0');
		expect(session.view.currentTask).toMatchObject({ pid: 101, comm: 'sh', state: 'running' });
		expect(session.view.tasks.get(100)).toMatchObject({ state: 'runnable' });
		expect(session.step).toBe(1);
	});

	it('N goes on as that shell, on whatever CPU it is', async () => {
		const session = await open();
		said(session, 'cpu 1');
		said(session, 'task new');
		expect(said(session, 'task 100')).toBe('sh[100] on CPU 0');
		expect(session.view.currentCpu.id).toBe(0);
		expect(said(session, 'task 101')).toBe('sh[101] on CPU 1');
		expect(said(session, 'cpu 0')).toBeUndefined();
		expect(session.view.currentTask.pid).toBe(100);
	});

	it('is undone and done again like any act', async () => {
		const session = await open();
		said(session, 'task new');
		said(session, 'task 100');
		const after = digest(session);
		session.undo();
		expect(session.view.currentTask.pid).toBe(101);
		session.redo();
		expect(digest(session)).toEqual(after);
	});

	it('is refused where no such shell is, and says which there are', async () => {
		const session = await open();
		expect(said(session, 'task 7')).toBe('there is no task 7 (shells: 100 on CPU 0; task new starts another)');
		expect(said(session, 'task 1')).toContain('task 1 is init and takes no commands');
		expect(session.step).toBe(0);
	});

	it('is refused while preemption is off, as the scheduler would not switch', async () => {
		const session = await open();
		said(session, 'task new');
		said(session, 'v = kmap_atomic(alloc_page(GFP_HIGHUSER))');
		expect(said(session, 'task 100')).toContain('has preemption off (preempt_count 1)');
		expect(said(session, 'task new')).toContain('cannot run on CPU 0');
		said(session, 'kunmap_atomic(v)');
		expect(said(session, 'task 100')).toBe('sh[100] on CPU 0');
	});

	it('of a sleeper is refused: it goes on by itself when it is woken', async () => {
		const session = await open();
		said(session, 'struct page *held[513]; for (int i = 0; i < 513; i++) held[i] = alloc_page(GFP_HIGHUSER)');
		said(session, 'for (int i = 0; i < 512; i++) kmap(held[i])');
		expect(said(session, 'kmap(held[512])')).toBe('sleeping');
		expect(said(session, 'task 100')).toContain('task 100 sleeps on pkmap_map_wait');
	});

	it('takes the next shell of the CPU when one is killed', async () => {
		const session = await open();
		said(session, 'task new');
		expect(said(session, '*(int *)0 = 1')).toBe('fault');
		expect(session.view.currentTask.pid).toBe(100);
	});

	it('from 5.11 carries mappings of kmap_local_page along: in another task the slot is free, back again it is as it was', async () => {
		const session = await open('vexpress-a15-6.1');
		said(session, 'struct page *a = alloc_page(GFP_HIGHUSER), *b = alloc_page(GFP_HIGHUSER)');
		said(session, 'int *v = kmap_local_page(a); *v = 11');
		said(session, 'task new');
		said(session, 'int *w = kmap_local_page(b); *w = 22');
		expect(session.inspect('v == w').text).toBe('1');
		expect(said(session, '*v')).toBe('22');
		said(session, 'task 100');
		expect(said(session, '*v')).toBe('11');
	});
});

describe('find', () => {
	it('names where a text occurs, the newest log line first', async () => {
		const session = await open();
		said(session, 'printk("needle one\\n")');
		said(session, 'printk("Needle two\\n")');
		expect(said(session, 'find needle')).toMatch(/^\[ .*\] Needle two; \[ .*\] needle one$/);
		expect(said(session, 'find nowhere')).toBe('"nowhere" occurs nowhere');
		expect(said(session, 'find pkmap')).toContain('pkmap 0xbfe00000 - 0xc0000000');
		expect(session.step).toBe(2);
	});
});

describe('help', () => {
	it('with a name tells what it is', async () => {
		const session = await open();
		expect(said(session, 'help kmap')).toBe('void *kmap(struct page *page): map a page into the pkmap area; may sleep');
		expect(said(session, 'help PKMAP_BASE')).toBe('PKMAP_BASE = 0xbfe00000');
		expect(said(session, 'help seek')).toBe('seek N: go to the state after act N; 0 is the boot');
		expect(said(session, 'help kmapp')).toContain('did you mean kmap?');
		expect(session.execute('help')).toEqual({ kind: 'request', request: 'help' });
	});
});
