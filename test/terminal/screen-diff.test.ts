import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScreenDiff } from '../../source/terminal/screen-diff.ts';
import { VirtualTerminal } from '../helpers/virtual-terminal.ts';

const size = { columns: 40, rows: 8 };

// A row of styled pieces, as Ink prints it; every look ends at the row's end.
const look = fc.constantFrom('', '1', '2', '1;2', '7', '4', '31', '92', '38;5;208', '48;2;10;20;30', '1;44', '3;9');
const letters = fc.constantFrom('a', 'b', ' ', ' ', '0', '─', '█', '●', '高', '端', '内', '存', 'é', 'e\u0301');
const piece = fc.tuple(look, fc.array(letters, { maxLength: 12 }));
const row = fc
	.array(piece, { maxLength: 6 })
	.map(pieces => pieces.map(([codes, text]) => `\x1b[0;${codes || '0'}m${text.join('')}`).join(''));
const frame = fc.array(fc.oneof(row, fc.constantFrom('', 'x'.repeat(40), '高'.repeat(20), '─'.repeat(40))), {
	minLength: size.rows,
	maxLength: size.rows,
});

// The same frame on a screen of its own, printed plainly from the top: what the screen must look like.
async function fresh(rows: readonly string[], { columns, rows: height } = size): Promise<VirtualTerminal> {
	const terminal = new VirtualTerminal(columns, height);
	terminal.write('\x1b[?7l');
	for (const [y, text] of rows.slice(0, height).entries()) terminal.write(`\x1b[${y + 1}H${text}\x1b[m`);
	await terminal.settle();
	return terminal;
}

async function show(frames: readonly (readonly string[])[]): Promise<VirtualTerminal> {
	const terminal = new VirtualTerminal(size.columns, size.rows);
	const diff = new ScreenDiff(size);
	for (const rows of frames) terminal.write(diff.update(rows));
	await terminal.settle();
	return terminal;
}

// As Ink does, rows are made to fit the screen first.
function fit(text: string): string {
	let width = 0;
	let fitted = '';
	for (const part of text.split(/(\x1b\[[\d;]*m)/)) {
		if (part.startsWith('\x1b')) {
			fitted += part;
			continue;
		}
		for (const letter of part.match(/e\u0301|./gu) ?? []) {
			width += /[\u4e00-\u9fff]/.test(letter) ? 2 : 1;
			if (width <= size.columns) fitted += letter;
		}
	}
	return fitted;
}

describe('the screen after a sequence of frames', () => {
	it('is, cell by cell, what the last frame looks like on an empty screen', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 5 }), async frames => {
				const fitted = frames.map(rows => rows.map(fit));
				const shown = await show(fitted);
				expect(shown.picture()).toEqual((await fresh(fitted.at(-1) ?? [])).picture());
			}),
			{ numRuns: 300 },
		);
	});

	it('is right when single cells change in place', async () => {
		const change = fc.record({ x: fc.nat(19), y: fc.nat(7), look, letter: letters });
		await fc.assert(
			fc.asyncProperty(fc.array(change, { maxLength: 30 }), async changes => {
				// Twenty two-column cells a row.
				const cells = Array.from({ length: 8 }, () => Array.from({ length: 20 }, () => '..'));
				const frames = [cells.map(row => row.join(''))];
				for (const { x, y, look, letter } of changes) {
					const text = /[\u4e00-\u9fff]/.test(letter) ? letter : `${letter}|`;
					const line = cells[y];
					if (line) line[x] = look ? `\x1b[${look}m${text}\x1b[m` : text;
					frames.push(cells.map(row => row.join('')));
				}
				expect((await show(frames)).picture()).toEqual((await fresh(frames.at(-1) ?? [])).picture());
			}),
			{ numRuns: 200 },
		);
	});

	it('is right after the size changed', async () => {
		const terminal = new VirtualTerminal(40, 8);
		const diff = new ScreenDiff({ columns: 40, rows: 8 });
		const rows = (columns: number, height: number) =>
			Array.from({ length: height }, (_, y) =>
				`\x1b[3${y % 8}m${'高端内存 highmem '.repeat(10)}`.slice(0, columns / 2 + 5),
			);
		terminal.write(diff.update(rows(40, 8)));
		for (const [columns, height] of [
			[20, 4],
			[61, 12],
			[60, 12],
			[33, 2],
			[40, 8],
		] as const) {
			await terminal.settle();
			terminal.resize(columns, height);
			diff.resize({ columns, rows: height });
			terminal.write(diff.update(rows(columns, height)));
			await terminal.settle();
			const expected = await fresh(rows(columns, height), { columns, rows: height });
			expect(terminal.picture()).toEqual(expected.picture());
		}
	});
});

