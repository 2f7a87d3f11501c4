import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { displayWidth } from '../../source/dashboard/painting/text.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { verbatim } from '../../source/phrases/phrase.ts';
import { renderDashboard } from './render-dashboard.tsx';
import { staticSession } from './static-session.ts';

afterEach(cleanup);

describe('the screen', () => {
	it.each([
		[80, 24],
		[100, 30],
		[120, 36],
		[200, 60],
		[60, 16],
		[70, 20],
	])('fills %ix%i exactly, in both languages, with borders of any kind', async (columns, rows) => {
		for (const language of ['en', 'zh'] as const) {
			for (const isUnicode of [true, false]) {
				const size = { columns, rows };
				const dashboard = renderDashboard({ size, language, theme: { colorLevel: 0, isUnicode } });
				for (const key of ['', '?', 'Escape', 'm', 'Escape', ':', 'Escape', '5', '6', '7']) {
					await dashboard.press(key);
					const lines = dashboard.rows();
					expect(lines).toHaveLength(rows);
					expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
				}
				dashboard.unmount();
			}
		}
	});

	it('shows machine, kernel, memory, time, CPU, task and step', () => {
		const [header] = renderDashboard().rows();
		expect(header?.trimEnd()).toBe(' highmem  imx6q-2g  Linux 5.5.0 arm  2 GB    [    0.000000] cpu0 init(1) step 0');
	});

	it('tells a newcomer what to do', () => {
		expect(renderDashboard().rows()[22]).toBe(
			' Press : and type  kmap(alloc_page(GFP_HIGHUSER))   ? help   m machines',
		);
	});

	it('says in one line when it is too small, and then only quits', async () => {
		const onQuit = vi.fn();
		const dashboard = renderDashboard({ size: { columns: 59, rows: 16 }, onQuit });
		await dashboard.press('?', ':');
		expect(dashboard.screen().trim()).toBe('highmem needs 60x16, this is 59x16; q quits');
		await dashboard.press('q');
		expect(onQuit).toHaveBeenCalledWith(0);
	});

	it('follows the size of the terminal', async () => {
		const dashboard = renderDashboard();
		dashboard.store.resize({ columns: 120, rows: 36 });
		await dashboard.press('');
		expect(dashboard.rows()).toHaveLength(36);
		expect(dashboard.screen()).toContain('bfe20000 ........ ........ ........ ........');
	});
});

describe('the command bar', () => {
	it('runs commands, shows the value, marks the slot and stays open', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':', 'kmap', 'Enter');
		expect(dashboard.screen()).toContain('= bfe01000');
		expect(dashboard.screen()).toContain('bfe00000>.1...... ........*');
		expect(dashboard.screen()).toContain('pkmap slot 1: 0xbfe01000; count 2: 1 user; pfn 0x40001; phys 0x40001000;');
		await dashboard.press('kmap', 'Enter');
		expect(dashboard.screen()).toContain('step 2');
	});

	it('takes a whole line that arrives at once', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':kmap\rkmap\r');
		expect(dashboard.session().step).toBe(2);
	});

	it('points at a mistake and keeps the line to mend it', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':', 'kmp', 'Enter');
		expect(dashboard.rows()[21]?.trimEnd()).toBe(' : kmp');
		expect(dashboard.rows()[22]).toBe('   ^ no function kmp (did you mean kmap?)');
		await dashboard.press('Left', 'a', 'Enter');
		expect(dashboard.screen()).toContain('= bfe01000');
	});

	it('proposes names with Tab, and examples on an empty line', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':');
		expect(dashboard.screen()).toContain('kmap(alloc_page(GFP_HIGHUSER))');
		await dashboard.press('km', 'Tab');
		expect(dashboard.screen()).toContain('kmap_atomic  void *kmap_atomic(struct page *page)');
		await dashboard.press('Tab', 'Enter');
		expect(dashboard.session().step).toBe(1);
	});

	it('recalls and searches what was typed before', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':', 'kmap', 'Enter', 'Up', 'Enter', 'Ctrl-R', 'ma');
		expect(dashboard.rows()[21]).toBe(" history 'ma': kmap");
		await dashboard.press('Enter');
		expect(dashboard.session().step).toBe(3);
	});

	it('takes a paste as text, never as commands', async () => {
		const dashboard = renderDashboard();
		await dashboard.paste('kmap\rq');
		expect(dashboard.rows()[21]?.trimEnd()).toBe(' : kmap q');
		expect(dashboard.session().step).toBe(0);
	});

	it('is left with Esc, and Esc never quits', async () => {
		const onQuit = vi.fn();
		const dashboard = renderDashboard({ onQuit });
		await dashboard.press(':', 'km', 'Escape', 'Escape', 'j');
		expect(dashboard.store.getState().typing).toBeUndefined();
		expect(onQuit).not.toHaveBeenCalled();
	});
});

