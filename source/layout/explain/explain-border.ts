import { PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Border } from '../border.ts';
import { ruleFile } from '../border-rules.ts';
import type { Layout } from '../layout.ts';
import { type Move, movesOf, type Variant } from './moves.ts';

/** A border with its rule's place in the kernel and with what would move it. */
export interface BorderExplanation {
	readonly border: Border;
	/** `arch/arm/mm/mmu.c: adjust_lowmem_bounds`. */
	readonly file: string;
	readonly moves: readonly Move[];
}

/** `module-plts`: modules that find no room in their own range go to vmalloc space. */
export type RowNote = 'module-plts';

/** A row of the table: where it begins and where it ends, and why. */
export interface RowExplanation {
	readonly kind: 'row';
	readonly name: string;
	/** What the borders alone do not tell. */
	readonly note?: RowNote;
	readonly start: BorderExplanation;
	readonly end: BorderExplanation;
}

/** What a symbol stands for, when it is no border. */
export type SymbolKind =
	| 'fix-index'
	| 'km-type'
	| 'kmap-count'
	| 'config'
	| 'frame'
	| 'page'
	| 'page-table'
	| 'pkmap-count'
	| 'fixmap-size'
	| 'cpus'
	| 'buddy'
	| 'vmalloc-hole'
	| 'vmalloc-reserve'
	| 'cache'
	| 'dma-limit'
	| 'section'
	| 'cpu-entry-pages';

/** A name that C code may use. */
export interface SymbolExplanation {
	readonly kind: 'symbol';
	readonly name: string;
	readonly value: number;
	/** The derivation, when the symbol is a border. */
	readonly why?: BorderExplanation;
	/** What it stands for, when it is none. */
	readonly meaning?: SymbolKind;
	/** Address that an index of the fixmap stands for. */
	readonly address?: number;
	readonly file: string;
	readonly moves: readonly Move[];
}

/** Borders at which the rows of the table begin and end, and regions that no kernel prints. */
const ROW_BORDERS: Readonly<Record<string, readonly [string, string]>> = {
	vector: ['VECTORS_BASE', 'VECTORS_END'],
	DTCM: ['DTCM_OFFSET', 'dtcm_end'],
	ITCM: ['ITCM_OFFSET', 'itcm_end'],
	fixmap: ['FIXADDR_START', 'FIXADDR_END'],
	DMA: ['CONSISTENT_BASE', 'CONSISTENT_END'],
	cpu_entry: ['CPU_ENTRY_AREA_BASE', 'CPU_ENTRY_AREA_END'],
	ldt: ['LDT_BASE_ADDR', 'LDT_END_ADDR'],
	gap: ['high_memory', 'VMALLOC_START'],
	vmalloc: ['VMALLOC_START', 'VMALLOC_END'],
	lowmem: ['PAGE_OFFSET', 'high_memory'],
	pkmap: ['PKMAP_BASE', 'PKMAP_END'],
	modules: ['MODULES_VADDR', 'MODULES_END'],
	'.text': ['_text', '_etext'],
	'.init': ['__init_begin', '__init_end'],
	'.data': ['_sdata', '_edata'],
	'.bss': ['__bss_start', '__bss_stop'],
};

/** The border called `name`, or undefined where this kernel has none of that name. */
const explainBorder = (
	machine: Machine,
	layout: Layout,
	name: string,
	variants: readonly Variant[],
): BorderExplanation | undefined => {
	const border = layout.borders.get(name);
	if (!border) return undefined;
	return {
		border,
		file: ruleFile(border.rule, machine.kernel),
		moves: movesOf(variants, border.value, changed => changed.borders.get(name)?.value),
	};
};

/** Whether some kernel has a row or region of that name. */
export const isRowName = (name: string): boolean => Object.hasOwn(ROW_BORDERS, name);

/** Names that `explainRow` knows on this machine. */
export const rowNames = (layout: Layout): string[] =>
	Object.entries(ROW_BORDERS)
		.filter(([, [start]]) => layout.borders.has(start))
		.map(([name]) => name);

/** A row of the table, printed by this kernel or not, with both of its borders. */
export const explainRow = (
	machine: Machine,
	layout: Layout,
	name: string,
	variants: readonly Variant[],
): RowExplanation | undefined => {
	const [startName, endName] = ROW_BORDERS[name] ?? [];
	if (startName === undefined || endName === undefined) return undefined;
	const start = explainBorder(machine, layout, startName, variants);
	// Only ARM from 3.19 on has FIXADDR_END; elsewhere FIXADDR_TOP is the exclusive end.
	const end =
		explainBorder(machine, layout, endName, variants) ?? explainBorder(machine, layout, 'FIXADDR_TOP', variants);
	if (!start || !end) return undefined;
	const hasPlts = name === 'modules' && machine.arch === 'arm' && machine.modulePlts === true;
	return { kind: 'row', name, start, end, ...(hasPlts ? { note: 'module-plts' } : {}) };
};

