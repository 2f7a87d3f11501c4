import { describe, expect, it } from 'vitest';
import { findMachine } from '../../../source/machine/machines.ts';
import { entryBitNames } from '../../../source/memory/paging/entry-bit-names.ts';
import type { WalkStep } from '../../../source/memory/paging/paging-view.ts';

const names = (machine: string, target: WalkStep['target'], value: bigint, level: WalkStep['level'] = 'PTE') =>
	entryBitNames(findMachine(machine), { target, level, value }).join(' ');

describe('the bits of an entry by their names in the manuals', () => {
	// Recorded entries of kernel mappings: layout/explain/entry-value.ts.
	it.each([
		['laptop-2g-nopae', 'page', 0x163n, 'P RW A D G'],
		['laptop-2g-nopae', 'block', 0x1e3n, 'P RW A D PS G'],
		['debian10-pae-4g', 'page', 0x8000000036ffe063n, 'P RW A D NX'],
		['imx6q-2g', 'page', 0x8bc0045fn, 'page AP=1 TEX=1 C B S XN'],
		['imx6q-2g', 'block', 0x3ff1141en, 'section AP=1 TEX=1 C B S XN'],
		['imx6q-2g', 'table', 0x3e804c31n, 'table domain=1'],
		['versatilepb-128m', 'page', 0x0000055en, 'page AP0=1 AP1=1 AP2=1 AP3=1 C B'],
		['vexpress-a15-lpae-4g', 'block', 0x004000008000071dn, 'valid AttrIndx=7 SH=3 AF XN'],
		['vexpress-a15-lpae-4g', 'table', 0x80007003n, 'valid table'],
	] as const)('%s, %s %x: %s', (machine, target, value, text) => {
		expect(names(machine, target, value, target === 'page' ? 'PTE' : 'PMD')).toBe(text);
	});

	it('has few names for the first level of PAE, which only points on', () => {
		expect(names('debian10-pae-4g', 'table', 0x17cb001n, 'PGD')).toBe('P');
	});
});
