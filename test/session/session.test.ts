import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { digest } from './digest.ts';

const open = (machine = 'imx6q-2g', files: Readonly<Record<string, string>> = {}): Promise<Session> =>
	Session.open({ machine: findMachine(machine), readFile: path => files[path] ?? '' });

const doAll = (session: Session, ...texts: readonly string[]): void => {
	for (const text of texts) expect(session.execute(text).kind, text).toBe('done');
};

const MODULE = `#include <linux/module.h>
#include <linux/slab.h>
static void *kept;
static int __init hello_init(void) { kept = kmalloc(100, GFP_KERNEL); printk("hello\\n"); return 0; }
static void __exit hello_exit(void) { kfree(kept); printk("bye\\n"); }
module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
`;

describe('an exploration', () => {
	it('opens at step 0 with a shell as the running task', async () => {
		const session = await open();
		expect(session.step).toBe(0);
		expect(session.history).toEqual([]);
		expect(session.view.currentTask).toMatchObject({ pid: 100, comm: 'sh', state: 'running' });
	});

	it('makes each act one step, however many statements it has', async () => {
		const session = await open();
		doAll(session, 'int i', 'i = 1; i = 2; i = 3');
		expect(session.step).toBe(2);
		expect(session.history.map(act => act.text)).toEqual(['int i', 'i = 1; i = 2; i = 3']);
		expect(session.inspect('i').text).toBe('3');
	});

	it("gives an expression's result as C people write it", async () => {
		const session = await open();
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)');
		expect(session.execute('kmap page')).toEqual({ kind: 'done', value: '0xbfe01000' });
		expect(session.execute('pkmap_count[1]')).toEqual({ kind: 'done', value: '2' });
	});

	it('marks what an act changed with its step', async () => {
		const session = await open();
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)', 'kmap(page)', '1 + 1');
		expect(session.view.pkmap?.changedAt(1)).toBe(2);
		expect(session.view.step).toBe(3);
	});

	it('tells its listeners once after each act, and never of a mistake', async () => {
		const session = await open();
		let calls = 0;
		const end = session.onChange(() => calls++);
		session.execute('int a = 1; a = 2');
		session.execute('no such thing');
		session.execute('undo');
		session.execute('undo');
		expect(calls).toBe(2);
		end();
		session.execute('int b');
		expect(calls).toBe(2);
	});
});

describe('a mistake of the user', () => {
	it.each([
		'kmap(',
		'page = allocpages(0, 0)',
		'kmap(no_such_page)',
		'cpu 7',
		'cpu',
		'undo',
		'seek 9',
		'insmod broken.c',
		'rmmod nothing',
		'machine imx6q-3g',
	])('%s is told, changes nothing and makes no step', async text => {
		const session = await open('imx6q-2g', { 'broken.c': 'int init(void) { return 0 }' });
		const before = digest(session);
		expect(session.execute(text).kind).toBe('error');
		expect(session.step).toBe(0);
		expect(digest(session)).toEqual(before);
	});

	it('that shows half-way through an act takes the first half back', async () => {
		const session = await open();
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)');
		const before = digest(session);
		expect(session.execute('kmap(page); slot = 9999; pkmap_count[slot]').kind).toBe('error');
		expect(session.step).toBe(1);
		expect(digest(session)).toEqual(before);
	});

	it('names the nearest name', async () => {
		const session = await open();
		const outcome = session.execute('alloc_pagez(GFP_KERNEL, 0)');
		expect(outcome.kind === 'error' && outcome.error.line).toMatch(/^1:1: .*alloc_pages/);
	});
});

describe('undo and redo', () => {
	const ACTS = [
		'struct page *page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)',
		'unsigned int *v = kmap(page)',
		'*v = 0xdeadbeef',
		'cpu 1',
		'void *a = kmap_atomic(page); kunmap_atomic(a)',
		'char *area = vmalloc(9000)',
		'insmod hello.c',
		'void *object = kmalloc(40, GFP_KERNEL)',
		'vfree(area)',
		'rmmod hello',
	];

	it('restore every state exactly, events and all', async () => {
		const session = await open('imx6q-2g', { 'hello.c': MODULE });
		const states = [digest(session)];
		for (const text of ACTS) {
			doAll(session, text);
			states.push(digest(session));
		}
		for (let step = ACTS.length - 1; step >= 0; step--) {
			expect(session.undo()).toBe(true);
			expect(digest(session)).toEqual(states[step]);
		}
		expect(session.undo()).toBe(false);
		for (let step = 1; step <= ACTS.length; step++) {
			expect(session.redo()).toBe(true);
			expect(digest(session)).toEqual(states[step]);
		}
		expect(session.redo()).toBe(false);
		for (const step of [3, 9, 0, 10, 5]) {
			session.seek(step);
			expect(digest(session)).toEqual(states[step]);
		}
	});

	it('need no file: the text of a module is part of its act', async () => {
		let reads = 0;
		const session = await Session.open({
			machine: findMachine('imx6q-2g'),
			readFile: () => {
				reads++;
				return MODULE;
			},
		});
		doAll(session, 'insmod hello.c', 'undo', 'redo');
		expect(reads).toBe(1);
		expect(session.view.log.at(-1)?.text).toBe('hello');
	});

	it('give another view, and end what was taken back when something else is done', async () => {
		const session = await open();
		doAll(session, 'int a = 1', 'a = 2');
		const view = session.view;
		doAll(session, 'undo');
		expect(session.view).not.toBe(view);
		expect(session.history).toHaveLength(2);
		doAll(session, 'a = 3');
		expect(session.history.map(act => act.text)).toEqual(['int a = 1', 'a = 3']);
		expect(session.redo()).toBe(false);
	});

	it('are silent to those who listen to events, who hear what comes after', async () => {
		const session = await open();
		const types: string[] = [];
		session.onEvent(event => types.push(event.type));
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)', 'kmap(page)');
		const heard = types.length;
		doAll(session, 'undo', 'redo');
		expect(types).toHaveLength(heard);
		doAll(session, 'kunmap(page)');
		expect(types.slice(heard)).toContain('kunmap');
	});

	it('reset goes back to the boot and leaves the way forward open', async () => {
		const session = await open();
		doAll(session, 'int a = 1', 'a = 2', 'reset');
		expect([session.step, session.history.length]).toEqual([0, 2]);
		doAll(session, 'seek 2');
		expect(session.inspect('a').text).toBe('2');
	});
});

