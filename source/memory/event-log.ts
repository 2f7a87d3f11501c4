import type { Recorder } from './checkpoint.ts';
import { EVENT_FIELDS, type EventType, type KernelEvent } from './event-types.ts';

export type EventListener = (event: KernelEvent) => void;

const TYPES = Object.keys(EVENT_FIELDS) as EventType[];
const FIELD_NAMES = TYPES.map(type => Object.entries(EVENT_FIELDS[type]));

/** Small number under which an event type is stored in the ring. */
export const eventCode = (type: EventType): number => TYPES.indexOf(type);

// One record in the ring: [origin, time, field 1 .. field 4]. Who did what is one number, `origin`, so that a record is
// six stores: type code + cpu * 2^8 + task * 2^16.
const STRIDE = 6;
const CPU_UNIT = 2 ** 8;
const TASK_UNIT = 2 ** 16;

/**
 * The newest events, as numbers in a ring, and the listeners. Recording an event makes no object; one is made for
 * listeners, if there are any, and for whoever reads the log.
 */
export class EventLog {
	#ring: Float64Array;
	#listeners: EventListener[] = [];
	#texts: string[] = [];
	#textIds = new Map<string, number>();
	/** Number of events since boot; the next event's `seq`. */
	count = 0;
	timeNs = 0;
	#cpu = 0;
	#task = 0;
	/** CPU and task of the next event, as they stand in a record. */
	#origin = 0;
	/** Whether anyone listens. */
	#isHeard = false;

	readonly #mask: number;

	/** @param capacity How many events are kept; a power of two. */
	constructor(readonly capacity = 1 << 14) {
		this.#mask = capacity - 1;
		this.#ring = new Float64Array(capacity * STRIDE);
	}

	keep(recorder: Recorder): void {
		// Texts keep their numbers: a number that was given is not given to another text.
		recorder.walk(this.#ring);
	}

	get cpu(): number {
		return this.#cpu;
	}

	set cpu(id: number) {
		this.#cpu = id;
		this.#origin = id * CPU_UNIT + this.#task * TASK_UNIT;
	}

	/** pid of the task that makes the next event. */
	get task(): number {
		return this.#task;
	}

	set task(pid: number) {
		this.#task = pid;
		this.#origin = this.#cpu * CPU_UNIT + pid * TASK_UNIT;
	}

	/** Number for a text field of an event. */
	textId(text: string): number {
		let id = this.#textIds.get(text);
		if (id === undefined) {
			id = this.#texts.push(text) - 1;
			this.#textIds.set(text, id);
		}
		return id;
	}

	record(code: number, first = 0, second = 0, third = 0, fourth = 0): void {
		const ring = this.#ring;
		const at = (this.count & this.#mask) * STRIDE;
		ring[at] = code + this.#origin;
		ring[at + 1] = this.timeNs;
		ring[at + 2] = first;
		ring[at + 3] = second;
		ring[at + 4] = third;
		ring[at + 5] = fourth;
		this.count++;
		if (this.#isHeard) this.#tell(this.count - 1);
	}

	/** Call `listener` for every event from now on. Returns the function that ends it. */
	subscribe(listener: EventListener): () => void {
		this.#listeners = [...this.#listeners, listener];
		this.#isHeard = true;
		return () => {
			this.#listeners = this.#listeners.filter(other => other !== listener);
			this.#isHeard = this.#listeners.length > 0;
		};
	}

	/** The event of that sequence number, if it is still in the ring. */
	at(seq: number): KernelEvent | undefined {
		if (seq < 0 || seq >= this.count || seq < this.count - this.capacity) return undefined;
		const at = (seq & (this.capacity - 1)) * STRIDE;
		const record = this.#ring.subarray(at, at + STRIDE);
		const [origin = 0, time = 0] = record;
		const code = origin % CPU_UNIT;
		const event: Record<string, unknown> = {
			type: TYPES[code],
			seq,
			time,
			cpu: Math.floor((origin % TASK_UNIT) / CPU_UNIT),
			task: Math.floor(origin / TASK_UNIT),
		};
		for (const [index, [name, kind]] of (FIELD_NAMES[code] ?? []).entries()) {
			const value = record[2 + index] ?? 0;
			event[name] = kind === 'text' ? this.#texts[value] : value;
		}
		return event as unknown as KernelEvent;
	}

	/** The newest `limit` events, oldest first. */
	*latest(limit: number): Generator<KernelEvent> {
		for (let seq = Math.max(0, this.count - Math.min(limit, this.capacity)); seq < this.count; seq++) {
			const event = this.at(seq);
			if (event) yield event;
		}
	}

	#tell(seq: number): void {
		const event = this.at(seq);
		if (!event) return;
		for (const listener of this.#listeners) listener(event);
	}
}
