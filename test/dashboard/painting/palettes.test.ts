import { describe, expect, it } from 'vitest';
import { type Background, PALETTES, STYLE_NAMES } from '../../../source/dashboard/painting/palettes.ts';
import { Theme } from '../../../source/dashboard/painting/theme.ts';

/** WCAG 2.1: relative luminance. */
const luminance = (rgb: readonly number[]): number => {
	const [r = 0, g = 0, b = 0] = rgb.map(value => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (rgb: readonly number[], background: Background): number => {
	const other = background === 'light' ? 1 : 0;
	const own = luminance(rgb);
	return (Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05);
};

describe('every colour', () => {
	it.each(['dark', 'light'] as const)('can be read on a %s background', background => {
		for (const [name, { rgb }] of Object.entries(PALETTES[background])) {
			// A hole on black is meant to step back: nothing is there.
			const least = name === 'hole' && background === 'dark' ? 2 : 3.8;
			expect(contrast(rgb, background), name).toBeGreaterThan(least);
		}
	});

	it('has one of the other background beside it', () => {
		expect(Object.keys(PALETTES.light).sort()).toEqual(Object.keys(PALETTES.dark).sort());
	});

	it('is left away without colours, while bold and inverse stay', () => {
		for (const background of ['dark', 'light'] as const) {
			const theme = new Theme({ colorLevel: 0, background });
			for (const name of STYLE_NAMES) expect(theme.paint('x', name)).not.toContain('[3');
			expect(theme.paint('x', 'selected')).toBe('\u001b[7mx\u001b[0m');
		}
	});
});
