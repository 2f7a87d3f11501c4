import type { ScreenSize } from './screen-diff.ts';

interface Emitter {
	on(event: string, listener: (argument: unknown) => void): unknown;
	off(event: string, listener: (argument: unknown) => void): unknown;
}

/** What a session needs of `process`. */
export interface TerminalHost extends Emitter {
	readonly stdin: { readonly isTTY?: boolean; readonly isRaw?: boolean; setRawMode(isRaw: boolean): unknown };
	readonly stdout: Emitter & { readonly columns?: number; readonly rows?: number; write(text: string): unknown };
	readonly stderr: { write(text: string | Uint8Array): boolean };
	kill(pid: number, signal: NodeJS.Signals): unknown;
	exit(status: number): never;
}

export interface TerminalSessionOptions {
	readonly host?: TerminalHost;
	/** What stays to read on the ordinary screen after the session: one line, or nothing. */
	readonly lastWords?: () => string | undefined;
	/** How an uncaught error is told. @default its stack */
	readonly describeCrash?: (error: unknown) => string;
	/** Called when the session has to end though nobody asked: a signal, a crash, a terminal that went away. */
	readonly onEnd?: () => void;
}

// Alternate screen; no wrap at the right border, so that a row that a terminal thinks too long cannot shift the others;
// no cursor.
const enterSequence = '\x1b[?1049h\x1b[?7l\x1b[?25l';
// Ends a frame that was cut off, wipes what would stay on a terminal without alternate screen (the Linux console), and
// puts everything back.
const leaveSequence = '\x1b[?2026l\x1b[m\x1b[H\x1b[J\x1b[?7h\x1b[?25h\x1b[?1049l';
const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';
const fatalSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
// Nothing stops a process group that no shell looks after: then the dashboard comes back by itself.
const stopTimeoutMs = 100;

/**
 * The terminal while it is ours: alternate screen, cursor, raw keyboard, signals, suspending. However the program ends,
 * the terminal is as it was; only SIGKILL leaves no chance. Loads nothing, so it can stand before everything else does.
 */
export class TerminalSession {
	readonly #host: TerminalHost;
	readonly #options: TerminalSessionOptions;
	readonly #repaintListeners = new Set<() => void>();
	readonly #resizeListeners = new Set<() => void>();
	readonly #unlisten: (() => void)[] = [];
	#isEntered = false;
	#isSuspended = false;
	#isGone = false;
	#isPasteOn = false;
	#wasRaw = false;
	#heldErrors = '';
	#releaseErrors: (() => void) | undefined;
	readonly #onStop = () => this.suspend();

	constructor(options: TerminalSessionOptions = {}) {
		this.#host = options.host ?? (process as unknown as TerminalHost);
		this.#options = options;
	}

	/** Whether what is written now reaches the dashboard's screen. */
	get isActive(): boolean {
		return this.#isEntered && !this.#isSuspended && !this.#isGone;
	}

