/** Time for the terminal layer, so that tests and recordings can use a time of their own. Milliseconds. */
export interface Clock {
	now(): number;
	/** Runs `callback` after `delay`; at 0, as soon as the running piece of work is done. Returns a way to cancel it. */
	after(delay: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
	now: () => performance.now(),
	after(delay, callback) {
		if (delay <= 0) {
			const immediate = setImmediate(callback);
			return () => clearImmediate(immediate);
		}
		const timer = setTimeout(callback, delay);
		return () => clearTimeout(timer);
	},
};
