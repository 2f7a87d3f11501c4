import { CUT_MARK, displayWidth, take } from './text.ts';
import type { Emphasis, StyleName, Theme } from './theme.ts';

/** Builds one row of the screen that is exactly `width` columns wide, whatever is put into it. */
export class RowBuilder {
	#row = '';
	#columns = 0;
	// The run of characters that share one style and were not painted yet.
	#run = '';
	#style: StyleName = 'plain';
	#emphasis: Emphasis | undefined;
	#isFull = false;

	constructor(
		readonly theme: Theme,
		readonly width: number,
	) {}

	/** Columns still free. */
	get room(): number {
		return this.#isFull ? 0 : this.width - this.#columns;
	}

	/** Append text; what does not fit is cut, with a mark. */
	add(text: string, style: StyleName = 'plain', emphasis?: Emphasis): this {
		const { room } = this;
		if (room <= 0 || text === '') return this;
		const columns = displayWidth(text);
		if (columns <= room) {
			this.#put(text, columns, style, emphasis);
			return this;
		}
		const head = take(text, room - 1);
		this.#put(head, displayWidth(head), style, emphasis);
		this.#put(CUT_MARK, 1, 'dim', undefined);
		this.#isFull = true;
		return this;
	}

	/** Fill with spaces up to that column. */
	padTo(column: number, style: StyleName = 'plain', filler = ' '): this {
		const missing = Math.min(column, this.width) - this.#columns;
		if (missing > 0) this.#put(filler.repeat(missing), missing, style, undefined);
		return this;
	}

	/** Fill up and put `text` at the right end; nothing when it does not fit. */
	right(text: string, style: StyleName = 'plain', filler = ' ', fillerStyle: StyleName = 'plain'): this {
		const columns = displayWidth(text);
		if (columns > this.room) return this;
		return this.padTo(this.width - columns, fillerStyle, filler).add(text, style);
	}

	/** The painted row, padded to its width. */
	toString(): string {
		this.padTo(this.width);
		this.#flush();
		return this.#row;
	}

	#put(text: string, columns: number, style: StyleName, emphasis: Emphasis | undefined): void {
		if (style !== this.#style || !isSame(emphasis, this.#emphasis)) {
			this.#flush();
			this.#style = style;
			this.#emphasis = emphasis;
		}
		this.#run += text;
		this.#columns += columns;
	}

	#flush(): void {
		this.#row += this.theme.paint(this.#run, this.#style, this.#emphasis);
		this.#run = '';
	}
}

const isSame = (one: Emphasis | undefined, other: Emphasis | undefined): boolean =>
	(one?.isCursor ?? false) === (other?.isCursor ?? false) && (one?.isChanged ?? false) === (other?.isChanged ?? false);
