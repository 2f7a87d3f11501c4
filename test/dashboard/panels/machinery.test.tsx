import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { displayWidth } from '../../../source/dashboard/painting/text.ts';
import { PANELS, panelKey } from '../../../source/dashboard/panels/panel-model.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import { findMachine } from '../../../source/machine/machines.ts';
import { Session } from '../../../source/session/session.ts';
import { renderDashboard } from '../render-dashboard.tsx';

afterEach(cleanup);

const MMAP = 'int *p = mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)';

const openMachine = (machine: Machine) => Session.open({ machine });

/** A session in which these acts were done. */
const sessionAfter = async (id: string, acts: readonly string[]): Promise<Session> => {
	const session = await openMachine(findMachine(id));
	for (const act of acts) session.execute(act);
	return session;
};

interface Shown {
	readonly machine?: string;
	readonly acts?: readonly string[];
	readonly keys: readonly string[];
	readonly size?: { readonly columns: number; readonly rows: number };
}

/** A dashboard on a session, after some keys. */
const dashboardOn = async ({ machine = 'imx6q-2g', acts = [], keys, size = { columns: 80, rows: 24 } }: Shown) => {
	const session = await sessionAfter(machine, acts);
	const dashboard = renderDashboard({ session, openMachine, size });
	await dashboard.press(...keys);
	return dashboard;
};

/** What stands between the borders of a panel that has the whole width, without its first and last row. */
const inside = (rows: readonly string[], from: number, to: number): readonly string[] =>
	rows.slice(from, to).map(row => row.replace(/^│(.*?) *│$/, '$1'));

describe('the tasks panel', () => {
	it('shows who sleeps on what, in which turn and for which page', async () => {
		const acts = [
			'struct page *pages[514]; int i; for (i = 0; i < 514; i++) pages[i] = alloc_page(GFP_HIGHUSER)',
			'for (i = 0; i < 512; i++) kmap(pages[i])',
			'kmap(pages[512])',
			'kmap(pages[513])',
		];
		const dashboard = await dashboardOn({ acts, keys: ['7'] });
		expect(inside(dashboard.rows(), 2, 7)).toEqual([
			' pid   cpu name             state',
			' 1     0   init             ready',
			' 100   0   sh               sleeps on pkmap_map_wait (1/2), for page 0x8be00',
			' 101   0   sh               sleeps on pkmap_map_wait (2/2), for page 0x8be01',
			'>102   0   sh               running',
		]);
		await dashboard.press(':', 'cpu 1', 'Enter', 'Escape', 'j', 'j');
		expect(inside(dashboard.rows(), 6, 8)).toEqual([
			' 102   0   sh               ready',
			'>103   1   sh               running',
		]);
		expect(dashboard.screen()).toContain('for page 0x8be01, fell asleep on cpu0');
	});

	it('shows the areas and pages of processes, shared after a fork and copied by a write', async () => {
		const acts = [MMAP, 'p[0] = 42', 'fork', 'p[1024]'];
		const dashboard = await dashboardOn({ acts, keys: ['7'] });
		expect(inside(dashboard.rows(), 6, 12)).toEqual([
			' memory of sh[100]: root table 0x3e800000, 2 pages',
			'  0xb6ffe000 - 0xb7000000  2 pages, 2 present',
			'    0xb6ffe000 -> 0x8bc00   HighMem  read-only, shared by 2',
			'    0xb6fff000 -> 0x110e6   Normal   ZERO_PAGE, read-only',
			' memory of sh[101]: root table 0x3e844000, 1 page',
			'  0xb6ffe000 - 0xb7000000  2 pages, 1 present',
		]);
		await dashboard.press(':', 'task 101', 'Enter', 'p[0] = 43', 'Enter', 'Escape');
		expect(dashboard.screen()).toContain('0xb6ffe000 -> 0x8bc00   HighMem  read-only  ');
		expect(dashboard.screen()).toContain('0xb6ffe000 -> 0x8bc01   HighMem  writable');
	});

	it('says of a page what may happen to it', async () => {
		const dashboard = await dashboardOn({ acts: [MMAP, 'p[0] = 42'], keys: ['7', 'G'] });
		expect(dashboard.screen()).toContain('0xb6ffe000: pfn 0x8bc00; HighMem; writable; the page of this process alone;');
	});
});

