import { FOUR_GIB, PAGE_SIZE, type VirtualAddress } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Layout, Region, ZoneName } from '../layout.ts';
import type { MappingKind } from './entry-value.ts';
import { type PageWalk, walkPages } from './page-walk.ts';
import { type LiveArea, type Place, placeOf } from './place.ts';
import { type LiveMapping, type Mapping, mappingAt } from './static-mapping.ts';

/**
 * What a running or simulated kernel knows beyond its layout; the engine's MemoryView has this shape. Without it an
 * address is explained as on a kernel that has just booted.
 */
export interface LiveMemory {
	translate(address: VirtualAddress): { readonly physical: number } | null;
	readonly vmalloc: { areas(): readonly LiveArea[] };
}

export interface NeighbourRegion {
	readonly region: Region;
	/** From the address to that region's nearer border. */
	readonly distanceBytes: number;
}

/** What virt_to_phys() makes of the address. */
export interface Conversion {
	/** Whether the address is one that it is meant for: RAM in lowmem. */
	readonly isValid: boolean;
	/** What it gives, wrapped to 32 bit as the kernel's subtraction. */
	readonly gives: number;
	/** What lies at that physical address: a page of RAM, or nothing. */
	readonly hits: ZoneName | 'no RAM';
}

/** The page frame behind an address. */
export interface FrameExplanation {
	readonly pfn: number;
	readonly physical: number;
	/** Absent: no RAM, a device. */
	readonly zone?: ZoneName;
	/** Address of its struct page, for RAM. */
	readonly structPage?: number;
}

export interface AddressExplanation {
	readonly kind: 'address';
	readonly address: number;
	readonly region: Region;
	readonly place: Place;
	readonly mapping: Mapping;
	readonly walk: PageWalk;
	readonly frame?: FrameExplanation;
	readonly conversion: Conversion;
	readonly below?: NeighbourRegion;
	readonly above?: NeighbourRegion;
}

/** Everything about a virtual address: where it lies, how it is translated, what is beside it. */
export const explainAddress = (
	machine: Machine,
	layout: Layout,
	address: number,
	live?: LiveMemory,
): AddressExplanation => {
	const at = layout.regions.findIndex(({ start, end }) => address >= start && address < end);
	const region = layout.regions[at];
	if (!region) throw new Error(`no region holds ${address}`);
	const areas = live?.vmalloc.areas() ?? [];
	const place = placeOf(machine, layout, region, address, areas);
	// A process's own tables are no part of the layout.
	const mapped = region.name === 'user' ? undefined : liveMapping(address, place, live);
	const mapping = mappingAt(machine, layout, address, { region, place }, mapped);
	const walk = walkPages(machine, layout, address, mapping);
	const below = layout.regions[at - 1];
	const above = layout.regions[at + 1];
	return {
		kind: 'address',
		address,
		region,
		place,
		mapping,
		walk,
		...(walk.physical === undefined ? {} : { frame: frameAt(machine, layout, walk.physical) }),
		conversion: conversionOf(machine, layout, address, place),
		...(below ? { below: { region: below, distanceBytes: address - region.start } } : {}),
		...(above ? { above: { region: above, distanceBytes: region.end - address } } : {}),
	};
};

const liveMapping = (address: number, place: Place, live: LiveMemory | undefined): LiveMapping | undefined => {
	const found = live?.translate(address as VirtualAddress);
	return found ? { physical: found.physical, kind: kindOf(place) } : undefined;
};

const kindOf = (place: Place): MappingKind => {
	if (place.in !== 'area') return 'memory';
	return place.area?.kind === 'ioremap' ? 'device' : place.area?.kind === 'module' ? 'code' : 'memory';
};

const zoneOf = (layout: Layout, pfn: number): ZoneName | undefined => {
	if (!layout.ramPages.some(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn)) return undefined;
	return layout.zones.find(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn)?.name;
};

const frameAt = (machine: Machine, layout: Layout, physical: number): FrameExplanation => {
	const pfn = Math.floor(physical / PAGE_SIZE);
	const zone = zoneOf(layout, pfn);
	if (zone === undefined) return { pfn, physical };
	const structPage = layout.memMap + (pfn - layout.memMapFirstPfn) * machine.structPageBytes;
	return { pfn, physical, zone, structPage };
};

const conversionOf = (machine: Machine, layout: Layout, address: number, place: Place): Conversion => {
	const difference = (address - layout.pageOffset + layout.physOffset) % FOUR_GIB;
	const gives = difference < 0 ? difference + FOUR_GIB : difference;
	// x86 maps its holes too.
	const isValid = place.in === 'lowmem' && (machine.arch === 'x86' || place.part !== 'hole');
	return { isValid, gives, hits: zoneOf(layout, Math.floor(gives / PAGE_SIZE)) ?? 'no RAM' };
};
