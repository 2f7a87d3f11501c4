import { hasDoubtfulWidth } from './row.ts';
import type { Style, StyleTable } from './style.ts';

const unknown = -1;

/**
 * Writes at places of the screen, in as few bytes as the terminal's state allows: it knows where the cursor stands and
 * which style is on. Columns and rows count from 0.
 */
export class Pen {
	output = '';
	#x = unknown;
	#y = unknown;
	#style: Style;
	readonly #columns: number;
	readonly #table: StyleTable;

	/** The style must be plain where the pen starts; of the cursor nothing is assumed. */
	constructor(columns: number, table: StyleTable) {
		this.#columns = columns;
		this.#table = table;
		this.#style = table.plain;
	}

	/** Where the cursor stands; -1 where that is not certain. */
	get x(): number {
		return this.#x;
	}

	get y(): number {
		return this.#y;
	}

	get style(): Style {
		return this.#style;
	}

	moveTo(x: number, y: number): void {
		if (x === this.#x && y === this.#y) return;
		this.output += shortestMove(this.#x, this.#y, x, y);
		this.#x = x;
		this.#y = y;
	}

	/** Prints one cell's text, `width` columns wide. */
	put(text: string, width: number, style: Style): void {
		this.setStyle(style);
		this.output += text;
		this.#x += width;
		// Past the last column terminals differ: most wait there, some have wrapped.
		if (this.#x >= this.#columns || hasDoubtfulWidth(text)) this.#x = unknown;
	}

	setStyle(style: Style): void {
		this.output += this.#table.switch(this.#style, style);
		this.#style = style;
	}

	/** Blanks the row from the cursor on. */
	eraseToEnd(): void {
		// Terminals erase with the background that is on.
		this.setStyle(this.#table.plain);
		this.output += '\x1b[K';
	}
}

/** The bytes that bring the cursor from one place to another; a start of -1 is unknown. */
export const shortestMove = (fromX: number, fromY: number, x: number, y: number): string => {
	const moves = [absolute(x, y)];
	if (y === fromY) {
		if (x === 0) moves.push('\r');
		moves.push(`\x1b[${x === 0 ? '' : x + 1}G`);
		if (fromX !== unknown) moves.push(x > fromX ? relative(x - fromX, 'C') : backwards(fromX - x));
	} else if (fromY !== unknown) {
		const vertical = y > fromY ? relative(y - fromY, 'B') : relative(fromY - y, 'A');
		if (x === fromX) moves.push(vertical);
		if (x === 0) moves.push(y === fromY + 1 ? '\r\n' : `\r${vertical}`);
	}
	return moves.reduce((best, move) => (move.length < best.length ? move : best));
};

function absolute(x: number, y: number): string {
	if (x === 0) return y === 0 ? '\x1b[H' : `\x1b[${y + 1}H`;
	return `\x1b[${y === 0 ? '' : y + 1};${x + 1}H`;
}

function relative(count: number, direction: string): string {
	return count === 0 ? '' : `\x1b[${count === 1 ? '' : count}${direction}`;
}

function backwards(count: number): string {
	const steps = '\b'.repeat(count);
	const jump = relative(count, 'D');
	return steps.length < jump.length ? steps : jump;
}
