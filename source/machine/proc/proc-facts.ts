import type { Found, ImageRanges, PhysicalRange } from '../boot-log/log-facts.ts';

/** A row of /proc/vmallocinfo (mm/vmalloc.c: s_show). */
export interface VmallocRow {
	/** As printed; undefined where the kernel prints `(ptrval)`. */
	readonly start: number | undefined;
	readonly end: number | undefined;
	/** Guard page included, where there is one. */
	readonly bytes: number;
	readonly caller: string;
	readonly pages?: number;
	readonly physical?: number;
	/** Digits of the physical address: 16 where the kernel keeps it in 64 bits. */
	readonly physicalDigits?: number;
	/** `ioremap`, `vmalloc`, `vmap`, `user`, `dma-coherent`, `vm_map_ram`; the last words of the row. */
	readonly words: readonly string[];
	/** `unpurged vm_area`: freed, its range not yet reusable. */
	readonly isLazy: boolean;
}

/** What one CPU keeps of a zone (struct per_cpu_pages). */
export interface PageSet {
	readonly count: number;
	readonly high?: number;
	readonly batch?: number;
}

/** A zone as /proc/zoneinfo has it; in pages. */
export interface ZoneState {
	readonly node: number;
	readonly name: string;
	free?: number;
	min?: number;
	low?: number;
	high?: number;
	spanned?: number;
	present?: number;
	/** From 3.9 on. */
	managed?: number;
	startPfn?: number;
	freeCma?: number;
	readonly pageSets: Map<number, PageSet>;
}

/** A row of /proc/buddyinfo: free blocks by order. */
export interface BuddyRow {
	readonly zone: string;
	readonly counts: readonly number[];
}

/** What /proc/cpuinfo says. */
export interface CpuFacts {
	/** CPUs on line. */
	readonly count?: Found<number>;
	readonly name?: Found<string>;
	/** ARM: implementer and part as in the main ID register. */
	readonly mainId?: Found<number>;
	readonly hardware?: Found<string>;
	readonly arch?: Found<'arm' | 'x86'>;
}

/** Everything that files of /proc say, each with its place, before anything is concluded from it. */
export interface ProcFacts {
	/** The line of /proc/version. */
	version?: Found<string>;
	commandLine?: Found<string>;
	cpu: CpuFacts;
	/** Banks of `System RAM` in /proc/iomem, ascending, joined where they touch. */
	readonly ram: Found<PhysicalRange>[];
	image?: Found<ImageRanges>;
	/** Words in /proc/iomem that only a PC has. */
	pcWords?: Found<string>;
	/** /proc/iomem was read without the right to see addresses. */
	hiddenIomem?: Found<number>;
	/** /proc/meminfo in kB by its words. */
	readonly meminfo: Map<string, Found<number>>;
	readonly vmalloc: Found<VmallocRow>[];
	readonly zones: Found<ZoneState>[];
	readonly buddy: Found<BuddyRow>[];
	/** The youngest word in it: the release that brought it. */
	dated?: Found<{ readonly release: string; readonly word: string }>;
	/** Something that only a 64-bit kernel has. */
	wide?: Found<string>;
	/** Lines that begin like one of these but go wrong: cut or damaged. */
	readonly damaged: Found<string>[];
}

export const noProcFacts = (): ProcFacts => ({
	cpu: {},
	ram: [],
	meminfo: new Map(),
	vmalloc: [],
	zones: [],
	buddy: [],
	damaged: [],
});
