import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import rememberedWidth from '../../source/terminal/remembered-width.ts';

describe('widths that are remembered', () => {
	it.each(['', 'pkmap', '高端内存', '\x1b[1mbold\x1b[22m', '\x1b[31m│■\x1b[0m', '\x1b]8;;u\x07link', 'e\u0301'])(
		'%j is as wide as it is',
		text => {
			for (let time = 0; time < 2; time++) expect(rememberedWidth(text)).toBe(stringWidth(text));
		},
	);

	it('options are asked of the package', () => {
		const options = { countAnsiEscapeCodes: true };
		expect(rememberedWidth('\x1b[1mb', options)).toBe(stringWidth('\x1b[1mb', options));
	});
});
