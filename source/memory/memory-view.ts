import type { Layout, ZoneName } from '../layout/layout.ts';
import type { Pfn, PhysicalAddress, VirtualAddress } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import type { Cpu, LogLine, Subsystem, Task } from './context.ts';
import type { Advice } from './contexts/advice.ts';
import type { PagingView } from './paging/paging-view.ts';

/**
 * The read-only face of a kernel's memory: what panels read. The simulation stands behind it today, a real kernel behind
 * a debugger may one day, so nothing here changes anything or assumes a simulation. Panels redraw when a revision rises.
 */
export interface MemoryView {
	readonly machine: Machine;
	readonly layout: Layout;
	readonly revisions: Readonly<Record<Subsystem, number>>;
	/** Nanoseconds since boot. */
	readonly timeNs: number;
	/** Number of the user's newest act. A thing whose `changedAt` equals it has just changed. */
	readonly step: number;
	readonly cpus: readonly Readonly<Cpu>[];
	readonly currentCpu: Readonly<Cpu>;
	readonly tasks: ReadonlyMap<number, Readonly<Task>>;
	readonly currentTask: Readonly<Task>;
	readonly log: readonly LogLine[];
	/** Rules that were broken, said by the explorer beside the log, oldest first. */
	readonly advices: readonly Advice[];
	/** null without CONFIG_HIGHMEM. */
	readonly pkmap: PkmapView | null;
	readonly fixmap: FixmapView;
	readonly vmalloc: VmallocView;
	readonly pages: PagesView;
	readonly slab: SlabView;
	/** Page tables, TLBs, and the counters of what they cost. */
	readonly paging: PagingView;
	/** Processes that have memory of their own, in the order in which they got it. */
	readonly processes: readonly ProcessView[];
	/** The task that runs on a CPU, or ran there last. */
	taskOn(cpu: number): Readonly<Task> | undefined;
	/** Where a virtual address leads now, through the mappings of the kernel and the current process; null for nowhere. */
	translate(address: VirtualAddress): Translation | null;
	/** Bytes of physical memory, without any side effect. */
	peek(address: PhysicalAddress, bytes: number): Uint8Array;
}

export interface Translation {
	readonly physical: PhysicalAddress;
	readonly pfn: Pfn;
	/** Which mapping leads there. */
	readonly via: 'lowmem' | 'pkmap' | 'fixmap' | 'vmalloc' | 'modules' | 'vectors' | 'user';
}

/** `free`: count 0. `stale`: count 1, still mapped, no user. `used`: count - 1 users. */
export type PkmapSlotState = 'free' | 'stale' | 'used';

export interface PkmapView {
	readonly slots: number;
	readonly lastPkmapNr: number;
	readonly freeSlots: number;
	readonly staleSlots: number;
	readonly usedSlots: number;
	/** How often flush_all_zero_pkmaps ran, and how many of those flushed the TLB. */
	readonly wraps: number;
	readonly flushes: number;
	/** Slots looked at by map_new_virtual since boot: what a full pkmap costs. */
	readonly slotsScanned: number;
	/** pids that sleep on pkmap_map_wait, oldest first. */
	readonly waiters: readonly number[];
	/** pkmap_count of a slot. */
	count(slot: number): number;
	/** Page in the slot, or -1. */
	pfn(slot: number): number;
	address(slot: number): VirtualAddress;
	/** Step of the last change, -1 if never. */
	changedAt(slot: number): number;
}

/** `stale`: a kmap_atomic slot whose PTE was left behind (ARM to 5.10 without DEBUG_HIGHMEM). */
export type FixmapSlotState = 'free' | 'used' | 'stale' | 'reserved';

export interface FixmapSlot {
	readonly index: number;
	readonly address: VirtualAddress;
	readonly state: FixmapSlotState;
	/** Enum name: `FIX_KMAP`, `FIX_APIC_BASE`, or '' where the enum has none. */
	readonly name: string;
	/** For kmap slots: whose CPU and which depth (or KM_ type number), else -1. */
	readonly cpu: number;
	readonly depth: number;
	/** Page mapped there, or -1. */
	readonly pfn: number;
	readonly changedAt: number;
}