describe('Enter on a page of a process', () => {
	it("shows the walk through the process's own tables, and the bytes", async () => {
		const dashboard = await dashboardOn({ acts: [MMAP, 'p[0] = 0x2a2b'], keys: ['7', 'G', 'Enter', 'G'] });
		expect(dashboard.screen()).toContain('b6ffe000  2b 2a 00 00');
		await dashboard.press('PageUp');
		expect(dashboard.screen()).toContain('bits: page AP=3 TEX=1 C B S nG XN');
		expect(dashboard.screen()).not.toContain('for the hardware');
		await dashboard.press('j', 'j', 'j', 'j');
		expect(dashboard.screen()).toContain('= 0x8bc00000: page 0x8bc00, HighMem, allocated');
	});
});

describe('the panel of CPUs', () => {
	const acts = ['page = alloc_page(GFP_HIGHUSER)', 'unsigned int *a = kmap_atomic(page); *a = 1'];

	it('takes preempt_count apart and lists the windows and the TLB', async () => {
		const dashboard = await dashboardOn({ machine: 'debian10-pae-4g', acts, keys: ['8'] });
		expect(inside(dashboard.rows(), 2, 16)).toEqual([
			'>cpu0  sh[100]   interrupts on    page faults OFF 1 deep   no spinlock',
			'! preempt_count 0x00000001: preempt 1, softirq 0, hardirq 0, nmi 0',
			...[1, 2, 3].flatMap(id => [
				` cpu${id}  idle   interrupts on    page faults on           no spinlock`,
				'  preempt_count 0x00000000: preempt 0, softirq 0, hardirq 0, nmi 0',
			]),
			'  kmap_atomic slots in use: cpu0 1, cpu1 0, cpu2 0, cpu3 0',
			'  cpu0  depth 0  0xfffbb000 -> page 0x36ffe',
			'  TLB entries of 64: cpu0 2, cpu1 0, cpu2 0, cpu3 0',
			'  cpu   address        size physical      rights  whose   scope',
			'  cpu0  0xf4400000     2 MB 0x34400000    rw-     kernel  not global',
			'  cpu0  0xfffbb000     4 kB 0x36ffe000    rw-     kernel  not global',
		]);
		expect(dashboard.screen()).toContain('sleeping is');
	});

	it('shows a window that was given back and left behind, and a stale translation, with ~', async () => {
		const dashboard = await dashboardOn({ acts: [...acts, 'kunmap_atomic(a)'], keys: ['8'] });
		expect(dashboard.screen()).toContain('│~ cpu0  depth 0  0xffefe000 -> page 0x8bc00  given back, PTE left behind');
		await dashboard.press(':', 'int *v = vmalloc(PAGE_SIZE); *v = 5; vfree(v)', 'Enter', 'Escape', 'G');
		expect(dashboard.screen()).toMatch(/TLB entries of 64: cpu0 \d \(1 STALE\), cpu1 0/);
		expect(dashboard.screen()).toMatch(/│~ cpu0 {2}0xf0800000 {5}4 kB 0x\w+ +rw- {5}kernel {2}STALE: tables differ/);
	});

	it('shows a CPU that spins for ever, why, and the task there', async () => {
		const own = ['DEFINE_SPINLOCK(lock)', 'spin_lock(&lock); spin_lock(&lock)', 'cpu 1'];
		const dashboard = await dashboardOn({ acts: own, keys: ['8'] });
		expect(dashboard.rows()[3]).toMatch(/^│! SPINS FOR EVER: spin_lock\(\w+\): .* holds it and /);
		expect(dashboard.rows()[3]).toHaveLength(80);
		await dashboard.press('7');
		expect(dashboard.screen()).toMatch(/│ 100 {3}0 {3}sh {15}spins for ever/);
		await dashboard.press('u', 'u', '8');
		expect(dashboard.screen()).not.toContain('SPINS');
	});

	it('counts the windows of kernels that had no stack of them', async () => {
		const own = ['void *a = kmap_atomic(alloc_page(GFP_HIGHUSER), KM_USER0)'];
		const dashboard = await dashboardOn({ machine: 'ubuntu904-2.5g', acts: own, keys: ['8'] });
		expect(dashboard.screen()).toContain('kmap_atomic slots in use: cpu0 1, cpu1 0');
		expect(dashboard.screen()).toMatch(/cpu0 {2}depth 3 {2}0xfff/);
	});

	it('shows interrupts that are off and spinlocks that are held', async () => {
		const own = ['spinlock_t lock; spin_lock_init(&lock); unsigned long flags; spin_lock_irqsave(&lock, flags)'];
		const dashboard = await dashboardOn({ acts: own, keys: ['8'] });
		expect(dashboard.rows()[2]).toContain('interrupts OFF   page faults on           1 spinlock');
		expect(dashboard.rows()[4]).toContain('holds the spinlock at 0x');
	});
});

