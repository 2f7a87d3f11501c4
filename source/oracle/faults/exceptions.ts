/** Why a recording cannot be told by the simulated state, or is not reached by the engine. */
export interface FaultException {
	/** Names of cases, and of kernels where not all are meant. */
	readonly cases: RegExp;
	readonly kernels?: RegExp;
	readonly reason: string;
}

const exception = (cases: RegExp, reason: string, kernels?: RegExp): FaultException => ({
	cases,
	reason,
	...(kernels ? { kernels } : {}),
});

/** Cases that the engine does not run at all. */
export const NOT_REACHED: readonly FaultException[] = [
	exception(/^stack_overflow$/, 'frames of compiled code are not simulated'),
	exception(/^oom_high_norecover$/, 'takes the memory of all other programs, which are not simulated'),
];

/** Cases whose end depends on something outside the simulated state. */
export const UNDETERMINED: readonly FaultException[] = [
	exception(/^free_page_kmalloc$/, 'decided by who gets the page next, minutes later'),
	exception(/^kmalloc_overrun$/, 'decided by whom the object behind belongs to', /dbgall/),
	exception(
		/^kfree_twice/,
		'the task dies with the list_lock of the cache: whether another program wants it is its own matter',
		/deb61-armmp\+slub/,
	),
	exception(/^kfree_small_int$/, 'decided by the bytes of a struct page that does not exist'),
	exception(/^kfree_static$/, 'decided by the bytes of a struct page that does not exist', /armmp/),
	exception(/^fail_|^oom_high$/, 'another program asked for memory at that moment'),
	exception(
		/^ka_unbalanced$/,
		'an index below 0 writes into the task itself: what follows depends on what lies there',
		/deb6/,
	),
	exception(/^msleep_hardirq$/, 'the timer interrupt hit insmod itself instead of the idle task', /x86-419-4g/),
	exception(/^deadlock$/, 'the recording was cut before its end', /x86-44/),
	exception(/^uaf_vfree_hot$/, 'the emulator had dropped the translation by itself', /deb510-armmp/),
	exception(/^free_page_wild$/, 'free_pages() of DEBUG_VM checks the address, not the page', /dbgall/),
];

/** The exception that holds for a recording, if one does. */
export const exceptionFor = (
	exceptions: readonly FaultException[],
	kernel: string,
	name: string,
): FaultException | undefined =>
	exceptions.find(({ cases, kernels }) => cases.test(name) && (kernels === undefined || kernels.test(kernel)));