export interface FixmapView {
	/** Number of indices that the grid shows: all compile-time slots, boot-time maps included. */
	readonly slots: number;
	/** Index at grid position 0. */
	readonly firstIndex: number;
	slot(index: number): FixmapSlot;
}

export interface VmallocAreaView {
	readonly start: VirtualAddress;
	/** Guard page included. */
	readonly bytes: number;
	readonly kind: 'vmalloc' | 'ioremap' | 'vmap' | 'vm_map_ram' | 'module' | 'percpu';
	/** Pages mapped, guard excluded. */
	readonly pages: number;
	/** Who made it, as /proc/vmallocinfo says: `module_alloc`, `vmalloc_example_init`. */
	readonly caller: string;
	/** vfree'd, range not yet reusable. */
	readonly isLazy: boolean;
	readonly physical?: PhysicalAddress;
	readonly changedAt: number;
}

export interface VmallocView {
	/** Ascending by address; module areas of ARM are listed too. */
	areas(): readonly VmallocAreaView[];
	readonly lazyPages: number;
	/** lazy_max_pages: a purge runs above it. */
	readonly lazyMaxPages: number;
	readonly purges: number;
	readonly freeBytes: number;
	readonly largestFreeBytes: number;
}

export interface ZoneView {
	readonly name: ZoneName;
	readonly startPfn: Pfn;
	readonly spanned: number;
	readonly present: number;
	readonly managed: number;
	readonly free: number;
	readonly watermarks: {
		readonly min: number;
		readonly low: number;
		readonly high: number;
	};
	readonly lowmemReserve: readonly number[];
	/** Free blocks by order, as /proc/buddyinfo shows them. */
	readonly freeBlocks: readonly number[];
	/** Pages on each CPU's list. */
	readonly perCpuPages: readonly number[];
}

export interface PageView {
	readonly pfn: Pfn;
	readonly zone: ZoneName;
	/** `reserved`: kernel image, mem_map and the like. `free`: in the buddy lists. `pcp`: on a per-CPU list. */
	readonly state: 'reserved' | 'free' | 'pcp' | 'allocated';
	readonly order: number;
	readonly isHighmem: boolean;
	readonly isSlab: boolean;
	/** page_address(): lowmem address, pkmap address, or 0. */
	readonly address: number;
	/** Address of its struct page. */
	readonly structPage: VirtualAddress;
}

export interface PagesView {
	readonly zones: readonly ZoneView[];
	page(pfn: Pfn): PageView | null;
}

/** A range of a process's addresses that may be touched: struct vm_area_struct. */
export interface UserAreaView {
	readonly start: VirtualAddress;
	readonly end: VirtualAddress;
}

/** A page that a process has. */
export interface UserPageView {
	readonly address: VirtualAddress;
	readonly pfn: Pfn;
	readonly isWritable: boolean;
	/** ZERO_PAGE, which all share until they write. */
	readonly isZeroPage: boolean;
	/** page_count: processes that have the page, and others who hold it; 0 for the page of zeroes. */
	readonly users: number;
}

/** One process's memory (struct mm_struct). */
export interface ProcessView {
	readonly pid: number;
	/** Its root table. */
	readonly root: PhysicalAddress;
	/** Ascending by address. */
	readonly areas: readonly UserAreaView[];
	/** Pages that are there now, ascending by address. */
	pages(): readonly UserPageView[];
}

export interface SlabCacheView {
	readonly name: string;
	readonly objectBytes: number;
	readonly order: number;
	readonly objectsPerSlab: number;
	readonly slabs: number;
	readonly activeObjects: number;
}

export interface SlabView {
	readonly caches: readonly SlabCacheView[];
	/** Cache and object that hold an address, if a slab does. */
	objectAt(address: VirtualAddress): {
		readonly cache: string;
		readonly start: VirtualAddress;
		readonly isFree: boolean;
	} | null;
}
