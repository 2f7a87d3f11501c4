import { describe, expect, it } from 'vitest';
import { RowBuilder } from '../../../source/dashboard/painting/row-builder.ts';
import { cut, displayWidth, fitText, wrap, wrapInto } from '../../../source/dashboard/painting/text.ts';
import { Theme } from '../../../source/dashboard/painting/theme.ts';

describe('text by display width', () => {
	it('counts Chinese characters as two columns', () => {
		expect(displayWidth('高端内存 pkmap')).toBe(14);
		expect(fitText('高端内存', 7)).toBe('高端内>');
		expect(fitText('高端内存', 6)).toBe('高端> ');
		expect(displayWidth(fitText('高端内存', 6))).toBe(6);
	});

	it('marks what was cut', () => {
		expect(cut('abcdef', 4)).toBe('abc>');
		expect(cut('abcd', 4)).toBe('abcd');
	});

	it('breaks lines at spaces and between Chinese characters, and puts no space between these', () => {
		expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
		expect(wrap('高端内存的页', 8)).toEqual(['高端内存', '的页']);
		expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
		expect(wrap('采用 3G 划分', 20)).toEqual(['采用 3G 划分']);
	});

	it('keeps the space between Chinese and Latin text, wherever the line ends', () => {
		const text = '用 kmap() 映射 2 页，地址是 0xbfe01000 和 0xbfe02000。';
		expect(wrap(text, 200)).toEqual([text]);
		for (let width = 12; width < 60; width++) {
			const lines = wrap(text, width);
			for (const line of lines) expect(text).toContain(line);
			expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
		}
	});

	it('puts what is left into the last line as it was written', () => {
		expect(wrapInto('one two three four', 8, 2)).toEqual(['one two', 'three four']);
		expect(wrapInto('高端内存的页 kmap 映射', 8, 2)).toEqual(['高端内存', '的页 kmap 映射']);
		expect(wrapInto('one', 8, 2)).toEqual(['one']);
	});

	it('keeps brackets and full stops with what they belong to', () => {
		expect(wrap('始于（0xc0）。', 11)).toEqual(['始于', '（0xc0）。']);
		expect(wrap('高端内存。', 8)).toEqual(['高端内', '存。']);
	});
});

describe('a row', () => {
	const theme = new Theme({ colorLevel: 0 });

	it('is exactly as wide as it should be', () => {
		for (const text of ['', 'abc', 'a long long text', '高端内存页']) {
			for (const width of [1, 2, 5, 9, 12]) {
				expect(displayWidth(new RowBuilder(theme, width).add(text).toString())).toBe(width);
			}
		}
	});

	it('takes nothing behind a cut', () => {
		expect(new RowBuilder(theme, 5).add('abcdefg').add('x').toString()).toBe('abcd>');
	});

	it('puts text at the right end when it fits', () => {
		expect(new RowBuilder(theme, 8).add('ab').right('cd').toString()).toBe('ab    cd');
		expect(new RowBuilder(theme, 4).add('abc').right('cd').toString()).toBe('abc ');
	});
});
