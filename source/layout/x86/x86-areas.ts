import { MiB, PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, commonSpan, spanOf, type VersionRow, type VersionSpan } from '../../machine/by-version.ts';
import { hasHighmem, type X86Machine } from '../../machine/machine.ts';
import { type Border, border, from, minusPages, plus, plusPages, roundedDown } from '../border.ts';
import { x86PageTable } from '../common-symbols.ts';
import type { X86Fixmap } from './x86-fixmap.ts';

/** How the areas between vmalloc space and the fixmap are stacked, downwards. */
interface StackRules extends VersionRow {
	/** cpu_entry_area generation: 0 none, 1 below the printed fixmap, 2 below the boot maps, 3 with the LDT below it. */
	readonly generation: 0 | 1 | 2 | 3;
	/** Without a cpu_entry_area: whether pkmap lies below the boot-time maps or only below the permanent ones. */
	readonly isBelowBootMaps: boolean;
}

const STACK_RULES: readonly [StackRules, ...StackRules[]] = [
	{ since: '2.6.24', generation: 0, isBelowBootMaps: true },
	{ since: '3.19', generation: 0, isBelowBootMaps: false },
	{ since: '4.15', generation: 1, isBelowBootMaps: false },
	{ since: '4.17', generation: 2, isBelowBootMaps: true },
	{ since: '4.19', generation: 3, isBelowBootMaps: true },
];

/** Pages of the cpu_entry_area for each CONFIG_NR_CPUS (arch/x86/include/asm/pgtable_32_areas.h). */
interface EntryRules extends VersionRow {
	/** Pages reserved a CPU (CPU_ENTRY_AREA_PAGES). */
	readonly reserved: (hasDebugStore: boolean) => number;
	/** Pages mapped and printed a CPU, besides one page of IDT. */
	readonly mapped: (hasDebugStore: boolean) => number;
}

/** gdt, guard, entry stack, guard, double-fault stack, tss (5). */
const ENTRY_PAGES = 10;
/** Debug store and its buffers. */
const DEBUG_STORE_PAGES = 33;
const structPages = (hasDebugStore: boolean): number => ENTRY_PAGES + (hasDebugStore ? DEBUG_STORE_PAGES : 0);

const ENTRY_RULES: readonly [EntryRules, ...EntryRules[]] = [
	{ since: '4.15', reserved: () => 40, mapped: () => 39 },
	{ since: '4.20', reserved: () => 40, mapped: () => 38 },
	{ since: '5.2', reserved: () => 39, mapped: () => 39 },
	{ since: '5.7', reserved: structPages, mapped: structPages },
];

const VMALLOC_GUARD = 2 * PAGE_SIZE;
const DEFAULT_RESERVE = 128 * MiB;
/** VMALLOC_OFFSET: the hole between lowmem and vmalloc space. */
export const VMALLOC_OFFSET = 8 * MiB;

/** __VMALLOC_RESERVE (arch/x86/mm/pgtable_32.c: parse_vmalloc). */
interface ReserveRules extends VersionRow {
	readonly addsHole: boolean;
}

const RESERVE_RULES: readonly [ReserveRules, ...ReserveRules[]] = [
	{ since: '2.6.24', addsHole: false },
	{ since: '2.6.28', addsHole: true },
];

/** The borders above vmalloc space, which follow from the fixmap alone. */
export interface X86Areas {
	/** Space between lowmem's greatest end and VMALLOC_END, in bytes. */
	readonly vmallocReserve: number;
	/** Releases that read `vmalloc=` that way. */
	readonly reserveSpan: VersionSpan;
	readonly vmallocEnd: Border;
	/** There, whether pkmap itself is there or not. */
	readonly pkmapBase: Border;
	readonly pkmapEnd: Border;
	readonly pkmapSlots: number;
	readonly pmdSize: number;
	readonly cpuEntry?: { readonly start: Border; readonly end: Border; readonly reservedPages: number };
	readonly ldt?: { readonly start: Border; readonly end: Border };
}

