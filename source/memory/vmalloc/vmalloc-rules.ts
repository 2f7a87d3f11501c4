import { KiB, MiB, PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';

/**
 * How an address range is searched. All take the lowest that fits; the cursor of 2.6.39 to 5.1 skips what it has seen, and
 * from 5.2 on the free blocks themselves are searched, by size.
 */
export type AreaSearch = 'lowest fit' | 'cursor' | 'free blocks';

interface SearchRow extends VersionRow {
	readonly search: AreaSearch;
	/** Whether vfree leaves the address range taken until a purge. */
	readonly isLazy: boolean;
	/** Whether the range has a record of its own in the kmalloc caches (struct vmap_area; from 5.2 in its own cache). */
	readonly rangeObjectBytes: number;
}

const SEARCH: readonly [SearchRow, ...SearchRow[]] = [
	{ since: '2.6.24', search: 'lowest fit', isLazy: false, rangeObjectBytes: 0 },
	{ since: '2.6.28', search: 'lowest fit', isLazy: true, rangeObjectBytes: 52 },
	{ since: '2.6.39', search: 'cursor', isLazy: true, rangeObjectBytes: 48 },
	{ since: '5.2', search: 'free blocks', isLazy: true, rangeObjectBytes: 0 },
];

interface WordsRow extends VersionRow {
	/** When no address range is left; the size includes the guard page. */
	readonly noRange: (bytes: number, from: string, to: string) => string;
	/** BUG_ON(in_interrupt()) of __get_vm_area_node. */
	readonly inInterruptAt: string;
	readonly badAddressAt: string;
	readonly noAreaAt: string;
	/** Whether vfree of an address that never had an area reads through a null pointer. */
	readonly oopsesWithoutArea: boolean;
	readonly vunmapNoAreaAt?: string;
}

const vmapFailed = (bytes: number) => `vmap allocation for size ${bytes} failed: use vmalloc=<size> to increase size`;

// Line numbers as recorded from 4.4, 4.19, 5.10, 6.1 and 6.12; older and intermediate versions show the nearest ones.
const WORDS: readonly [WordsRow, ...WordsRow[]] = [
	{
		since: '2.6.24',
		noRange: bytes => `${vmapFailed(bytes)}.`,
		inInterruptAt: 'mm/vmalloc.c:1384',
		badAddressAt: 'mm/vmalloc.c:1459 __vunmap',
		noAreaAt: 'mm/vmalloc.c:1465 __vunmap',
		oopsesWithoutArea: false,
	},
	{
		since: '4.4',
		noRange: bytes => `${vmapFailed(bytes)}.`,
		inInterruptAt: 'mm/vmalloc.c:1384',
		badAddressAt: 'mm/vmalloc.c:1459 __vunmap',
		noAreaAt: 'mm/vmalloc.c:1465 __vunmap',
		oopsesWithoutArea: true,
	},
	{
		since: '4.9',
		noRange: vmapFailed,
		inInterruptAt: 'mm/vmalloc.c:1384',
		badAddressAt: 'mm/vmalloc.c:1508 __vunmap',
		noAreaAt: 'mm/vmalloc.c:1514 __vunmap',
		oopsesWithoutArea: true,
	},
	{
		since: '5.0',
		noRange: vmapFailed,
		inInterruptAt: 'mm/vmalloc.c:2064',
		badAddressAt: 'mm/vmalloc.c:2245 __vunmap',
		noAreaAt: 'mm/vmalloc.c:2251 __vunmap',
		oopsesWithoutArea: false,
	},
	{
		since: '5.15',
		noRange: vmapFailed,
		inInterruptAt: 'mm/vmalloc.c:2497',
		badAddressAt: 'mm/vmalloc.c:2695 __vunmap',
		noAreaAt: 'mm/vmalloc.c:2701 __vunmap',
		oopsesWithoutArea: false,
	},
	{
		since: '6.9',
		noRange: (bytes, from, to) =>
			`vmalloc_node_range for size ${bytes} failed: Address range restricted to ${from} - ${to}`,
		inInterruptAt: 'mm/vmalloc.c:3177',
		badAddressAt: 'mm/vmalloc.c:3291 remove_vm_area',
		noAreaAt: 'mm/vmalloc.c:3426 vfree',
		vunmapNoAreaAt: 'mm/vmalloc.c:3473 vunmap',
		oopsesWithoutArea: false,
	},
];

export interface VmallocRules extends SearchRow, WordsRow {
	/** Where vfree says might_sleep(), as recorded from 4.19, the first of these kernels that does. */
	readonly vfreeSleepsAt?: string;
	/** BUG_ON(in_interrupt()) of vfree, to 3.9, as a 3.2 kernel printed it. */
	readonly vfreeInInterruptAt?: string;
	/** The same of vunmap, in every kernel; the line is that of 4.19. */
	readonly vunmapInInterruptAt: string;
	/** lazy_max_pages: a purge runs when more pages than this are lazily freed. */
	readonly lazyMaxPages: number;
	/** sizeof(struct vm_struct). */
	readonly structObjectBytes: number;
	/** Size of the free block that a search for `bytes` at a multiple of `align` asks for. */
	readonly searchBytes: (bytes: number, align: number) => number;
	/** Alignment of an ioremap of that many bytes. */
	readonly ioremapAlign: (bytes: number) => number;
	/** x86 to 4.18: the ISA range is reached through its lowmem address. */
	readonly hasIsaShortcut: boolean;
	/** Whether too much lazily freed is purged by a worker (drain_vmap_area_work) and not by who freed it. */
	readonly purgesInWorker: boolean;
	/** x86: changing page attributes of a new module purges lazily freed ranges and unused kmaps. */
	readonly moduleLoadPurges: boolean;
}

/** fls(online CPUs) times 32 MiB (mm/vmalloc.c: lazy_max_pages). */
const lazyMaxPages = (cpus: number): number => (32 - Math.clz32(cpus)) * ((32 * MiB) / PAGE_SIZE);

/** IOREMAP_MAX_ORDER as a size (asm/memory.h, asm/page.h, linux/vmalloc.h). */
const ioremapMaxBytes = (machine: Machine): number => {
	const generic = 128 * PAGE_SIZE;
	if (machine.arch === 'arm') {
		const isLarge = !atLeast(machine.kernel, '4.4') || (machine.nrCpus === 1 && !machine.lpae);
		return isLarge ? 16 * MiB : generic;
	}
	if (!atLeast(machine.kernel, '3.11')) return generic;
	return machine.pae ? 2 * MiB : 4 * MiB;
};

const ioremapAlign = (kernel: KernelVersion, maxBytes: number, bytes: number): number => {
	// fls(size) to 4.4 doubles a power of two; get_count_order_long(size) from 4.9 does not.
	const order = atLeast(kernel, '4.9') ? Math.ceil(Math.log2(bytes)) : 32 - Math.clz32(bytes);
	return Math.min(Math.max(2 ** order, PAGE_SIZE), maxBytes);
};

/**
 * find_vmap_lowest_match of 5.2 asks for room for the worst alignment, although the block that it finds may begin at a
 * better place; from 5.16 on only for an alignment of more than a page. A block on its way down the tree that just fits is
 * taken all the same: which ones lie there no list of areas can tell, and complete recordings show none.
 */
const searchBytes = (kernel: KernelVersion): VmallocRules['searchBytes'] => {
	if (!atLeast(kernel, '5.2')) return bytes => bytes;
	const free = atLeast(kernel, '5.16') ? PAGE_SIZE : 1;
	return (bytes, align) => (align > free ? bytes + align - 1 : bytes);
};

export const vmallocRules = (machine: Machine): VmallocRules => {
	const maxBytes = ioremapMaxBytes(machine);
	const hasWidePhysical = machine.arch === 'arm' ? machine.lpae : machine.pae;
	return {
		...byVersion(machine.kernel, SEARCH),
		...byVersion(machine.kernel, WORDS),
		...(atLeast(machine.kernel, '4.19') ? { vfreeSleepsAt: 'mm/vmalloc.c:1481' } : {}),
		...(atLeast(machine.kernel, '3.10') ? {} : { vfreeInInterruptAt: 'mm/vmalloc.c:1485' }),
		vunmapInInterruptAt: 'mm/vmalloc.c:1612',
		lazyMaxPages: lazyMaxPages(machine.cpusOnline),
		structObjectBytes: hasWidePhysical ? (machine.arch === 'arm' ? 40 : 36) : 32,
		searchBytes: searchBytes(machine.kernel),
		ioremapAlign: bytes => ioremapAlign(machine.kernel, maxBytes, bytes),
		hasIsaShortcut: machine.arch === 'x86' && !atLeast(machine.kernel, '4.19'),
		purgesInWorker: atLeast(machine.kernel, '5.18'),
		moduleLoadPurges: machine.arch === 'x86',
	};
};

/** The ISA hole that old x86 kernels map linearly (asm/io.h: is_ISA_range). */
export const isIsaRange = (physical: number, last: number): boolean => physical >= 640 * KiB && last < MiB;
