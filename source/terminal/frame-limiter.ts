import type { Clock } from './clock.ts';

// Two frames may follow each other at once, as one key often brings two (what it did, then what that led to), and a
// right to one more comes back every 36 ms: 29 frames at most in any second.
const burst = 2;
const refillMs = 36;

/** Decides when a frame goes out: the first after a pause at once, in a flood 28 a second, and always the last one. */
export class FrameLimiter {
	readonly #clock: Clock;
	readonly #send: () => void;
	#tokens = burst;
	#refilledAt: number;
	#cancel: (() => void) | undefined;

	constructor(clock: Clock, send: () => void) {
		this.#clock = clock;
		this.#send = send;
		this.#refilledAt = clock.now();
	}

	/** A new frame is there. Several frames of one piece of work are sent as one. */
	request(): void {
		if (this.#cancel !== undefined) return;
		this.#refill();
		const delay = this.#tokens > 0 ? 0 : this.#refilledAt + refillMs - this.#clock.now();
		this.#cancel = this.#clock.after(delay, () => this.flush());
	}

	/** Sends now what waits, if anything does. */
	flush(): void {
		if (this.#cancel === undefined) return;
		this.cancel();
		this.#refill();
		this.#tokens = Math.max(0, this.#tokens - 1);
		this.#send();
	}

	/** Forgets what waits. */
	cancel(): void {
		this.#cancel?.();
		this.#cancel = undefined;
	}

	#refill(): void {
		const now = this.#clock.now();
		const earned = Math.floor((now - this.#refilledAt) / refillMs);
		this.#tokens = Math.min(burst, this.#tokens + earned);
		this.#refilledAt = this.#tokens === burst ? now : this.#refilledAt + earned * refillMs;
	}
}
