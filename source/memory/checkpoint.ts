/**
 * Checkpoints of a simulation. What its objects hold is recorded, and later put back into the very same objects, so that
 * whatever points at them stays right. Records of what did not change since the checkpoint before are shared with it, and
 * large arrays of numbers by the block: a checkpoint costs what changed.
 */
import { GrowingRecord, makeRecord, type ObjectRecord } from './checkpoint-records.ts';

/** A part of the simulation with private state. The fields that everyone sees are found without its help. */
export interface Kept {
	/** Tell the recorder of everything private that changes. */
	keep(recorder: Recorder): void;
}

/** A state that can be gone back to. */
export class Checkpoint {
	/** @param known The newest record of each object; shared by all checkpoints of a simulation. */
	constructor(
		readonly records: readonly ObjectRecord[],
		readonly known: WeakMap<object, ObjectRecord>,
	) {}

	/** Bring the state back, from any other on the same way through time. */
	restore(): void {
		for (const record of this.records) {
			record.restore();
			this.known.set(record.target, record);
		}
	}
}

/** Takes the checkpoints of one simulation. */
export class CheckpointTaker {
	readonly #known = new WeakMap<object, ObjectRecord>();

	/** @param tell Tells the recorder where the state begins. */
	take(tell: (recorder: Recorder) => void): Checkpoint {
		const recorder = new Recorder(this.#known);
		tell(recorder);
		return new Checkpoint(recorder.records, this.#known);
	}
}

/** Collects the records of one checkpoint. */
export class Recorder {
	readonly records: ObjectRecord[] = [];
	readonly #known: WeakMap<object, ObjectRecord>;
	readonly #seen = new Set<object>();

	constructor(known: WeakMap<object, ObjectRecord>) {
		this.#known = known;
	}

	/** Leave an object and what only it leads to alone: it never changes. */
	skip(...objects: readonly object[]): void {
		for (const object of objects) this.#seen.add(object);
	}

	/** Record an object, its private state, and all that they lead to. */
	walk(start: object): void {
		const waiting: object[] = [start];
		for (let object = waiting.pop(); object; object = waiting.pop()) {
			if (this.#seen.has(object)) continue;
			for (const inner of this.#record(object).contents) {
				if (typeof inner === 'object' && inner !== null && !this.#seen.has(inner)) waiting.push(inner);
			}
			if (isKept(object)) object.keep(this);
		}
	}

	/** Record what an object, list, map, set or array of numbers holds, but nothing that it leads to. */
	note(object: object): void {
		if (!this.#seen.has(object)) this.#record(object);
	}

	/** Record a private field that is given other values. */
	value<T>(now: T, set: (value: T) => void): void {
		this.records.push({ target: set, contents: NOTHING, isCurrent: () => false, restore: () => set(now) });
	}

	/** Record a list whose items never change and that only grows, for as long as time does not go back. */
	growing(list: unknown[]): void {
		if (this.#seen.has(list)) return;
		this.#seen.add(list);
		const before = this.#known.get(list);
		this.#add(new GrowingRecord(list, before instanceof GrowingRecord ? before : undefined));
	}

	#record(object: object): ObjectRecord {
		this.#seen.add(object);
		const before = this.#known.get(object);
		const record = before?.isCurrent() ? before : makeRecord(object, before);
		if (record !== before) this.#known.set(object, record);
		this.records.push(record);
		return record;
	}

	#add(record: ObjectRecord): void {
		this.#known.set(record.target, record);
		this.records.push(record);
	}
}

const NOTHING: readonly unknown[] = [];

const isKept = (object: object): object is Kept => 'keep' in object && typeof object.keep === 'function';
