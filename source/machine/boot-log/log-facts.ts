import type { PlainPhrase } from '../../phrases/phrase.ts';

/** Something read in a log, and the line in which it stands. */
export interface Found<Value> {
	readonly value: Value;
	readonly line: number;
}

/** Physical range `[start, end)`. */
export interface PhysicalRange {
	readonly start: number;
	readonly end: number;
}

/** A kernel virtual address that the log mentions, and what it tells of PAGE_OFFSET. */
export interface AddressSign {
	/** `image`: near the start of lowmem. `lowmem`: anywhere in it. `pair`: with its physical address. */
	readonly kind: 'image' | 'lowmem' | 'pair';
	readonly virtual: number;
	readonly physical?: number;
}

/** What the kernel says of one zone when it counts its pages. */
export interface ZoneFacts {
	readonly memmapPages?: Found<number>;
	/** Pages behind `LIFO batch`: without their page descriptors before 3.9. */
	readonly pages?: Found<number>;
}

/** The line `Memory: ...` in which the kernel counts what it has; in kilobytes. */
export interface MemoryFacts {
	readonly totalKb: number;
	/** Absent: the line has no such word. */
	readonly highmemKb?: number;
	readonly codeKb?: number;
	readonly initKb?: number;
	/** Whether it has the form that all architectures share since 3.12. */
	readonly isGeneric: boolean;
	/** Whether it counts contiguous areas too, as it does from 3.19 on. */
	readonly countsCma: boolean;
}

export interface E820Range extends PhysicalRange {
	readonly isUsable: boolean;
}

/** RAM left out for want of address space: `[start, end)`, or only from `kept` on. */
export interface TruncatedRam extends PhysicalRange {
	readonly kept?: number;
}

/** A row of the mem_init table as a log has it. */
export interface PrintedRow {
	readonly name: string;
	/** Absent where the kernel hides it as `(ptrval)`. */
	readonly start?: number;
	readonly end?: number;
	/** `240 MB`, as printed. */
	readonly size?: string;
	readonly line: number;
}

/** The kernel's image by its physical addresses. */
export interface ImageRanges {
	code?: PhysicalRange;
	rodata?: PhysicalRange;
	data?: PhysicalRange;
	bss?: PhysicalRange;
}

/** Everything that a boot log says about the machine, before anything is concluded from it. */
export interface LogFacts {
	kernel?: Found<string>;
	/** Release that a distribution's kernel is made from, where its own name hides it. */
	madeFrom?: Found<string>;
	isSmp?: Found<boolean>;
	/** Lines that only this architecture's kernel prints. */
	readonly signs: { arm: number; x86: number };
	/** A 64-bit kernel's words. */
	wide?: Found<string>;
	machineName?: Found<string>;
	/** Main ID register of an ARM CPU, and the words before it. */
	mainId?: Found<number>;
	cpuName?: Found<string>;
	controlRegister?: Found<number>;
	isVivt?: Found<boolean>;
	commandLine?: Found<string>;
	nrCpus?: Found<number>;
	cpusOnline?: Found<number>;
	readonly addresses: Found<AddressSign>[];
	readonly e820: Found<E820Range>[];
	readonly userMap: Found<E820Range>[];
	readonly e820Changes: Found<E820Range>[];
	lastPfn?: Found<number>;
	maxArchPfn?: Found<number>;
	isNxActive?: Found<boolean>;
	highmemMb?: Found<number>;
	lowmemMb?: Found<number>;
	/** End of the direct mapping: `mapped low ram`. */
	lowRamEnd?: Found<number>;
	isParavirt?: Found<boolean>;
	isXen?: Found<boolean>;
	/** End of what the boot code mapped: the kernel's image lies just below. */
	initialMapEnd?: Found<number>;
	readonly zoneRanges: Map<string, Found<PhysicalRange | 'empty'>>;
	readonly nodeRanges: Found<PhysicalRange>[];
	totalPages?: Found<number>;
	readonly zones: Map<string, ZoneFacts>;
	banksMb?: Found<readonly number[]>;
	memory?: Found<MemoryFacts>;
	readonly cma: Found<{ readonly sizeBytes: number; readonly base: number }>[];
	/** Physical addresses that lie in RAM. */
	readonly ramAddresses: Found<number>[];
	readonly truncated: Found<TruncatedRam>[];
	readonly tcm: { dtcmEnd?: Found<number>; itcmEnd?: Found<number> };
	cacheLine?: Found<number>;
	/** From /proc only: bytes from the start of RAM to the end of lowmem. */
	lowmemSpan?: Found<number>;
	/** From /proc only: VMALLOC_END less VMALLOC_START. */
	vmallocBytes?: Found<number>;
	/** From /proc only: whether physical addresses have more than 32 bits, and what shows it. */
	widePhysical?: Found<{ readonly isWide: boolean; readonly sign: PlainPhrase }>;
	/** From /proc only: bytes of all contiguous areas. */
	cmaTotal?: Found<number>;
	/** From /proc only: largest buddy order. */
	maxOrder?: Found<number>;
	/** From /proc only: without a release, the oldest that has this word. */
	kernelHint?: Found<{ readonly release: string; readonly word: string }>;
	/** From /proc only: where the kernel's image lies. */
	image?: Found<ImageRanges>;
	readonly platformWords: Found<string>[];
	readonly rows: PrintedRow[];
	heading?: Found<string>;
	/** The kernel's complaints about its memory. */
	readonly messages: Found<string>[];
}

export const noFacts = (): LogFacts => ({
	signs: { arm: 0, x86: 0 },
	addresses: [],
	e820: [],
	userMap: [],
	e820Changes: [],
	zoneRanges: new Map(),
	nodeRanges: [],
	zones: new Map(),
	cma: [],
	ramAddresses: [],
	truncated: [],
	tcm: {},
	platformWords: [],
	rows: [],
	messages: [],
});
