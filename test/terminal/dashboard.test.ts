import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDashboard } from '../../source/dashboard/create-dashboard.tsx';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { ownTimers, passTime } from '../helpers/pass-time.ts';
import { renderInTerminal } from '../helpers/render-in-terminal.ts';

afterEach(() => {
	vi.useRealTimers();
});

const open = async (columns: number, rows: number, language: 'en' | 'zh' = 'en', id = 'imx6q-2g') => {
	const session = await Session.open({ machine: findMachine(id) });
	const { element, store } = createDashboard({
		session,
		language,
		openMachine: async machine => Session.open({ machine }),
		size: { columns, rows },
	});
	const screen = await renderInTerminal(element, { columns, rows });
	screen.session.onResize(() => store.resize(screen.session.size));
	const bytesOf = async (keys: string) => {
		const before = screen.bytes;
		await screen.press(keys);
		return screen.bytes - before;
	};
	return { screen, bytesOf };
};

it('after any keys and sizes the screen is what drawing it anew shows', async () => {
	const key = fc.constantFrom(
		...'hjklgGmu?:/[] 1234567',
		'\t',
		'\r',
		'\x1b[A',
		'\x1b[B',
		'\x1b[6~',
		'\x7f',
		'kmap(page)\r',
	);
	const size = fc.record({ columns: fc.integer({ min: 50, max: 210 }), rows: fc.integer({ min: 10, max: 70 }) });
	const { screen } = await open(100, 30);
	await screen.press(':page = alloc_pages(__GFP_HIGHMEM, 0)\r');
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof({ weight: 9, arbitrary: key }, size), { maxLength: 25 }), async acts => {
			for (const act of acts) {
				if (typeof act === 'string') await screen.press(act);
				else await screen.resize(act.columns, act.rows);
			}
			const shown = screen.host.terminal.picture();
			screen.host.terminal.write('\x1b[2J');
			screen.terminalScreen.repaint();
			await screen.settle();
			expect(shown).toEqual(screen.host.terminal.picture());
		}),
		{ numRuns: 20 },
	);
	await screen.close();
});

it.each([
	[80, 24],
	[120, 36],
	[200, 60],
])(
	'at %i x %i a key in the dashboard costs a few hundred bytes at most, and a minute of idling none',
	async (columns, rows) => {
		ownTimers();
		const { screen, bytesOf } = await open(columns, rows);
		await screen.press('2');
		const move = await bytesOf('l');
		await screen.press(':');
		await screen.press('\x1b');
		await screen.press(':page = alloc_pages(__GFP_HIGHMEM, 0)');
		await screen.press('\r');
		await screen.press('kmap(page)');
		const typed = await bytesOf(';');
		await screen.press('\r');
		await screen.press('kmap(page)');
		const mapped = await bytesOf('\r');
		expect(screen.text()).toContain('0xbfe01000');
		expect(typed).toBeLessThanOrEqual(35);
		expect(move).toBeLessThanOrEqual(120);
		expect(mapped).toBeLessThanOrEqual(400);
		const before = screen.bytes;
		await passTime(60_000);
		await screen.settle();
		expect(screen.bytes - before).toBe(0);
		await screen.close();
	},
);

const SLOT_COMMANDS = [
	'kmap(page)',
	'kmap(page)',
	'kunmap(page)',
	'kmap(other)',
	'kunmap(other)',
	'a = kmap_atomic(page)',
	'kunmap_atomic(a)',
];

describe.each(['imx6q-2g', 'debian10-pae-4g'])('on %s', id => {
	it.each([
		[80, 24, 'en'],
		[80, 24, 'zh'],
		[120, 36, 'en'],
		[120, 36, 'zh'],
		[200, 60, 'en'],
		[200, 60, 'zh'],
	] as const)(
		'at %i x %i (%s) no command that changes one slot costs more than 400 bytes, whatever panel is in sight',
		async (columns, rows, language) => {
			const { screen, bytesOf } = await open(columns, rows, language, id);
			await screen.press(':page = alloc_page(GFP_HIGHUSER); other = alloc_page(GFP_HIGHUSER); void *a');
			await screen.press('\r');
			for (const panel of '1234567890') {
				await screen.press('\x1b');
				await screen.press(`${panel}:`);
				const costs = [];
				for (const command of SLOT_COMMANDS) {
					await screen.press(command);
					costs.push(await bytesOf('\r'));
				}
				expect(Math.max(...costs), `panel ${panel}: ${costs}`).toBeLessThanOrEqual(400);
				// The second kmap of a page changes a digit in the grid, one in the header, and empties the command bar.
				if (panel === '1') expect(costs[1]).toBeLessThanOrEqual(64);
				await screen.press('seek 1');
				await screen.press('\r');
			}
			await screen.close();
		},
	);
});
