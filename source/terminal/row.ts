import stringWidth from 'string-width';
import { isSimple } from './simple-text.ts';
import type { Style, StyleTable } from './style.ts';

/**
 * One row of the screen, cell by cell. A wide character stands in its left cell; the cell right of it holds the empty
 * string. Both arrays are as long as the screen is wide.
 */
export interface Row {
	/** What the row was parsed from: two rows of one source and width are the same. */
	readonly source: string;
	readonly texts: readonly string[];
	readonly styles: readonly Style[];
	/** From this column on every cell is a plain space. */
	readonly blankFrom: number;
}

const sgrOrOther =
	/\x1b\[([\d;]*)m|\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b/g;
const isIgnorable = /^\p{Default_Ignorable_Code_Point}+$/u;
/** Made when first asked for: that takes milliseconds, and most screens need none. */
let graphemes: Intl.Segmenter | undefined;
const widths = new Map<string, number>();

/**
 * Text with SGR codes -> cells. Other escape sequences vanish, and a control character becomes a space: nothing that
 * a file smuggled into a frame can steer the terminal. What is too long for the row is cut.
 */
export const parseRow = (source: string, columns: number, styles: StyleTable): Row => {
	const builder = new RowBuilder(columns, styles);
	let end = 0;
	for (const match of source.matchAll(sgrOrOther)) {
		builder.append(source.slice(end, match.index));
		end = match.index + match[0].length;
		if (match[1] !== undefined) builder.style = styles.apply(builder.style, match[1]);
		if (builder.isFull) break;
	}
	if (!builder.isFull) builder.append(source.slice(end));
	return builder.finish(source);
};

/**
 * Whether terminals may disagree on how wide a cell's text is: clusters of several code points, and characters beyond
 * the basic plane (emoji).
 */
export const hasDoubtfulWidth = (text: string): boolean => text.length > 1;

class RowBuilder {
	style: Style;
	readonly #texts: string[] = [];
	readonly #cellStyles: Style[] = [];
	readonly #columns: number;
	readonly #table: StyleTable;

	constructor(columns: number, table: StyleTable) {
		this.#columns = columns;
		this.#table = table;
		this.style = table.plain;
	}

	get isFull(): boolean {
		return this.#texts.length >= this.#columns;
	}

	append(text: string): void {
		if (isSimple.test(text)) {
			for (let index = 0; index < text.length && !this.isFull; index++) this.#put(text.charAt(index), 1);
			return;
		}
		graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
		for (const { segment } of graphemes.segment(text)) {
			if (this.isFull) return;
			const width = widthOf(segment);
			// Ink gives a column to every grapheme that it prints; one that shows nothing by itself leaves it blank.
			if (width > 0) this.#put(segment, width);
			else if (!isIgnorable.test(segment)) this.#put(' ', 1);
		}
	}

	finish(source: string): Row {
		let blankFrom = this.#texts.length;
		while (blankFrom > 0 && this.#texts[blankFrom - 1] === ' ' && this.#cellStyles[blankFrom - 1] === this.#table.plain)
			blankFrom--;
		this.style = this.#table.plain;
		while (!this.isFull) this.#put(' ', 1);
		return { source, texts: this.#texts, styles: this.#cellStyles, blankFrom };
	}

	#put(text: string, width: number): void {
		// Half a wide character cannot be shown: a space keeps what follows in its column.
		if (width > 1 && this.#texts.length + width > this.#columns) {
			while (!this.isFull) this.#put(' ', 1);
			return;
		}
		this.#texts.push(text);
		this.#cellStyles.push(text === ' ' ? this.#table.onBlank(this.style) : this.style);
		for (let rest = 1; rest < width; rest++) {
			this.#texts.push('');
			this.#cellStyles.push(this.style);
		}
	}
}

function widthOf(grapheme: string): number {
	let width = widths.get(grapheme);
	if (width === undefined) {
		width = stringWidth(grapheme);
		// Text from files could bring every character there is.
		if (widths.size > 4096) widths.clear();
		widths.set(grapheme, width);
	}
	return width;
}
