/**
 * Rules of the kernel's contexts and mappings that it seldom checks itself. When one is broken the explorer says so beside
 * the kernel log, whatever the kernel printed; the words of each are in the messages.
 */
export const ADVICE_KEYS = [
	/** kmap where sleeping is forbidden: it works while a slot is free, and no kernel says a word. */
	'kmapWhileAtomic',
	/** kmap returned with interrupts switched on (spin_unlock_irq of kmap_lock). */
	'kmapEnabledIrqs',
	/** kmap found no slot: the task sleeps until somebody gives one back. */
	'kmapWaits',
	/** A task went to sleep although sleeping is forbidden. */
	'sleptWhileAtomic',
	/** Something slept with interrupts off; they are on again now. */
	'sleptWithIrqsOff',
	/** An allocation that may sleep was asked for where sleeping is forbidden. */
	'allocatedWhileAtomic',
	/** vmalloc came back with interrupts on. */
	'vmallocEnabledIrqs',
	/** vfree where sleeping is forbidden. */
	'freedWhileAtomic',
	/** kunmap_atomic of another address than the newest one. */
	'atomicOutOfOrder',
	/** More kmap_atomic than slots: the next CPU's are used. */
	'atomicTooDeep',
	/** kunmap_atomic once more than kmap_atomic. */
	'atomicOnceTooOften',
	/** A task left the kernel with page faults or preemption switched off. */
	'leftAtomic',
	/** A task left the kernel with interrupts off. */
	'leftIrqsOff',
	/** BUG struck while kmap_lock was held. */
	'kmapLockHeld',
	/** A pkmap slot of count 1 was read or written: it may be flushed at any time. */
	'staleSlotUsed',
	/** A page was freed while a pkmap slot still maps it. */
	'freedWhileMapped',
	/** A page was freed once more than it was taken. */
	'pageFreedTwice',
	/** An object was freed twice and nothing noticed. */
	'objectFreedTwice',
	/** kfree of an address inside an object: it is handed out as it is. */
	'kfreeInsideObject',
	/** vfree of an address inside an area frees all of it. */
	'vfreeInsideArea',
	/** A freed vmalloc area was read through a translation that the TLB still held. */
	'staleTranslation',
	/** A spinlock was taken by the CPU that holds it. */
	'spinsForEver',
] as const;

export type AdviceKey = (typeof ADVICE_KEYS)[number];

/** Something the explorer says beside the log. */
export interface Advice {
	readonly key: AdviceKey;
	/** Simulated nanoseconds since boot. */
	readonly timeNs: number;
	/** Number of lines that the log held. */
	readonly logLines: number;
	/** Session step in which the rule was broken. */
	readonly step: number;
}
