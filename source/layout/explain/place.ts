import { PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import { cmaPlace } from '../cma.ts';
import { kmapTypeNames } from '../kmap-slots.ts';
import type { Layout, Region } from '../layout.ts';

/** An area of vmalloc space or a module, as whoever shows the kernel's memory knows it. */
export interface LiveArea {
	readonly start: number;
	/** Guard page included. */
	readonly bytes: number;
	readonly kind: string;
	readonly caller: string;
}

/** What an address is inside its region. */
export type Place =
	| { readonly in: 'lowmem'; readonly part: LowmemPart }
	| { readonly in: 'pkmap'; readonly slot: number; readonly slots: number }
	| {
			readonly in: 'fixmap';
			readonly index: number;
			/** Enum name, `FIX_KMAP` for a slot of kmap_atomic, '' for an index that has no use. */
			readonly name: string;
			/** CPU and depth of a kmap_atomic slot, and the type's name in the kernels that have typed slots. */
			readonly cpu?: number;
			readonly depth?: number;
			readonly type?: string;
			/** Whether the index is used while booting only. */
			readonly isBootOnly: boolean;
	  }
	| { readonly in: 'area'; readonly area?: LiveArea; readonly isGuard: boolean }
	| { readonly in: 'cpu_entry'; readonly cpu?: number; readonly page: number }
	| { readonly in: 'vectors'; readonly page: number }
	| { readonly in: 'other' };

/** A part of lowmem whose place is known. */
export type LowmemPart = 'text' | 'init' | 'data' | 'bss' | 'mem_map' | 'page-tables' | 'cma' | 'ram' | 'hole';

export const placeOf = (
	machine: Machine,
	layout: Layout,
	region: Region,
	address: number,
	areas: readonly LiveArea[],
): Place => {
	switch (region.name) {
		case 'lowmem':
			return { in: 'lowmem', part: lowmemPart(machine, layout, address) };
		case 'pkmap':
			return {
				in: 'pkmap',
				slot: Math.floor((address - region.start) / PAGE_SIZE),
				slots: layout.pkmap?.slots ?? 0,
			};
		case 'fixmap':
		case 'unused':
			return fixmapPlace(machine, layout, address) ?? { in: 'other' };
		case 'vmalloc':
		case 'modules':
			return areaPlace(areas, address);
		case 'cpu_entry':
			return entryPlace(machine, region, address);
		case 'vectors':
			return { in: 'vectors', page: Math.floor((address - region.start) / PAGE_SIZE) };
		default:
			return { in: 'other' };
	}
};

const lowmemPart = (machine: Machine, layout: Layout, address: number): LowmemPart => {
	for (const part of ['text', 'init', 'data', 'bss'] as const) {
		const range = machine.sections[part];
		if (range && address >= range[0] && address < range[1]) return part;
	}
	const [text] = machine.sections.text;
	if (machine.arch === 'arm' && address < text && address >= text - (machine.lpae ? 0x5000 : 0x4000)) {
		return 'page-tables';
	}
	const memMapEnd = layout.memMap + (layout.maxPfn - layout.memMapFirstPfn) * machine.structPageBytes;
	if (address >= layout.memMap && address < memMapEnd) return 'mem_map';
	const frame = Math.floor((address - layout.pageOffset + layout.physOffset) / PAGE_SIZE);
	const cma = cmaPlace(machine, layout);
	if (cma && frame >= cma.start && frame < cma.end) return 'cma';
	return layout.ramPages.some(({ startPfn, endPfn }) => frame >= startPfn && frame < endPfn) ? 'ram' : 'hole';
};

/** The index of the fixmap at an address; undefined where there is none. */
const fixmapPlace = (machine: Machine, { fixmap }: Layout, address: number): Place | undefined => {
	const page = Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
	const index = (fixmap.isDescending ? fixmap.top - page : page - fixmap.start) / PAGE_SIZE;
	const isInside = address >= fixmap.start && address < fixmap.end;
	if (index < 0 || (!isInside && index >= fixmap.endOfFixed)) return undefined;
	const perCpu = fixmap.kmapPerCpu;
	const slot = index - fixmap.kmapBegin;
	if (fixmap.kmapBegin >= 0 && slot >= 0 && slot < perCpu * machine.nrCpus) {
		const depth = slot % perCpu;
		const type = kmapTypeNames(machine).types[depth];
		const owner = { cpu: Math.floor(slot / perCpu), depth, ...(type === undefined ? {} : { type }) };
		return { in: 'fixmap', index, name: 'FIX_KMAP', ...owner, isBootOnly: false };
	}
	const named = fixmap.names.find(range => index >= range.index && index < range.index + range.pages);
	return { in: 'fixmap', index, name: named?.name ?? '', isBootOnly: index >= fixmap.endOfPermanent };
};

const areaPlace = (areas: readonly LiveArea[], address: number): Place => {
	const area = areas.find(({ start, bytes }) => address >= start && address < start + bytes);
	if (!area) return { in: 'area', isGuard: false };
	return { in: 'area', area, isGuard: address >= area.start + area.bytes - PAGE_SIZE };
};

/** The first page is the read-only IDT; then each CPU has as many pages as the others. */
const entryPlace = ({ nrCpus }: Machine, region: Region, address: number): Place => {
	const page = Math.floor((address - region.start) / PAGE_SIZE);
	if (page === 0) return { in: 'cpu_entry', page };
	const perCpu = Math.floor(((region.end - region.start) / PAGE_SIZE - 1) / nrCpus);
	return { in: 'cpu_entry', cpu: Math.floor((page - 1) / perCpu), page: (page - 1) % perCpu };
};
