import type { AdviceKey } from '../memory/contexts/advice.ts';

/** What the explorer says beside the kernel log when a rule was broken: which one, and what may follow. */
export const ADVICE_EN: Readonly<Record<AdviceKey, string>> = {
	kmapWhileAtomic:
		'kmap() may sleep and was called where sleeping is forbidden. It works while a pkmap slot is free; when none is, the CPU hangs.',
	kmapEnabledIrqs:
		'kmap() came back with interrupts ON: on this kernel it releases kmap_lock with spin_unlock_irq(). Code that relied on them being off is now open to races.',
	kmapWaits:
		'Every pkmap slot is taken: this task sleeps in state D until somebody calls kunmap(). No kernel prints anything for the first two minutes.',
	sleptWhileAtomic:
		'A task went to sleep with a spinlock, preemption off or kmap_atomic in hand. Without CONFIG_PREEMPT_COUNT the kernel does not notice; another task may now wait for that lock for ever.',
	sleptWithIrqsOff: 'A task slept with interrupts off: schedule() switched them on, and they stay on.',
	allocatedWhileAtomic:
		'An allocation that may sleep (GFP_KERNEL) where sleeping is forbidden: use GFP_ATOMIC. It works while memory is plentiful and sleeps when it is not.',
	vmallocEnabledIrqs: 'vmalloc() came back with interrupts on.',
	freedWhileAtomic: 'vfree() may sleep and was called where sleeping is forbidden.',
	atomicOutOfOrder:
		'kunmap_atomic() of another address than the newest one: this kernel takes the newest slot off whatever address it is given, so the wrong page loses its mapping.',
	atomicTooDeep:
		'More kmap_atomic() than this CPU has slots: the next CPU’s slots are used, and both will overwrite each other’s mappings.',
	atomicOnceTooOften: 'kunmap_atomic() once more than kmap_atomic(): the counters are below zero from here on.',
	leftAtomic:
		'The code returned with preemption or page faults still switched off, as a kmap_atomic() without kunmap_atomic() leaves them: the task is killed at its next page fault.',
	leftIrqsOff: 'The code returned with interrupts switched off.',
	kmapLockHeld:
		'The BUG struck while kmap_lock was held and nobody gives it back: the next kmap() of a highmem page on any CPU spins for ever. Until 6.0 that is the next program start.',
	staleSlotUsed:
		'A pkmap slot of count 1 was used after its last kunmap(): it still works, but the next flush takes it away, and the page may belong to somebody else.',
	freedWhileMapped:
		'A page was freed while a pkmap slot still maps it: whoever gets the page next shares it unknowingly.',
	pageFreedTwice:
		'A page was freed once more than it was taken. The kernel notices only when the page changes hands, if ever.',
	objectFreedTwice:
		'An object was freed twice and nothing noticed: the free list now runs in a circle, and kmalloc() will give the same memory to two owners.',
	kfreeInsideObject: 'kfree() of an address inside an object: the next kmalloc() hands out just that address.',
	vfreeInsideArea: 'vfree() of an address inside an area: the whole area is gone.',
	staleTranslation: 'The area is gone, but this CPU still had its translation in the TLB and read the old page.',
	spinsForEver:
		'A spinlock was taken by the CPU that holds it: it spins for ever, and no kernel says so for about 20 seconds.',
};
