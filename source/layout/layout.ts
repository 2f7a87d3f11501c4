import type { Pfn, PhysicalAddress, VirtualAddress } from '../machine/address.ts';
import type { Text } from '../phrases/phrase.ts';
import type { Border } from './border.ts';

/** One row of the mem_init table. */
export interface LayoutRow {
	/** Label without padding: `vector`, `fixmap`, `cpu_entry`, `vmalloc`, `lowmem`, `pkmap`, `modules`, `.text`, ... */
	readonly name: string;
	readonly start: VirtualAddress;
	/** Exclusive, 2^32 at most (so not a VirtualAddress: it may be 0x100000000). */
	readonly end: number;
	/** The printed line, with the kernel's own spacing and without a line end. */
	readonly text: string;
}

/** A region of the kernel's address space for pictures and for naming addresses; regions never overlap. */
export type RegionName =
	| 'user'
	| 'modules'
	| 'pkmap'
	| 'lowmem'
	| 'gap'
	| 'vmalloc'
	| 'ldt'
	| 'cpu_entry'
	| 'fixmap'
	| 'dma'
	| 'tcm'
	| 'vectors'
	| 'unused';

export interface Region {
	readonly name: RegionName;
	readonly start: VirtualAddress;
	/** Exclusive; up to 2^32. */
	readonly end: number;
}

export type ZoneName = 'DMA' | 'Normal' | 'HighMem';

/** Pages `[startPfn, endPfn)` of a zone; holes between RAM banks count as spanned. */
export interface ZoneRange {
	readonly name: ZoneName;
	readonly startPfn: Pfn;
	readonly endPfn: Pfn;
}

export interface FixmapLayout {
	/** FIXADDR_START as printed. */
	readonly start: VirtualAddress;
	/** Exclusive end of the printed row (FIXADDR_END on ARM from 3.19, else FIXADDR_TOP). */
	readonly end: number;
	/** FIXADDR_TOP as C code sees it: on ARM from 3.19 the last page itself. */
	readonly top: VirtualAddress;
	/** Whether addresses fall as the index rises: fix_to_virt(i) = top - i * PAGE_SIZE, else start + i * PAGE_SIZE. */
	readonly isDescending: boolean;
	/** FIX_KMAP_BEGIN, or -1 when that kernel has no kmap slots. */
	readonly kmapBegin: number;
	/** Slots of kmap_atomic per CPU: KM_TYPE_NR or KM_MAX_IDX. */
	readonly kmapPerCpu: number;
	/** __end_of_permanent_fixed_addresses on x86; number of indices on ARM. */
	readonly endOfPermanent: number;
	/** __end_of_fixed_addresses. */
	readonly endOfFixed: number;
	/** Named index ranges besides kmap, in enum order: FIX_HOLE, FIX_APIC_BASE, FIX_TEXT_POKE0, ... */
	readonly names: readonly {
		readonly name: string;
		readonly index: number;
		readonly pages: number;
	}[];
}

export interface PkmapLayout {
	readonly base: VirtualAddress;
	/** LAST_PKMAP: number of slots. */
	readonly slots: number;
}

/** How a machine's kernel lays out its virtual addresses; computed once, never changed. */
export interface Layout {
	/** `Virtual kernel memory layout:` or, on x86, with a lower-case v. */
	readonly heading: string;
	/** Whether this very kernel still prints the table (ARM to 5.0, x86 to 5.4 or 5.6). */
	readonly isPrinted: boolean;
	readonly rows: readonly LayoutRow[];
	/** What the kernel says about its memory while it lays it out, in order: `Truncating RAM at ...`. */
	readonly messages: readonly string[];
	/** Why a kernel with this layout does not come up, in plain words; absent when it does. */
	readonly bootFailure?: Text;
	/** The whole 4 GiB in ascending order without holes, user space first. */
	readonly regions: readonly Region[];
	readonly pageOffset: VirtualAddress;
	readonly physOffset: PhysicalAddress;
	/** high_memory: first virtual address behind lowmem. Up to 2^32. */
	readonly highMemory: number;
	/** First pfn behind lowmem (max_low_pfn, absolute). */
	readonly maxLowPfn: Pfn;
	/** First pfn behind all RAM that the kernel uses (absolute). */
	readonly maxPfn: Pfn;
	/** RAM after truncation, as pfn ranges, ascending. */
	readonly ramPages: readonly {
		readonly startPfn: Pfn;
		readonly endPfn: Pfn;
	}[];
	readonly zones: readonly ZoneRange[];
	readonly vmallocStart: VirtualAddress;
	readonly vmallocEnd: number;
	readonly modulesStart: VirtualAddress;
	readonly modulesEnd: number;
	/** null without CONFIG_HIGHMEM. */
	readonly pkmap: PkmapLayout | null;
	readonly fixmap: FixmapLayout;
	/** Virtual address of struct page of `memMapFirstPfn` (mem_map, FLATMEM, at the top of lowmem). */
	readonly memMap: VirtualAddress;
	readonly memMapFirstPfn: Pfn;
	/** Every border with its derivation, by its name in the kernel. */
	readonly borders: ReadonlyMap<string, Border>;
	/**
	 * Names that C code may use, with this kernel's values: PAGE_OFFSET, high_memory, VMALLOC_START, PKMAP_BASE,
	 * LAST_PKMAP, FIXADDR_START, FIX_KMAP_BEGIN, KM_TYPE_NR, ... A name this kernel lacks is absent.
	 */
	readonly symbols: ReadonlyMap<string, number>;
}
