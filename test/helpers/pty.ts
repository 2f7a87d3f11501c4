import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualTerminal } from './virtual-terminal.ts';

/** Why there is no pseudo-terminal to test in; undefined where there is one. */
export const ptyMissing: string | undefined = ['script', 'bash', 'stty'].find(
	tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
)
	? 'needs script (util-linux), bash and stty'
	: undefined;

/** A shell with job control on a pseudo-terminal of 80 x 24, its screen drawn by a terminal emulator. */
export class ShellInTerminal {
	readonly terminal = new VirtualTerminal(80, 24);
	readonly #script: ChildProcess;

	private constructor() {
		this.#script = spawn('script', ['-qfc', 'bash --norc --noprofile --noediting -i', '/dev/null'], {
			stdio: ['pipe', 'pipe', 'ignore'],
			// script signals its whole process group when it fails, which must not be the test's.
			detached: true,
			env: {
				PATH: process.env.PATH,
				TERM: 'xterm-256color',
				LANG: 'C.UTF-8',
				PS1: '$ ',
				XDG_STATE_HOME: join(tmpdir(), 'highmem-test-state'),
			},
		});
		this.#script.stdout?.setEncoding('utf8').on('data', text => this.terminal.write(text));
	}

	static async open(): Promise<ShellInTerminal> {
		const shell = new ShellInTerminal();
		shell.type('stty cols 80 rows 24; mode=$(stty -g); echo opened-$mode\n');
		await shell.seen(/opened-[\da-f]+:/);
		return shell;
	}

	type(text: string): void {
		this.#script.stdin?.write(text);
	}

	/** Waits until the screen shows `pattern`. */
	async seen(pattern: RegExp, timeoutMs = 8_000): Promise<RegExpExecArray> {
		const end = Date.now() + timeoutMs;
		for (;;) {
			await this.terminal.settle();
			const match = pattern.exec(this.terminal.text());
			if (match) return match;
			if (Date.now() > end) throw new Error(`${pattern} was not seen in:\n${this.terminal.text()}`);
			await new Promise(resolve => setTimeout(resolve, 20));
		}
	}

	/** Whether the keyboard's modes are those that the shell began with. */
	async isKeyboardAsBefore(): Promise<boolean> {
		this.type('[ "$mode" = "$(stty -g)" ]; echo mode-$?-told\n');
		return (await this.seen(/mode-(\d)-told/))[1] === '0';
	}

	/** Ends the shell and what still runs in it. */
	async close(): Promise<void> {
		const ended = new Promise(resolve => this.#script.once('exit', resolve));
		if (this.#script.exitCode !== null || this.#script.signalCode !== null) return;
		// With its pseudo-terminal gone the shell hangs up on its jobs.
		this.#script.kill('SIGKILL');
		await ended;
		this.#script.stdout?.destroy();
	}
}
