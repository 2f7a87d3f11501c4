import { pteValue } from '../../layout/explain/entry-value.ts';
import { MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';

/** How the first probe says that a section or block maps the address. */
const SECTION = (1n << 64n) - 2n;

/**
 * What the first probe's getpte() gives for an address: Linux's last-level entry, 0 without one. On ARM's short
 * descriptors it looks at the first of the two 1 MiB entries that Linux keeps together.
 */
export const pageEntry = (kernel: Kernel, address: number): bigint => {
	const { machine, layout } = kernel.context;
	if (machine.arch === 'arm' && !machine.lpae) {
		const pair = address - (address % (2 * MiB));
		if (pair >= layout.pageOffset && pair + MiB <= layout.highMemory) return SECTION;
	}
	return lastEntry(kernel, address);
};

/** The page frame that an entry names: 40 bits at most, less the bits within a page. */
export const framePart = (entry: bigint): number => Number(entry & 0xff_ffff_f000n);

/** The entry of a page that the kernel maps on its own; 0 when there is none. */
export const lastEntry = (kernel: Kernel, address: number): bigint => {
	const { machine, layout } = kernel.context;
	const pfn = kernel.parts.table.pfn(address);
	if (pfn < 0) return 0n;
	const isRam = layout.ramPages.some(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn);
	return pteValue(machine, pfn * PAGE_SIZE, isRam ? 'memory' : 'device') ?? 0n;
};
