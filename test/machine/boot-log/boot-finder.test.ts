import { describe, expect, it } from 'vitest';
import { BootFinder } from '../../../source/machine/boot-log/boot-finder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const boot = (name: string): string =>
	`Linux version 4.1.${name} (a long enough line about compilers and dates)\n${'x'.repeat(80)}\nMemory: 1K/2K available\n`;

const find = (text: string, pieceBytes: number): { finder: BootFinder; found: ReturnType<BootFinder['finish']> } => {
	const finder = new BootFinder();
	const all = bytes(text);
	for (let at = 0; at < all.length; at += pieceBytes) finder.push(all.subarray(at, at + pieceBytes));
	return { finder, found: finder.finish() };
};

describe('BootFinder', () => {
	it.each([1, 7, 64, 1 << 20])('finds the last complete boot in pieces of %i bytes', pieceBytes => {
		const { finder, found } = find(`junk\n${boot('1')}${boot('2')}Linux version 4.1.3 cut`, pieceBytes);
		expect(finder.boots).toBe(3);
		expect(found).toMatchObject({ ordinal: 2, firstLine: 5, isComplete: true });
		expect(found?.text).toMatch(/^Linux version 4\.1\.2 /);
	});

	it('takes a log whose head is missing as it is', () => {
		expect(find('Memory: 1K/2K available\n', 5).found).toMatchObject({ ordinal: 0, firstLine: 1, isComplete: true });
	});

	it('keeps its copy when the caller uses the buffer again', () => {
		const finder = new BootFinder();
		const buffer = Buffer.from(boot('7'));
		finder.push(buffer);
		buffer.fill(0);
		expect(finder.finish()?.text).toContain('Memory: 1K/2K');
	});

	it('keeps no more than a window of 64 MB of heads of logs', () => {
		const finder = new BootFinder();
		const piece = bytes('Linux version 4.1\n'.repeat(1 << 16));
		for (let total = 0; total < 64 << 20; total += piece.length) finder.push(piece);
		expect(finder.finish()?.text.length).toBeLessThan(100);
	});

	it('keeps one window of a boot that never ends', () => {
		const finder = new BootFinder();
		finder.push(bytes(boot('9')));
		const piece = bytes('[ 12.345678] usb 1-1: something\n'.repeat(1 << 15));
		for (let index = 0; index < 20; index++) finder.push(piece);
		expect(finder.finish()?.text.length).toBeLessThanOrEqual(1 << 20);
	});
});
