import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { machineOfRun, recordedRuns } from './oracle-machine.ts';

const zonesOf = (machine: Machine): [string, number, number, number][] => {
	const { zones, ramPages } = computeLayout(machine);
	return zones.map(({ name, startPfn, endPfn }) => {
		const present = ramPages.reduce(
			(sum, ram) => sum + Math.max(0, Math.min(endPfn, ram.endPfn) - Math.max(startPfn, ram.startPfn)),
			0,
		);
		return [name, startPfn, endPfn - startPfn, present];
	});
};

describe.each(recordedRuns)('$run', run => {
	const machine = machineOfRun(run);
	const layout = computeLayout(machine);

	it('has the constants that the kernel printed', () => {
		const expected = Object.fromEntries(Object.entries(run.constants).map(([name, value]) => [name, Number(value)]));
		const found = Object.fromEntries(Object.keys(expected).map(name => [name, layout.symbols.get(name)]));
		expect(found).toEqual(expected);
	});

	it('has the zones that the kernel made', () => {
		expect(zonesOf(machine)).toEqual(run.zones);
	});

	it('says what the kernel said', () => {
		expect(layout.messages).toEqual(expect.arrayContaining(run.messages));
	});

	it('prints the rows that the kernel printed', () => {
		const printed = Object.entries(run.rows);
		expect(layout.isPrinted).toBe(printed.length > 0);
		for (const [name, [start, end, size]] of printed) {
			const row = layout.rows.find(candidate => candidate.name === name);
			expect(row?.text).toContain(`${start} - ${end}`);
			expect(row?.text.replace(/.*\(\s*(.*)\)/, '$1')).toBe(size);
		}
	});

	it('puts mem_map at the top of lowmem', () => {
		const distance = Math.abs(layout.memMap - Number(run.memMap));
		expect(distance).toBeLessThanOrEqual(machine.arch === 'arm' ? 0x1000 : 0x40000);
	});
});
