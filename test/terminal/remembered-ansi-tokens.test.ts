import * as plain from '@alcalzone/ansi-tokenize';
import { describe, expect, it } from 'vitest';
import { styledCharsFromTokens, tokenize } from '../../source/terminal/remembered-ansi-tokens.ts';

const text = 'a\x1b[1;31mb高\x1b[0m e\u0301';

describe('text that Ink takes apart', () => {
	it('falls apart as in the package, the first time and again', () => {
		for (let time = 0; time < 2; time++) {
			expect(tokenize(text)).toEqual(plain.tokenize(text));
			expect(styledCharsFromTokens(tokenize(text))).toEqual(plain.styledCharsFromTokens(plain.tokenize(text)));
		}
	});

	it('is taken apart once', () => {
		expect(tokenize(text)).toBe(tokenize(text));
		expect(styledCharsFromTokens(tokenize(text))).toBe(styledCharsFromTokens(tokenize(text)));
	});

	it('is not remembered where only its beginning is asked for', () => {
		expect(tokenize(text, 2)).toEqual(plain.tokenize(text, 2));
		expect(tokenize(text)).toEqual(plain.tokenize(text));
	});

	it('is forgotten when 1024 other texts have come', () => {
		const first = tokenize(text);
		for (let row = 0; row < 1024; row++) tokenize(`row ${row}`);
		expect(tokenize(text)).not.toBe(first);
	});
});
