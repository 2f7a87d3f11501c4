import { type Pfn, pfn } from '../../source/machine/address.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';

/** __GFP_HIGHMEM, the same bit in every version. */
export const HIGHMEM = 2;
/** GFP_KERNEL of `boot`'s kernel. */
export const GFP_KERNEL = 0xd0;

export const boot = (): Kernel => Kernel.boot(findMachine('imx6q-2g'));

/** A PAE machine. 63G is all of the 64 GiB that PAE addresses, less the hole for devices below 4 GiB. */
export const bootPae = (ram: string): Kernel => Kernel.boot(machineFromFlags({ machine: 'debian10-pae-4g', ram }));

export const highmemPages = (kernel: Kernel, count: number): Pfn[] =>
	Array.from({ length: count }, () => pfn(kernel.allocPages(HIGHMEM, 0)));

/** kmap and kunmap of one page after the other, `count` times; as many pages as a power of two. */
export const mapPairs = (kernel: Kernel, pages: readonly Pfn[], count: number): void => {
	const last = pages.length - 1;
	for (let pair = 0; pair < count; pair++) {
		const page = pages[pair & last] as Pfn;
		kernel.kmap(page);
		kernel.kunmap(page);
	}
};
