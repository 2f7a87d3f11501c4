import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';
import recorded from '../fixtures/oracle-layouts.json' with { type: 'json' };

/** One boot of a real kernel under an emulator: what it was given and the numbers it printed. */
type Run = (typeof recorded)[number];

const machineOf = ({ arch, kernel, ramMiB, cmdline, config }: Run): Machine => {
	const machine = machineFromFlags({
		machine: arch === 'arm' ? (config.lpae ? 'vexpress-a15-lpae-4g' : 'vexpress-a15-6.1') : 'qemu-i386-512m',
		kernel,
		ram: arch === 'arm' ? `${ramMiB}M@0x40000000` : `${ramMiB}M`,
		split: config.split,
		highmem: config.highmem,
		nrCpus: String(config.nrCpus),
		cpus: String(config.cpus),
		cmdline,
		...(arch === 'x86' ? { pae: config.pae } : {}),
	});
	const { maxOrder, structPageBytes } = config;
	const common = { maxOrder, structPageBytes, debug: { ...machine.debug, highmem: config.debugHighmem } };
	return machine.arch === 'arm'
		? { ...machine, ...common, ...(config.zoneDma ? { dmaZone: 'lowmem' as const } : {}) }
		: { ...machine, ...common, zoneDma: config.zoneDma, fixmap: { ...machine.fixmap, ghes: config.ghes } };
};

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

describe.each(recorded)('$run', run => {
	const machine = machineOf(run);
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
