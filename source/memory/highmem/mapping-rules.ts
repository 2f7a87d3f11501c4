import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import type { Architecture, Machine } from '../../machine/machine.ts';

/** Where mm/highmem.c has its BUGs about counts. */
interface CountLines {
	/** kmap_high: the page has an address, but its slot had no user's count. */
	readonly kmapCount: string;
	/** kmap_high_get: the same. */
	readonly highGetCount: string;
	/** kunmap_high: BUG_ON(!vaddr). */
	readonly notMapped: string;
	/** kunmap_high: the count fell to 0. */
	readonly countZero: string;
}

/** How kmap_atomic chooses a slot. */
export type AtomicGeneration =
	/** To 2.6.36: the caller names it, KM_USER0 and so on. */
	| 'typed'
	/** 2.6.37 to 5.10: a stack on each CPU. */
	| 'stack'
	/** From 5.11: a stack of each task, mapped on the CPU where it runs. */
	| 'local';

export interface AtomicRules {
	readonly generation: AtomicGeneration;
	/** Whether kunmap_atomic clears the entry; `debug`: with DEBUG_HIGHMEM only. */
	readonly clearsOnUnmap: 'always' | 'debug';
	/** When mapping over a present entry is a BUG. */
	readonly refusesPresent: 'always' | 'debug';
	/** What an unmap of another address than the top of the stack is. `none`: nobody looks. */
	readonly wrongOrder: 'bug in debug' | 'warn in debug' | 'warn';
	readonly wrongOrderAt: string;
	/** BUG of a stack that is full: with DEBUG_HIGHMEM only, or always. */
	readonly limit: 'debug' | 'always';
	readonly fullAt: string;
	readonly emptyAt: string;
	readonly presentAt: string;
	/** Warning of an address below the kernel's own (from 5.11 on). */
	readonly belowKernelAt: string;
	/** Slots that one push takes with the debug guard slots (KM_INCR). */
	readonly debugIncrement: 1 | 2;
}

export interface MappingRules {
	readonly countLines: CountLines;
	/** Source line that might_sleep() in kmap() names. */
	readonly kmapSleepsAt: string;
	/** BUG of kunmap in an interrupt; absent where it works (from 5.8 on). */
	readonly kunmapInInterruptAt?: string;
	readonly setFixmapAt: string;
	/** The function that has this BUG. */
	readonly setFixmapName: string;
	readonly virtToFixAt: string;
	readonly atomic: AtomicRules;
}

// Line numbers are those that running kernels printed (4.19, 5.10, 6.1, 6.12) or, where none did, those of a source tree of
// that generation; every other version shows the nearest of them.
const countLines = (since: string, notMapped: number): VersionRow & CountLines => {
	// All of them stand in one piece of code that has kept its length.
	const line = (number: number) => `mm/highmem.c:${number}`;
	return {
		since,
		kmapCount: line(notMapped - 51),
		highGetCount: line(notMapped - 26),
		notMapped: line(notMapped),
		countZero: line(notMapped + 10),
	};
};

const COUNT_LINES: readonly [VersionRow & CountLines, ...(VersionRow & CountLines)[]] = [
	countLines('2.6.24', 340),
	countLines('5.5', 339),
	countLines('5.16', 358),
	countLines('6.9', 371),
];

const STACK = {
	generation: 'stack',
	limit: 'debug',
	// linux/highmem.h: kmap_atomic_idx_push and kmap_atomic_idx_pop in 4.19.
	fullAt: 'include/linux/highmem.h:98',
	emptyAt: 'include/linux/highmem.h:113',
	belowKernelAt: '',
	debugIncrement: 1,
} as const;

const LINES_5_8 = {
	since: '5.8',
	fullAt: 'include/linux/highmem.h:192',
	emptyAt: 'include/linux/highmem.h:208',
} as const;

const ARM_STACK = {
	...STACK,
	clearsOnUnmap: 'debug',
	refusesPresent: 'debug',
	wrongOrder: 'bug in debug',
	wrongOrderAt: 'arch/arm/mm/highmem.c:114',
	presentAt: 'arch/arm/mm/highmem.c:89',
} as const;

const X86_STACK = {
	...STACK,
	clearsOnUnmap: 'always',
	refusesPresent: 'always',
	wrongOrder: 'warn in debug',
	wrongOrderAt: 'arch/x86/mm/highmem_32.c:83 __kunmap_atomic',
	presentAt: 'arch/x86/mm/highmem_32.c:47',
} as const;

