import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DashboardOptions } from '../../../source/dashboard/create-dashboard.tsx';
import { displayWidth } from '../../../source/dashboard/painting/text.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import { findMachine } from '../../../source/machine/machines.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { Session } from '../../../source/session/session.ts';
import { renderDashboard } from '../render-dashboard.tsx';
import { staticSession } from '../static-session.ts';

afterEach(cleanup);

const CLEAR = '\u0015';

const editorOn = async (machine: string, options: Partial<DashboardOptions> = {}) => {
	const dashboard = renderDashboard({ session: staticSession({ machine }), ...options });
	await dashboard.press('e');
	return dashboard;
};

describe('the machine editor', () => {
	it('opens with e on the machine of the session, unchanged', async () => {
		const dashboard = await editorOn('imx6q-1g');
		expect(dashboard.rows()[1]).toMatch(/^┌ Change the machine: imx6q-1g ─+┐$/);
		expect(dashboard.rows()[2]).toContain('│> RAM        1G@0x10000000');
		expect(dashboard.screen()).toContain('   lowmem  : 0xc0000000 - 0xef800000   ( 760 MB)  ');
		expect(dashboard.screen()).not.toContain('│ * ');
	});

	// arch/arm/mm/mmu.c: lowmem ends at VMALLOC_END 0xff000000 - 512 MB (kernel 3.3 to 4.3).
	it('moves the table while a size is typed, marks what moved without colour, and says what it costs', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Tab', 'Down', '512');
		expect(dashboard.screen()).toContain('vmalloc area too small, limiting to 16MB');
		await dashboard.press('M');
		expect(dashboard.screen()).not.toContain('limiting');
		expect(dashboard.screen()).toContain('>*vmalloc=   512M');
		expect(dashboard.screen()).toContain(' * vmalloc : 0xdf800000 - 0xff000000   ( 504 MB)   start -264 MB');
		expect(dashboard.screen()).toContain(' * lowmem  : 0xc0000000 - 0xdf000000   ( 496 MB)   end -264 MB');
		expect(dashboard.screen()).toContain('   pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)  ');
		expect(dashboard.screen()).toMatch(/lowmem +496 MB +-264 MB/);
		expect(dashboard.screen()).toMatch(/highmem +528 MB +\+264 MB/);
		expect(dashboard.screen()).toContain('lowmem ends at 0xdf000000: VMALLOC_END 0xff000000 - 512 MB (vmalloc=)');
	});

	it('has half the slots of pkmap with PAE on a PC', async () => {
		const dashboard = await editorOn('laptop-2g-nopae', { size: { columns: 120, rows: 36 } });
		await dashboard.press('Down', 'Down', 'Down', 'Down', 'Right');
		expect(dashboard.screen()).toContain('>*PAE      < yes >');
		expect(dashboard.screen()).toContain(' * pkmap   : 0xffc00000 - 0xffe00000   (2048 kB)');
		expect(dashboard.screen()).toContain('was 0xff800000 - 0xffc00000');
		expect(dashboard.screen()).toMatch(/pkmap +4 MB +2 MB +-2 MB/);
		expect(dashboard.screen()).toContain('891MB LOWMEM available.');
	});

	it('says of each part of the image what became of it', async () => {
		const dashboard = await editorOn('imx6q-2g');
		await dashboard.press('Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', CLEAR, '2.6.24');
		const image = dashboard.rows().filter(row => /\.(?:text|bss)/.test(row));
		expect(image.join('\n')).not.toMatch(/ , |,, /);
		expect(image.some(row => /- *\.bss .*gone/.test(row))).toBe(true);
	});

	it('says what is new and what is gone', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Tab', 'Tab', 'Tab', 'Right');
		expect(dashboard.screen()).toContain(' - pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)   gone');
		expect(dashboard.screen()).toContain(' * modules : 0xbf000000 - 0xc0000000   (  16 MB)   end +2 MB');
		expect(dashboard.screen()).toContain('Truncating RAM at 0x10000000-0x50000000 to -0x3f800000');
	});

	it('tells a mistake at its field, and keeps the table as it was', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Tab', 'Tab', '512M', 'x');
		const row = dashboard.rows().find(text => text.includes('vmalloc='));
		expect(row).toContain('! "512Mx" is not a size');
		expect(dashboard.screen()).toContain(' * lowmem  : 0xc0000000 - 0xdf000000   ( 496 MB)');
	});

	it('takes text from the clipboard into the field', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press(CLEAR);
		await dashboard.paste('512M@0x10000000,256M@0x40000000');
		expect(dashboard.screen()).toContain('RAM in use');
		expect(dashboard.screen()).toMatch(/RAM in use +768 MB +-256 MB/);
	});

	it('says beside a field what it was', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Tab', 'Tab', '512M', 'Tab', 'Right');
		expect(dashboard.screen()).toMatch(/\*vmalloc= +512M +was default/);
		expect(dashboard.screen()).toContain('>*HIGHMEM  < no >  was yes');
	});

	it('speaks Chinese', async () => {
		const dashboard = await editorOn('imx6q-1g', { language: 'zh' });
		await dashboard.press('Tab', 'Tab', '512M');
		expect(dashboard.rows()[1]).toContain('修改机器：imx6q-1g');
		expect(dashboard.screen()).toContain(' * lowmem  : 0xc0000000 - 0xdf000000   ( 496 MB)   终点 -264 MB');
	});

	it('keeps the change in sight on the smallest screen', async () => {
		const dashboard = await editorOn('imx6q-1g', { size: { columns: 60, rows: 16 } });
		await dashboard.press('Tab', 'Tab', '512M');
		expect(dashboard.screen()).toMatch(/highmem +\+264 MB/);
		await dashboard.press('PageDown');
		expect(dashboard.screen()).toContain(' * vmalloc : 0xdf800000 - 0xff000000');
	});

	it('draws both machines to one scale where there is room', async () => {
		const dashboard = await editorOn('imx6q-1g', { size: { columns: 120, rows: 36 } });
		await dashboard.press('Tab', 'Tab', '512M');
		const [before = '', now = ''] = dashboard.rows().filter(row => /│ (before|now) +mp/.test(row));
		const letters = (row: string, letter: string): number => row.split(letter).length - 1;
		expect(letters(before, 'L')).toBeGreaterThan(letters(now, 'L'));
		expect(letters(before, 'v')).toBeLessThan(letters(now, 'v'));
	});

	it.each([
		[60, 16],
		[80, 24],
		[120, 36],
		[200, 60],
	])('fills a screen of %ix%i exactly, in both languages, whatever stands in its fields', async (columns, rows) => {
		for (const language of ['en', 'zh'] as const) {
			for (const machine of ['imx6q-2g', 'debian10-pae-4g']) {
				const dashboard = await editorOn(machine, { size: { columns, rows }, language });
				for (const key of [
					'',
					'9',
					CLEAR,
					'Tab',
					'Right',
					'Tab',
					'2000M',
					'PageDown',
					'Tab',
					'Right',
					'Tab',
					'Right',
				]) {
					await dashboard.press(key);
					expect(dashboard.rows()).toHaveLength(rows);
					expect(Math.max(...dashboard.rows().map(displayWidth))).toBeLessThanOrEqual(columns);
				}
				dashboard.unmount();
			}
		}
	});
});

