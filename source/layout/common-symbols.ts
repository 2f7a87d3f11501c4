import { FOUR_GIB, PAGE_SHIFT, PAGE_SIZE } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import { type ArmMachine, hasHighmem, type Machine, type X86Machine } from '../machine/machine.ts';
import type { PkmapLayout } from './layout.ts';

/** How Linux sees the page tables (asm/pgtable-2level.h, asm/pgtable-3level.h). */
export interface PageTableShape {
	readonly pmdShift: number;
	readonly pgdirShift: number;
	readonly entries: number;
}

const PAGE_TABLES = {
	/** Pairs of 1 MiB entries, so that a table of 4-byte entries and its Linux twin fill a page. */
	arm: { pmdShift: 21, pgdirShift: 21, entries: 512 },
	lpae: { pmdShift: 21, pgdirShift: 30, entries: 512 },
	x86: { pmdShift: 22, pgdirShift: 22, entries: 1024 },
	pae: { pmdShift: 21, pgdirShift: 30, entries: 512 },
} as const satisfies Record<string, PageTableShape>;

/** The page tables of an ARM kernel. */
export const armPageTable = ({ lpae }: ArmMachine): PageTableShape => PAGE_TABLES[lpae ? 'lpae' : 'arm'];

/** The page tables of a PC's kernel. */
export const x86PageTable = ({ pae }: X86Machine): PageTableShape => PAGE_TABLES[pae ? 'pae' : 'x86'];

/** Borders that have the same name on both architectures. */
export interface CommonBorders {
	readonly pageOffset: number;
	readonly taskSize: number;
	readonly highMemory: number;
	readonly maxLowPfn: number;
	readonly maxPfn: number;
	readonly vmallocStart: number;
	readonly vmallocEnd: number;
	readonly vmallocOffset: number;
	readonly modulesStart: number;
	readonly modulesEnd: number;
	readonly pkmap: PkmapLayout | null;
	readonly pageTable: PageTableShape;
}

/** Names from the kernel's headers that both architectures define, with this machine's values. */
export const commonSymbols = (machine: Machine, borders: CommonBorders): [string, number][] => {
	const { kernel, maxOrder, nrCpus } = machine;
	const { pkmap } = borders;
	const symbols: [string, number][] = [
		['PAGE_OFFSET', borders.pageOffset],
		['TASK_SIZE', borders.taskSize],
		['high_memory', borders.highMemory],
		['max_low_pfn', borders.maxLowPfn],
		['max_pfn', borders.maxPfn],
		['VMALLOC_START', borders.vmallocStart],
		['VMALLOC_END', borders.vmallocEnd],
		['VMALLOC_OFFSET', borders.vmallocOffset],
		['MODULES_VADDR', borders.modulesStart],
		['MODULES_END', borders.modulesEnd],
		['PAGE_SHIFT', PAGE_SHIFT],
		['PAGE_SIZE', PAGE_SIZE],
		['PAGE_MASK', FOUR_GIB - PAGE_SIZE],
		...pageTableSymbols(borders.pageTable),
		['NR_CPUS', nrCpus],
		['CONFIG_NR_CPUS', nrCpus],
		['CONFIG_PAGE_OFFSET', borders.pageOffset],
		['L1_CACHE_BYTES', machine.cacheLineBytes],
		['MAX_ORDER_NR_PAGES', 2 ** maxOrder],
	];
	// MAX_ORDER became the largest order itself in 6.4 and changed its name in 6.8.
	if (atLeast(kernel, '6.8')) symbols.push(['MAX_PAGE_ORDER', maxOrder]);
	else symbols.push(['MAX_ORDER', atLeast(kernel, '6.4') ? maxOrder : maxOrder + 1]);
	if (hasHighmem(machine)) symbols.push(['CONFIG_HIGHMEM', 1]);
	if (pkmap) {
		symbols.push(['PKMAP_BASE', pkmap.base], ['LAST_PKMAP', pkmap.slots], ['LAST_PKMAP_MASK', pkmap.slots - 1]);
	}
	return symbols;
};

const pageTableSymbols = ({ pmdShift, pgdirShift, entries }: PageTableShape): [string, number][] => [
	['PMD_SHIFT', pmdShift],
	['PMD_SIZE', 2 ** pmdShift],
	['PGDIR_SHIFT', pgdirShift],
	['PGDIR_SIZE', 2 ** pgdirShift],
	['PTRS_PER_PTE', entries],
	['PTRS_PER_PMD', 2 ** (pgdirShift - pmdShift)],
	['PTRS_PER_PGD', 2 ** (32 - pgdirShift)],
];

/** The symbols as C code sees them: 32-bit numbers, whatever the arithmetic gave. A later entry replaces an earlier one. */
export const symbolTable = (symbols: Iterable<readonly [string, number]>): ReadonlyMap<string, number> =>
	new Map([...symbols].map(([name, value]) => [name, value >>> 0]));
