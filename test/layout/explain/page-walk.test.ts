import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { type MappingKind, pteValue } from '../../../source/layout/explain/entry-value.ts';
import { type AddressExplanation, explainAddress } from '../../../source/layout/explain/explain-address.ts';
import { machineFromFlags } from '../../../source/machine/from-flags.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import { findMachine } from '../../../source/machine/machines.ts';
import recorded from '../../fixtures/oracle-ptes.json' with { type: 'json' };
import { machineOfPtes } from '../oracle-machine.ts';

const explained = (machine: Machine, address: number): AddressExplanation =>
	explainAddress(machine, computeLayout(machine), address);

const ADDRESS_BITS: Readonly<Record<string, bigint>> = { arm: 0xfffff000n, x86: 0xf_ffff_f000n };
const KINDS: Readonly<Record<string, MappingKind>> = { memory: 'memory', device: 'device', module: 'code' };

describe.each(recorded)('page table entries recorded on $run', ({ run, entries }) => {
	const machine = machineOfPtes(run);
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	const frameBits = isWide ? 0xf_ffff_f000n : (ADDRESS_BITS.arm ?? 0n);

	it('have the bits that each kind of page gets', () => {
		for (const { kind, value } of entries) {
			const mapping = KINDS[kind];
			if (mapping === undefined) continue;
			const bits = BigInt(value);
			const computed = pteValue(machine, Number(bits & frameBits), mapping);
			// Debian's ARM kernels make module text read-only (STRICT_MODULE_RWX), which the machine does not tell.
			const isReadOnly = kind === 'module' && run.startsWith('deb');
			if (computed !== undefined && !isReadOnly) expect(computed.toString(16)).toBe(bits.toString(16));
			else expect(kind).toBe('module');
		}
	});

	it('lie where the walk says, with the value that it says', () => {
		for (const { kind, address, value } of entries.filter(entry => entry.kind === 'lowmem')) {
			const { walk } = explained(machine, Number(address));
			const last = walk.levels.at(-1);
			expect([kind, last?.target]).toEqual([kind, expect.stringMatching(/block|page|unknown/)]);
			if (last?.value !== undefined) expect(last.value.toString(16)).toBe(BigInt(value).toString(16));
			const isLastPage = Number(address) >= computeLayout(machine).highMemory - 4096;
			if (isLastPage || run.startsWith('arm-419')) expect(last?.value).toBeDefined();
		}
	});

	it('are empty where the walk finds nothing', () => {
		for (const { address, value } of entries.filter(entry => entry.kind === 'hole' || entry.kind === 'none')) {
			const { walk, mapping } = explained(machine, Number(address));
			expect(BigInt(value)).toBe(0n);
			expect(mapping.how).toBe('none');
			expect(walk.levels.at(-1)?.target).toBe('none');
		}
	});
});

describe('the walk', () => {
	it('of ARM starts at swapper_pg_dir, 16 kB before the text (arch/arm/kernel/head.S)', () => {
		const { walk } = explained(findMachine('imx6q-1g'), 0xd0000000);
		expect(walk.root).toBe(0xc0004000);
		expect(walk.levels).toEqual([
			{ level: 'PGD', index: 0xd00, offset: 0x3400, entry: 0xc0007400, target: 'block', value: 0x2001141en },
		]);
		expect(walk.physical).toBe(0x20000000);
	});

	it('of LPAE finds the middle tables behind the first page, and blocks of 2 MB there', () => {
		const { walk } = explained(findMachine('vexpress-a15-lpae-4g'), 0xd0200000);
		expect(walk.root).toBe(0xc0003000);
		expect(walk.levels).toEqual([
			{ level: 'PGD', index: 3, offset: 24, entry: 0xc0003018, target: 'table', value: 0x80007003n },
			{ level: 'PMD', index: 129, offset: 1032, entry: 0xc0007408, target: 'block', value: 0x40_0000_9020_071dn },
		]);
	});

	it('of x86 has no known root, and maps lowmem by 4 MB', () => {
		const { walk } = explained(findMachine('laptop-2g-nopae'), 0xd0000000);
		expect(walk.root).toBeUndefined();
		expect(walk.levels).toEqual([{ level: 'PGD', index: 832, offset: 3328, target: 'block', value: 0x100001e3n }]);
	});

	it('of PAE has three levels, lowmem by 2 MB and not executable, its odd end by pages', () => {
		const machine = findMachine('debian10-pae-4g');
		expect(
			explained(machine, 0xd0000000).walk.levels.map(({ level, index, target }) => [level, index, target]),
		).toEqual([
			['PGD', 3, 'table'],
			['PMD', 128, 'block'],
		]);
		const end = explained(machine, 0xf6ffd000).walk.levels.at(-1);
		expect([end?.level, end?.target]).toEqual(['PTE', 'page']);
	});

	it('finds pages where a bank ends off a section (arch/arm/mm/mmu.c: alloc_init_pmd)', () => {
		const odd = machineFromFlags({ machine: 'a10-1g', ram: '0x1ff81000' });
		expect(explained(odd, 0xdff80000).walk.levels.map(level => level.target)).toEqual(['table', 'page']);
		expect(explained(odd, 0xdfd00000).walk.levels.map(level => level.target)).toEqual(['block']);
	});

	it('finds CMA in lowmem mapped by pages: i.MX6 keeps it at 0x2b800000', () => {
		const { walk } = explained(findMachine('imx6q-1g'), 0xdb800000);
		expect(walk.physical).toBe(0x2b800000);
		expect(walk.levels.at(-1)).toMatchObject({
			level: 'PTE',
			target: 'page',
			value: 0x2b80065fn,
			hardware: 0x2b80045fn,
		});
	});
});