	get size(): ScreenSize {
		// A serial line does not know its size: 0 x 0.
		return { columns: this.#host.stdout.columns || 80, rows: this.#host.stdout.rows || 24 };
	}

	/** Takes the terminal over. */
	enter(): void {
		if (this.#isEntered) return;
		this.#isEntered = true;
		this.#listen();
		this.#holdErrors();
		// Not only once Ink reads the keys: what is typed until then would be echoed onto the screen.
		this.#setRawMode(true);
		this.#send(enterSequence);
	}

	/** Gives the terminal back as it was, and prints the last words there. Can be called twice. */
	leave(): void {
		if (!this.#isEntered) return;
		this.#giveBack();
		this.#isEntered = false;
		for (const unlisten of this.#unlisten.splice(0)) unlisten();
		const words = this.#options.lastWords?.();
		if (words) this.#send(`${words}\n`);
	}

	/** Sends bytes to the screen; dropped while it is not ours. */
	write(bytes: string): void {
		if (this.isActive && bytes !== '') this.#send(bytes);
	}

	/** Has the terminal mark pasted text. */
	setBracketedPaste(isOn: boolean): void {
		this.#isPasteOn = isOn;
		this.write(isOn ? pasteOn : pasteOff);
	}

	/** `listener` is called when the terminal changed its size. Returns a way to stop that. */
	onResize(listener: () => void): () => void {
		this.#resizeListeners.add(listener);
		return () => this.#resizeListeners.delete(listener);
	}

	/** `listener` is called when the screen is ours again and shows nothing of ours. Returns a way to stop that. */
	onRepaint(listener: () => void): () => void {
		this.#repaintListeners.add(listener);
		return () => this.#repaintListeners.delete(listener);
	}

	/** Ctrl-Z: gives the terminal to the shell; `fg` there brings everything back. */
	suspend(): void {
		if (!this.isActive) return;
		this.#giveBack();
		this.#isSuspended = true;
		// While we listen, the signal would stop nobody.
		this.#host.off('SIGTSTP', this.#onStop);
		// As the terminal's own Ctrl-Z does, the signal goes to the whole job, to npm too if it started us.
		this.#host.kill(0, 'SIGTSTP');
		setTimeout(() => this.#takeBack(), stopTimeoutMs);
	}

	#giveBack(): void {
		this.#wasRaw = this.#host.stdin.isTTY === true && this.#host.stdin.isRaw === true;
		if (!this.#isSuspended) this.#send((this.#isPasteOn ? pasteOff : '') + leaveSequence);
		this.#setRawMode(false);
		this.#releaseErrors?.();
	}

	#takeBack(): void {
		if (!this.#isEntered || !this.#isSuspended) return;
		this.#isSuspended = false;
		this.#host.off('SIGTSTP', this.#onStop);
		this.#host.on('SIGTSTP', this.#onStop);
		this.#setRawMode(this.#wasRaw);
		this.#holdErrors();
		this.#send(enterSequence + (this.#isPasteOn ? pasteOn : ''));
		for (const listener of this.#repaintListeners) listener();
	}

	/** What Node and libraries warn of would spoil the screen: it is kept until the ordinary screen is back. */
	#holdErrors(): void {
		if (this.#releaseErrors) return;
		const { stderr } = this.#host;
		const { write } = stderr;
		stderr.write = text => {
			this.#heldErrors += typeof text === 'string' ? text : Buffer.from(text).toString();
			return true;
		};
		this.#releaseErrors = () => {
			stderr.write = write;
			this.#releaseErrors = undefined;
			if (this.#heldErrors !== '' && !this.#isGone) stderr.write(this.#heldErrors);
			this.#heldErrors = '';
		};
	}

	#setRawMode(isRaw: boolean): void {
		if (this.#host.stdin.isTTY !== true || this.#isGone) return;
		try {
			this.#host.stdin.setRawMode(isRaw);
		} catch {
			// The terminal went away: there is nothing left to set.
			this.#isGone = true;
		}
	}

	#send(bytes: string): void {
		if (this.#isGone) return;
		try {
			this.#host.stdout.write(bytes);
		} catch {
			this.#isGone = true;
		}
	}

	#listen(): void {
		const { stdout } = this.#host;
		const listen = (emitter: Emitter, event: string, handler: (argument: unknown) => void) => {
			emitter.on(event, handler);
			this.#unlisten.push(() => emitter.off(event, handler));
		};
		for (const [signal, number] of Object.entries(fatalSignals))
			listen(this.#host, signal, () => this.#end(128 + number));
		listen(this.#host, 'SIGTSTP', this.#onStop);
		listen(this.#host, 'SIGCONT', () => this.#continue());
		listen(this.#host, 'exit', () => this.leave());
		listen(this.#host, 'uncaughtException', error => this.#crash(error));
		listen(stdout, 'resize', () => {
			for (const listener of this.#resizeListeners) listener();
		});
		// EPIPE or EIO: the terminal was closed.
		listen(stdout, 'error', () => {
			this.#isGone = true;
			this.#end(128 + fatalSignals.SIGHUP);
		});
	}

	/** Continued: after our own stop, or after one that came from outside and left the terminal in the shell's state. */
	#continue(): void {
		if (!this.#isSuspended) {
			this.#wasRaw = this.#host.stdin.isTTY === true && this.#host.stdin.isRaw === true;
			// Node sets the mode only when it thinks that it changes.
			this.#setRawMode(false);
			this.#isSuspended = true;
		}
		this.#takeBack();
	}

	#end(status: number): never {
		this.leave();
		this.#options.onEnd?.();
		return this.#host.exit(status);
	}

	#crash(error: unknown): never {
		this.leave();
		const describe = this.#options.describeCrash ?? describeError;
		this.#host.stderr.write(`${describe(error)}\n`);
		this.#options.onEnd?.();
		return this.#host.exit(1);
	}
}

function describeError(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
