import { type AnsiCode, diffAnsiCodes, reduceAnsiCodesIncremental, tokenize } from '@alcalzone/ansi-tokenize';

/**
 * How a cell is printed: an immutable set of SGR codes. One `StyleTable` makes one object for one look, so that
 * styles are compared with `===`.
 */
export interface Style {
	/** Start codes (`ESC [ 1 m`, ...) in a canonical order. */
	readonly codes: readonly AnsiCode[];
}

const csi = '\x1b[';
const startParameters = new Set([1, 2, 3, 4, 7, 9, 53, ...range(30, 37), ...range(40, 47), ...range(90, 107)]);
const endParameters = new Set([0, 22, 23, 24, 27, 29, 39, 49, 55]);
const isColor = /^\x1b\[(?:[34][0-8]|9\d|10\d)[;m]/;
const isBackground = /^\x1b\[(?:4[0-8]|10\d)[;m]/;
// With one of these on, a blank cell shows its foreground too.
const showsOnBlank = /^\x1b\[(?:4|7|9|53)m/;

/** Makes, combines and switches between styles; remembers every answer, as a dashboard uses a few dozen. */
export class StyleTable {
	readonly plain: Style = { codes: [] };
	readonly #hasColor: boolean;
	readonly #styles = new Map<string, Style>([['', this.plain]]);
	readonly #applied = new Map<Style, Map<string, Style>>();
	readonly #switches = new Map<Style, Map<Style, string>>();
	readonly #blanks = new Map<Style, Style>([[this.plain, this.plain]]);

	/** @param hasColor False drops colours and keeps bold, dim, italic, underline, inverse and strike-through. */
	constructor(hasColor = true) {
		this.#hasColor = hasColor;
	}

	/** The style after one SGR sequence; `parameters` is what stands between `ESC [` and `m`. */
	apply(style: Style, parameters: string): Style {
		const known = this.#applied.get(style) ?? new Map<string, Style>();
		this.#applied.set(style, known);
		let result = known.get(parameters);
		if (result === undefined) {
			result = this.#intern(reduceAnsiCodesIncremental([...style.codes], this.#codesOf(parameters)));
			known.set(parameters, result);
		}
		return result;
	}

	/** The shortest SGR sequence that turns one style into another; empty when they are the same. */
	switch(from: Style, to: Style): string {
		if (from === to) return '';
		const known = this.#switches.get(from) ?? new Map<Style, string>();
		this.#switches.set(from, known);
		let sequence = known.get(to);
		if (sequence === undefined) {
			const gradual = sgr(diffAnsiCodes([...from.codes], [...to.codes]).map(parametersOf));
			const afresh = to.codes.length === 0 ? `${csi}m` : sgr(['0', ...to.codes.map(parametersOf)]);
			sequence = gradual.length <= afresh.length ? gradual : afresh;
			known.set(to, sequence);
		}
		return sequence;
	}

	/** What of a style is visible on a blank: a coloured space needs no colour unless the background has it. */
	onBlank(style: Style): Style {
		let blank = this.#blanks.get(style);
		if (blank === undefined) {
			const isSeen = style.codes.some(({ code }) => showsOnBlank.test(code));
			blank = isSeen ? style : this.#intern(style.codes.filter(({ code }) => isBackground.test(code)));
			this.#blanks.set(style, blank);
		}
		return blank;
	}

	#codesOf(parameters: string): AnsiCode[] {
		const codes: AnsiCode[] = [];
		for (const part of splitParameters(parameters)) {
			for (const token of tokenize(`${csi}${part}m`)) {
				if (token.type === 'ansi' && (this.#hasColor || !isColor.test(token.code))) codes.push(token);
			}
		}
		return codes;
	}

	#intern(codes: readonly AnsiCode[]): Style {
		const sorted = codes.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
		const key = sorted.map(({ code }) => code).join('');
		let style = this.#styles.get(key);
		if (style === undefined) {
			style = { codes: sorted };
			this.#styles.set(key, style);
		}
		return style;
	}
}

// Only looks that a dashboard may have come through: no blinking, no concealed text, no fonts, nothing unknown.
function splitParameters(parameters: string): string[] {
	const numbers = parameters.split(';').map(Number);
	const parts: string[] = [];
	for (let index = 0; index < numbers.length; index++) {
		const number = numbers[index] ?? 0;
		if (number === 38 || number === 48) {
			const length = numbers[index + 1] === 5 ? 3 : numbers[index + 1] === 2 ? 5 : 0;
			const color = numbers.slice(index, index + length);
			// A malformed colour leaves the meaning of what follows open.
			if (length === 0 || color.length < length || color.slice(2).some(part => part > 255)) break;
			parts.push(color.join(';'));
			index += length - 1;
		} else if (startParameters.has(number) || endParameters.has(number)) {
			parts.push(String(number));
		}
	}
	return parts;
}

function parametersOf({ code }: AnsiCode): string {
	return code.slice(csi.length, -1);
}

function sgr(parameters: readonly string[]): string {
	return `${csi}${parameters.join(';')}m`;
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
