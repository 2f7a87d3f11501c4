import xterm from '@xterm/headless';

/** A cell as a person sees it. */
export interface SeenCell {
	/** '' in the right half of a wide character. */
	readonly text: string;
	readonly width: number;
	/** The looks that are on, such as `bold fg1:2 inverse`; empty for plain text. */
	readonly look: string;
}

/** A terminal emulator without a window: what the bytes that it is fed would look like. */
export class VirtualTerminal {
	/** How many bytes it was fed. */
	bytes = 0;
	readonly #terminal: xterm.Terminal;
	#settled: Promise<void> = Promise.resolve();

	constructor(columns: number, rows: number) {
		this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 100 });
	}

	get columns(): number {
		return this.#terminal.cols;
	}

	get rows(): number {
		return this.#terminal.rows;
	}

	write(text: string): void {
		this.bytes += Buffer.byteLength(text);
		this.#settled = new Promise(resolve => this.#terminal.write(text, resolve));
	}

	/** Resolves when all that was written is on the screen. */
	settle(): Promise<void> {
		return this.#settled;
	}

	resize(columns: number, rows: number): void {
		this.#terminal.resize(columns, rows);
	}

	/** The screen's rows, without the blanks at their ends. A buffer keeps what was right of a border that moved in. */
	lines(): string[] {
		return Array.from(
			{ length: this.rows },
			(_, y) => this.#line(y)?.translateToString(false, 0, this.columns).trimEnd() ?? '',
		);
	}

	text(): string {
		return this.lines().join('\n').trimEnd();
	}

	cell(x: number, y: number): SeenCell {
		const cell = this.#line(y)?.getCell(x);
		if (cell === undefined) throw new RangeError(`no cell at column ${x}, row ${y}`);
		const isBlank = cell.getChars() === '' && cell.getWidth() === 1;
		const text = isBlank ? ' ' : cell.getChars();
		const isInked = text !== ' ' || [cell.isInverse(), cell.isUnderline(), cell.isStrikethrough()].some(Boolean);
		const looks = [
			isInked && cell.isBold() && 'bold',
			isInked && cell.isDim() && 'dim',
			isInked && cell.isItalic() && 'italic',
			cell.isUnderline() && 'underline',
			cell.isInverse() && 'inverse',
			cell.isStrikethrough() && 'strike',
			isInked && !cell.isFgDefault() && `fg${cell.getFgColorMode()}:${cell.getFgColor()}`,
			!cell.isBgDefault() && `bg${cell.getBgColorMode()}:${cell.getBgColor()}`,
		];
		return { text, width: cell.getWidth(), look: looks.filter(Boolean).join(' ') };
	}

	/** Every cell of the screen, row by row, in a form that is readable where two of them differ. */
	picture(): string[] {
		return Array.from({ length: this.rows }, (_, y) => {
			let row = '';
			let look = '';
			for (let x = 0; x < this.columns; x++) {
				const cell = this.cell(x, y);
				if (cell.look !== look) row += `<${cell.look}>`;
				look = cell.look;
				row += cell.text;
			}
			return row.trimEnd();
		});
	}

	get cursor(): { x: number; y: number; isShown: boolean } {
		const buffer = this.#terminal.buffer.active;
		// The public interface does not tell whether the cursor is shown.
		const { coreService } = (this.#terminal as unknown as { _core: { coreService: { isCursorHidden: boolean } } })
			._core;
		return { x: buffer.cursorX, y: buffer.cursorY, isShown: !coreService.isCursorHidden };
	}

	/** What a program must give back as it found it. */
	get modes(): { screen: string; isWrapping: boolean; isPasteMarked: boolean; isSynchronized: boolean } {
		const modes = this.#terminal.modes;
		return {
			screen: this.#terminal.buffer.active.type,
			isWrapping: modes.wraparoundMode,
			isPasteMarked: modes.bracketedPasteMode,
			isSynchronized: modes.synchronizedOutputMode,
		};
	}

	#line(y: number) {
		const buffer = this.#terminal.buffer.active;
		return buffer.getLine(buffer.baseY + y);
	}
}
