import { describe, expect, it } from 'vitest';
import { fold } from '../../source/command-line/fold.ts';
import { displayWidth } from '../../source/dashboard/painting/text.ts';

describe('a line longer than the terminal', () => {
	it('is broken between words and hangs under its first one', () => {
		expect(fold('start: vmalloc space begins at 0xf0000000: high_memory 0xef800000 + 8 MB', 50)).toEqual([
			'start: vmalloc space begins at 0xf0000000:',
			'  high_memory 0xef800000 + 8 MB',
		]);
	});

	it('hangs under the column beside its label', () => {
		expect(fold('  region        0xc0000000 - 0xef800000 (760 MB): RAM that the kernel always sees', 60)).toEqual([
			'  region        0xc0000000 - 0xef800000 (760 MB): RAM that',
			'                the kernel always sees',
		]);
	});

	it('is broken between Chinese characters, two columns each', () => {
		const lines = fold(`  区域          ${'内核始终可见的内存，与物理地址相差固定的值'.repeat(3)}`, 60);
		expect(lines.every(line => displayWidth(line) <= 60)).toBe(true);
		expect(lines.slice(1).every(line => line.startsWith(' '.repeat(16)))).toBe(true);
	});

	it('stays whole in a pipe', () => {
		const line = 'word '.repeat(50);
		expect(fold(line, undefined)).toEqual([line]);
	});
});
