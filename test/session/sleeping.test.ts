import { beforeEach, describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';
import type { Outcome } from '../../source/session/outcome.ts';
import { Session } from '../../source/session/session.ts';
import { digest } from './digest.ts';

const FILL = [
	'struct page *pages[520]; int i',
	'for (i = 0; i < 520; i++) pages[i] = alloc_page(GFP_KERNEL | __GFP_HIGHMEM)',
	'for (i = 1; i < 512; i++) kmap(pages[i])',
	'kmap(pages[0])',
];

const WAITS = `#include <linux/module.h>
#include <linux/highmem.h>
static int __init waits_init(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM);
	unsigned int *v = kmap(page);
	printk("woken at %08x\\n", (unsigned int)v);
	kunmap(page);
	return 0;
}
module_init(waits_init);
MODULE_LICENSE("GPL");
`;

/** An outcome with its notes in words. */
const inEnglish = (outcome: Outcome): object =>
	'notes' in outcome ? { ...outcome, notes: outcome.notes?.map(english) } : outcome;

describe('kmap on a full pkmap', () => {
	let session: Session;

	beforeEach(async () => {
		session = await Session.open({ machine: findMachine('imx6q-2g'), readFile: () => WAITS });
		for (const text of FILL) expect(session.execute(text).kind).toBe('done');
	});

	it('lets the task sleep in D state on pkmap_map_wait; a new shell takes over', () => {
		expect(session.execute('kmap(pages[512])')).toEqual({ kind: 'sleeping', pid: 100, on: 'pkmap_map_wait' });
		expect(session.view.tasks.get(100)).toMatchObject({ state: 'uninterruptible', waitingOn: 'pkmap_map_wait' });
		expect(session.view.currentTask).toMatchObject({ pid: 101, comm: 'sh', state: 'running' });
		expect(session.view.pkmap?.waiters).toEqual([100]);
		expect(session.execute('1 + 1')).toEqual({ kind: 'done', value: '2' });
	});

	it('goes on after the act whose kunmap woke it, with the slot that the flush emptied', () => {
		session.execute('kmap(pages[512])');
		expect(inEnglish(session.execute('kunmap(pages[100])'))).toEqual({
			kind: 'done',
			notes: ['sh[100] woke and finished: kmap(pages[512]) = 0xbfe64000'],
		});
		expect(session.view.tasks.has(100)).toBe(false);
		expect(session.view.currentTask.pid).toBe(101);
		expect(session.view.pkmap?.flushes).toBe(1);
	});

	it('lets only as many go on as there are slots; they go in the order in which they fell asleep', () => {
		session.execute('kmap(pages[512])');
		session.execute('kmap(pages[513])');
		session.execute('kmap(pages[514])');
		expect(session.view.pkmap?.waiters).toHaveLength(3);
		expect(inEnglish(session.execute('kunmap(pages[7])'))).toMatchObject({
			notes: [
				'sh[100] woke and finished: kmap(pages[512]) = 0xbfe07000',
				'sh[101] woke and sleeps again on pkmap_map_wait: kmap(pages[513])',
				'sh[102] woke and sleeps again on pkmap_map_wait: kmap(pages[514])',
			],
		});
		expect(inEnglish(session.execute('kunmap(pages[8]); kunmap(pages[9])'))).toMatchObject({
			notes: [
				'sh[101] woke and finished: kmap(pages[513]) = 0xbfe08000',
				'sh[102] woke and finished: kmap(pages[514]) = 0xbfe09000',
			],
		});
	});

	it('gives waiters for one page the same slot', () => {
		session.execute('kmap(pages[512])');
		session.execute('kmap(pages[512])');
		expect(inEnglish(session.execute('kunmap(pages[3])'))).toMatchObject({
			notes: [
				'sh[100] woke and finished: kmap(pages[512]) = 0xbfe03000',
				'sh[101] woke and finished: kmap(pages[512]) = 0xbfe03000',
			],
		});
		expect(session.inspect('pkmap_count[3]').text).toBe('3');
	});

	it('in a module lets insmod sleep, not the shell', () => {
		expect(session.execute('insmod waits.c')).toMatchObject({ kind: 'sleeping', pid: 101 });
		expect(session.view.currentTask).toMatchObject({ pid: 100, comm: 'sh' });
		session.execute('kunmap(pages[100])');
		expect(session.view.log.at(-1)?.text).toBe('woken at bfe64000');
		expect(session.view.tasks.has(101)).toBe(false);
	});

	it('wakes on the CPU it slept on', () => {
		session.execute('kmap(pages[512])');
		session.execute('cpu 2');
		const cpus: number[] = [];
		session.onEvent(event => {
			if (event.type === 'kmap') cpus.push(event.cpu);
		});
		session.execute('kunmap(pages[100])');
		expect(cpus).toEqual([0]);
		expect(session.view.currentCpu.id).toBe(2);
	});

	it('is done again exactly by undo and redo', () => {
		session.execute('kmap(pages[512])');
		const asleep = digest(session);
		session.execute('kunmap(pages[100])');
		const awake = digest(session);
		session.undo();
		expect(digest(session)).toEqual(asleep);
		session.redo();
		expect(digest(session)).toEqual(awake);
	});
});

describe('the other window sizes', () => {
	it('x86 without PAE has 1024 slots: the 1025th kmap sleeps', async () => {
		const session = await Session.open({ machine: findMachine('laptop-2g-nopae') });
		// Kernels 3.12 to 4.7 let the zones take turns, so that not every page is a highmem page (ALLOC_FAIR).
		session.execute('struct page *pages[1025], *page; int i = 0');
		const fill =
			'while (i < 1025) { page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM); if (PageHighMem(page)) pages[i++] = page; }';
		expect(session.execute(fill).kind).toBe('done');
		expect(session.execute('for (i = 0; i < 1024; i++) kmap(pages[i])').kind).toBe('done');
		expect(session.view.pkmap).toMatchObject({ usedSlots: 1024, lastPkmapNr: 0, flushes: 0 });
		expect(session.execute('kmap(pages[1024])').kind).toBe('sleeping');
	});
});
