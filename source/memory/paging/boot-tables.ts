import { blockValue, walkFormat } from '../../layout/explain/entry-value.ts';
import { lowmemMapping, type Mapping } from '../../layout/explain/static-mapping.ts';
import type { Layout } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';
import { isStrictKernel } from '../../machine/strict-kernel.ts';
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
	if (hasFirstFixmapTable(machine, layout)) writer.keepFromUser(root, fixmap.end - 1);
};

/** Slots of early_ioremap, at a multiple of as many, and never across two tables. */
const EARLY_SLOTS = 512;

/**
 * Whether the table of the fixmap's end is still the one that arch/x86/kernel/head_32.S entered: early_ioremap_init()
 * enters another one unless its slots lie in the table below.
 */
const hasFirstFixmapTable = (machine: Machine, { fixmap }: Layout): boolean => {
	if (machine.arch === 'arm' || machine.pae || fixmap.kmapBegin < 0) return false;
	const permanent = fixmap.kmapBegin + fixmap.kmapPerCpu * machine.nrCpus;
	return permanent + EARLY_SLOTS > ENTRIES_OF_TABLE;
};

const ENTRIES_OF_TABLE = 1024;

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
			const isImage = mapping.how === 'image';
			if (mapping.how === 'block' || (isImage && !isSplit(machine, block, blockBytes))) {
				const value = blockValue(machine, block + toPhysical);
				writer.block(root, block, isImage ? imageValue(machine, value, block, blockBytes) : value);
				continue;
			}
			for (let page = at; page < pieceEnd; page += PAGE_SIZE)
				set(leafAt, page, (page + toPhysical) / PAGE_SIZE, kindOf(machine, mapping, page));
			if (isImage) writer.keepFromUser(root, block);
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

/** From the first function to the first byte that is written: code, and behind it read-only data. */
const readOnlyPart = (machine: Machine): { readonly start: number; readonly codeEnd: number; readonly end: number } => {
	const { text, init, data } = machine.sections;
	const start = text[0] - (text[0] % PAGE_SIZE);
	if (!isStrictKernel(machine)) return { start, codeEnd: start, end: start };
	const next = Math.min(...[init[0], data[0]].filter(border => border >= text[1]));
	return { start, codeEnd: text[1], end: next - (next % PAGE_SIZE) };
};

/** x86 splits a large page that is read-only in part (set_memory_ro); ARM protects whole sections only. */
const isSplit = (machine: Machine, block: number, blockBytes: number): boolean => {
	if (machine.arch === 'arm') return false;
	const { start, end } = readOnlyPart(machine);
	const isTouched = start < block + blockBytes && end > block;
	return isTouched && (start > block || end < block + blockBytes);
};

const kindOf = (machine: Machine, mapping: Mapping, page: number): PageKind => {
	if (mapping.how === 'image') {
		const { start, end } = readOnlyPart(machine);
		return page >= start && page < end ? PageKind.readOnlyCode : PageKind.code;
	}
	return mapping.how === 'page' && mapping.kind === 'code' ? PageKind.code : PageKind.memory;
};

/** The kernel's image may be executed; with STRICT_KERNEL_RWX its code and read-only data may not be written. */
const imageValue = (machine: Machine, value: bigint, block: number, blockBytes: number): bigint => {
	const { start, codeEnd, end } = readOnlyPart(machine);
	if (block < start || block + blockBytes > end) return executable(machine, value);
	// What lies behind the code is not executed (ARM: arch/arm/mm/init.c: nx_perms).
	const isData = machine.arch === 'arm' && block >= codeEnd;
	return readOnly(machine, isData ? value : executable(machine, value));
};

const X86_WRITE = 2n;
const LPAE_READ_ONLY = 0x80n;
const SECTION_APX = 0x8000n;

const readOnly = (machine: Machine, value: bigint): bigint => {
	if (machine.arch === 'x86') return value & ~X86_WRITE;
	if (machine.lpae) return value | LPAE_READ_ONLY;
	return machine.armVersion < 6 ? value : value | SECTION_APX;
};

const executable = (machine: Machine, value: bigint): bigint => {
	if (machine.arch === 'x86') return value & ~X86_NX;
	if (machine.lpae) return value & ~LPAE_XN;
	return machine.armVersion < 6 ? value : value & ~SECTION_XN;
};