describe('the page walk', () => {
	it('shows the address under the cursor: entries, bits, frame, and what each TLB says', async () => {
		const acts = ['page = alloc_page(GFP_HIGHUSER); int *a = kmap(page); *a = 1'];
		const dashboard = await dashboardOn({ acts, keys: ['9'] });
		expect(inside(dashboard.rows(), 2, 13)).toEqual([
			' 0xbfe01000, pkmap: tables of the kernel, swapper_pg_dir 0x10004000 (cpu0)',
			' level index entry at      value               covers leads to',
			' PGD    3070 0x10006ff8    0x3fffc811            1 MB table 0x3fffc800',
			'             bits: table',
			' PTE       1 0x3fffc804    0x8bc0045f            4 kB page 0x8bc00000',
			'             bits: page AP=1 TEX=1 C B S XN',
			'             writable, kernel only, not executable, global, cached',
			"             Linux's own entry at 0x3fffc004: 0x8bc0065f",
			' = 0x8bc00000: page 0x8bc00, HighMem, allocated',
			' TLB of cpu0: the same, 0x8bc00000',
			' TLB of cpu1: nothing, the next access walks the tables',
		]);
	});

	it('takes another address from the command bar or the search, of the process, too', async () => {
		const dashboard = await dashboardOn({ acts: [MMAP, 'p[0] = 1'], keys: [':', 'walk p', 'Enter'] });
		expect(dashboard.screen()).toContain('0xb6ffe000, user: tables of sh[100], root 0x3e800000 (cpu0)');
		expect(dashboard.screen()).toContain('bits: page AP=3 TEX=1 C B S nG XN');
		await dashboard.press('/', 'f0400000', 'Enter');
		expect(dashboard.screen()).toContain('an empty entry: the walk ends here, an access faults');
		expect(dashboard.screen()).toContain('= not mapped: an access is a page fault');
	});

	it('shows three levels with PAE, and 64-bit entries with all digits', async () => {
		const dashboard = await dashboardOn({
			machine: 'debian10-pae-4g',
			keys: [':', 'walk PAGE_OFFSET', 'Enter'],
		});
		const rows = inside(dashboard.rows(), 4, 8);
		expect(rows[0]).toMatch(/^ PGD {7}3 0x\w{8} {4}0x0{8}\w{8} {4}1 GB table 0x\w{8}$/);
		expect(rows[2]).toMatch(/^ PMD {7}0 0x\w{8} {4}0x\w{16} {4}2 MB (?:block|table) 0x\w{8}$/);
	});

	it('does not take the translation of another process for one of this', async () => {
		const acts = [MMAP, 'p[0] = 1', 'fork', 'task 101', 'p[0] = 2', 'task 100', 'p[0]'];
		const dashboard = await dashboardOn({ acts, keys: [':', 'walk p', 'Enter'] });
		expect(dashboard.screen()).toContain('= 0x8bc00000: page 0x8bc00');
		expect(dashboard.screen()).toContain(' TLB of cpu0: the same, 0x8bc00000');
		await dashboard.press('8', 'G');
		expect(dashboard.screen()).toMatch(/0xb6ffe000 {5}4 kB 0x8bc01000 {4}rw- {5}user {4}process 101/);
		expect(dashboard.screen()).toMatch(/0xb6ffe000 {5}4 kB 0x8bc00000 {4}r-- {5}user {4}process 100/);
	});

	it('marks a translation that only a TLB still has', async () => {
		const acts = ['int *v = vmalloc(PAGE_SIZE); *v = 5; vfree(v)'];
		const dashboard = await dashboardOn({ acts, keys: [':', 'walk v', 'Enter'] });
		expect(dashboard.screen()).toMatch(/│~TLB of cpu0: STALE, an access there still reaches 0x\w{8} /);
	});
});

