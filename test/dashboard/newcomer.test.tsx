import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { DashboardOptions } from '../../source/dashboard/create-dashboard.tsx';
import { headerParts } from '../../source/dashboard/header-parts.ts';
import { displayWidth } from '../../source/dashboard/painting/text.ts';
import type { ScenarioLike } from '../../source/dashboard/session-like.ts';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { parseKernelVersion } from '../../source/machine/kernel-version.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';
import { Session } from '../../source/session/session.ts';
import { renderDashboard } from './render-dashboard.tsx';
import { staticSession } from './static-session.ts';

afterEach(cleanup);

const openMachine = (machine: Machine) => Session.open({ machine });

const dashboardOn = async (id: string, options: Partial<DashboardOptions> = {}) =>
	renderDashboard({ session: await openMachine(findMachine(id)), openMachine, ...options });

describe('a box over the panels', () => {
	it('leads on as the panels do: command bar, search, another panel, list of machines', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press('?', ':');
		expect(dashboard.store.getState()).toMatchObject({ typing: 'command', overlay: undefined });
		await dashboard.press('Escape', '?', '/');
		expect(dashboard.store.getState()).toMatchObject({ typing: 'search', overlay: undefined });
		await dashboard.press('Escape', '?', '4');
		expect(dashboard.store.getState()).toMatchObject({ focus: 'log', overlay: undefined });
		await dashboard.press('?', 'm');
		expect(dashboard.store.getState().overlay?.kind).toBe('picker');
	});

	it('turns a page with Space, and begins no lesson', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press('?', 'Space');
		expect(dashboard.store.getState().overlayScroll).toBeGreaterThan(10);
		expect(dashboard.store.scenario).toBeUndefined();
	});

	it('shows the page of an address as undo changes it', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'kmap(alloc_page(GFP_HIGHUSER))', 'Enter', 'Escape', 'Enter');
		expect(dashboard.screen()).toContain('zone HighMem');
		await dashboard.press('u');
		expect(dashboard.screen()).toContain('not mapped: an access faults');
	});
});

describe('the list of machines', () => {
	it('goes to the ends with G and g, and a page with PgDn', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press('m', 'G');
		expect(dashboard.screen()).toContain('>i386-6.1-8g-pae');
		expect(dashboard.screen()).toContain('Machines 28/28');
		await dashboard.press('g');
		expect(dashboard.screen()).toContain('>imx6ull-512m');
		await dashboard.press('PageDown', 'j', 'Enter');
		expect(dashboard.session().machine.id).toBe('zynq-1g');
	});

	it('shows every release whole', async () => {
		const dashboard = await dashboardOn('i386-6.1-8g-pae');
		await dashboard.press('m');
		expect(dashboard.screen()).toContain('ubuntu1604-2g        4.15.0-39 ');
	});
});

describe('a kernel without highmem', () => {
	it('opens with the keys on the table, since it has no pkmap', async () => {
		const dashboard = await dashboardOn('versatilepb-256m');
		expect(dashboard.store.getState().focus).toBe('layout');
		await dashboard.press('2', 'm', 'j', 'Enter');
		expect(dashboard.session().machine.id).toBe('versatilepb-128m');
		expect(dashboard.store.getState().focus).toBe('layout');
	});
});

describe('the command bar at 80 columns', () => {
	it('says of each name what it does, and below of the chosen one how it is called', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'kmap', 'Tab', 'Tab');
		expect(dashboard.screen()).toContain('map a page into the pkmap area; may sleep');
		expect(dashboard.screen()).toContain('>kmap  ');
		expect(dashboard.rows()[22]).toBe(' void *kmap(struct page *page)');
		expect(dashboard.rows()).toHaveLength(24);
	});

	it('completes rows of the table and symbols after explain', async () => {
		const dashboard = await dashboardOn('imx6q-2g');
		await dashboard.press(':', 'explain low', 'Tab');
		expect(dashboard.screen()).toContain(' : explain lowmem');
		await dashboard.press('Enter');
		expect(dashboard.screen()).toContain('Why lowmem lies there');
	});

	it('completes variables there too', async () => {
		const session = await openMachine(findMachine('imx6q-2g'));
		session.execute('page = alloc_page(GFP_KERNEL)');
		expect(session.complete('explain pag', 11).map(({ name }) => name)).toEqual(['page']);
		expect(session.complete('explain PAGE_O', 14).map(({ name }) => name)).toEqual(['PAGE_OFFSET']);
	});
});

