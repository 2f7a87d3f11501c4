import type { ScreenSize } from '../terminal/screen-diff.ts';

/** Colours of the terminal in the recording, `#rrggbb`. */
export interface CastTheme {
	readonly fg: string;
	readonly bg: string;
	/** The sixteen ANSI colours. */
	readonly palette: readonly string[];
}

export interface AsciicastOptions {
	readonly size: ScreenSize;
	readonly title: string;
	/** @default dark */
	readonly theme?: CastTheme;
}

/** Light on dark, as most terminals are, with colours that stay apart when they are projected. */
export const darkTheme: CastTheme = {
	fg: '#d8d8d8',
	bg: '#16181c',
	palette: [
		...['#16181c', '#d75f5f', '#87af87', '#d7af5f', '#5f87d7', '#af87d7', '#5fafaf', '#c6c6c6'],
		...['#6c6c6c', '#ff875f', '#87d787', '#ffd75f', '#5fafff', '#d7afff', '#5fd7ff', '#f4f4f4'],
	],
};

/**
 * An asciicast version 2 file, which every installed player opens: a header and one JSON array a line. It holds no date
 * and nothing of the machine that it was made on. Times are whole milliseconds since the start and never run backwards.
 */
export class AsciicastWriter {
	readonly #lines: string[];

	constructor({ size, title, theme = darkTheme }: AsciicastOptions) {
		const { fg, bg, palette } = theme;
		const header = {
			version: 2,
			width: size.columns,
			height: size.rows,
			title,
			env: { TERM: 'xterm-256color' },
			theme: { fg, bg, palette: palette.join(':') },
		};
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
		this.#lines.push(`[${(timeMs / 1000).toFixed(3)}, "${kind}", ${JSON.stringify(data)}]`);
	}
}
