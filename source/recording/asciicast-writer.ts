import type { ScreenSize } from '../terminal/screen-diff.ts';

/** Colours of the terminal in the recording, `#rrggbb`. */
export interface CastTheme {
	readonly fg: string;
	readonly bg: string;
	/** The sixteen ANSI colours. */
	readonly palette: readonly string[];
}

/** 2 is what every installed player opens; 3 is what asciinema 3 writes. */
export type CastVersion = 2 | 3;

export interface AsciicastOptions {
	readonly size: ScreenSize;
	readonly title: string;
	/** @default 2 */
	readonly version?: CastVersion | undefined;
	/** @default dark */
	readonly theme?: CastTheme;
}

/** Light on dark, as most terminals are, with colours that stay apart when they are projected. */
const darkTheme: CastTheme = {
	fg: '#d8d8d8',
	bg: '#16181c',
	palette: [
		...['#16181c', '#d75f5f', '#87af87', '#d7af5f', '#5f87d7', '#af87d7', '#5fafaf', '#c6c6c6'],
		...['#6c6c6c', '#ff875f', '#87d787', '#ffd75f', '#5fafff', '#d7afff', '#5fd7ff', '#f4f4f4'],
	],
};

const TERMINAL_TYPE = 'xterm-256color';

/**
 * An asciicast file: a header and one JSON array a line. It holds no date and nothing of the machine that it was made on.
 * Times are whole milliseconds and never run backwards; version 2 counts them from the start, version 3 from the event
 * before.
 */
export class AsciicastWriter {
	readonly #lines: string[];
	readonly #version: CastVersion;
	#lastMs = 0;

	constructor({ size, title, version = 2, theme: { fg, bg, palette } = darkTheme }: AsciicastOptions) {
		this.#version = version;
		const theme = { fg, bg, palette: palette.join(':') };
		const { columns, rows } = size;
		const header =
			version === 2
				? { version, width: columns, height: rows, title, env: { TERM: TERMINAL_TYPE }, theme }
				: { version, term: { cols: columns, rows, type: TERMINAL_TYPE, theme }, title };
		this.#lines = [JSON.stringify(header)];
	}

	/** Bytes that the terminal got. */
	output(timeMs: number, bytes: string): void {
		if (bytes !== '') this.#add(timeMs, 'o', bytes);
	}

	/** A place that players can jump to. */
	marker(timeMs: number, label: string): void {
		this.#add(timeMs, 'm', label);
	}

	/** The whole file. */
	toString(): string {
		return `${this.#lines.join('\n')}\n`;
	}

	#add(timeMs: number, kind: 'o' | 'm', data: string): void {
		const ms = this.#version === 2 ? timeMs : timeMs - this.#lastMs;
		this.#lastMs = timeMs;
		this.#lines.push(`[${(ms / 1000).toFixed(3)}, "${kind}", ${JSON.stringify(data)}]`);
	}
}