describe('after the end of a lesson', () => {
	const lessonOf = (title: string): ScenarioLike => ({
		index: 2,
		length: 2,
		result: undefined,
		look: undefined,
		title: () => title,
		caption: () => 'done',
		captions: () => ['done'],
		next: () => false,
		back: () => false,
	});

	it('Space says that it is over, and the next Space opens the next one', async () => {
		const openLesson = async () => ({ session: staticSession(), scenario: lessonOf('Second') });
		const dashboard = renderDashboard({ scenario: lessonOf('First'), openLesson, hasNextLesson: () => true });
		await dashboard.press('Space');
		expect(dashboard.screen()).toContain('First  2/2');
		expect(dashboard.screen()).toContain('The lesson is over: Space opens the next one');
		await dashboard.press('Space');
		expect(dashboard.screen()).toContain('Second  2/2');
	});

	it('the last one stays', async () => {
		const dashboard = renderDashboard({ scenario: lessonOf('Last'), hasNextLesson: () => false });
		await dashboard.press('Space', 'Space');
		expect(dashboard.screen()).toContain('The lesson is over: go on by yourself');
		expect(dashboard.screen()).toContain('Last  2/2');
	});

	it('any lesson opens by its number from the command bar', async () => {
		const asked: (number | undefined)[] = [];
		const dashboard = await dashboardOn('imx6q-2g', {
			openLesson: async number => {
				asked.push(number);
				return { session: staticSession(), scenario: lessonOf(`Lesson ${number}`) };
			},
		});
		await dashboard.press(':', 'lesson 3', 'Enter');
		expect(dashboard.screen()).toContain('Lesson 3  2/2');
		expect(dashboard.store.getState().typing).toBeUndefined();
		await dashboard.press(':', 'lesson', 'Escape');
		expect(asked).toEqual([3]);
	});
});

describe('a module named on the command line', () => {
	it('is loaded as if insmod had been typed: what ran and what came of it are told', async () => {
		const source =
			'#include <linux/module.h>\nstatic int __init f(void)\n{\n\tkmapp(0);\n\treturn 0;\n}\nmodule_init(f);\n';
		const files: Record<string, string> = {
			'bad.c': source,
			'good.c': source.replace('kmapp(0)', 'printk("hello\\n")'),
		};
		const session = await Session.open({ machine: findMachine('imx6q-2g'), readFile: path => files[path] ?? '' });
		const dashboard = renderDashboard({ session });
		dashboard.controller.run('insmod good.c');
		await dashboard.press();
		expect(dashboard.screen()).toContain(' : insmod good.c');
		expect(dashboard.screen()).toContain('] hello');
		dashboard.controller.run('insmod bad.c');
		await dashboard.press();
		expect(dashboard.screen()).toContain('! bad.c:4:2: this kernel has no function kmapp (did you mean kmap?)');
	});
});

describe('columns', () => {
	it('stay in line in Chinese: orders above their counts', async () => {
		const dashboard = await dashboardOn('imx6q-2g', { language: 'zh' });
		await dashboard.press('6');
		const heading = dashboard.rows().find(row => row.includes('各阶空闲块')) ?? '';
		const counts = dashboard.rows().find(row => /Normal .* 182/.test(row)) ?? '';
		expect(displayWidth(heading.slice(0, heading.indexOf('10│')))).toBe(
			displayWidth(counts.slice(0, counts.indexOf('182│'))) + 1,
		);
	});

	it("keep a kernel's release in sight however much its vendor added", () => {
		const machine = {
			...findMachine('imx6q-2g'),
			id: 'log',
			kernel: parseKernelVersion('3.7.0-rc5-dnuma-00090-g4b75ea6'),
		};
		expect(headerParts(machine, computeLayout(machine), 44, displayWidth, english)).toEqual([
			'log',
			'Linux 3.7.0 arm',
			'2 GB',
		]);
	});
});
