import { alignDown, MiB, PAGE_SIZE } from '../machine/address.ts';
import { byVersion, type VersionRow } from '../machine/by-version.ts';
import { hasHighmem, type X86Machine } from '../machine/machine.ts';
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
const VMALLOC_HOLE = 8 * MiB;

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
	/** Space between lowmem's greatest end and VMALLOC_END. */
	readonly vmallocReserve: number;
	readonly vmallocEnd: number;
	readonly pkmapBase: number;
	readonly pkmapSlots: number;
	readonly pmdSize: number;
	readonly cpuEntry?: { readonly start: number; readonly end: number; readonly reservedPages: number };
	readonly ldt?: { readonly start: number; readonly end: number };
}

/** Stack cpu_entry_area, LDT remap and pkmap below the fixmap. */
export const x86Areas = (machine: X86Machine, { fixmap, totalStart }: X86Fixmap): X86Areas => {
	const { kernel, nrCpus, intelDebugStore, parameters } = machine;
	const stack = byVersion(kernel, STACK_RULES);
	const generation = machine.cpuEntryGeneration ?? stack.generation;
	const pmdSize = (machine.pae ? 2 : 4) * MiB;
	const pkmapSlots = machine.pae ? 512 : 1024;
	const isHighmem = hasHighmem(machine);
	const { vmalloc } = parameters;
	const hole = byVersion(kernel, RESERVE_RULES).addsHole ? VMALLOC_HOLE : 0;
	const vmallocReserve = vmalloc === undefined ? DEFAULT_RESERVE : vmalloc + hole;
	const below = (address: number): number => alignDown(address - PAGE_SIZE, pmdSize);
	if (generation === 0) {
		const fixmapStart = stack.isBelowBootMaps ? totalStart : fixmap.start;
		const pkmapBase = alignDown(fixmapStart - PAGE_SIZE * (pkmapSlots + 1), pmdSize);
		const vmallocEnd = (isHighmem ? pkmapBase : fixmap.start) - VMALLOC_GUARD;
		return { vmallocReserve, vmallocEnd, pkmapBase, pkmapSlots, pmdSize };
	}
	const entry = byVersion(kernel, ENTRY_RULES);
	const reservedPages = entry.reserved(intelDebugStore) * nrCpus;
	const fixmapStart = generation === 1 ? fixmap.start : totalStart;
	const start = alignDown(fixmapStart - PAGE_SIZE * (reservedPages + 1), pmdSize);
	const cpuEntry = { start, end: start + (entry.mapped(intelDebugStore) * nrCpus + 1) * PAGE_SIZE, reservedPages };
	const ldtBase = below(start);
	const lowest = generation === 3 ? ldtBase : start;
	const pkmapBase = below(lowest);
	return {
		vmallocReserve,
		vmallocEnd: (isHighmem ? pkmapBase : lowest) - VMALLOC_GUARD,
		pkmapBase,
		pkmapSlots,
		pmdSize,
		cpuEntry,
		...(generation === 3 ? { ldt: { start: ldtBase, end: ldtBase + pmdSize } } : {}),
	};
};
