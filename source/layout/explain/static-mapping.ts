import { alignDown, alignUp, MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { ArmMachine, Machine } from '../../machine/machine.ts';
import { cmaPlace } from '../cma.ts';
import type { Layout, Region } from '../layout.ts';
import { lowmemPageKind, type MappingKind, walkFormat } from './entry-value.ts';
import type { Place } from './place.ts';

/** A mapping that the kernel made after boot. */
export interface LiveMapping {
	readonly physical: number;
	readonly kind: MappingKind;
}

/**
 * How an address is mapped. `block`: by one entry of an upper level. `page`: by one of the last level. `image`: as part
 * of the kernel, whose entries depend on the configuration. `low`: by pages of the first block of a PC. `boot`: by boot
 * itself, to something that is not known here. `process`: by the tables of whichever process runs. `none`: not at all.
 */
export type Mapping =
	| { readonly how: 'block'; readonly physical: number; readonly blockBytes: number }
	| { readonly how: 'page'; readonly physical: number; readonly kind: MappingKind }
	| { readonly how: 'image' | 'low'; readonly physical: number }
	| { readonly how: 'boot' | 'process' }
	| { readonly how: 'none'; readonly hasTable: boolean };

/** How the kernel has mapped `address` when it has just booted, and what it has mapped there since, if that is known. */
export const mappingAt = (
	machine: Machine,
	layout: Layout,
	address: number,
	{ region, place }: { readonly region: Region; readonly place: Place },
	live: LiveMapping | undefined,
): Mapping => {
	if (region.name === 'lowmem') return lowmemMapping(machine, layout, address);
	if (live) return { how: 'page', ...live };
	switch (region.name) {
		case 'user':
		case 'ldt':
			return { how: 'process' };
		case 'vectors':
		case 'cpu_entry':
		case 'tcm':
			return { how: 'boot' };
		case 'fixmap':
			return place.in === 'fixmap' && BOOT_MAPPED.test(place.name) ? { how: 'boot' } : { how: 'none', hasTable: true };
		case 'pkmap':
			return { how: 'none', hasTable: true };
		default:
			return { how: 'none', hasTable: false };
	}
};

/** Indices of the fixmap that x86 maps while booting and keeps. */
const BOOT_MAPPED = /^FIX_(VDSO|APIC_BASE|IO_APIC_BASE_0|F00F_IDT|RO_IDT)$/;

/** How lowmem is mapped at `address`. */
export const lowmemMapping = (machine: Machine, layout: Layout, address: number): Mapping => {
	const physical = address - layout.pageOffset + layout.physOffset;
	const frame = Math.floor(physical / PAGE_SIZE);
	const bank = layout.ramPages.find(({ startPfn, endPfn }) => frame >= startPfn && frame < endPfn);
	if (machine.arch === 'arm') {
		if (!bank) return { how: 'none', hasTable: false };
		const start = bank.startPfn * PAGE_SIZE;
		const end = Math.min(bank.endPfn, layout.maxLowPfn) * PAGE_SIZE;
		return armLowmem(machine, layout, physical, { start, end });
	}
	const blockBytes = (machine.pae ? 2 : 4) * MiB;
	const block = alignDown(physical, blockBytes);
	if (isImage(machine, layout, block, block + blockBytes)) return { how: 'image', physical };
	// The first block has caching rules of its own (MTRRs), so it is mapped in small pages, as is the last one.
	if (block === 0) return { how: 'low', physical };
	if (block + blockBytes > layout.maxLowPfn * PAGE_SIZE)
		return { how: 'page', physical, kind: lowmemPageKind(machine) };
	return { how: 'block', physical, blockBytes };
};

const STEP = 2 * MiB;

/** map_lowmem in steps of 2 MB: a step whose ends lie on whole sections is mapped by those, any other by pages. */
const armLowmem = (
	machine: ArmMachine,
	layout: Layout,
	physical: number,
	bank: { readonly start: number; readonly end: number },
): Mapping => {
	const section = walkFormat(machine) === 'lpae' ? STEP : MiB;
	const toVirtual = layout.pageOffset - layout.physOffset;
	const step = alignDown(physical + toVirtual, STEP) - toVirtual;
	const from = Math.max(step, bank.start);
	const to = Math.min(step + STEP, bank.end);
	const block = alignDown(physical, section);
	if (isImage(machine, layout, block, block + section)) return { how: 'image', physical };
	const isWhole = [from, to, from + toVirtual, to + toVirtual].every(border => border % section === 0);
	if (!isWhole || isCma(machine, layout, physical)) return { how: 'page', physical, kind: lowmemPageKind(machine) };
	return { how: 'block', physical, blockBytes: section };
};

/** CMA inside lowmem is mapped anew in pages, so that the caching of each can be changed. */
const isCma = (machine: ArmMachine, layout: Layout, physical: number): boolean => {
	const place = cmaPlace(machine, layout);
	const frame = physical / PAGE_SIZE;
	return place !== null && frame >= place.start && frame < place.end;
};

const isImage = ({ sections }: Machine, layout: Layout, start: number, end: number): boolean => {
	const toPhysical = layout.physOffset - layout.pageOffset;
	const imageStart = alignDown(sections.text[0], PAGE_SIZE) + toPhysical;
	const ends = [sections.text[1], sections.init[1], sections.data[1], sections.bss?.[1] ?? 0];
	const imageEnd = alignUp(Math.max(...ends), PAGE_SIZE) + toPhysical;
	return start < imageEnd && end > imageStart;
};
