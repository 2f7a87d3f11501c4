import { render } from 'ink';
import type { ReactElement } from 'react';
import { inkOptions } from '../../source/terminal/frame-stdout.ts';
import { TerminalScreen } from '../../source/terminal/terminal-screen.ts';
import { TerminalSession } from '../../source/terminal/terminal-session.ts';
import { FakeHost } from './fake-host.ts';
import { passTime } from './pass-time.ts';
import type { SeenCell } from './virtual-terminal.ts';

export interface RenderedScreen {
	readonly host: FakeHost;
	readonly session: TerminalSession;
	readonly terminalScreen: TerminalScreen;
	/** Bytes sent to the terminal so far. */
	readonly bytes: number;
	text(): string;
	lines(): string[];
	cell(x: number, y: number): SeenCell;
	/** Types keys (`'a'`, `'\r'`, `'\x1b[A'`) and waits until the screen shows what they did. */
	press(keys: string): Promise<void>;
	resize(columns: number, rows: number): Promise<void>;
	/** Waits until the screen shows the newest frame. */
	settle(): Promise<void>;
	/** Ends Ink and gives the terminal back. */
	close(): Promise<void>;
}

/** Renders an Ink element through the terminal layer into a terminal emulator of `columns` x `rows`. */
export const renderInTerminal = async (
	element: ReactElement | ((controls: { screen: TerminalScreen; session: TerminalSession }) => ReactElement),
	{ columns = 80, rows = 24, hasColor = true }: { columns?: number; rows?: number; hasColor?: boolean } = {},
): Promise<RenderedScreen> => {
	const host = new FakeHost(columns, rows);
	const session = new TerminalSession({ host });
	session.enter();
	const screen = new TerminalScreen(session, { hasColor });
	const ink = render(
		typeof element === 'function' ? element({ screen, session }) : element,
		inkOptions(screen.stdout, host.stdin.stream),
	);
	const settle = async () => {
		// Input reaches Ink with the next turn of the event loop, effects with the one after.
		for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
		await ink.waitUntilRenderFlush();
		screen.flush();
		await host.terminal.settle();
	};
	await settle();
	return {
		host,
		session,
		terminalScreen: screen,
		get bytes() {
			return host.terminal.bytes;
		},
		text: () => host.terminal.text(),
		lines: () => host.terminal.lines(),
		cell: (x, y) => host.terminal.cell(x, y),
		async press(keys) {
			host.stdin.write(keys);
			// A lone escape is held back for 20 ms, in case it begins a sequence.
			if (keys.endsWith('\x1b')) await passTime(40);
			await settle();
		},
		async resize(newColumns, newRows) {
			host.resize(newColumns, newRows);
			await settle();
		},
		settle,
		async close() {
			ink.unmount();
			screen.close();
			session.leave();
			await host.terminal.settle();
		},
	};
};
