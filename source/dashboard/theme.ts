/** How things look: a style for each meaning, by what the terminal can show. Meaning never rests on colour alone. */

/** 0: no colour (bold, underline and inverse remain), 1: 16 colours, 2: 256, 3: true colour. */
export type ColorLevel = 0 | 1 | 2 | 3;

export type StyleName =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'border'
	| 'borderFocus'
	| 'title'
	| 'titleFocus'
	| 'label'
	| 'free'
	| 'stale'
	| 'used'
	| 'reserved'
	| 'hole'
	| 'mark'
	| 'value'
	| 'error'
	| 'warning'
	| 'key'
	| 'caption'
	| 'headerName'
	| 'selected'
	| 'modules'
	| 'pkmap'
	| 'lowmem'
	| 'vmalloc'
	| 'fixmap';

/** Modifiers of a cell or row: under the cursor, or changed by the newest act. */
export interface Emphasis {
	readonly isCursor?: boolean;
	readonly isChanged?: boolean;
}

interface Style {
	/** SGR foreground of the 16 colours, absent: the terminal's own. */
	readonly basic?: number;
	/** Index in the 256 colours. */
	readonly extended?: number;
	readonly rgb?: readonly [number, number, number];
	/** SGR attributes: 1 bold, 2 dim, 4 underline, 7 inverse. */
	readonly attributes?: readonly number[];
}

// Blue against orange and brightness carry the differences, so that red-green blindness loses none.
const STYLES: Readonly<Record<StyleName, Style>> = {
	plain: {},
	dim: { basic: 90, extended: 245, rgb: [138, 138, 138] },
	strong: { attributes: [1] },
	border: { basic: 90, extended: 243, rgb: [118, 118, 118] },
	borderFocus: { basic: 96, extended: 81, rgb: [95, 215, 255], attributes: [1] },
	title: { attributes: [1] },
	titleFocus: { basic: 96, extended: 81, rgb: [95, 215, 255], attributes: [1, 7] },
	label: { basic: 36, extended: 73, rgb: [95, 175, 175] },
	free: { basic: 90, extended: 242, rgb: [108, 108, 108] },
	stale: { basic: 33, extended: 179, rgb: [215, 175, 95] },
	used: { basic: 94, extended: 75, rgb: [95, 175, 255], attributes: [1] },
	reserved: { basic: 90, extended: 246, rgb: [148, 148, 148] },
	hole: { basic: 90, extended: 238, rgb: [68, 68, 68] },
	mark: { basic: 93, extended: 221, rgb: [255, 215, 95], attributes: [1] },
	value: { basic: 92, extended: 114, rgb: [135, 215, 135] },
	error: { basic: 91, extended: 209, rgb: [255, 135, 95], attributes: [1] },
	warning: { basic: 93, extended: 221, rgb: [255, 215, 95] },
	key: { basic: 96, extended: 81, rgb: [95, 215, 255], attributes: [1] },
	caption: { basic: 97, extended: 255, rgb: [238, 238, 238] },
	headerName: { basic: 96, extended: 81, rgb: [95, 215, 255], attributes: [1, 7] },
	selected: { attributes: [7] },
	modules: { basic: 35, extended: 140, rgb: [175, 135, 215] },
	pkmap: { basic: 94, extended: 75, rgb: [95, 175, 255] },
	lowmem: { basic: 32, extended: 108, rgb: [135, 175, 135] },
	vmalloc: { basic: 36, extended: 80, rgb: [95, 215, 215] },
	fixmap: { basic: 33, extended: 179, rgb: [215, 175, 95] },
};

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
	/** Box-drawing borders; else plain ASCII. @default true */
	readonly isUnicode?: boolean;
}

export class Theme {
	readonly level: ColorLevel;
	readonly border: Border;
	readonly #codes: Readonly<Record<StyleName, string>>;

	constructor({ colorLevel = 2, isUnicode = true }: ThemeOptions = {}) {
		this.level = colorLevel;
		this.border = isUnicode ? LINES : ASCII;
		const codes = Object.entries(STYLES).map(([name, style]) => [name, sgr(style, colorLevel)]);
		this.#codes = Object.fromEntries(codes) as Record<StyleName, string>;
	}

	/** `text` in that style. The result holds no nested styles, so it can be joined with others. */
	paint(text: string, style: StyleName, emphasis?: Emphasis): string {
		const codes = this.#codes[style] + (emphasis?.isChanged ? CHANGED : '') + (emphasis?.isCursor ? CURSOR : '');
		return codes === '' || text === '' ? text : codes + text + RESET;
	}
}

// One escape sequence a code: Ink's tokenizer is surest about those.
const sgr = (style: Style, level: ColorLevel): string => {
	const attributes = (style.attributes ?? []).map(code => `\u001b[${code}m`).join('');
	if (style.basic === undefined || level === 0) return attributes;
	if (level === 1) return `${attributes}\u001b[${style.basic}m`;
	if (level === 2 || !style.rgb) return `${attributes}\u001b[38;5;${style.extended ?? 7}m`;
	return `${attributes}\u001b[38;2;${style.rgb.join(';')}m`;
};
