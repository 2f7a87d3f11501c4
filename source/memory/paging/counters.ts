/** What the kernel was asked to do; work is counted for the operation that caused it. */
export const OPERATIONS = [
	'other',
	'alloc_pages',
	'free_pages',
	'kmap',
	'kunmap',
	'kmap_atomic',
	'kunmap_atomic',
	'kmap_local',
	'kunmap_local',
	'set_fixmap',
	'kmalloc',
	'kfree',
	'vmalloc',
	'vfree',
	'vmap',
	'vunmap',
	'ioremap',
	'iounmap',
	'read',
	'write',
	'module',
	'schedule',
	'page_fault',
	'mmap',
	'munmap',
	'fork',
	'exit',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** What is counted. */
export const COUNTED = [
	/** How often it was asked for. */
	'calls',
	/** TLB flushes on the CPU itself. */
	'localFlushes',
	/** TLB flushes on all CPUs. */
	'broadcastFlushes',
	/** Interrupts that other CPUs got for it. */
	'ipis',
	'tlbHits',
	'tlbMisses',
	/** kmap_lock taken. */
	'kmapLocks',
	/** vmap_area_lock taken. */
	'vmapLocks',
	/** Pages that the page allocator handed out. */
	'pages',
	/** Entries of last-level tables written or cleared. */
	'entries',
] as const;

export type CountedName = (typeof COUNTED)[number];

/** Number of an operation. */
export const operation = (name: OperationName): number => OPERATIONS.indexOf(name) * COUNTED.length;

/** Number of what is counted. */
export const counted = (name: CountedName): number => COUNTED.indexOf(name);

const CALLS = counted('calls');

/**
 * Work of the kernel since boot, by operation: a table of numbers. Why kmap is slower than kmap_atomic stands there: its
 * lock, and the flush that all CPUs take part in.
 */
export class Counters {
	readonly values = new Float64Array(OPERATIONS.length * COUNTED.length);
	/** First number of the operation that runs, or ran last. */
	row = 0;

	/** An operation begins; until the next one all work is its. */
	begin(row: number): void {
		this.row = row;
		this.values[row + CALLS] = (this.values[row + CALLS] as number) + 1;
	}

	add(what: number, by = 1): void {
		this.values[this.row + what] = (this.values[this.row + what] as number) + by;
	}

	/** A number for one operation, or for all of them. */
	of(what: CountedName, name?: OperationName): number {
		if (name !== undefined) return this.values[operation(name) + counted(what)] ?? 0;
		return OPERATIONS.reduce((sum, each) => sum + this.of(what, each), 0);
	}
}