describe('the panel of costs', () => {
	it('puts kmap and kmap_atomic side by side, call by call', async () => {
		const acts = [
			'struct page *pages[1024]; int i; for (i = 0; i < 1024; i++) pages[i] = alloc_page(GFP_HIGHUSER)',
			'for (i = 0; i < 1024; i++) { kmap(pages[i]); kunmap(pages[i]); }',
			'for (i = 0; i < 1024; i++) kunmap_atomic(kmap_atomic(pages[i]))',
		];
		const dashboard = await dashboardOn({ machine: 'debian10-pae-4g', acts, keys: ['0'] });
		expect(inside(dashboard.rows(), 2, 6).concat(inside(dashboard.rows(), 7, 10))).toEqual([
			' map and unmap   calls local   all   IPI   hit  miss kmapL vmapL pages  PTEs',
			' kmap             1024       <0.01 <0.01                 2                 2',
			' kmap_atomic      1024     1                                               2',
			' since boot      calls local   all   IPI   hit  miss kmapL vmapL pages  PTEs',
			// 1024 entries written, and 511 and 512 cleared by the two flushes: slot 0 is taken only after the first.
			' alloc_pages      1024                                            1024',
			' kmap             1024           2     6              1024              2047',
			' kunmap           1024                                1024',
		]);
	});

	it('says what the numbers of a row are', async () => {
		const acts = ['kunmap_atomic(kmap_atomic(alloc_page(GFP_HIGHUSER)))'];
		const dashboard = await dashboardOn({ machine: 'debian10-pae-4g', acts, keys: ['0', 'j'] });
		expect(dashboard.screen()).toContain(
			' kmap_atomic: what one kmap_atomic and its unmap cost on average; flushes of',
		);
	});
});

describe('every panel', () => {
	const acts = [MMAP, 'p[0] = 42', 'fork', 'page = alloc_page(GFP_HIGHUSER); a = kmap_atomic(page)'];

	it.each([
		[60, 16],
		[80, 24],
		[120, 36],
		[200, 60],
	])('fills its place at %ix%i, in both languages, with plain borders, too', async (columns, rows) => {
		for (const language of ['en', 'zh'] as const) {
			const session = await sessionAfter('imx6q-2g', acts);
			const theme = { colorLevel: 0, isUnicode: language === 'en' } as const;
			const { store } = renderDashboard({ session, openMachine, size: { columns, rows }, language, theme });
			for (const panel of PANELS) {
				store.dispatch({ type: 'focused', panel });
				const { place, model, cursor } = store.focused;
				expect(place.panel).toBe(panel);
				for (let row = 0; row < model.rowCount; row++) {
					expect(displayWidth(model.paintRow(row, -1)), panelKey(panel)).toBe(place.columns - 2);
				}
				expect(cursor).toBeLessThan(Math.max(1, model.itemCount));
			}
			cleanup();
		}
	});
});