describe('moving about', () => {
	it('moves the cursor and scrolls no further than needed', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('j', 'j', 'l');
		expect(dashboard.screen()).toContain('pkmap slot 33: 0xbfe21000');
		await dashboard.press('G');
		expect(dashboard.screen()).toContain('pkmap slot 511: 0xbffff000');
		expect(dashboard.screen()).toContain('bfff0000 ');
		await dashboard.press('g');
		expect(dashboard.screen()).toContain('pkmap slot 0:');
	});

	it('jumps to panels by number and goes round with Tab', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('1', 'j');
		expect(dashboard.screen()).toContain('fixmap: 0xffc00000 - 0xfff00000; size 3 MB;');
		await dashboard.press('Tab');
		expect(dashboard.store.getState().focus).toBe('pkmap');
		await dashboard.press('5');
		expect(dashboard.screen()).toContain('5 vmalloc areas');
		await dashboard.press('Escape');
		expect(dashboard.screen()).toContain('2 pkmap');
	});

	it('goes to an address, a symbol or a pfn with /', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('/', '0xbfe2b123', 'Enter');
		expect(dashboard.screen()).toContain('pkmap slot 43: 0xbfe2b000');
		await dashboard.press('/', 'VMALLOC_START', 'Enter');
		expect(dashboard.store.getState().focus).toBe('layout');
		await dashboard.press('Escape', '/', 'nothing', 'Enter');
		expect(dashboard.screen()).toContain('nothing: no such address, symbol or pfn here');
	});

	it('shows what lies at the address under the cursor', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('1', 'j', 'j', 'j', 'Enter');
		expect(dashboard.screen()).toContain('Why lowmem lies there');
		await dashboard.press('PageDown');
		expect(dashboard.screen()).toContain('page frame    pfn 0x10000, physical 0x10000000');
		await dashboard.press('G');
		expect(dashboard.screen()).toContain('c0000000  00 00 00 00 00 00 00 00');
		await dashboard.press('Escape');
		expect(dashboard.screen()).not.toContain('Why lowmem lies there');
	});
});

describe('time', () => {
	it('goes back and on', async () => {
		const dashboard = renderDashboard();
		await dashboard.press(':', 'kmap', 'Enter', 'kmap', 'Enter', 'Escape', 'u');
		expect(dashboard.screen()).toContain('at step 1 of 2');
		await dashboard.press('[');
		expect(dashboard.screen()).toContain('0 used 0 stale 512 free');
		await dashboard.press('[');
		expect(dashboard.screen()).toContain('nothing to undo');
		await dashboard.press(']', ']');
		expect(dashboard.screen()).toContain('2 used 0 stale 510 free');
	});
});

