import type { Clock } from '../../source/terminal/clock.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
	#now = 0;
	#timers: { at: number; callback: () => void }[] = [];

	now(): number {
		return this.#now;
	}

	after(delay: number, callback: () => void): () => void {
		const timer = { at: this.#now + Math.max(0, delay), callback };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter(other => other !== timer);
		};
	}

	/** Lets `ms` pass and runs what falls due, in order. */
	advance(ms: number): void {
		const end = this.#now + ms;
		for (;;) {
			const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (due === undefined) break;
			this.#timers = this.#timers.filter(other => other !== due);
			this.#now = Math.max(this.#now, due.at);
			due.callback();
		}
		this.#now = end;
	}
}
