import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { explainedName, hangingLines } from '../../source/dashboard/boxes/explained-lines.ts';
import { displayWidth } from '../../source/dashboard/painting/text.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { messagesIn } from '../../source/messages/messages.ts';
import { Session } from '../../source/session/session.ts';
import { renderDashboard } from './render-dashboard.tsx';

afterEach(cleanup);

const dashboardOn = async (id: string, columns = 80, language: 'en' | 'zh' = 'en') =>
	renderDashboard({
		session: await Session.open({ machine: findMachine(id) }),
		openMachine: machine => Session.open({ machine }),
		size: { columns, rows: 36 },
		language,
	});

describe('Enter explains', () => {
	// arch/arm/mm/mmu.c: VMALLOC_END 0xff000000 less 240 MB and 8 MB (kernel 3.3 to 4.3).
	it('a row of the table: the rule with the numbers of this machine, and what would move it', async () => {
		const dashboard = await dashboardOn('imx6q-1g', 120);
		await dashboard.press('1', 'j', 'j', 'j', 'Enter');
		expect(dashboard.screen()).toContain('lowmem: 0xc0000000 - 0xef800000 (760 MB)');
		expect(dashboard.screen()).toContain(
			'end: lowmem ends at 0xef800000: VMALLOC_END 0xff000000 - 240 MB - 8 MB, since RAM reaches further; kernel 3.3 to 4.3',
		);
		expect(dashboard.screen()).toContain('--vmalloc 512M');
	});

	it('a slot of pkmap with its page walk: nothing before kmap, the page after it', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press('j', 'k', 'l', 'Enter');
		expect(dashboard.screen()).toContain('0xbfe01000: pkmap');
		expect(dashboard.screen()).toContain('PTE[1] at +0x4: 0x00000000, nothing');
		await dashboard.press('Escape', ':', 'page = alloc_page(GFP_HIGHUSER); kmap(page)', 'Enter', 'Escape', 'Enter');
		expect(dashboard.screen()).toMatch(/PTE\[1\] at \+0x4: 0x8bc0065f, the page at physical 0x8bc00000/);
		expect(dashboard.screen()).toContain('page 0x8bc00 of zone HighMem: allocated, order 0');
	});

	it('a slot of the fixmap by its index', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press('3', 'Enter');
		expect(dashboard.screen()).toMatch(/there +index \d+/);
	});

	it('an area of vmalloc space', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press(':', 'v = vmalloc(8192)', 'Enter', 'Escape', '5', 'Enter');
		expect(dashboard.screen()).toMatch(/there +vmalloc area 0xf0800000 - 0xf0803000/);
	});
});

describe('the word explain', () => {
	it.each([
		['vmalloc', 'vmalloc space begins at 0xf0800000: high_memory 0xf0000000 + 8 MB (VMALLOC_OFFSET)'],
		['high_memory', 'lowmem ends at 0xf0000000: VMALLOC_END 0xff800000 - 240 MB - 8 MB'],
		['LAST_PKMAP', 'LAST_PKMAP = 512'],
		['0xbfe03000', 'slot 3 of 512'],
		['PKMAP_BASE+0x3000', 'slot 3 of 512'],
		['PKMAP_BASE + 3 * PAGE_SIZE', 'slot 3 of 512'],
	])('explains %s', async (what, line) => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press(':', `explain ${what}`, 'Enter');
		expect(dashboard.screen()).toContain(line);
		expect(dashboard.session().step).toBe(0);
	});

	it('explains the value of a variable', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press(':', 'void *there = kmap(alloc_page(GFP_HIGHUSER))', 'Enter', 'explain there', 'Enter');
		expect(dashboard.screen()).toContain('0xbfe01000: pkmap');
	});

	it('says what is meant where the name is wrong', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press(':', 'explain high_memori', 'Enter');
		expect(dashboard.screen()).toContain('did you mean high_memory?');
	});

	it('speaks Chinese', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120, 'zh');
		await dashboard.press(':', 'explain 0xbfe03000', 'Enter');
		expect(dashboard.screen()).toContain('槽位 3，共 512 个');
	});
});

describe('a search', () => {
	it('for a symbol that is no address explains it', async () => {
		const dashboard = await dashboardOn('imx6q-2g', 120);
		await dashboard.press('/', 'LAST_PKMAP', 'Enter');
		expect(dashboard.screen()).toContain('LAST_PKMAP = 512');
	});
});

describe('lines of an explanation', () => {
	it('go on below their text, behind the label', () => {
		expect(hangingLines('  page walk     ARM short descriptors, two levels', 34)).toEqual([
			'  page walk     ARM short',
			'                descriptors, two',
			'                levels',
		]);
	});

	it.each(['en', 'zh'] as const)('fit the box, whatever the row and the machine (%s)', language => {
		const { explain } = messagesIn(language);
		for (const id of ['imx6q-2g', 'debian10-pae-4g', 'tegra3-1g']) {
			for (const name of ['vmalloc', 'lowmem', 'fixmap', 'PAGE_OFFSET']) {
				for (const width of [56, 76, 120]) {
					const lines = explainedName(findMachine(id), name, explain, width);
					expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
				}
			}
		}
	});
});
