import { Text } from 'ink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../source/command-line/main.ts';
import { openDashboard } from '../../source/command-line/open-dashboard.ts';
import { ownMistake } from '../../source/command-line/own-mistake.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';
import { TerminalSession } from '../../source/terminal/terminal-session.ts';
import { FakeHost } from '../helpers/fake-host.ts';
import { fakeIo } from '../helpers/fake-io.ts';
import { ownTimers, passTime } from '../helpers/pass-time.ts';

const Broken = (): never => {
	throw new TypeError('rows is not iterable');
};

vi.mock('../../source/dashboard/create-dashboard.tsx', () => ({
	createDashboard: () => ({
		store: { resize: () => {}, session: {} },
		element: (
			<Text>
				<Broken />
			</Text>
		),
	}),
}));

afterEach(() => {
	vi.useRealTimers();
});

describe('a component that throws', () => {
	it('ends the dashboard with its error, and none of its frames reaches the terminal', async () => {
		ownTimers();
		const host = new FakeHost();
		const terminal = new TerminalSession({ host });
		terminal.enter();
		const opened = openDashboard(
			{
				machine: findMachine('imx6q-2g'),
				bootState: undefined,
				scenario: undefined,
				module: undefined,
				language: 'en',
				isJournaled: false,
				terminal,
				painted: { size: { columns: 80, rows: 24 }, rows: [] },
				colorLevel: 0,
				background: 'dark',
				isUnicode: true,
				io: fakeIo().io,
			},
			() => {},
		);
		await expect(opened).rejects.toThrow('rows is not iterable');
		await passTime(60_000);
		terminal.leave();
		await host.terminal.settle();
		expect(host.terminal.text()).toBe('');
		expect(host.terminal.modes.screen).toBe('normal');
	});

	it('is told in one line, with the place of the mistake', () => {
		const line = ownMistake(new TypeError('rows is\nnot iterable'), english);
		expect(line).toMatch(
			/^highmem: a mistake of its own ended it, please report: TypeError: rows is not iterable \(.*open-dashboard\.test\.tsx:\d+:\d+\)$/,
		);
		expect(ownMistake('just text', english)).toMatch(/: just text$/);
	});
});

describe('a kernel that would not boot', () => {
	it('is refused in one line that says why, before the terminal is touched', async () => {
		const { io, output } = fakeIo({}, { isTerminal: true });
		const status = await main(['--machine', 'imx6q-2g', '--vmalloc', '1000M'], io);
		expect(status).toBe(2);
		expect(output.err).toMatch(/^highmem: [^\n]*this kernel would not boot: [^\n]+\n$/);
		expect(output.out).toBe('');
	});
});