describe('the machine picker', () => {
	it('opens on the present machine and boots the chosen one', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('m');
		expect(dashboard.screen()).toContain('>imx6q-2g');
		await dashboard.press('j', 'Enter');
		expect(dashboard.session().machine.id).toBe('bbb-512m-3.8');
		expect(dashboard.screen()).toContain('machine bbb-512m-3.8, freshly booted');
	});

	it('takes no digit for a choice', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('m', '1');
		expect(dashboard.session().machine.id).toBe('imx6q-2g');
		expect(dashboard.store.getState().overlay?.kind).toBe('picker');
	});

	it('leaves everything as it was with Esc', async () => {
		const dashboard = renderDashboard();
		await dashboard.press('m', 'j', 'Escape');
		expect(dashboard.session().machine.id).toBe('imx6q-2g');
	});
});

describe('leaving', () => {
	it('quits with q, and with Ctrl-C from anywhere, with status 130', async () => {
		const onQuit = vi.fn();
		const dashboard = renderDashboard({ onQuit });
		await dashboard.press('q');
		expect(onQuit).toHaveBeenLastCalledWith(0);
		await dashboard.press(':', 'kmap', 'Ctrl-C');
		expect(onQuit).toHaveBeenLastCalledWith(130);
	});

	it('asks for a repaint and for suspension', async () => {
		const onRepaint = vi.fn();
		const onSuspend = vi.fn();
		const dashboard = renderDashboard({ onRepaint, onSuspend });
		await dashboard.press('\u000c', '\u001a');
		expect(onRepaint).toHaveBeenCalledOnce();
		expect(onSuspend).toHaveBeenCalledOnce();
	});
});

describe('a lesson', () => {
	const lesson = () => {
		const session = staticSession();
		let index = 0;
		const scenario = {
			get index() {
				return index;
			},
			length: 2,
			look: 'fixmap' as const,
			result: undefined,
			title: () => 'Counts',
			captions: () => ['One page is mapped.', 'And another one.'],
			caption: (language: string) => (language === 'zh' ? '映射一页' : 'One page is mapped.'),
			next: () => {
				if (index === 2) return false;
				session.execute('kmap');
				index++;
				return true;
			},
			back: () => {
				if (index === 0) return false;
				index--;
				return session.seek(index);
			},
		};
		return { session, scenario };
	};

	it('plays with Space and Backspace, shows caption and command, and looks at the panel', async () => {
		const dashboard = renderDashboard(lesson());
		expect(dashboard.screen()).toContain('Counts  0/2');
		await dashboard.press('Space');
		expect(dashboard.screen()).toContain('Counts  1/2');
		expect(dashboard.screen()).toContain('One page is mapped.');
		expect(dashboard.screen()).toContain(' : kmap');
		expect(dashboard.store.getState().focus).toBe('fixmap');
		await dashboard.press('Backspace');
		expect(dashboard.screen()).toContain('Counts  0/2');
		expect(dashboard.session().step).toBe(0);
	});

	it('says when it is over', async () => {
		const dashboard = renderDashboard(lesson());
		await dashboard.press('Space', 'Space', 'Space');
		expect(dashboard.screen()).toContain('The lesson is over');
	});

	it('speaks Chinese', async () => {
		const dashboard = renderDashboard({ ...lesson(), language: 'zh' });
		await dashboard.press('Space');
		expect(dashboard.screen()).toContain('Counts  1/2');
		expect(dashboard.screen()).toContain('映射一页');
	});
});

describe('what cannot be opened', () => {
	it('is told in one line, and the present machine stays', async () => {
		const openMachine = async () => {
			throw new UserError(verbatim('no RAM'), '--ram', verbatim('for example 2G'));
		};
		const dashboard = renderDashboard({ openMachine });
		await dashboard.press('m', 'j', 'Enter');
		expect(dashboard.screen()).toContain('! --ram: no RAM (for example 2G)');
		expect(dashboard.session().machine.id).toBe('imx6q-2g');
	});

	it('may be a lesson', async () => {
		const openLesson = async () => {
			throw new UserError(verbatim('no lesson here'));
		};
		const dashboard = renderDashboard({ openLesson });
		await dashboard.press('Space');
		expect(dashboard.screen()).toContain('! no lesson here');
	});
});