/** Stack cpu_entry_area, LDT remap and pkmap below the fixmap. */
export const x86Areas = (machine: X86Machine, fixmap: X86Fixmap): X86Areas => {
	const { kernel, cpuEntryGeneration, parameters } = machine;
	const stack = byVersion(kernel, STACK_RULES);
	const generation = cpuEntryGeneration ?? stack.generation;
	const span = cpuEntryGeneration === undefined ? spanOf(kernel, STACK_RULES, row => row) : {};
	const { pmdShift, entries: pkmapSlots } = x86PageTable(machine);
	const pmdSize = 2 ** pmdShift;
	const { vmalloc } = parameters;
	const hole = byVersion(kernel, RESERVE_RULES).addsHole ? VMALLOC_OFFSET : 0;
	const cpuEntry =
		generation === 0
			? undefined
			: cpuEntryArea(machine, generation === 1 ? fixmap.start : fixmap.totalStart, pmdSize, span);
	const below = (name: string, rule: 'ldt' | 'pkmap-below-area', area: Border): Border =>
		border(name, rule, [from(area), minusPages(PAGE_SIZE), roundedDown(pmdSize, 'PMD_SIZE')], span);
	const ldtStart = cpuEntry && generation === 3 ? below('LDT_BASE_ADDR', 'ldt', cpuEntry.start) : undefined;
	const lowest = ldtStart ?? cpuEntry?.start;
	const pkmapBase = lowest
		? below('PKMAP_BASE', 'pkmap-below-area', lowest)
		: border(
				'PKMAP_BASE',
				'pkmap-below-fixmap',
				[
					from(stack.isBelowBootMaps ? fixmap.totalStart : fixmap.start),
					minusPages(PAGE_SIZE * (pkmapSlots + 1), 'LAST_PKMAP + 1'),
					roundedDown(pmdSize, 'PMD_SIZE'),
				],
				span,
			);
	const above = hasHighmem(machine) ? pkmapBase : (lowest ?? fixmap.start);
	return {
		vmallocReserve: vmalloc === undefined ? DEFAULT_RESERVE : vmalloc + hole,
		reserveSpan: vmalloc === undefined ? {} : spanOf(kernel, RESERVE_RULES, row => row.addsHole),
		vmallocEnd: border('VMALLOC_END', 'vmalloc-end-below', [from(above), minusPages(VMALLOC_GUARD)], span),
		pkmapBase,
		pkmapEnd: border('PKMAP_END', 'pkmap-end', [from(pkmapBase), plusPages(pkmapSlots * PAGE_SIZE, 'LAST_PKMAP')]),
		pkmapSlots,
		pmdSize,
		...(cpuEntry ? { cpuEntry } : {}),
		...(ldtStart
			? {
					ldt: {
						start: ldtStart,
						end: border('LDT_END_ADDR', 'ldt-end', [from(ldtStart), plus(pmdSize, 'PMD_SIZE')], span),
					},
				}
			: {}),
	};
};

const cpuEntryArea = (
	{ kernel, nrCpus, intelDebugStore }: X86Machine,
	fixmapStart: Border,
	pmdSize: number,
	stackSpan: VersionSpan,
): NonNullable<X86Areas['cpuEntry']> => {
	const entry = byVersion(kernel, ENTRY_RULES);
	const reservedPages = entry.reserved(intelDebugStore) * nrCpus;
	const reservedSpan = spanOf(kernel, ENTRY_RULES, row => row.reserved(intelDebugStore));
	const mappedSpan = spanOf(kernel, ENTRY_RULES, row => row.mapped(intelDebugStore));
	const start = border(
		'CPU_ENTRY_AREA_BASE',
		'cpu-entry',
		[
			from(fixmapStart),
			minusPages(PAGE_SIZE * (reservedPages + 1), 'CPU_ENTRY_AREA_PAGES + 1'),
			roundedDown(pmdSize, 'PMD_SIZE'),
		],
		commonSpan(stackSpan, reservedSpan),
	);
	const mapped = (entry.mapped(intelDebugStore) * nrCpus + 1) * PAGE_SIZE;
	const end = border(
		'CPU_ENTRY_AREA_END',
		'cpu-entry-end',
		[from(start), plusPages(mapped, 'CPU_ENTRY_AREA_MAP_SIZE')],
		mappedSpan,
	);
	return { start, end, reservedPages };
};
