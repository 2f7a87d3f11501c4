import type { KernelEvent } from '../../../source/memory/event-types.ts';

const FNV_PRIME = 0x01000193;

/** A hash of every event, field by field: two runs with the same hash did the same things in the same order. */
export class EventHash {
	count = 0;
	/** How many there were of each type. */
	readonly types = new Map<string, number>();
	#low = 0x811c9dc5;
	#high = 0x9e3779b9;
	readonly #texts = new Map<string, number>();

	readonly hear = (event: KernelEvent): void => {
		this.count++;
		this.types.set(event.type, (this.types.get(event.type) ?? 0) + 1);
		for (const value of Object.values(event)) {
			if (typeof value === 'number') this.#mix(value);
			else if (typeof value === 'string') this.#mix(this.#ofText(value));
		}
	};

	/** 16 hex digits. */
	get value(): string {
		return [this.#high, this.#low].map(part => (part >>> 0).toString(16).padStart(8, '0')).join('');
	}

	#mix(value: number): void {
		const upper = Math.floor(value / 2 ** 32);
		this.#low = Math.imul(this.#low ^ (value | 0), FNV_PRIME);
		this.#high = Math.imul(this.#high ^ upper ^ (this.#low >>> 15), FNV_PRIME);
	}

	#ofText(text: string): number {
		let hash = this.#texts.get(text);
		if (hash === undefined) {
			hash = 0x811c9dc5;
			for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
			this.#texts.set(text, hash);
		}
		return hash;
	}
}
