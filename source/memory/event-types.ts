/**
 * Every change of state of the simulated kernel is one event of this table. A field is a `number`, an `address` (printed
 * in hex) or `text`. Four fields at most: events are stored as numbers in a ring (see event-log.ts).
 */
export const EVENT_FIELDS = {
	/** A line of the kernel log. `level` is the printk level, 0 (emergency) to 7 (debug). */
	log: { text: 'text', level: 'number' },
	/** Pages left the page allocator: 2^order pages from `pfn`. */
	page_alloc: { pfn: 'number', order: 'number', gfp: 'number', zone: 'text' },
	/** A request the page allocator could not meet. */
	page_alloc_failed: { order: 'number', gfp: 'number' },
	page_free: { pfn: 'number', order: 'number' },
	/** A buddy block was split (upper half of order `order` went to the free list) or two blocks were merged into one. */
	buddy_split: { pfn: 'number', order: 'number' },
	buddy_merge: { pfn: 'number', order: 'number' },
	/** A per-CPU list was refilled from, or drained to, the buddy lists. */
	pcp_refill: { zone: 'text', pages: 'number' },
	pcp_drain: { zone: 'text', pages: 'number' },
	/** kmap raised a pkmap slot's count to `count`; `isNew` is 1 when the slot was mapped for it. */
	kmap: { slot: 'number', pfn: 'number', count: 'number', isNew: 'number' },
	kunmap: { slot: 'number', pfn: 'number', count: 'number' },
	/** flush_all_zero_pkmaps: `slots` slots of count 1 became 0, with one TLB flush when there was any. */
	pkmap_flush: { slots: 'number' },
	/** One slot that the flush unmapped. */
	pkmap_unmap: { slot: 'number', pfn: 'number' },
	kmap_atomic: {
		index: 'number',
		pfn: 'number',
		address: 'address',
		depth: 'number',
	},
	kunmap_atomic: { index: 'number', address: 'address', depth: 'number' },
	fixmap_set: { index: 'number', pfn: 'number' },
	fixmap_clear: { index: 'number' },
	/** The TLB was flushed for `[start, end)`; `isGlobal` is 1 when on all CPUs. */
	tlb_flush: { start: 'address', end: 'address', isGlobal: 'number' },
	vmalloc: { address: 'address', bytes: 'number', pages: 'number' },
	/** The area's pages are gone; its address range stays taken until the next purge. */
	vfree: { address: 'address', bytes: 'number' },
	/** Lazily freed ranges became reusable. */
	vmalloc_purge: { areas: 'number', pages: 'number' },
	ioremap: { address: 'address', bytes: 'number', pfn: 'number' },
	module_load: { name: 'text', address: 'address', bytes: 'number' },
	module_unload: { name: 'text', address: 'address' },
	kmalloc: { address: 'address', bytes: 'number', cache: 'text' },
	kfree: { address: 'address', cache: 'text' },
	/** A slab of 2^order pages was made for, or given back by, a cache. */
	slab_new: { cache: 'text', pfn: 'number', order: 'number' },
	slab_free: { cache: 'text', pfn: 'number' },
	/** A process got, or gave up, addresses of its own. */
	mmap: { address: 'address', bytes: 'number' },
	munmap: { address: 'address', bytes: 'number' },
	/**
	 * A process touched a page of its own that was not there, or not writable. `outcome`: 0 the page of zeroes, 1 a new
	 * page, 2 a copy, 3 its own after all.
	 */
	page_fault: { address: 'address', pfn: 'number', outcome: 'number' },
	fork: { parent: 'number', child: 'number' },
	/** Bytes were written through a kernel address. */
	write: { address: 'address', bytes: 'number', pfn: 'number' },
	/** The current CPU or task changed, or a task's state did. */
	cpu_switch: { to: 'number' },
	task_switch: { to: 'number' },
	task_sleep: { pid: 'number', on: 'text' },
	task_wake: { pid: 'number' },
	task_exit: { pid: 'number', isKilled: 'number' },
	preempt: { count: 'number' },
	/** local_irq_disable or its opposite, on this CPU. */
	irqs: { isDisabled: 'number' },
	/** A hard interrupt (`kind` 0) or softirq (1) began or ended on this CPU. */
	interrupt: { kind: 'number', isEnd: 'number' },
	spin_lock: { address: 'address' },
	spin_unlock: { address: 'address' },
	/** A rule was broken, in the explorer's own words: a key of contexts/advice.ts. */
	advice: { key: 'text' },
	/** BUG, oops or panic: the kernel's own first line. */
	fault: { text: 'text' },
} as const satisfies Record<string, Record<string, 'number' | 'address' | 'text'>>;

export type EventType = keyof typeof EVENT_FIELDS;

type Fields<T extends EventType> = {
	readonly [F in keyof (typeof EVENT_FIELDS)[T]]: (typeof EVENT_FIELDS)[T][F] extends 'text' ? string : number;
};

export type EventOf<T extends EventType> = Fields<T> & {
	readonly type: T;
	/** Position in the event stream, from 0. */
	readonly seq: number;
	/** Simulated nanoseconds since boot. */
	readonly time: number;
	readonly cpu: number;
	/** pid of the current task. */
	readonly task: number;
};

export type KernelEvent = { [T in EventType]: EventOf<T> }[EventType];
