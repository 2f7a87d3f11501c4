/** Exit status of the command: part of the command line's contract. */
export const STATUS = {
	done: 0,
	/** An expectation or a module failed, or the simulated kernel oopsed. */
	failed: 1,
	/** Wrong usage or unreadable input. */
	wrongUse: 2,
} as const;
