import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { readCommand } from '../../source/session/explorer-words.ts';
import { Session } from '../../source/session/session.ts';
import { valueInEnglish } from '../helpers/in-english.ts';
import { digest } from './digest.ts';

const MMAP = 'int *p = mmap(NULL, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)';

const open = (machine = 'imx6q-2g'): Promise<Session> => Session.open({ machine: findMachine(machine) });

const said = (session: Session, text: string): string | undefined => {
	const outcome = session.execute(text);
	if (outcome.kind === 'error') return outcome.error.line;
	return outcome.kind === 'done' ? valueInEnglish(outcome.value) : outcome.kind;
};

const sessionAfter = async (...acts: string[]): Promise<Session> => {
	const session = await open();
	for (const act of acts) said(session, act);
	return session;
};

const pagesOf = (session: Session, pid: number) =>
	session.view.processes.find(process => process.pid === pid)?.pages() ?? [];

const freePages = ({ view }: Session): number =>
	view.pages.zones.reduce((sum, zone) => sum + zone.free + zone.perCpuPages.reduce((a, b) => a + b, 0), 0);

describe('mmap in the command bar', () => {
	it('gives the shell addresses, and a page of HighMem with the first write', async () => {
		const session = await sessionAfter(MMAP);
		expect(session.inspect('p').text).toBe('0xb6ffc000');
		expect(session.view.processes.map(({ pid, areas }) => ({ pid, areas }))).toEqual([
			{ pid: 100, areas: [{ start: 0xb6ffc000, end: 0xb7000000 }] },
		]);
		expect(pagesOf(session, 100)).toEqual([]);
		said(session, 'p[0] = 42');
		const [page] = pagesOf(session, 100);
		expect(page).toMatchObject({ address: 0xb6ffc000, isWritable: true, isZeroPage: false, users: 1 });
		expect(session.view.pages.page(page?.pfn as never)?.zone).toBe('HighMem');
		expect(session.inspect('p[0] == 42').isTrue).toBe(true);
	});

	it('knows private anonymous memory only, and says so', async () => {
		const session = await open();
		expect(said(session, 'mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0)')).toBe(
			'only private anonymous memory is simulated (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)',
		);
		expect(session.step).toBe(0);
	});

	it('returns MAP_FAILED when no range is left', async () => {
		const session = await sessionAfter('void *v = mmap(NULL, 0xc0000000, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)');
		expect(session.inspect('v == MAP_FAILED').isTrue).toBe(true);
	});

	it('is undone by munmap, which refuses what is no page', async () => {
		const session = await sessionAfter(MMAP, 'p[0] = 1');
		expect(said(session, 'munmap((char *)p + 1, PAGE_SIZE)')).toBe('-22');
		expect(said(session, 'munmap(p, 4 * PAGE_SIZE)')).toBe('0');
		expect(session.view.processes[0]?.areas).toEqual([]);
		expect(said(session, 'p[0]')).toBe('fault');
	});
});

describe('the kernel and addresses of a process', () => {
	it('copies to and from them, with a page fault where a page is missing', async () => {
		const session = await sessionAfter(MMAP, 'int *k = kmalloc(16, GFP_KERNEL); k[0] = 7');
		expect(said(session, 'copy_to_user(p, k, 4)')).toBe('0');
		expect(session.inspect('p[0] == 7').isTrue).toBe(true);
		said(session, 'p[0] = 8');
		expect(said(session, 'copy_from_user(k, p, 4)')).toBe('0');
		expect(session.inspect('k[0] == 8').isTrue).toBe(true);
	});

	it('returns what could not be copied, and never faults', async () => {
		const session = await sessionAfter(MMAP, 'char *k = kmalloc(16, GFP_KERNEL)');
		expect(said(session, 'copy_to_user((void *)0x1000, k, 16)')).toBe('16');
		expect(said(session, 'copy_to_user(k, k, 16)')).toBe('16');
		expect(said(session, 'copy_to_user((char *)p + 4 * PAGE_SIZE - 4, k, 16)')).toBe('12');
	});

	it('finds no page while page faults are off', async () => {
		const session = await sessionAfter(MMAP, 'char *k = kmalloc(16, GFP_KERNEL)', 'pagefault_disable()');
		expect(said(session, 'copy_to_user(p, k, 16)')).toBe('16');
		said(session, 'pagefault_enable()');
		expect(said(session, 'copy_to_user(p, k, 16)')).toBe('0');
	});

	it('holds pages with get_user_pages_fast until put_page', async () => {
		const session = await sessionAfter(MMAP, 'struct page *pages[2]');
		expect(said(session, 'get_user_pages_fast((unsigned long)p, 2, 1, pages)')).toBe('2');
		expect(session.inspect('page_count(pages[0])').text).toBe('2');
		expect(session.inspect('page_address(pages[1]) == NULL').isTrue).toBe(true);
		said(session, 'put_page(pages[0])');
		expect(session.inspect('page_count(pages[0])').text).toBe('1');
		expect(said(session, 'get_user_pages_fast(0x1000, 1, 0, pages)')).toBe('-14');
	});
});

