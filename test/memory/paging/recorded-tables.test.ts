import { describe, expect, it } from 'vitest';
import { explainAddress } from '../../../source/layout/explain/explain-address.ts';
import { virtual } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { PageKind } from '../../../source/memory/paging/entry-bits.ts';
import type { WalkStep } from '../../../source/memory/paging/paging-view.ts';
import recorded from '../../fixtures/oracle-ptes.json' with { type: 'json' };
import { machineOfPtes } from '../../layout/oracle-machine.ts';

/** The entry as Linux reads it, which is what was recorded. */
const linuxValue = (step: WalkStep | undefined): bigint => step?.linux?.value ?? step?.value ?? -1n;

const KINDS: Readonly<Record<string, PageKind>> = {
	memory: PageKind.memory,
	device: PageKind.device,
	module: PageKind.code,
};
const WIDE_FRAME = 0xf_ffff_f000n;
const FRAME = 0xffff_f000n;

describe.each(recorded)('the page tables in memory of $run', ({ run, entries }) => {
	const machine = machineOfPtes(run);
	const kernel = Kernel.boot(machine);
	const { paging, layout } = kernel.view;
	const { table } = kernel.parts;
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;

	it('map lowmem by the recorded entries', () => {
		for (const { address, value } of entries.filter(entry => entry.kind === 'lowmem')) {
			// What of the kernel's image is read-only depends on options that were not recorded.
			const { walk } = explainAddress(machine, layout, Number(address));
			if (walk.levels.at(-1)?.value === undefined) continue;
			const steps = paging.walk(virtual(Number(address)));
			expect(linuxValue(steps.at(-1)).toString(16)).toBe(BigInt(value).toString(16));
		}
	});

	it('have nothing where nothing was', () => {
		for (const { address } of entries.filter(entry => entry.kind === 'hole' || entry.kind === 'none')) {
			expect(paging.walk(virtual(Number(address))).at(-1)).toMatchObject({ target: 'none', value: 0n });
		}
	});

	it('get the recorded bits for pages of memory, devices and modules', () => {
		const here = layout.vmallocStart;
		for (const { kind, value } of entries) {
			const pageKind = KINDS[kind];
			const bits = BigInt(value);
			// Debian's kernels make module text read-only, which no machine tells.
			if (pageKind === undefined || (kind === 'module' && (run.startsWith('deb') || machine.arch === 'x86'))) continue;
			table.set(here, Number(bits & (isWide ? WIDE_FRAME : FRAME)) / 4096, pageKind);
			expect(linuxValue(paging.walk(here).at(-1)).toString(16)).toBe(bits.toString(16));
		}
	});
});
