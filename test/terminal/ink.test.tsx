import { Box, Text, useInput, usePaste, useWindowSize } from 'ink';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { ownTimers, passTime } from '../helpers/pass-time.ts';
import { renderInTerminal } from '../helpers/render-in-terminal.ts';

const Screen = () => {
	const { columns, rows } = useWindowSize();
	const [typed, setTyped] = useState('');
	const [pasted, setPasted] = useState('');
	useInput(input => setTyped(text => text + input));
	usePaste(setPasted);
	return (
		<Box width={columns} height={rows} flexDirection="column">
			<Text wrap="truncate">
				size {columns}x{rows}
			</Text>
			<Box flexGrow={1} borderStyle="single">
				{/* Ready codes, as Ink's own colours depend on where the tests run. */}
				<Text>{`\x1b[1m\x1b[31m高端内存 ${typed}\x1b[m`}</Text>
			</Box>
			<Text>{pasted || 'end'}</Text>
		</Box>
	);
};

afterEach(() => {
	vi.useRealTimers();
});

const frame = (columns: number, rows: number, text = '') => {
	const inner = `高端内存${text ? ` ${text}` : ''}`;
	return [
		`size ${columns}x${rows}`,
		`┌${'─'.repeat(columns - 2)}┐`,
		`│${inner}${' '.repeat(columns - 2 - 8 - (text ? text.length + 1 : 0))}│`,
		...Array.from({ length: rows - 5 }, () => `│${' '.repeat(columns - 2)}│`),
		`└${'─'.repeat(columns - 2)}┘`,
		'end',
	];
};

it('a frame of Ink reaches the screen, wide characters in their columns', async () => {
	const screen = await renderInTerminal(<Screen />, { columns: 40, rows: 10 });
	expect(screen.lines()).toEqual(frame(40, 10));
	expect(screen.cell(1, 2)).toMatchObject({ text: '高', width: 2 });
	expect(screen.cell(1, 2).look).toMatch(/^bold fg/);
	expect(screen.host.stdin.isRaw).toBe(true);
	await screen.close();
});

it('a key changes the screen for a few bytes, and a minute of idling costs none', async () => {
	ownTimers();
	const screen = await renderInTerminal(<Screen />, { columns: 120, rows: 36 });
	await screen.press('a');
	const before = screen.bytes;
	await screen.press('b');
	expect(screen.bytes - before).toBeLessThanOrEqual(35);
	expect(screen.lines()).toEqual(frame(120, 36, 'ab'));
	const after = screen.bytes;
	await passTime(60_000);
	await screen.settle();
	expect(screen.bytes).toBe(after);
	await screen.close();
});

it('without colours bold stays', async () => {
	const screen = await renderInTerminal(<Screen />, { columns: 40, rows: 10, hasColor: false });
	expect(screen.cell(1, 2).look).toBe('bold');
	await screen.close();
});

it('the screen follows every change of the window', async () => {
	const screen = await renderInTerminal(<Screen />, { columns: 80, rows: 24 });
	for (const [columns, rows] of [
		[81, 24],
		[120, 40],
		[40, 12],
		[39, 8],
		[39, 30],
		[200, 60],
		[80, 24],
	] as const) {
		await screen.resize(columns, rows);
		expect(screen.lines()).toEqual(frame(columns, rows));
	}
	await screen.close();
});

it('pasted text arrives in one piece, and marking it is switched off at the end', async () => {
	const screen = await renderInTerminal(<Screen />, { columns: 40, rows: 10 });
	expect(screen.host.terminal.modes.isPasteMarked).toBe(true);
	await screen.press('\x1b[200~kmap(page)\x1b[201~');
	expect(screen.lines().at(-1)).toBe('kmap(page)');
	await screen.close();
	expect(screen.host.terminal.modes.isPasteMarked).toBe(false);
});

it('Ink leaves nothing behind when it ends, and the keyboard is as it was', async () => {
	const screen = await renderInTerminal(<Screen />, { columns: 40, rows: 10 });
	await screen.close();
	expect(screen.text()).toBe('');
	expect(screen.host.terminal.modes.screen).toBe('normal');
	expect(screen.host.stdin.isRaw).toBe(false);
});
