import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { physical } from '../../source/machine/address.ts';
import { parseKernelVersion } from '../../source/machine/kernel-version.ts';
import type { ArmMachine, Machine, Split, X86Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import expected from '../fixtures/boot-logs/expected.json' with { type: 'json' };

/** Numbers of a real machine's boot: what its kernel was given, and the rows that it printed. */
type BootRecord = (typeof expected)[number];

const machineOf = (record: BootRecord): Machine => {
	const common = {
		kernel: parseKernelVersion(record.kernel),
		split: record.split as Split,
		nrCpus: record.nrCpus,
		ram: record.ram.map(([base, sizeBytes]) => ({ base: physical(Number(base)), sizeBytes: Number(sizeBytes) })),
		parameters: record.parameters,
	};
	if (record.arch === 'arm') {
		const { cma: _, ...board } = findMachine('imx6q-1g') as ArmMachine;
		return {
			...board,
			...common,
			highmem: record.highmem === true,
			lpae: record.lpae ?? false,
			thumb2: record.thumb2 ?? false,
			consistentDmaBytes: record.consistentDmaBytes ?? board.consistentDmaBytes,
			...(record.platformVmallocEnd ? { platformVmallocEnd: Number(record.platformVmallocEnd) } : {}),
			...(record.physOffset ? { physOffset: physical(Number(record.physOffset)) } : {}),
			...(record.tcm ? { tcm: record.tcm } : {}),
		};
	}
	const { cpuEntryGeneration: _, ...pc } = findMachine('laptop-2g-nopae') as X86Machine;
	const options = Object.keys(pc.fixmap).map(name => [name, record.fixmap?.includes(name) ?? false]);
	return {
		...pc,
		...common,
		highmem: record.highmem as X86Machine['highmem'],
		pae: record.pae ?? false,
		fixmap: Object.fromEntries(options) as X86Machine['fixmap'],
	};
};

describe.each(expected)('real boot $id', record => {
	const layout = computeLayout(machineOf(record));
	const computed = (name: string): [number, number] | undefined => {
		const row = layout.rows.find(candidate => candidate.name === name);
		return row && [row.start, row.end % 2 ** 32];
	};

	it.each(record.rows.filter(([name]) => !(record.patched as readonly string[]).includes(name ?? '')))(
		'%s is %s - %s',
		(name, start, end) => {
			expect(computed(name ?? '')).toEqual([Number(start), Number(end)]);
		},
	);
});

it('leaves three rows of two vendors to patches: several vmalloc areas, and a VMALLOC_END of its own', () => {
	const patched = expected.flatMap(({ id, isComplete, patched: rows }) =>
		isComplete ? rows.filter(name => name !== 'DMA').map(name => `${id} ${name}`) : [],
	);
	expect(patched).toEqual(['020 vmalloc', '020 lowmem', '036 vmalloc']);
});
