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
	/** Areas that exist in the vmalloc space, guard page included in `bytes`. */
	readonly vmallocAreas?: readonly {
		readonly start: number;
		readonly bytes: number;
		readonly caller?: string;
	}[];
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
