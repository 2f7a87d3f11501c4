import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { layoutJson } from '../../source/layout/layout-json.ts';
import { machineJson } from '../../source/layout/machine-json.ts';
import { machinesTable } from '../../source/layout/machines-table.ts';
import { layoutNote } from '../../source/layout/table.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { findMachine, MACHINES } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';

describe('layoutJson', () => {
	const machine = findMachine('imx6ull-512m');
	const json = layoutJson(machine, computeLayout(machine));

	it('has rows with text addresses and sizes as numbers', () => {
		expect(json.rows[3]).toEqual({
			name: 'lowmem',
			start: '0xc0000000',
			end: '0xe0000000',
			bytes: 536870912,
			text: '    lowmem  : 0xc0000000 - 0xe0000000   ( 512 MB)',
		});
	});

	it('has symbols: addresses as text, counts as numbers', () => {
		expect(json.symbols).toMatchObject({
			PAGE_OFFSET: '0xc0000000',
			high_memory: '0xe0000000',
			PHYS_OFFSET: '0x80000000',
			FIXADDR_START: '0xffc00000',
			LAST_PKMAP: 512,
			FIX_KMAP_END: 64,
			PAGE_SIZE: 4096,
		});
	});

	it('says what was read of a log, which is nothing here', () => {
		expect(json).toMatchObject({
			heading: 'Virtual kernel memory layout:',
			messages: [],
			printed: [],
			differences: [],
		});
	});

	it('has addresses above 4 GiB with more digits', () => {
		const lpae = findMachine('vexpress-a15-lpae-4g');
		const high = { ...lpae, ram: machineFromFlags({ lpae: true, ram: '1G@0x80000000,1G@0x880000000' }).ram };
		expect(layoutJson(high, computeLayout(high)).machine.ram[1]?.base).toBe('0x880000000');
	});
});

describe('layoutNote', () => {
	const note = (flags: Parameters<typeof machineFromFlags>[0]): string | undefined => {
		const machine = machineFromFlags(flags);
		const text = layoutNote(machine, computeLayout(machine));
		return text && english(text);
	};

	it('is absent where the kernel prints the table', () => {
		expect(note({ machine: 'imx6ull-512m' })).toBeUndefined();
		expect(note({ machine: 'imx6q-2g', kernel: '5.0' })).toBeUndefined();
		expect(note({ arch: 'x86', kernel: '5.6' })).toBeUndefined();
	});

	it('names the form that is used', () => {
		expect(note({})).toBe('kernel 5.5.0 no longer prints this table; shown in the form of 5.0');
		expect(note({ machine: 'i386-6.1-8g-pae' })).toBe(
			'kernel 6.1.0 no longer prints this table; shown in the form of 5.6',
		);
		expect(note({ machine: 'versatilepb-128m', kernel: '2.6.32' })).toBe(
			'kernel 2.6.32 does not print this table yet; shown in the form of 2.6.35',
		);
	});
});

describe('the list of machines', () => {
	it('has a line a machine in columns that line up', () => {
		const lines = machinesTable(MACHINES, english).trimEnd().split('\n');
		expect(lines).toHaveLength(29);
		expect(lines[0]).toBe('ID                    ARCH  KERNEL     CPU            RAM     MACHINE');
		expect(lines[3]).toBe('imx6q-2g              arm   5.5.0      Cortex-A9      2048M   i.MX6Q 2 GB');
	});

	it('has the same as JSON', () => {
		expect(MACHINES.map(machineJson)[2]).toEqual({
			id: 'imx6q-2g',
			title: 'i.MX6Q 2 GB',
			arch: 'arm',
			kernel: '5.5.0',
			cpu: 'Cortex-A9',
			cpus: 4,
			nrCpus: 4,
			ramBytes: 2147483648,
			ram: [{ base: '0x10000000', bytes: 2147483648 }],
			split: '3G',
			highmem: true,
			parameters: {},
			lpae: false,
		});
	});
});