describe('Esc in the editor', () => {
	it('leaves the session as it was, with its history', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Escape', ':', 'kmap', 'Enter', 'Escape');
		const before = dashboard.session();
		await dashboard.press('e', 'Tab', 'Tab', '512M', 'Escape');
		expect(dashboard.session()).toBe(before);
		expect(dashboard.session().step).toBe(1);
		expect(dashboard.store.getState().overlay).toBeUndefined();
	});
});

describe('Enter in the editor', () => {
	it('starts a session on the changed machine', async () => {
		const dashboard = await editorOn('imx6q-1g');
		await dashboard.press('Tab', 'Tab', '512M', 'Enter');
		expect(dashboard.session().machine.parameters.vmalloc).toBe(0x20000000);
		expect(dashboard.screen()).toContain('lowmem  : 0xc0000000 - 0xdf000000   ( 496 MB)');
		expect(dashboard.screen()).toContain('machine i.MX6Q SabreSD / Wandboard, changed, freshly booted');
	});

	it('keeps the session where nothing was changed', async () => {
		const openMachine = vi.fn();
		const dashboard = await editorOn('imx6q-1g', { openMachine });
		await dashboard.press('Enter');
		expect(openMachine).not.toHaveBeenCalled();
		expect(dashboard.screen()).toContain('nothing was changed: the session goes on');
	});

	it('goes to the mistake instead', async () => {
		const openMachine = vi.fn();
		const dashboard = await editorOn('imx6q-1g', { openMachine });
		await dashboard.press('x', 'Tab', 'Enter');
		expect(openMachine).not.toHaveBeenCalled();
		expect(dashboard.screen()).toContain('>*RAM');
	});

	// The vmalloc reserve is larger than the kernel's part of the address space (arch/x86/mm/init_32.c).
	it('does not start what would not boot, and the editor says why', async () => {
		const openMachine = vi.fn();
		const dashboard = await editorOn('ubuntu1604-2g', { openMachine });
		await dashboard.press('Tab', 'Tab', '1500M', 'Enter');
		expect(openMachine).not.toHaveBeenCalled();
		expect(dashboard.screen()).toContain('This kernel would not boot, so it cannot be started: no vmalloc space');
		expect(dashboard.screen()).not.toContain('pkmap                2 MB');
	});

	it('tells what cannot be opened, and the present machine stays', async () => {
		const openMachine = async (): Promise<never> => {
			throw new UserError('a machine without RAM cannot run');
		};
		const dashboard = await editorOn('imx6q-1g', { openMachine });
		await dashboard.press('Tab', '2', 'Enter');
		expect(dashboard.screen()).toContain('! a machine without RAM cannot run');
		expect(dashboard.session().machine.id).toBe('imx6q-1g');
	});
});

describe('a real session', () => {
	const openMachine = (machine: Machine) => Session.open({ machine });

	it('opens the editor with the word edit, and goes on with kmap on the changed machine', async () => {
		const session = await openMachine(findMachine('imx6q-2g'));
		const dashboard = renderDashboard({ session, openMachine });
		await dashboard.press(':', 'edit', 'Enter', 'Tab', 'Tab', '512M', 'Enter', '');
		await vi.waitFor(() => expect(dashboard.session()).not.toBe(session));
		await dashboard.press(':', 'kmap(alloc_page(GFP_HIGHUSER))', 'Enter');
		expect(dashboard.screen()).toContain('= 0xbfe01000');
		expect(dashboard.session().view.layout.highMemory).toBe(0xdf800000);
	});
});
