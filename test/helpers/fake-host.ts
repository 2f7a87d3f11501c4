import { EventEmitter } from 'node:events';
import { SilentKeyboard } from '../../source/recording/silent-keyboard.ts';
import type { TerminalHost } from '../../source/terminal/terminal-session.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

/** Thrown instead of ending the test's own process. */
export class ExitCalled extends Error {
	readonly status: number;

	constructor(status: number) {
		super(`exit ${status}`);
		this.status = status;
	}
}

/** The process that a terminal session thinks it runs in, with a virtual terminal at its streams. */
export class FakeHost extends EventEmitter implements TerminalHost {
	readonly terminal: VirtualTerminal;
	/** What was written, piece by piece. */
	readonly written: string[] = [];
	/** What went to standard error. */
	errors = '';
	readonly killed: string[] = [];
	readonly stdin = new FakeStdin();
	readonly stdout: EventEmitter & { columns: number; rows: number; write(text: string): void };
	readonly stderr = {
		write: (text: string | Uint8Array) => {
			this.errors += text;
			this.terminal.write(String(text).replaceAll('\n', '\r\n'));
			return true;
		},
	};

	constructor(columns = 80, rows = 24) {
		super();
		this.terminal = new VirtualTerminal(columns, rows);
		this.stdout = Object.assign(new EventEmitter(), {
			columns,
			rows,
			write: (text: string) => {
				this.written.push(text);
				// The terminal driver turns a line feed into carriage return and line feed.
				this.terminal.write(text.replaceAll(/(?<!\r)\n/g, '\r\n'));
			},
		});
	}

	kill(pid: number, signal: NodeJS.Signals): void {
		this.killed.push(`${signal} ${pid}`);
	}

	exit(status: number): never {
		throw new ExitCalled(status);
	}

	resize(columns: number, rows: number): void {
		this.terminal.resize(columns, rows);
		Object.assign(this.stdout, { columns, rows });
		this.stdout.emit('resize');
	}
}

/** A keyboard that remembers its modes. */
export class FakeStdin extends SilentKeyboard {
	/** Every mode that was set, in order. */
	readonly modes: boolean[] = [];

	override setRawMode(isRaw: boolean): this {
		this.modes.push(isRaw);
		return super.setRawMode(isRaw);
	}
}
