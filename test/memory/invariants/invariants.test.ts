import { describe, expect, it } from 'vitest';
import { type Pfn, virtual } from '../../../source/machine/address.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { boot, highmemPage } from '../boot-kernel.ts';

/** A kernel that has used everything, and contradicts itself nowhere. */
const busy = (): Kernel => {
	const kernel = boot('imx6q-2g');
	kernel.context.switchTask(kernel.context.addTask(100, 'sh'));
	kernel.kmap(highmemPage(kernel));
	kernel.vmalloc(10_000);
	kernel.vfree(kernel.vmalloc(10_000));
	kernel.kmalloc(100, 0);
	kernel.write(kernel.mmap(4096), 4, 1n);
	kernel.read(kernel.kmapAtomic(highmemPage(kernel)), 4);
	expect(checkInvariants(kernel)).toEqual([]);
	return kernel;
};

const userPage = ({ parts }: Kernel): Pfn => {
	const [page] = parts.users.spaces.get(100)?.pages(() => false) ?? [];
	return (page?.pfn ?? -1) as Pfn;
};

const BREAKS: readonly (readonly [string, (kernel: Kernel) => void, RegExp])[] = [
	['a pkmap entry that is gone', ({ parts }) => parts.table.clear(0xbfe01000), /pkmap slot 1 holds page/],
	['an entry that nobody uses', ({ parts }) => parts.table.set(0xf0880000, 5), /maps 0xf0880000, which nobody uses/],
	['an area’s page that was freed', kernel => kernel.freePages(areaPage(kernel), 0), /is free, and area/],
	['a process’s page that was freed', kernel => kernel.freePages(userPage(kernel), 0), /is free, and a process has it/],
	[
		'a process’s page that it may not have',
		({ parts }) => parts.users.spaces.get(100)?.remove(0, 0xf0000000),
		/in no area of it/,
	],
	['pages that were lost', ({ parts }) => lose(parts.pages.zones[0]), /the lists hold/],
	['lazily freed pages that are not counted', ({ parts }) => lose(parts.vmalloc.space), /lazy pages are counted/],
	['a mapped guard page', ({ parts }) => parts.table.set(0xf0803000, 5), /the guard page of area 0xf0800000 is mapped/],
	['a TLB that is wrong without anybody knowing', kernel => spoil(kernel), /the TLB of CPU 0 is wrong/],
];

const areaPage = (kernel: Kernel): Pfn => kernel.vmallocToPfn(virtual(0xf0800000)) as Pfn;

const lose = (counter: { free?: unknown; lazyPages?: number } | undefined): void => {
	if (!counter) return;
	if (typeof counter.lazyPages === 'number') counter.lazyPages--;
	else if (typeof counter.free === 'number') counter.free--;
};

const spoil = ({ parts }: Kernel): void => {
	const [entry] = [...(parts.table.mmu.tlbs[0]?.entries.values() ?? [])].slice(-1);
	if (entry) Object.assign(entry, { physical: 0 });
};

describe('the invariants', () => {
	it.each(BREAKS)('tell of %s', (_, harm, told) => {
		const kernel = busy();
		harm(kernel);
		expect(checkInvariants(kernel).join('\n')).toMatch(told);
	});
});