/** A symbol of the kernel's headers. */
export const explainSymbol = (
	machine: Machine,
	layout: Layout,
	name: string,
	variants: readonly Variant[],
): SymbolExplanation | undefined => {
	const why = explainBorder(machine, layout, name, variants);
	const value = why?.border.value ?? layout.symbols.get(name);
	if (value === undefined) return undefined;
	if (why) return { kind: 'symbol', name, value, why, file: why.file, moves: why.moves };
	const { meaning, files } = meaningOf(name);
	return {
		kind: 'symbol',
		name,
		value,
		meaning,
		...(meaning === 'fix-index' ? { address: fixAddress(layout, value) } : {}),
		file: files[machine.arch],
		moves: movesOf(variants, value, changed => changed.symbols.get(name)),
	};
};

/** fix_to_virt(): where an index of the fixmap lies. */
const fixAddress = ({ fixmap }: Layout, index: number): number =>
	fixmap.isDescending ? fixmap.top - index * PAGE_SIZE : fixmap.start + index * PAGE_SIZE;

interface Meaning {
	readonly pattern: RegExp;
	readonly meaning: SymbolKind;
	readonly files: { readonly arm: string; readonly x86: string };
}

const both = (file: string): Meaning['files'] => ({ arm: file, x86: file });
const asm = (file: string): Meaning['files'] => ({
	arm: `arch/arm/include/asm/${file}`,
	x86: `arch/x86/include/asm/${file}`,
});

/** What the names stand for; the first pattern that fits counts. */
const MEANINGS: readonly Meaning[] = [
	{ pattern: /^FIX_KMAP_NR_PTES$/, meaning: 'fixmap-size', files: asm('fixmap.h') },
	{ pattern: /^FIX_/, meaning: 'fix-index', files: asm('fixmap.h') },
	{ pattern: /^KM_(TYPE_NR|MAX_IDX)$/, meaning: 'kmap-count', files: both('include/asm-generic/kmap_size.h') },
	{ pattern: /^KM_/, meaning: 'km-type', files: asm('kmap_types.h') },
	{ pattern: /^(CONFIG_)?NR_CPUS$/, meaning: 'cpus', files: both('.config: CONFIG_NR_CPUS') },
	{ pattern: /^CONFIG_/, meaning: 'config', files: both('.config') },
	{ pattern: /pfn|PFN_OFFSET/, meaning: 'frame', files: { arm: 'arch/arm/mm/init.c', x86: 'arch/x86/mm/init_32.c' } },
	{ pattern: /^PAGE_/, meaning: 'page', files: asm('page.h') },
	{ pattern: /^(PMD|PGDIR|PTRS)_/, meaning: 'page-table', files: asm('pgtable.h') },
	{
		pattern: /PKMAP/,
		meaning: 'pkmap-count',
		files: { arm: 'arch/arm/include/asm/highmem.h', x86: 'arch/x86/include/asm/pgtable_32_types.h' },
	},
	{ pattern: /^(FIXADDR|__end_of)/, meaning: 'fixmap-size', files: asm('fixmap.h') },
	{ pattern: /ORDER/, meaning: 'buddy', files: both('include/linux/mmzone.h') },
	{ pattern: /^VMALLOC_OFFSET/, meaning: 'vmalloc-hole', files: asm('pgtable.h') },
	{ pattern: /VMALLOC_RESERVE/, meaning: 'vmalloc-reserve', files: both('arch/x86/mm/pgtable_32.c: parse_vmalloc') },
	{ pattern: /^L1_CACHE/, meaning: 'cache', files: asm('cache.h') },
	{ pattern: /^MAX_DMA/, meaning: 'dma-limit', files: asm('dma.h') },
	{ pattern: /^SECTION_SIZE/, meaning: 'section', files: asm('pgtable-2level-hwdef.h') },
	{ pattern: /CPU_ENTRY/, meaning: 'cpu-entry-pages', files: asm('pgtable_32_areas.h') },
];

const meaningOf = (name: string): Meaning => {
	const found = MEANINGS.find(({ pattern }) => pattern.test(name));
	if (!found) throw new Error(`no meaning is known of ${name}`);
	return found;
};
