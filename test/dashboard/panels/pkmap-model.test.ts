import { describe, expect, it } from 'vitest';
import { pkmapGlyph, pkmapModel } from '../../../source/dashboard/panels/pkmap-model.ts';
import { contextOf, plainRows } from '../model-context.ts';
import { plain } from '../render-dashboard.tsx';

describe('the pkmap grid', () => {
	it('shows users as digits, stale slots as ~ and free ones as dots', () => {
		expect([0, 1, 2, 3, 10, 11, 500].map(pkmapGlyph)).toEqual(['.', '~', '1', '2', '9', '+', '+']);
	});

	it('has one cell a page, 16 a row where there is little room, each row with its address', () => {
		const model = pkmapModel(contextOf({ counts: { 1: 2, 2: 1, 17: 3 }, lastPkmapNr: 17 }, 27));
		expect(model.rowCount).toBe(32);
		expect(plainRows(model, 0, 3)).toEqual([
			'bfe00000 .1~..... ........ ',
			'bfe10000>.2...... ........ ',
			'bfe20000 ........ ........ ',
		]);
	});

	it('has 32 and 64 cells a row where there is room', () => {
		expect(pkmapModel(contextOf({}, 45)).rowCount).toBe(16);
		expect(pkmapModel(contextOf({}, 81)).rowCount).toBe(8);
	});

	it('points at last_pkmap_nr in the ruler and at the row', () => {
		const model = pkmapModel(contextOf({ lastPkmapNr: 17 }, 27));
		expect(model.head.map(plain)).toEqual(['0 used 0 stale 512 free    ', '   slot  0v234567 89abcdef ']);
	});

	it('marks what the newest step changed without colour: underlined, and * at the row', () => {
		const model = pkmapModel(contextOf({ counts: { 1: 2 }, changed: { 1: 3 }, step: 3, lastPkmapNr: 1 }, 27));
		expect(plainRows(model, 0, 1)).toEqual(['bfe00000>.1...... ........*']);
		expect(model.paintRow(0, -1)).toContain('\u001b[1m\u001b[1m\u001b[4m1\u001b[0m');
	});

	it('marks nothing that an earlier step or the boot changed', () => {
		const earlier = pkmapModel(contextOf({ counts: { 1: 2 }, changed: { 1: 2 }, step: 3 }, 27));
		expect(plainRows(earlier, 0, 1)).toEqual(['bfe00000>.1...... ........ ']);
		const atBoot = pkmapModel(contextOf({ counts: { 1: 2 }, changed: { 1: 0 }, step: 0 }, 27));
		expect(atBoot.newest).toBeUndefined();
	});

	it('leads to the slot where the search ended', () => {
		const changed = { 3: 5, 7: 5 };
		expect(pkmapModel(contextOf({ changed, step: 5, lastPkmapNr: 7 }, 27)).newest).toBe(7);
		expect(pkmapModel(contextOf({ changed, step: 5, lastPkmapNr: 9 }, 27)).newest).toBe(3);
	});

	it('says so where the kernel has no highmem', () => {
		const model = pkmapModel(contextOf({ machine: 'rpi1-512m' }, 60));
		expect(model.head.map(row => plain(row).trimEnd())).toEqual(['This kernel has no pkmap (no CONFIG_HIGHMEM).']);
		expect(model.itemCount).toBe(0);
	});
});
