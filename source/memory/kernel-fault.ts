import type { Text } from '../phrases/phrase.ts';

/** What a fault of the simulated kernel leads to. */
export type FaultVerdict =
	/** The running task is killed; the rest goes on. */
	| 'killed'
	/** The whole machine stops. */
	| 'panic'
	/** Nothing stops, often without a word: the CPU runs in a circle for ever. */
	| 'spins';

/**
 * A BUG, an oops or a panic of the simulated kernel. The kernel log already holds the kernel's words when it is thrown;
 * whoever runs the current task ends it.
 */
export class KernelFault extends Error {
	override readonly name = 'KernelFault';

	/**
	 * @param message The first line the kernel printed: `kernel BUG at mm/highmem.c:310!`.
	 * @param reason The rule that was broken, in plain words: `kunmap of a page whose count is already 1`.
	 */
	constructor(
		message: string,
		readonly reason: Text,
		readonly verdict: FaultVerdict = 'killed',
	) {
		super(message);
	}
}