describe('a fault of the simulated kernel', () => {
	it('kills the task; a new shell goes on', async () => {
		const session = await open();
		const outcome = session.execute('*(int *)0 = 1');
		expect(outcome).toMatchObject({ kind: 'fault', isPanic: false });
		expect(session.step).toBe(1);
		expect(session.view.log.map(line => line.text).join('\n')).toContain(
			'Unhandled fault: page domain fault (0x81b) at 0x00000000',
		);
		expect(session.view.currentTask).toMatchObject({ pid: 101, comm: 'sh' });
		expect(session.view.tasks.has(100)).toBe(false);
		doAll(session, 'int a = 1');
	});

	it('in a task with preemption off leaves none of that to the next', async () => {
		const session = await open();
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)', 'kmap_atomic(page)');
		expect(session.view.currentCpu.preemptCount).toBe(1);
		session.execute('*(int *)0 = 1');
		expect(session.view.currentCpu.preemptCount).toBe(0);
		expect(session.view.log.at(-1)?.text).toBe('note: sh[100] exited with preempt_count 1');
	});

	it('can be undone', async () => {
		const session = await open();
		const before = digest(session);
		session.execute('*(int *)0 = 1');
		session.undo();
		expect(digest(session)).toEqual(before);
	});
});

describe('CPUs', () => {
	it('have a shell of their own each, and what one switched off stays off there only', async () => {
		const session = await open();
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)', 'kmap_atomic(page)', 'cpu 1');
		expect(session.view.currentTask.pid).toBe(101);
		expect(session.view.currentCpu).toMatchObject({ id: 1, preemptCount: 0 });
		doAll(session, 'cpu 0');
		expect(session.view.currentTask.pid).toBe(100);
		expect(session.view.currentCpu).toMatchObject({ id: 0, preemptCount: 1 });
	});

	it('run no other program while their shell has preemption off', async () => {
		const session = await open('imx6q-2g', { 'hello.c': MODULE });
		doAll(session, 'page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)', 'kmap_atomic(page)');
		const outcome = session.execute('insmod hello.c');
		expect(outcome.kind === 'error' && outcome.error.line).toContain('insmod cannot run on CPU 0');
		doAll(session, 'cpu 1', 'insmod hello.c');
	});
});

describe('the command bar', () => {
	it('completes words of the explorer at the beginning of a line, and C everywhere', async () => {
		const session = await open();
		const names = (text: string) => session.complete(text, text.length).map(({ name }) => name);
		expect(names('ins')).toContain('insmod');
		expect(names('kma')).toEqual(expect.arrayContaining(['kmap', 'kmap_atomic']));
		expect(names('x = ins')).not.toContain('insmod');
	});

	it('completes what a word takes: machines, loaded modules, C for goto', async () => {
		const session = await open('imx6q-2g', { 'hello.c': MODULE });
		doAll(session, 'insmod hello.c');
		const names = (text: string) => session.complete(text, text.length).map(({ name }) => name);
		expect(names('machine imx6q')).toEqual(['imx6q-1g', 'imx6q-2g']);
		expect(session.complete('machine imx6q-', 14)[0]?.start).toBe(8);
		expect(names('rmmod ')).toEqual(['hello']);
		expect(names('insmod kma')).toEqual([]);
		expect(names('goto PKM')).toContain('PKMAP_BASE');
	});

	it('asks the dashboard for what is its business', async () => {
		const session = await open();
		expect(session.execute('goto PKMAP_BASE + 0x1000')).toEqual({ kind: 'request', request: { goto: 0xbfe01000 } });
		expect(session.execute('machine imx6q-1g')).toEqual({ kind: 'request', request: { machine: 'imx6q-1g' } });
		expect(session.execute('help')).toEqual({ kind: 'request', request: 'help' });
		expect(session.execute('quit')).toEqual({ kind: 'request', request: 'quit' });
		expect(session.step).toBe(0);
	});

	it('says what a value is, for expectations, and changes nothing by it', async () => {
		const session = await open();
		expect(session.inspect('PKMAP_BASE')).toEqual({ text: '0xbfe00000', isTrue: true });
		expect(session.inspect('1 == 2')).toEqual({ text: '0', isTrue: false });
		expect(() => session.inspect('alloc_page(GFP_KERNEL)')).toThrow();
	});
});