describe('fork', () => {
	it('starts a process with the same memory, read-only for both, and the parent goes on', async () => {
		const session = await sessionAfter(MMAP, 'p[0] = 42');
		expect(said(session, 'fork')).toBe('sh[101] on CPU 0; task 101 goes on as it');
		expect(session.view.currentTask.pid).toBe(100);
		const [mine] = pagesOf(session, 100);
		const [other] = pagesOf(session, 101);
		expect(mine).toMatchObject({ isWritable: false, users: 2 });
		expect(other).toEqual(mine);
	});

	it('copies a page when one of the two writes, and gives the other its page back to write', async () => {
		const session = await sessionAfter(MMAP, 'p[0] = 42', 'fork', 'task 101', 'p[0] = 43');
		expect(pagesOf(session, 101)).toMatchObject([{ isWritable: true, users: 1 }]);
		expect(pagesOf(session, 100)).toMatchObject([{ isWritable: false, users: 1 }]);
		said(session, 'task 100');
		expect(session.inspect('p[0]').text).toBe('42');
		const before = session.view.paging.count('pages');
		said(session, 'p[0] = 44');
		expect(session.view.paging.count('pages')).toBe(before);
	});

	it('needs preemption, as any system call does', async () => {
		const session = await sessionAfter('preempt_disable()');
		expect(said(session, 'fork')).toContain('fork cannot run on CPU 0: its shell has preemption off');
	});
});

describe('exit', () => {
	it('gives back what the process had, and another shell goes on', async () => {
		const session = await open();
		const free = freePages(session);
		said(session, MMAP);
		said(session, 'p[0] = 1; p[1024] = 2');
		expect(freePages(session)).toBeLessThan(free);
		expect(said(session, 'exit')).toBe('sh[101] on CPU 0');
		expect(session.view.processes).toEqual([]);
		expect(freePages(session)).toBe(free);
	});

	it('happens to a process that an oops kills, too', async () => {
		const session = await sessionAfter(MMAP, 'p[0] = 1', '*(int *)0xf0400000 = 1');
		expect(session.view.processes).toEqual([]);
	});

	it('is undone like any act', async () => {
		const session = await sessionAfter(MMAP, 'p[0] = 42', 'fork');
		const before = digest(session);
		for (const act of ['task 101', 'p[0] = 43', 'exit', 'undo', 'undo', 'undo']) said(session, act);
		expect(digest(session)).toEqual(before);
		expect(pagesOf(session, 101)).toHaveLength(1);
	});
});

describe('what programs call', () => {
	it.each(['fork()', 'fork();', 'exit(0)', 'exit ( )'])('%s is the word', text => {
		expect(readCommand(text)).toEqual({ kind: text.startsWith('fork') ? 'fork' : 'exit' });
	});

	it.each(['fork(1) + 2', 'exit = 3', 'fork(a)'])('%s is C', text => {
		expect(readCommand(text)).toEqual({ kind: 'c', text });
	});

	it('is completed, and has a help', async () => {
		const session = await open();
		expect(session.complete('mma', 3).map(({ name }) => name)).toContain('mmap');
		expect(session.complete('for', 3).map(({ name }) => name)).toContain('fork');
		expect(said(session, 'help fork')).toBe(
			'fork: start a process with the memory of this shell; who writes to a page first gets a copy',
		);
		expect(said(session, 'help munmap')).toContain('int munmap(void *addr, size_t length): ');
	});
});

describe('cost_of', () => {
	it('gives the numbers of the panel of costs', async () => {
		const session = await sessionAfter('page = alloc_page(GFP_HIGHUSER); kmap(page); kunmap(page)');
		expect(session.inspect('cost_of(OP_KMAP, COST_CALLS)').text).toBe('1');
		expect(session.inspect('cost_of(OP_ALL, COST_KMAP_LOCKS)').text).toBe('2');
		expect(said(session, 'cost_of(99, COST_CALLS)')).toContain('number 99 is not counted');
	});
});
