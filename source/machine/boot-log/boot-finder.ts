/** Bytes of one boot that are read: the layout stands in the first few hundred lines. */
const WINDOW_BYTES = 1024 * 1024;
/** The release, its compiler and its date alone take more. */
const SHORTEST_BOOT_BYTES = 128;
const MARKER = 'Linux version ';
const MARKER_BYTES = Uint8Array.from(MARKER, character => character.charCodeAt(0));
const FIRST_BYTE = MARKER_BYTES[0];
const LINE_FEED = 10;
const ZERO = 0x30;
const NINE = 0x39;

/** The part of a log that belongs to one boot. */
export interface BootText {
	/** From the kernel's first words on, or from the start of a log whose head is missing. */
	readonly text: string;
	/** Line of the log, counted from 1, in which the text begins. */
	readonly firstLine: number;
	/** Whether the boot was recorded as far as its memory was counted. */
	readonly isComplete: boolean;
	/** Which boot of the log it is, from 1; 0 when the log's head is missing. */
	readonly ordinal: number;
}

interface Window {
	readonly chunks: Uint8Array[];
	bytes: number;
	readonly firstLine: number;
	readonly ordinal: number;
}

/**
 * Finds the boots in a log of any size that comes in pieces, and keeps one window at a time: each byte is looked at
 * once, and memory stays bounded whatever the log holds.
 */
export class BootFinder {
	#line = 1;
	#matched = 0;
	#boots = 0;
	#window: Window | undefined = { chunks: [], bytes: 0, firstLine: 1, ordinal: 0 };
	#complete: BootText | undefined;
	#last: BootText | undefined;

	/** How many boots began. */
	get boots(): number {
		return this.#boots;
	}

	push(chunk: Uint8Array): void {
		let windowStart = 0;
		let matched = this.#matched;
		let line = this.#line;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] ?? 0;
			if (byte === LINE_FEED) line++;
			if (matched === MARKER.length) {
				matched = 0;
				if (byte >= ZERO && byte <= NINE) {
					this.#begin(chunk.subarray(windowStart, at), line);
					windowStart = at;
				}
			} else if (byte === MARKER_BYTES[matched]) matched++;
			else matched = byte === FIRST_BYTE ? 1 : 0;
		}
		this.#matched = matched;
		this.#line = line;
		this.#collect(chunk.subarray(windowStart));
	}

	/** The last complete boot, or the last one at all. */
	finish(): BootText | undefined {
		this.#close();
		return this.#complete ?? this.#last;
	}

	/** A new boot begins behind `part`, the rest of the one before. */
	#begin(part: Uint8Array, line: number): void {
		this.#boots++;
		const isTooShort = (this.#window?.bytes ?? 0) + part.length < SHORTEST_BOOT_BYTES;
		// A log may hold nothing but such lines, millions of them.
		if (!isTooShort || this.#boots === 1) {
			this.#collect(part);
			this.#close();
		}
		this.#window = { chunks: [MARKER_BYTES], bytes: MARKER.length, firstLine: line, ordinal: this.#boots };
	}

	#collect(part: Uint8Array): void {
		const window = this.#window;
		if (!window || window.bytes >= WINDOW_BYTES || part.length === 0) return;
		// A copy: the caller may use its buffer again.
		const kept = new Uint8Array(part.subarray(0, WINDOW_BYTES - window.bytes));
		window.chunks.push(kept);
		window.bytes += kept.length;
	}

	#close(): void {
		const window = this.#window;
		this.#window = undefined;
		if (!window) return;
		const text = decode(window.chunks, window.bytes);
		const isComplete = /emory layout:|Memory: {1,3}\d/.test(text);
		const found = { text, firstLine: window.firstLine, isComplete, ordinal: window.ordinal };
		if (isComplete) this.#complete = found;
		if (window.ordinal > 0 || isComplete || this.#boots === 0) this.#last = found;
	}
}

const decode = (chunks: readonly Uint8Array[], length: number): string => {
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return new TextDecoder('utf-8').decode(bytes);
};
