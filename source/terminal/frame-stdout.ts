import { Writable } from 'node:stream';
import type { ScreenSize } from './screen-diff.ts';

const controlOnly = /^(?:\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|[\r\n])*$/;

export interface FrameListeners {
	/** A whole frame, top row first. */
	readonly frame: (rows: string[]) => void;
	/** Ink wants pasted text marked as such, or no longer (DEC private mode 2004). */
	readonly bracketedPaste?: (isOn: boolean) => void;
}

/**
 * The standard output that Ink is given. With `debug: true` Ink writes every frame as one string, rows joined with \n,
 * and nothing between frames but cursor and mode sequences, most of which are not its business here.
 */
export class FrameStdout extends Writable {
	readonly isTTY = true;
	columns: number;
	rows: number;
	readonly #listeners: FrameListeners;

	constructor(size: ScreenSize, listeners: FrameListeners) {
		super({ decodeStrings: false });
		this.columns = size.columns;
		this.rows = size.rows;
		this.#listeners = listeners;
		// Every component that asks for the window's size listens.
		this.setMaxListeners(0);
	}

	/** Tells Ink of a new size; it answers with a frame. */
	resize({ columns, rows }: ScreenSize): void {
		this.columns = columns;
		this.rows = rows;
		this.emit('resize');
	}

	override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
		// An empty write is how Ink waits until all before it is written.
		if (!controlOnly.test(text)) this.#listeners.frame(text.split('\n'));
		else if (text.includes('\x1b[?2004h')) this.#listeners.bracketedPaste?.(true);
		else if (text.includes('\x1b[?2004l')) this.#listeners.bracketedPaste?.(false);
		done();
	}
}

/** Ink's options for rendering into `stdout` and reading keys from `stdin`. */
export const inkOptions = (stdout: FrameStdout, stdin: NodeJS.ReadStream) => ({
	// Ink asks no more of a stream than FrameStdout has.
	stdout: stdout as unknown as NodeJS.WriteStream,
	stdin,
	debug: true,
	// Also where the environment looks like continuous integration.
	interactive: true,
	patchConsole: false,
	exitOnCtrlC: false,
});