describe('bytes on the line', () => {
	const grid = (changed: number, look = '\x1b[1m') =>
		Array.from({ length: 60 }, (_, y) => {
			const cells = '\x1b[32m·\x1b[39m'.repeat(200).split(/(?<=39m)/);
			if (y === Math.floor(changed / 200)) cells[changed % 200] = `${look}#\x1b[m`;
			return cells.join('');
		});
	const large = () => {
		const diff = new ScreenDiff({ columns: 200, rows: 60 });
		diff.update(grid(-1));
		return diff;
	};

	it('are none for the same frame again', () => {
		expect(large().update(grid(-1))).toBe('');
	});

	it('are a move, the look, the character and the end of the look for one changed cell', () => {
		expect(large().update(grid(59 * 200 + 150))).toBe('\x1b[60;151H\x1b[1m#\x1b[m');
	});

	it('stay at 64 or below for a cell of true colour that changes at the far corner of a large screen', () => {
		const bytes = large().update(grid(59 * 200 + 199, '\x1b[1;4;38;2;255;255;255;48;2;100;100;100m'));
		expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(64);
	});

	it('stay at 64 or below when one cell loses a mark and another gets it', () => {
		const diff = large();
		diff.update(grid(205));
		expect(Buffer.byteLength(diff.update(grid(4321)))).toBeLessThanOrEqual(64);
	});

	it('are fewer for printing a short gap again than for jumping over it', () => {
		const diff = new ScreenDiff({ columns: 20, rows: 2 });
		diff.update(['', '0xc0000000']);
		expect(diff.update(['', '0xd0a00000'])).toBe('\x1b[2;3Hd0a');
	});

	it('are three for blanking the rest of a row', () => {
		const diff = new ScreenDiff({ columns: 20, rows: 2 });
		diff.update(['abcdefghijkl']);
		expect(diff.update(['abc'])).toBe('\x1b[;4H\x1b[K');
	});

	it('are wrapped in synchronized output only when there are many', () => {
		const diff = new ScreenDiff({ columns: 80, rows: 24 });
		const first = diff.update(Array.from({ length: 24 }, () => 'x'.repeat(80)));
		expect(first.startsWith('\x1b[?2026h')).toBe(true);
		expect(first.endsWith('\x1b[?2026l')).toBe(true);
		expect(diff.update(['y'])).not.toContain('2026');
	});

	it('never clear the screen', () => {
		const diff = new ScreenDiff({ columns: 80, rows: 24 });
		expect(diff.update(['a']) + diff.update(['b'])).not.toMatch(/\x1b\[\d?J/);
	});
});

describe('what a frame may do to the terminal', () => {
	const shown = async (row: string) => (await show([[row]])).picture()[0];

	it.each([
		['clearing the screen', 'a\x1b[2Jb', 'ab'],
		['moving the cursor', 'a\x1b[5;5Hb', 'ab'],
		['setting the title', 'a\x1b]0;title\x07b', 'ab'],
		['a link', 'a\x1b]8;;http://x.test\x1b\\b\x1b]8;;\x1b\\c', 'abc'],
		['a device control string', 'a\x1bPq#0\x1b\\b', 'ab'],
		['a bell, a carriage return and a backspace', 'a\x07b\rc\bd', 'a b c d'],
		['an 8-bit control sequence', 'a\u009b2Jb', 'a 2Jb'],
		['text that runs backwards', 'a\u202eb', 'ab'],
		['blinking and concealed text', '\x1b[5;8;1ma', '<bold>a<>'],
		['a colour out of range', '\x1b[38;5;999;1ma', 'a'],
	])('%s: nothing', async (_name, row, expected) => {
		expect(await shown(row)).toBe(expected);
	});

	it('colours only when the terminal has them; other looks always', async () => {
		const diff = new ScreenDiff({ ...size, hasColor: false });
		expect(diff.update(['\x1b[1;31;48;5;9;107ma\x1b[7mb'])).toBe(
			`\x1b[H\x1b[1ma\x1b[7mb\x1b[m\x1b[K${Array.from({ length: 7 }, () => '\r\n\x1b[K').join('')}\x1b[?25l`,
		);
	});
});

describe('the cursor', () => {
	it('is shown where the command bar wants it, and comes back there after each frame', async () => {
		const terminal = new VirtualTerminal(40, 8);
		const diff = new ScreenDiff(size);
		terminal.write(diff.update(['a'], { x: 5, y: 7 }));
		terminal.write(diff.update(['a', 'b'], { x: 5, y: 7 }));
		await terminal.settle();
		expect(terminal.cursor).toEqual({ x: 5, y: 7, isShown: true });
		expect(diff.update(['a', 'b'], { x: 5, y: 7 })).toBe('');
		terminal.write(diff.update(['a', 'b']));
		await terminal.settle();
		expect(terminal.cursor.isShown).toBe(false);
	});
});

it('a frame of 200 x 60 with every cell changed takes a few milliseconds', () => {
	const diff = new ScreenDiff({ columns: 200, rows: 60 });
	const frames = Array.from({ length: 30 }, (_, index) =>
		Array.from(
			{ length: 60 },
			(_, y) => `\x1b[3${(index + y) % 8}m${String(index % 10).repeat(100)}\x1b[1m${'─'.repeat(100)}\x1b[m`,
		),
	);
	for (const rows of frames.slice(0, 10)) diff.update(rows);
	const start = process.cpuUsage();
	for (const rows of frames.slice(10)) diff.update(rows);
	const { user, system } = process.cpuUsage(start);
	// Twice to ten times what it takes: this must catch a wrong order of growth, not a busy machine.
	expect((user + system) / 1000 / 20).toBeLessThan(20);
});
