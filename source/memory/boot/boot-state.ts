import type { ZoneName } from '../../layout/layout.ts';
import type { VmallocAreaView } from '../memory-view.ts';
import type { Watermarks } from '../pages/watermarks.ts';

/** An area as /proc/vmallocinfo shows it. */
export interface BootArea {
	readonly start: number;
	/** Guard page included. */
	readonly bytes: number;
	readonly caller?: string;
	/** @default 'vmalloc' */
	readonly kind?: VmallocAreaView['kind'];
	/** Pages mapped from the start on. Absent: an address range only, nothing is mapped. */
	readonly pages?: number;
	/** Of an ioremap: where it leads. */
	readonly physical?: number;
	/** Freed, its range not yet reusable. */
	readonly isLazy?: boolean;
}

/** A zone's counts; in pages. Absent fields stay as after a clean boot. */
export interface BootZone {
	readonly name: ZoneName;
	/** Free blocks by order. */
	readonly freeBlocks?: readonly number[];
	readonly watermarks?: Watermarks;
	/** By CPU: the length of its list, and the limits that rule it. */
	readonly perCpu?: readonly { readonly count: number; readonly high?: number; readonly batch?: number }[];
}

/**
 * The state in which an exploration starts, as data: what a real board had already done by then. Absent fields mean a
 * clean boot. Addresses and sizes in bytes.
 */
export interface BootState {
	/** Seconds since boot, as the log shows them. */
	readonly timeSeconds?: number;
	/** The pkmap cursor: the slot that was taken last. */
	readonly lastPkmapNr?: number;
	/** Slots with a count at that time: slot number to count (1: mapped, unused). Pages are taken from HighMem. */
	readonly pkmapCounts?: Readonly<Record<number, number>>;
	/** Areas that exist in the vmalloc space or among the modules. */
	readonly vmallocAreas?: readonly BootArea[];
	/** What /proc/zoneinfo and /proc/buddyinfo count in the zones. */
	readonly zones?: readonly BootZone[];
	/**
	 * The slab that each kmalloc cache allocates from on CPU 0: its first address and how many of its objects are in use
	 * (the lowest ones), so that the next object is at `slab + used * size`.
	 */
	readonly slabs?: readonly {
		readonly cache: string;
		readonly slab: number;
		readonly used: number;
	}[];
	/** __kmap_atomic_idx by CPU: slots that someone pushed and never popped. */
	readonly kmapAtomicIdx?: readonly number[];
}
