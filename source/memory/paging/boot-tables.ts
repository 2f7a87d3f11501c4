import { blockValue, walkFormat } from '../../layout/explain/entry-value.ts';
import { lowmemMapping } from '../../layout/explain/static-mapping.ts';
import type { Layout } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';
import { BootFrames } from './boot-frames.ts';
import { PageKind } from './entry-bits.ts';
import type { LeafTable } from './leaf-table.ts';
import type { TableWriter } from './table-writer.ts';

export const VECTORS = 0xffff0000;
/** arch/arm/kernel/traps.c: the stubs have a page of their own from 3.10 on (kuser helpers apart). */
const FIRST_STUBS_PAGE = '3.10';

/** Makes the last-level table for an address when there is none. */
export type LeafMaker = (address: number) => LeafTable | undefined;

/** swapper_pg_dir with its middle tables, and the pages that boot's further tables come from. */
export const makeRoot = (writer: TableWriter): { readonly root: number; readonly frames: BootFrames } => {
	const { machine, layout } = writer;
	const frames = new BootFrames(machine, layout);
	const format = walkFormat(machine);
	const toPhysical = layout.physOffset - layout.pageOffset;
	if (machine.arch === 'arm') {
		// arch/arm/kernel/head.S: in front of the text; with LPAE the middle tables follow the root's own page.
		const root = machine.sections.text[0] + toPhysical - (format === 'lpae' ? 0x5000 : 0x4000);
		if (format === 'lpae')
			for (let gib = 0; gib < 4; gib++) writer.middle(root, gib * 2 ** 30, root + (gib + 1) * PAGE_SIZE);
		return { root, frames };
	}
	const root = frames.takeOfImage() * PAGE_SIZE;
	if (format === 'pae') {
		for (let gib = layout.pageOffset >>> 30; gib < 4; gib++)
			writer.middle(root, gib * 2 ** 30, frames.takeOfImage() * PAGE_SIZE);
	}
	return { root, frames };
};

/** Map the vectors (ARM), lowmem, and make the tables of pkmap, fixmap and the beginning of vmalloc. */
export const mapBoot = (writer: TableWriter, root: number, frames: BootFrames, leafAt: LeafMaker): void => {
	const { machine, layout } = writer;
	const vectors = machine.arch === 'arm' ? takeVectors(machine, frames) : [];
	mapLowmem(writer, root, leafAt);
	for (const [index, frame] of vectors.entries()) set(leafAt, VECTORS + index * PAGE_SIZE, frame, PageKind.code);
	const { pkmap, fixmap } = layout;
	if (pkmap) touch(writer, leafAt, pkmap.base, pkmap.base + pkmap.slots * PAGE_SIZE);
	// x86 maps the boot-time ones below the printed start as well (page_table_range_init).
	const lastFixed = fixmap.isDescending ? fixmap.top - (fixmap.endOfFixed - 1) * PAGE_SIZE : fixmap.start;
	touch(writer, leafAt, Math.min(fixmap.start, lastFixed), fixmap.end);
	// A kernel that has come up has ioremapped devices and loaded modules.
	for (const start of [layout.vmallocStart, layout.modulesStart]) touch(writer, leafAt, start, start + 1);
};

/** The page of the vectors and, later, that of the stubs: the highest two. */
const takeVectors = (machine: Machine, frames: BootFrames): number[] => {
	const count = atLeast(machine.kernel, FIRST_STUBS_PAGE) ? 2 : 1;
	return Array.from({ length: count }, () => frames.take())
		.reverse()
		.filter(frame => frame >= 0);
};

const touch = (writer: TableWriter, leafAt: LeafMaker, start: number, end: number): void => {
	const span = 2 ** writer.leafShift;
	for (let address = start - (start % span); address < end; address += span) leafAt(address);
};

const set = (leafAt: LeafMaker, address: number, frame: number, kind: PageKind): boolean => {
	const leaf = leafAt(address);
	leaf?.set((address >>> 12) & (leaf.entries - 1), frame, kind);
	return leaf !== undefined;
};

/** map_lowmem (ARM), kernel_physical_mapping_init (x86): piece by piece of the size of one upper entry. */
const mapLowmem = (writer: TableWriter, root: number, leafAt: LeafMaker): void => {
	const { machine, layout, blockBytes } = writer;
	const toPhysical = layout.physOffset - layout.pageOffset;
	for (const { start, end } of lowmemRanges(machine, layout)) {
		for (let at = start; at < end; at = at - (at % blockBytes) + blockBytes) {
			const pieceEnd = Math.min(end, at - (at % blockBytes) + blockBytes);
			const mapping = lowmemMapping(machine, layout, at);
			if (mapping.how === 'none') continue;
			const block = at - (at % blockBytes);
			if (mapping.how === 'block' || mapping.how === 'image') {
				const value = blockValue(machine, block + toPhysical);
				writer.block(root, block, mapping.how === 'image' ? executable(machine, value) : value);
				continue;
			}
			const kind = mapping.how === 'page' && mapping.kind === 'code' ? PageKind.code : PageKind.memory;
			for (let page = at; page < pieceEnd; page += PAGE_SIZE) set(leafAt, page, (page + toPhysical) / PAGE_SIZE, kind);
		}
	}
};

/** Lowmem in virtual addresses: on ARM bank by bank, on x86 with the holes between the banks. */
const lowmemRanges = (machine: Machine, layout: Layout): { readonly start: number; readonly end: number }[] => {
	const toVirtual = layout.pageOffset - layout.physOffset;
	if (machine.arch === 'x86') return [{ start: layout.pageOffset, end: layout.maxLowPfn * PAGE_SIZE + toVirtual }];
	return layout.ramPages
		.map(({ startPfn, endPfn }) => ({
			start: startPfn * PAGE_SIZE + toVirtual,
			end: Math.min(endPfn, layout.maxLowPfn) * PAGE_SIZE + toVirtual,
		}))
		.filter(({ start, end }) => start < end);
};

const LPAE_XN = 1n << 54n;
const X86_NX = 1n << 63n;
const SECTION_XN = 0x10n;

/** The kernel's image may be executed. What of it is read-only depends on the configuration, and is writable here. */
const executable = (machine: Machine, value: bigint): bigint => {
	if (machine.arch === 'x86') return value & ~X86_NX;
	if (machine.lpae) return value & ~LPAE_XN;
	return machine.armVersion < 6 ? value : value & ~SECTION_XN;
};
