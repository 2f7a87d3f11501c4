import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { Session } from '../../source/session/session.ts';
import { renderDashboard } from './render-dashboard.tsx';

afterEach(cleanup);

const openMachine = (machine: Machine) => Session.open({ machine });

const dashboardOn = async (id: string, size = { columns: 80, rows: 24 }) =>
	renderDashboard({ session: await openMachine(findMachine(id)), openMachine, size });

describe('an exploration of the default machine', () => {
	it('maps ten pages from the command bar: slots 1 to 10, one user each', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'for (int i = 0; i < 10; i++) kmap(alloc_page(GFP_HIGHUSER))', 'Enter');
		expect(dashboard.screen()).toContain('10 used 0 stale 502 free');
		expect(dashboard.screen()).toContain('bfe00000>.1111111 111.....*');
		expect(dashboard.screen()).toContain('pkmap slot 10: 0xbfe0a000; count 2: 1 user;');
	});

	it('says whole why the kernel faulted, over as many rows as that takes, until Esc takes it away', async () => {
		const { press, rows } = await dashboardOn('imx6q-2g');
		await press(':', 'int *q = 0xf0400000; *q = 5', 'Enter', 'Escape');
		expect(rows().slice(20, 23)).toEqual([
			' ! write to 0xf0400000: the hole between lowmem and vmalloc, which is left empty',
			'   to catch such accesses (Unable to handle kernel paging request at virtual',
			'   address f0400000)',
		]);
		expect(rows()).toHaveLength(24);
		await press('Escape');
		expect(rows()[21]).toBe(' : int *q = 0xf0400000; *q = 5');
	});

	it('says of the slot that one kunmap too many leaves behind that its page is still mapped', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'p = alloc_page(GFP_HIGHUSER); kmap(p); kunmap(p)', 'Enter', 'kunmap(p)', 'Enter');
		expect(dashboard.screen()).toContain('pkmap slot 1: 0xbfe01000; count 0, yet still mapped: one kunmap too many;');
	});

	it('is saved by a word, and what came of that stands in the result line', async () => {
		const session = await openMachine(findMachine('imx6q-2g'));
		const saved: unknown[] = [];
		const { press, rows, screen } = renderDashboard({
			session,
			openMachine,
			size: { columns: 80, rows: 24 },
			saveSession: async (of, { save, isOverwriting }) => {
				saved.push([of === session, save, isOverwriting]);
				if (!isOverwriting) throw new UserError('the file is there already', save);
				return 'nothing was done yet';
			},
		});
		await press(':', 'save a.yaml', 'Enter');
		expect(rows()[22]).toContain('a.yaml: the file is there already');
		await press('save! a.yaml', 'Enter');
		expect(screen()).toContain('nothing was done yet');
		expect(saved).toEqual([
			[true, 'a.yaml', false],
			[true, 'a.yaml', true],
		]);
	});

	it('shows a slot that nobody uses as stale until the flush, and takes it back with undo', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(
			':',
			'page = alloc_page(GFP_HIGHUSER)',
			'Enter',
			'kmap page',
			'Enter',
			'kunmap page',
			'Enter',
		);
		expect(dashboard.screen()).toContain('0 used 1 stale 511 free');
		expect(dashboard.screen()).toContain('count 1: stale, mapped until the next flush');
		await dashboard.press('Escape', 'u');
		expect(dashboard.screen()).toContain('1 used 0 stale 511 free');
		await dashboard.press('u', 'u', 'u');
		expect(dashboard.screen()).toContain('nothing to undo');
		expect(dashboard.screen()).toContain('0 used 0 stale 512 free');
	});

	it('shows whose CPU and which depth a temporary mapping has', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'kmap_atomic(alloc_page(GFP_HIGHUSER))', 'Enter', 'Escape', '3');
		expect(dashboard.screen()).toContain('= 0xffefe000');
		expect(dashboard.screen()).toContain('cpu0    >#....... ........*');
		expect(dashboard.screen()).toContain(
			'fixmap index 1 (FIX_KMAP): 0xffefe000; kmap_atomic of cpu0, depth 0; mapped;',
		);
	});

	it('points at a mistake in C and changes nothing', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'kmap(pge)', 'Enter');
		expect(dashboard.rows()[21]?.trimEnd()).toBe(' : kmap(pge)');
		expect(dashboard.rows()[22]).toMatch(/^ {8}\^ /);
		expect(dashboard.session().step).toBe(0);
	});

	it('completes names of the kernel with their signatures', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'kmap_at', 'Tab');
		expect(dashboard.rows()[21]).toContain('kmap_atomic');
	});

	it('shows what was written through a mapping', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'int *p = kmap(alloc_page(GFP_HIGHUSER))', 'Enter', '*p = 0x64636261', 'Enter');
		await dashboard.press('Escape', 'Enter', 'PageDown');
		expect(dashboard.screen()).toContain('bfe01000  61 62 63 64 00');
		expect(dashboard.screen()).toContain('|abcd............|');
	});
});

describe('other machines', () => {
	it('are chosen with m, and the command bar works on', async () => {
		const dashboard = await dashboardOn('imx6q-2g', { columns: 120, rows: 36 });
		await dashboard.press('m', 'G', 'k', 'Enter');
		const id = dashboard.session().machine.id;
		expect(id).not.toBe('imx6q-2g');
		expect(dashboard.rows()[0]).toContain(id);
	});

	it('without highmem say so', async () => {
		const dashboard = await dashboardOn('rpi1-512m');
		expect(dashboard.screen()).toContain('This kernel has no pkmap');
	});

	it.each(['imx6ull-512m', 'ubuntu1604-2g', 'old-pc-64m', 'ubuntu904-2.5g', 'tegra3-1g', 'i386-6.1-8g-pae'])(
		'fit the screen: %s',
		async id => {
			const dashboard = await dashboardOn(id);
			expect(dashboard.rows()).toHaveLength(24);
			expect(Math.max(...dashboard.rows().map(row => row.length))).toBeLessThanOrEqual(80);
		},
	);
});
