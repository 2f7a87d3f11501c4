import { Pen, shortestMove } from './pen.ts';
import { hasDoubtfulWidth, parseRow, type Row } from './row.ts';
import { StyleTable } from './style.ts';

export interface ScreenSize {
	readonly columns: number;
	readonly rows: number;
}

/** A place on the screen, counted from 0. */
export interface CursorPosition {
	readonly x: number;
	readonly y: number;
}

export interface ScreenDiffOptions extends ScreenSize {
	/** False sends no colours. @default true */
	readonly hasColor?: boolean;
	/** Wrap larger frames in synchronized output (DEC private mode 2026). @default true */
	readonly isSynchronized?: boolean;
}

// A frame below this many bytes, with what SSH and TCP add, travels in one packet and is drawn at once anyway.
const synchronizedFrom = 1200;
const beginSynchronized = '\x1b[?2026h';
const endSynchronized = '\x1b[?2026l';
const showCursor = '\x1b[?25h';
const hideCursor = '\x1b[?25l';
// Over a longer gap a cursor move is always shorter than printing the cells again.
const longestGap = 10;
const eraseLength = 3;

/**
 * What the terminal shows, and the shortest bytes that turn it into the next frame. It never clears the screen, so a
 * frame looks right at every moment, also where synchronized output is missing.
 */
export class ScreenDiff {
	readonly #styles: StyleTable;
	readonly #isSynchronized: boolean;
	#columns: number;
	#rows: number;
	// undefined: nothing is known of what that row shows.
	#shown: (Row | undefined)[] = [];
	#shownCursor: CursorPosition | 'hidden' | 'unknown' = 'unknown';

	constructor({ columns, rows, hasColor = true, isSynchronized = true }: ScreenDiffOptions) {
		this.#columns = columns;
		this.#rows = rows;
		this.#styles = new StyleTable(hasColor);
		this.#isSynchronized = isSynchronized;
	}

	get size(): ScreenSize {
		return { columns: this.#columns, rows: this.#rows };
	}

	/** After a change of size what the terminal shows is unknown: the next frame is sent whole. */
	resize({ columns, rows }: ScreenSize): void {
		this.#columns = columns;
		this.#rows = rows;
		this.invalidate();
	}

	/** Something else wrote on the terminal: the next frame is sent whole. */
	invalidate(): void {
		this.#shown = [];
		this.#shownCursor = 'unknown';
	}

	/** Tells what the screen shows already, row by row. */
	adopt(rows: readonly string[]): void {
		this.#shown = this.#parse(rows);
	}

	/**
	 * The bytes that show `rows` (text with SGR codes), with a visible cursor at `cursor`, or none. Empty when nothing
	 * changes. Rows and columns that do not fit are cut, missing ones are blank.
	 */
	update(rows: readonly string[], cursor?: CursorPosition): string {
		const next = this.#parse(rows);
		const pen = new Pen(this.#columns, this.#styles);
		for (const [y, row] of next.entries()) {
			const old = this.#shown[y];
			if (old !== row) this.#updateRow(pen, y, old, row);
		}
		this.#shown = next;
		pen.setStyle(this.#styles.plain);
		const output = pen.output + this.#placeCursor(pen, cursor);
		if (!this.#isSynchronized || output.length < synchronizedFrom) return output;
		return beginSynchronized + output + endSynchronized;
	}

	#parse(rows: readonly string[]): Row[] {
		// Rows that stay, or only scroll, are taken over as they are; everything else costs time by the cell.
		const known = new Map<string, Row>();
		for (const row of this.#shown) if (row?.texts.length === this.#columns) known.set(row.source, row);
		return Array.from({ length: this.#rows }, (_, y) => {
			const source = rows[y] ?? '';
			let row = known.get(source);
			if (row === undefined) {
				row = parseRow(source, this.#columns, this.#styles);
				known.set(source, row);
			}
			return row;
		});
	}

	#updateRow(pen: Pen, y: number, old: Row | undefined, next: Row): void {
		for (let x = 0; x < this.#columns; x++) {
			if (old === undefined ? x < next.blankFrom : !isSameCell(old, next, x)) {
				// The rest of the row is blank: erase it, unless it takes no more spaces than the sequence has bytes.
				if (x >= next.blankFrom && old !== undefined && old.blankFrom - x > eraseLength) {
					this.#erase(pen, x, y);
					return;
				}
				this.#bridge(pen, x, y, next);
				this.#put(pen, next, x);
			}
		}
		if (old === undefined && next.blankFrom < this.#columns) this.#erase(pen, next.blankFrom, y);
	}

	#erase(pen: Pen, x: number, y: number): void {
		pen.moveTo(x, y);
		pen.eraseToEnd();
	}

	/** Prints the cell at `x`; nothing for the right part of a wide character, which came with its left part. */
	#put(pen: Pen, row: Row, x: number): void {
		const text = row.texts[x] ?? '';
		if (text === '') return;
		let width = 1;
		while (x + width < this.#columns && row.texts[x + width] === '') width++;
		pen.put(text, width, row.styles[x] ?? this.#styles.plain);
	}

	/** Brings the cursor to a cell of `row`: by a move, or by printing the few unchanged cells before it again. */
	#bridge(pen: Pen, x: number, y: number, row: Row): void {
		if (row.texts[x] === '') return;
		const gap = x - pen.x;
		if (pen.y === y && pen.x >= 0 && gap > 0 && gap <= longestGap) {
			const style = row.styles[x] ?? this.#styles.plain;
			const move = shortestMove(pen.x, pen.y, x, y) + this.#styles.switch(pen.style, style);
			const rewrite = this.#rewriteLength(pen, x, row);
			if (rewrite <= move.length) {
				for (let column = pen.x; column < x; column++) this.#put(pen, row, column);
				return;
			}
		}
		pen.moveTo(x, y);
	}

	/** Bytes of printing `row` from the pen up to column `end`, and of the change to the style that follows. */
	#rewriteLength(pen: Pen, end: number, row: Row): number {
		let length = 0;
		let style = pen.style;
		for (let x = pen.x; x <= end; x++) {
			const text = row.texts[x] ?? '';
			const next = row.styles[x] ?? this.#styles.plain;
			length += this.#styles.switch(style, next).length;
			style = next;
			if (x === end) break;
			if (hasDoubtfulWidth(text)) return Number.POSITIVE_INFINITY;
			length += Buffer.byteLength(text);
		}
		return length;
	}

	#placeCursor(pen: Pen, cursor: CursorPosition | undefined): string {
		const old = this.#shownCursor;
		this.#shownCursor = cursor ?? 'hidden';
		if (cursor === undefined) return old === 'hidden' ? '' : hideCursor;
		if (typeof old === 'object' && old.x === cursor.x && old.y === cursor.y && pen.output === '') return '';
		return shortestMove(pen.x, pen.y, cursor.x, cursor.y) + (typeof old === 'object' ? '' : showCursor);
	}
}

function isSameCell(old: Row, next: Row, x: number): boolean {
	return old.texts[x] === next.texts[x] && old.styles[x] === next.styles[x];
}