const LOCAL = {
	generation: 'local',
	clearsOnUnmap: 'always',
	refusesPresent: 'always',
	wrongOrder: 'warn',
	wrongOrderAt: 'mm/highmem.c:610 kunmap_local_indexed',
	limit: 'always',
	fullAt: 'mm/highmem.c:467',
	emptyAt: 'mm/highmem.c:479',
	belowKernelAt: 'mm/highmem.c:604',
	presentAt: 'mm/highmem.c:552',
	debugIncrement: 2,
} as const;

const LOCAL_6_9 = {
	...LOCAL,
	since: '6.9',
	wrongOrderAt: 'mm/highmem.c:623 kunmap_local_indexed',
	fullAt: 'mm/highmem.c:480',
	emptyAt: 'mm/highmem.c:492',
	belowKernelAt: 'mm/highmem.c:617',
	presentAt: 'mm/highmem.c:565',
} as const;

const ATOMIC: Readonly<Record<Architecture, readonly [VersionRow & AtomicRules, ...(VersionRow & AtomicRules)[]]>> = {
	arm: [
		{ since: '2.6.24', ...ARM_STACK, generation: 'typed' },
		{ since: '2.6.37', ...ARM_STACK },
		{ ...ARM_STACK, ...LINES_5_8 },
		{ since: '5.11', ...LOCAL },
		LOCAL_6_9,
	],
	x86: [
		{ since: '2.6.24', ...X86_STACK, generation: 'typed' },
		{ since: '2.6.37', ...X86_STACK },
		{ ...X86_STACK, ...LINES_5_8 },
		{ since: '5.11', ...LOCAL },
		LOCAL_6_9,
	],
};

interface Lines extends VersionRow {
	readonly kmapSleepsAt: string;
	readonly kunmapInInterruptAt?: string;
	readonly setFixmapAt: string;
	readonly setFixmapName: string;
	readonly virtToFixAt: string;
}

const LINES: Readonly<Record<Architecture, readonly [Lines, ...Lines[]]>> = {
	arm: [
		{
			since: '2.6.24',
			kmapSleepsAt: 'arch/arm/mm/highmem.c:39',
			kunmapInInterruptAt: 'arch/arm/mm/highmem.c:48',
			setFixmapAt: 'arch/arm/mm/mmu.c:405',
			setFixmapName: '__set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:37',
		},
		{
			since: '5.8',
			kmapSleepsAt: 'include/linux/highmem.h:52',
			setFixmapAt: 'arch/arm/mm/mmu.c:405',
			setFixmapName: '__set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:37',
		},
		{
			since: '5.11',
			kmapSleepsAt: 'include/linux/highmem-internal.h:44',
			setFixmapAt: 'arch/arm/mm/mmu.c:404',
			setFixmapName: '__set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:38',
		},
	],
	x86: [
		{
			since: '2.6.24',
			kmapSleepsAt: 'arch/x86/mm/highmem_32.c:8',
			kunmapInInterruptAt: 'arch/x86/mm/highmem_32.c:18',
			setFixmapAt: 'arch/x86/mm/pgtable.c:656',
			setFixmapName: '__native_set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:37',
		},
		{
			since: '5.8',
			kmapSleepsAt: 'include/linux/highmem.h:52',
			setFixmapAt: 'arch/x86/mm/pgtable.c:646',
			setFixmapName: 'native_set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:37',
		},
		{
			since: '5.11',
			kmapSleepsAt: 'include/linux/highmem-internal.h:44',
			setFixmapAt: 'arch/x86/mm/pgtable.c:661',
			setFixmapName: 'native_set_fixmap',
			virtToFixAt: 'include/asm-generic/fixmap.h:38',
		},
	],
};

/** How this machine's kernel maps highmem pages; chosen once when the machine boots. */
export const mappingRules = (machine: Machine): MappingRules => ({
	countLines: byVersion(machine.kernel, COUNT_LINES),
	...byVersion(machine.kernel, LINES[machine.arch]),
	atomic: byVersion(machine.kernel, ATOMIC[machine.arch]),
});

/**
 * Whether kmap_atomic first looks for an existing pkmap mapping (ARCH_NEEDS_KMAP_HIGH_GET in asm/highmem.h): ARM only,
 * compiled out for erratum 798181 and for SMP on ARMv6.
 */
export const hasKmapHighGet = (machine: Machine): boolean =>
	machine.arch === 'arm' && !machine.errata798181 && !(machine.nrCpus > 1 && machine.armVersion === 6);
