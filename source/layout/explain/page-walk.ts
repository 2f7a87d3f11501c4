import { alignDown, PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Layout } from '../layout.ts';
import { blockValue, hardwarePteValue, pteValue, type WalkFormat, walkFormat } from './entry-value.ts';
import type { Mapping } from './static-mapping.ts';

/** What an entry leads to. `unknown`: what cannot be told without the running kernel. */
export type EntryTarget = 'table' | 'block' | 'page' | 'none' | 'unknown';

/** One level of the walk. */
export interface WalkLevel {
	/** Linux's name of the level; on ARM's short descriptors PGD and PTE are the hardware's L1 and L2. */
	readonly level: 'PGD' | 'PMD' | 'PTE';
	readonly index: number;
	/** Bytes from the start of the table to the entry. */
	readonly offset: number;
	/** Virtual address of the entry, where the table's place is determined. */
	readonly entry?: number;
	/** What stands there, where that is determined. */
	readonly value?: bigint;
	/** The hardware's own entry, which on ARM stands beside Linux's. */
	readonly hardware?: bigint;
	readonly target: EntryTarget;
}

export interface PageWalk {
	readonly format: WalkFormat;
	/** swapper_pg_dir, where it is determined: on ARM it lies in front of the kernel's text. */
	readonly root?: number;
	/** From the root down to the entry that decides; levels below that are not there. */
	readonly levels: readonly WalkLevel[];
	/** Where the address leads, where that is determined. */
	readonly physical?: number;
}

interface LevelShape {
	readonly level: WalkLevel['level'];
	readonly shift: number;
	readonly bits: number;
	readonly bytes: 4 | 8;
}

const THREE_LEVELS: readonly LevelShape[] = [
	{ level: 'PGD', shift: 30, bits: 2, bytes: 8 },
	{ level: 'PMD', shift: 21, bits: 9, bytes: 8 },
	{ level: 'PTE', shift: 12, bits: 9, bytes: 8 },
];

/** Index fields of each format, from the root down. */
const SHAPES: Readonly<Record<WalkFormat, readonly LevelShape[]>> = {
	arm: [
		{ level: 'PGD', shift: 20, bits: 12, bytes: 4 },
		{ level: 'PTE', shift: 12, bits: 8, bytes: 4 },
	],
	lpae: THREE_LEVELS,
	x86: [
		{ level: 'PGD', shift: 22, bits: 10, bytes: 4 },
		{ level: 'PTE', shift: 12, bits: 10, bytes: 4 },
	],
	pae: THREE_LEVELS,
};

/** The way of the page table walk for `address` in the kernel's own tables (init_mm). */
export const walkPages = (machine: Machine, layout: Layout, address: number, mapping: Mapping): PageWalk => {
	const format = walkFormat(machine);
	const root = rootOf(machine, layout, format);
	const shapes = SHAPES[format];
	const levels: WalkLevel[] = [];
	let table = root;
	for (const [depth, shape] of shapes.entries()) {
		const index = Math.floor(address / 2 ** shape.shift) % 2 ** shape.bits;
		const offset = index * shape.bytes;
		const place = { level: shape.level, index, offset, ...(table === undefined ? {} : { entry: table + offset }) };
		const isLast = depth === shapes.length - 1;
		const below = depth === 0 && format === 'lpae' && root !== undefined ? root + PAGE_SIZE * (1 + index) : undefined;
		const found = isLast ? lastEntry(machine, mapping) : upperEntry(machine, mapping, depth === shapes.length - 2);
		const value = below === undefined ? found.value : tableValue(layout, below);
		const target = below === undefined ? found.target : 'table';
		levels.push({
			...place,
			target,
			...(value === undefined ? {} : { value }),
			...(found.hardware === undefined ? {} : { hardware: found.hardware }),
		});
		if (target !== 'table') break;
		table = below;
	}
	return {
		format,
		...(root === undefined ? {} : { root }),
		levels,
		...('physical' in mapping ? { physical: mapping.physical } : {}),
	};
};

/** swapper_pg_dir: 16 kB in front of the text on ARM, 20 kB with LPAE (arch/arm/kernel/head.S). */
const rootOf = (machine: Machine, layout: Layout, format: WalkFormat): number | undefined => {
	const [text] = machine.sections.text;
	if (machine.arch !== 'arm' || text % TEXT_STEP !== TEXT_OFFSET || text < layout.pageOffset) return undefined;
	return text - (format === 'lpae' ? 0x5000 : 0x4000);
};

/** The kernel refuses to be linked for a place where these 16 bits differ. */
const TEXT_STEP = 0x10000;
const TEXT_OFFSET = 0x8000;

const TABLE = 3n;

/** A table of middle entries: its physical address, marked as a table. */
const tableValue = (layout: Layout, table: number): bigint =>
	BigInt(table - layout.pageOffset + layout.physOffset) | TABLE;

interface FoundEntry {
	readonly target: EntryTarget;
	readonly value?: bigint;
	readonly hardware?: bigint;
}

const upperEntry = (machine: Machine, mapping: Mapping, isAboveLast: boolean): FoundEntry => {
	switch (mapping.how) {
		case 'block':
			if (!isAboveLast) return { target: 'table' };
			return { target: 'block', value: blockValue(machine, alignDown(mapping.physical, mapping.blockBytes)) };
		case 'page':
		case 'low':
		case 'boot':
			return { target: 'table' };
		case 'image':
			// ARM maps the image by whole sections, whose bits depend on the configuration; x86 may split its large pages.
			return { target: isAboveLast ? (machine.arch === 'arm' ? 'block' : 'unknown') : 'table' };
		case 'process':
			return { target: 'unknown' };
		case 'none':
			return { target: mapping.hasTable || !isAboveLast ? 'table' : 'none' };
	}
};

const lastEntry = (machine: Machine, mapping: Mapping): FoundEntry => {
	if (mapping.how === 'none') return { target: 'none', value: 0n };
	if (mapping.how === 'low') return { target: 'page' };
	if (mapping.how !== 'page') return { target: 'unknown' };
	const page = alignDown(mapping.physical, PAGE_SIZE);
	const value = pteValue(machine, page, mapping.kind);
	const hardware = hardwarePteValue(machine, page, mapping.kind);
	return {
		target: 'page',
		...(value === undefined ? {} : { value }),
		...(hardware === undefined ? {} : { hardware }),
	};
};

/** Bytes that one entry of a level covers. */
export const coveredBytes = (format: WalkFormat, level: WalkLevel['level']): number =>
	2 ** (SHAPES[format].find(shape => shape.level === level)?.shift ?? 12);
