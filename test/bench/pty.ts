import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 10_000;
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g;

/** A program on a pseudo-terminal, timed from its start. Whatever does not come within ten seconds is an error. */
export class Pty {
	/** Bytes written so far. */
	bytes = 0;
	/** When the newest bytes came, in milliseconds since the start. */
	lastAt = 0;
	#text = '';
	readonly #started = performance.now();
	readonly #child: ChildProcess;
	readonly #closed: Promise<void>;
	readonly #command: string;

	static open(command: readonly string[], columns = 120, rows = 36): Pty {
		return new Pty(command.join(' '), columns, rows);
	}

	private constructor(command: string, columns: number, rows: number) {
		this.#command = command;
		this.#child = spawn('script', ['-qfec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'], {
			stdio: ['pipe', 'pipe', 'inherit'],
			// Its whole group is ended, and that must not be our own.
			detached: true,
			env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', CI: '' },
		});
		this.#closed = new Promise(resolve => this.#child.once('close', () => resolve()));
		this.#child.stdout?.on('data', (data: Buffer) => {
			this.bytes += data.length;
			this.lastAt = this.elapsed;
			this.#text += data.toString('latin1');
		});
	}

	get elapsed(): number {
		return performance.now() - this.#started;
	}

	type(keys: string): void {
		this.#child.stdin?.write(keys);
	}

	/** When `marker` was there, in milliseconds since the start. Styles between its characters do not hide it. */
	async seen(marker: string): Promise<number> {
		while (!this.#text.replace(ESCAPES, '').includes(marker)) {
			if (this.elapsed > LIMIT_MS) throw new Error(`${this.#command} never showed ${marker}`);
			await sleep(1);
		}
		return this.lastAt;
	}

	/** When the program had ended, in milliseconds since the start. */
	async ended(): Promise<number> {
		await Promise.race([this.#closed, sleep(LIMIT_MS)]);
		return this.elapsed;
	}

	/** Waits until nothing has come for `quietMs`. */
	async quiet(quietMs: number): Promise<void> {
		while (this.elapsed - this.lastAt < quietMs) await sleep(2);
	}

	/** Process number of `script`, below which the program runs. */
	get pid(): number {
		return this.#child.pid ?? process.pid;
	}

	/** Ends the program, by Ctrl-C and, where that does not help, by force. */
	async close(): Promise<void> {
		this.type('\x03');
		const isOver = await Promise.race([this.#closed.then(() => true), sleep(1000, false)]);
		if (!isOver && this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
		await this.#closed;
	}
}
