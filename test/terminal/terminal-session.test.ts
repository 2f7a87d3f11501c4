import { describe, expect, it, vi } from 'vitest';
import { firstPaint } from '../../source/terminal/first-paint.ts';
import { TerminalScreen } from '../../source/terminal/terminal-screen.ts';
import { TerminalSession } from '../../source/terminal/terminal-session.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { ExitCalled, FakeHost } from '../helpers/fake-host.ts';

const untouched = { screen: 'normal', isWrapping: true, isPasteMarked: false, isSynchronized: false };

/** A shell with a prompt, in which the dashboard was started. */
async function start(options: ConstructorParameters<typeof TerminalSession>[0] = {}) {
	const host = new FakeHost(40, 8);
	host.terminal.write('$ highmem\r\n');
	const session = new TerminalSession({ host, ...options });
	session.enter();
	session.setBracketedPaste(true);
	session.write('\x1b[H\x1b[1;31mdashboard');
	await host.terminal.settle();
	return { host, session };
}

async function expectUntouched(host: FakeHost, text: string) {
	await host.terminal.settle();
	expect(host.terminal.modes).toEqual(untouched);
	expect(host.terminal.text()).toBe(text);
	expect(host.terminal.cursor.isShown).toBe(true);
	expect(host.stdin.isRaw).toBe(false);
	host.terminal.write('x');
	await host.terminal.settle();
	expect(host.terminal.cell(0, host.terminal.cursor.y).look).toBe('');
}

function statusOf(act: () => void): number | undefined {
	try {
		act();
	} catch (error) {
		if (error instanceof ExitCalled) return error.status;
		throw error;
	}
	return undefined;
}

describe('the terminal during a session', () => {
	it('shows the alternate screen, no cursor, and does not wrap', async () => {
		const { host } = await start();
		expect(host.terminal.modes).toMatchObject({ screen: 'alternate', isWrapping: false, isPasteMarked: true });
		expect(host.terminal.text()).toBe('dashboard');
		expect(host.terminal.cursor.isShown).toBe(false);
	});

	it('echoes no key, also before anything reads them', async () => {
		const { host } = await start();
		expect(host.stdin.isRaw).toBe(true);
	});

	it('has the size of the terminal, or 80 x 24 where the line does not know it', () => {
		expect(new TerminalSession({ host: new FakeHost(120, 36) }).size).toEqual({ columns: 120, rows: 36 });
		const host = new FakeHost();
		Object.assign(host.stdout, { columns: 0, rows: 0 });
		expect(new TerminalSession({ host }).size).toEqual({ columns: 80, rows: 24 });
	});
});

describe('after the session the terminal is as it was', () => {
	it('when it was left', async () => {
		const { host, session } = await start();
		session.leave();
		session.leave();
		await expectUntouched(host, '$ highmem');
	});

	it('with the last words under the command', async () => {
		const { host, session } = await start({ lastWords: () => '12 commands; journal kept' });
		session.leave();
		await expectUntouched(host, '$ highmem\n12 commands; journal kept');
	});

	it.each([
		['SIGHUP', 129],
		['SIGINT', 130],
		['SIGQUIT', 131],
		['SIGTERM', 143],
	])('on %s, with exit status %i', async (signal, status) => {
		const { host } = await start();
		expect(statusOf(() => host.emit(signal))).toBe(status);
		await expectUntouched(host, '$ highmem');
	});

	it('on a crash, and the error can be read there', async () => {
		const onEnd = vi.fn();
		const { host } = await start({ onEnd, describeCrash: error => `bug: ${(error as Error).message}` });
		expect(statusOf(() => host.emit('uncaughtException', new Error('no page')))).toBe(1);
		expect(onEnd).toHaveBeenCalledOnce();
		await expectUntouched(host, '$ highmem\nbug: no page');
	});

	it('and shows there what was warned of meanwhile', async () => {
		const { host, session } = await start();
		host.stderr.write('Warning: too many listeners\n');
		host.emit('SIGCONT');
		expect(host.errors).toBe('');
		session.leave();
		await expectUntouched(host, '$ highmem\nWarning: too many listeners');
		host.stderr.write('later');
		expect(host.errors).toBe('Warning: too many listeners\nlater');
	});

	it('when something else ends the process', async () => {
		const { host } = await start();
		host.emit('exit');
		await expectUntouched(host, '$ highmem');
	});

	it('and nobody listens any more', async () => {
		const { host, session } = await start();
		session.leave();
		expect([...host.eventNames(), ...host.stdout.eventNames()]).toEqual([]);
	});

	it('and later frames do not reach it', async () => {
		const { host, session } = await start();
		session.leave();
		session.write('late');
		await expectUntouched(host, '$ highmem');
	});
});

