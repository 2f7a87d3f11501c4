import { describe, expect, it } from 'vitest';
import { findMachine, MACHINES } from '../../source/machine/machines.ts';
import { parseRam } from '../../source/machine/ram-flag.ts';
import { ramText, sizeFlag } from '../../source/machine/ram-text.ts';

describe('the RAM of a machine as text', () => {
	it.each(MACHINES.map(({ id }) => id))('is read back as it was: %s', id => {
		const machine = findMachine(id);
		expect(parseRam(ramText(machine), machine)).toEqual(machine.ram);
	});

	it('names the bank of a board, and where it lies', () => {
		expect(ramText(findMachine('imx6q-2g'))).toBe('2G@0x10000000');
	});

	it('is a mere size for a PC that is like every PC', () => {
		expect(ramText(findMachine('ubuntu1604-2g'))).toBe('2G');
	});
});

describe('a size', () => {
	it.each([
		[2 ** 31, '2G'],
		[0x3f0_0000, '63M'],
		[0x9fc00, '639K'],
		[4097, '4097'],
		[0, '0'],
	])('of %i bytes is %s', (bytes, text) => {
		expect(sizeFlag(bytes)).toBe(text);
	});
});
