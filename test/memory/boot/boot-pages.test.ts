import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { MiB } from '../../../source/machine/address.ts';
import { machineFromFlags } from '../../../source/machine/from-flags.ts';
import type { ArmMachine } from '../../../source/machine/machine.ts';
import { bootPages } from '../../../source/memory/boot/boot-pages.ts';
import { checkPageInvariants } from '../../../source/memory/invariants/page-invariants.ts';
import { Kernel } from '../../../source/memory/kernel.ts';

const boardWith = (ram: string, cmaMiB: number): ArmMachine => {
	const machine = machineFromFlags({ machine: 'imx6ull-512m', ram });
	if (machine.arch !== 'arm') throw new Error('no ARM board');
	return { ...machine, cma: { sizeBytes: cmaMiB * MiB } };
};

// drivers/base/dma-contiguous.c: memblock reserves the kernel's image first, the CMA next, mem_map later.
describe('CMA on a board with little RAM', () => {
	it('is not made where only the kernel’s own pages would be left for it', () => {
		const machine = boardWith('64M', 64);
		expect(bootPages(machine, computeLayout(machine)).cma).toBeNull();
	});

	it('leaves no free block over another one', () => {
		for (const ram of ['20M', '32M', '64M', '128M']) {
			for (const cma of [4, 16, 64]) {
				const { pages } = Kernel.boot(boardWith(ram, cma)).parts;
				expect(checkPageInvariants(pages)).toEqual([]);
			}
		}
	});
});

it('mem_map lies below a CMA that reaches to the top of lowmem', () => {
	const machine = boardWith('512M', 320);
	const layout = computeLayout(machine);
	expect(bootPages(machine, layout).cma).toEqual({ start: 0x8c000, end: 0xa0000 });
	// 512 MB have 131072 struct pages of 32 bytes, 4 MB; they end 24 KB below 0xcc000000.
	expect(layout.memMap).toBe(0xcc000000 - 0x6000 - 0x20000 * machine.structPageBytes);
});
