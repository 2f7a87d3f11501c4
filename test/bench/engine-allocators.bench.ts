import { PAGE_SIZE, pfn } from '../../source/machine/address.ts';
import { bareAreas, bareList } from './bare-loops.ts';
import { bestRates, type Figure, millions, times } from './figure.ts';
import { boot, GFP_KERNEL } from './kernels.ts';

const AREAS = 1_000;
const PAIRS = 40_000;
// Many short ones: on a busy machine only they run undisturbed.
const ROUNDS = 60;

/** The allocators, each call with the one that takes it back. */
export const measure = (): Figure[] => {
	const kernel = boot();
	for (let area = 0; area < AREAS; area++) kernel.vmalloc(PAGE_SIZE);
	const others = boot();
	const pages = (order: number) => () => {
		for (let pair = 0; pair < PAIRS; pair++) others.freePages(pfn(others.allocPages(GFP_KERNEL, order)), order);
	};
	const [bareList_ = 0, bareAreas_ = 0, vmalloc = 0, single = 0, block = 0, kmalloc = 0] = bestRates(PAIRS, ROUNDS, [
		bareList(PAIRS),
		bareAreas(AREAS, PAIRS),
		() => {
			for (let pair = 0; pair < PAIRS; pair++) kernel.vfree(kernel.vmalloc(PAGE_SIZE));
		},
		pages(0),
		pages(4),
		() => {
			for (let pair = 0; pair < PAIRS; pair++) others.kfree(others.kmalloc(100, GFP_KERNEL));
		},
	]);
	const beside = (what: string, rate: number): Figure => ({
		what,
		value: millions(rate),
		ratio: times(rate, bareList_, 'a bare list'),
	});
	return [
		{
			what: `vmalloc + vfree of a page beside ${AREAS.toLocaleString('en')} areas`,
			value: millions(vmalloc),
			ratio: times(vmalloc, bareAreas_, 'bare sorted arrays'),
			budget: '1 M/s',
			isMet: vmalloc >= 1e6,
		},
		beside('alloc_pages + __free_pages, order 0', single),
		beside('the same, order 4: through the buddy lists', block),
		beside('kmalloc + kfree of 100 bytes', kmalloc),
	];
};