it('a terminal that goes away ends the program, without an attempt to write there', async () => {
	const { host } = await start();
	host.written.length = 0;
	expect(statusOf(() => host.stdout.emit('error', new Error('EPIPE')))).toBe(129);
	expect(host.written).toEqual([]);
});

describe('suspending', () => {
	it('gives the terminal to the shell and stops the whole job', async () => {
		const { host, session } = await start();
		session.suspend();
		expect(host.killed).toEqual(['SIGTSTP 0']);
		// While the handler stood, the signal would not stop the process.
		expect(host.listenerCount('SIGTSTP')).toBe(0);
		session.write('late');
		await expectUntouched(host, '$ highmem');
	});

	it('brings the dashboard back on SIGCONT', async () => {
		const { host, session } = await start();
		const repaint = vi.fn();
		session.onRepaint(repaint);
		session.suspend();
		await host.terminal.settle();
		host.emit('SIGCONT');
		await host.terminal.settle();
		expect(repaint).toHaveBeenCalledOnce();
		expect(host.stdin.isRaw).toBe(true);
		expect(host.terminal.modes).toMatchObject({ screen: 'alternate', isWrapping: false, isPasteMarked: true });
		expect(host.listenerCount('SIGTSTP')).toBe(1);
	});

	it('comes back by itself where no shell could continue it', async () => {
		const { host, session } = await start();
		session.suspend();
		await vi.waitFor(() => expect(session.isActive).toBe(true));
		await host.terminal.settle();
		expect(host.terminal.modes.screen).toBe('alternate');
	});

	it('sets the mode of the keyboard anew when something else stopped and continued the program', async () => {
		const { host } = await start();
		host.stdin.modes.length = 0;
		host.emit('SIGCONT');
		expect(host.stdin.modes).toEqual([false, true]);
	});
});

describe('the screen of a session', () => {
	it('sends the first frame after a pause at once, a second one too, then 28 a second, and the last one always', async () => {
		const host = new FakeHost(40, 8);
		const session = new TerminalSession({ host });
		session.enter();
		const clock = new FakeClock();
		const screen = new TerminalScreen(session, { clock });
		host.written.length = 0;
		const times: number[] = [];
		let seen = 0;
		for (let ms = 0; ms < 1000; ms++) {
			screen.show([`frame ${ms}`]);
			clock.advance(1);
			if (host.written.length > seen) times.push(ms);
			seen = host.written.length;
		}
		expect(times.slice(0, 3)).toEqual([0, 1, 35]);
		expect(times.length).toBeLessThanOrEqual(30);
		expect(times.length).toBeGreaterThanOrEqual(28);
		clock.advance(1000);
		await host.terminal.settle();
		expect(host.terminal.text()).toBe('frame 999');
		host.written.length = 0;
		clock.advance(10_000);
		expect(host.written).toEqual([]);
	});

	it('is sent whole again on request, and after suspending', async () => {
		const host = new FakeHost(40, 8);
		const session = new TerminalSession({ host });
		session.enter();
		const clock = new FakeClock();
		const screen = new TerminalScreen(session, { clock });
		screen.show(['highmem', 'lowmem']);
		clock.advance(100);
		host.terminal.write('\x1b[HBroadcast message');
		screen.repaint();
		clock.advance(100);
		await host.terminal.settle();
		expect(host.terminal.text()).toBe('highmem\nlowmem');
		session.suspend();
		host.emit('SIGCONT');
		clock.advance(100);
		await host.terminal.settle();
		expect(host.terminal.text()).toBe('highmem\nlowmem');
	});

	it('begins with text that stands there before Ink is loaded, and then sends only what differs', async () => {
		const host = new FakeHost(40, 8);
		host.terminal.write('old text\r\n'.repeat(8));
		const session = new TerminalSession({ host });
		const table = [
			'fixmap  : 0xffc00000 - 0xffeff000',
			'vmalloc : 0xf0800000 - 0xff800000',
			`${'x'.repeat(50)}\x1b[2J`,
		];
		const painted = firstPaint(session, table);
		await host.terminal.settle();
		expect(host.terminal.text()).toBe([...table.slice(0, 2), 'x'.repeat(40)].join('\n'));
		const clock = new FakeClock();
		const screen = new TerminalScreen(session, { painted, clock });
		host.written.length = 0;
		screen.show([...table.slice(0, 2), `${'x'.repeat(39)}y`]);
		clock.advance(1);
		expect(host.written.join('')).toBe('\x1b[3;40Hy\x1b[?25l');
	});
});
