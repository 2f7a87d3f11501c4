/** The colours of each meaning, on a dark and on a light background. */

export const STYLE_NAMES = [
	'plain',
	'dim',
	'strong',
	'border',
	'borderFocus',
	'title',
	'titleFocus',
	'label',
	'free',
	'stale',
	'used',
	'reserved',
	'hole',
	'mark',
	'value',
	'error',
	'warning',
	'key',
	'caption',
	'headerName',
	'selected',
	'modules',
	'pkmap',
	'lowmem',
	'vmalloc',
	'fixmap',
] as const;
export type StyleName = (typeof STYLE_NAMES)[number];

export type Background = 'dark' | 'light';

export interface Color {
	/** SGR foreground of the 16 colours. */
	readonly basic: number;
	/** Index in the 256 colours. */
	readonly extended: number;
	readonly rgb: readonly [number, number, number];
}

/** SGR attributes: 1 bold, 4 underline, 7 inverse. They are the same on every background. */
export const ATTRIBUTES: Readonly<Partial<Record<StyleName, readonly number[]>>> = {
	strong: [1],
	borderFocus: [1],
	title: [1],
	titleFocus: [1, 7],
	used: [1],
	mark: [1],
	error: [1],
	key: [1],
	headerName: [1, 7],
	selected: [7],
};

const color = (basic: number, extended: number, ...rgb: [number, number, number]): Color => ({ basic, extended, rgb });

type Palette = Readonly<Partial<Record<StyleName, Color>>>;

// Blue against orange and brightness carry the differences, so that red-green blindness loses none.
const DARK: Palette = {
	dim: color(90, 245, 138, 138, 138),
	border: color(90, 243, 118, 118, 118),
	borderFocus: color(96, 81, 95, 215, 255),
	titleFocus: color(96, 81, 95, 215, 255),
	label: color(36, 73, 95, 175, 175),
	free: color(90, 242, 108, 108, 108),
	stale: color(33, 179, 215, 175, 95),
	used: color(94, 75, 95, 175, 255),
	reserved: color(90, 246, 148, 148, 148),
	hole: color(90, 238, 68, 68, 68),
	mark: color(93, 221, 255, 215, 95),
	value: color(92, 114, 135, 215, 135),
	error: color(91, 209, 255, 135, 95),
	warning: color(93, 221, 255, 215, 95),
	key: color(96, 81, 95, 215, 255),
	headerName: color(96, 81, 95, 215, 255),
	modules: color(35, 140, 175, 135, 215),
	pkmap: color(94, 75, 95, 175, 255),
	lowmem: color(32, 108, 135, 175, 135),
	vmalloc: color(36, 80, 95, 215, 215),
	fixmap: color(33, 179, 215, 175, 95),
};

// Yellow and the bright colours cannot be read on white.
const LIGHT: Palette = {
	dim: color(90, 241, 98, 98, 98),
	border: color(90, 243, 118, 118, 118),
	borderFocus: color(34, 25, 0, 95, 175),
	titleFocus: color(34, 25, 0, 95, 175),
	label: color(36, 23, 0, 95, 95),
	free: color(90, 243, 118, 118, 118),
	stale: color(35, 94, 135, 95, 0),
	used: color(34, 26, 0, 95, 215),
	reserved: color(90, 241, 98, 98, 98),
	hole: color(90, 243, 118, 118, 118),
	mark: color(35, 130, 175, 95, 0),
	value: color(32, 22, 0, 95, 0),
	error: color(31, 124, 175, 0, 0),
	warning: color(35, 130, 175, 95, 0),
	key: color(34, 25, 0, 95, 175),
	headerName: color(34, 25, 0, 95, 175),
	modules: color(35, 55, 95, 0, 175),
	pkmap: color(34, 26, 0, 95, 215),
	lowmem: color(32, 22, 0, 95, 0),
	vmalloc: color(36, 24, 0, 95, 135),
	fixmap: color(31, 94, 135, 95, 0),
};

export const PALETTES: Readonly<Record<Background, Palette>> = { dark: DARK, light: LIGHT };
