/** How things look: a style for each meaning, by what the terminal can show. Meaning never rests on colour alone. */
import { ATTRIBUTES, type Background, PALETTES, STYLE_NAMES, type StyleName } from './palettes.ts';

export type { StyleName } from './palettes.ts';

/** 0: no colour (bold, underline and inverse remain), 1: 16 colours, 2: 256, 3: true colour. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** Modifiers of a cell or row: under the cursor, or changed by the newest act. */
export interface Emphasis {
	readonly isCursor?: boolean;
	readonly isChanged?: boolean;
}

/** Border characters. */
export interface Border {
	readonly topLeft: string;
	readonly topRight: string;
	readonly bottomLeft: string;
	readonly bottomRight: string;
	readonly across: string;
	readonly down: string;
}

const LINES: Border = {
	topLeft: '┌',
	topRight: '┐',
	bottomLeft: '└',
	bottomRight: '┘',
	across: '─',
	down: '│',
};
const ASCII: Border = { topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', across: '-', down: '|' };

const RESET = '\u001b[0m';
// Underline and bold for what changed, inverse for the cursor: both can stand on one cell.
const CHANGED = '\u001b[1m\u001b[4m';
const CURSOR = '\u001b[7m';

export interface ThemeOptions {
	/** @default 2 */
	readonly colorLevel?: ColorLevel;
	/** @default 'dark' */
	readonly background?: Background;
	/** Box-drawing borders; else plain ASCII. @default true */
	readonly isUnicode?: boolean;
}

export class Theme {
	readonly level: ColorLevel;
	readonly border: Border;
	readonly #codes: Readonly<Record<StyleName, string>>;

	constructor({ colorLevel = 2, background = 'dark', isUnicode = true }: ThemeOptions = {}) {
		this.level = colorLevel;
		this.border = isUnicode ? LINES : ASCII;
		const codes = STYLE_NAMES.map(name => [name, sgr(name, background, colorLevel)]);
		this.#codes = Object.fromEntries(codes) as Record<StyleName, string>;
	}

	/** `text` in that style. The result holds no nested styles, so it can be joined with others. */
	paint(text: string, style: StyleName, emphasis?: Emphasis): string {
		const codes = this.#codes[style] + (emphasis?.isChanged ? CHANGED : '') + (emphasis?.isCursor ? CURSOR : '');
		return codes === '' || text === '' ? text : codes + text + RESET;
	}
}

// One escape sequence a code: Ink's tokenizer is surest about those.
const sgr = (name: StyleName, background: Background, level: ColorLevel): string => {
	const attributes = (ATTRIBUTES[name] ?? []).map(code => `\u001b[${code}m`).join('');
	const color = PALETTES[background][name];
	if (!color || level === 0) return attributes;
	if (level === 1) return `${attributes}\u001b[${color.basic}m`;
	if (level === 2) return `${attributes}\u001b[38;5;${color.extended}m`;
	return `${attributes}\u001b[38;2;${color.rgb.join(';')}m`;
};
