import type { Layout } from '../../layout/layout.ts';
import { hex, PAGE_SIZE, pfn as pfnOf, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { type Facts, InPart } from '../undetermined.ts';

/*
 * What is determined of a page or an object when the trace first shows it: which one it is depends on what others left in
 * the free lists, but not which zone serves the request, how it is aligned, and that it is free.
 */

/** The zone that serves requests of these flags as long as it has pages. */
const servingZone = (kernel: Kernel, gfp: number): string => {
	const { pages } = kernel.parts;
	return pages.zones[pages.topZone(gfp)]?.name ?? 'none';
};

const held = (isHeld: boolean): readonly [string, string] => [isHeld ? 'held' : 'free', 'free'];

/** The search has found a hole of which nothing was known but that it is free. */
export const holeStart = (address: number, recorded: number): InPart =>
	new InPart('start of a hole', { address: [hex(recorded), hex(address)] });

/** The part of the address space in which an address lies. */
export const regionFacts = ({ regions }: Layout, address: number, expected: number): Facts => {
	const regionOf = (at: number) => regions.find(({ start, end }) => at >= start && at < end)?.name ?? 'none';
	return { region: [regionOf(address), regionOf(expected)] };
};

/** A block of 2^order pages. */
export const blockFacts = (kernel: Kernel, gfp: number, pfn: number, order: number): Facts => ({
	zone: [kernel.parts.pages.zoneOf(pfnOf(pfn)) ?? 'none', servingZone(kernel, gfp)],
	alignment: [pfn % 2 ** order, 0],
	holder: held(kernel.parts.pages.isAllocated(pfnOf(pfn))),
});

/** An object of kmalloc, in the cache that serves `bytes`. */
export const objectFacts = (kernel: Kernel, bytes: number, gfp: number, address: number, isHeld: boolean): Facts => {
	const cache = kernel.parts.slab.cacheFor(bytes, gfp);
	if (!cache) return { cache: ['a cache', 'none'] };
	const offset = address % (PAGE_SIZE << cache.order);
	const index = Math.floor(offset / cache.objectBytes);
	return {
		zone: [kernel.parts.pages.zoneOf(kernel.virtToPfn(virtual(address))) ?? 'none', servingZone(kernel, gfp)],
		'offset from an object': [offset % cache.objectBytes, 0],
		'object of the slab': [index < cache.objectsPerSlab ? 'inside' : 'behind the last', 'inside'],
		holder: held(isHeld),
	};
};
