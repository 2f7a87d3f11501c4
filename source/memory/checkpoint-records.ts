/** What one object held at one time. */
export interface ObjectRecord {
	readonly target: object;
	/** What it led to. */
	readonly contents: readonly unknown[];
	/** Whether the object holds just that now. */
	isCurrent(): boolean;
	restore(): void;
}

/** A record of what `object` holds, which may share with the one before. */
export const makeRecord = (object: object, before: ObjectRecord | undefined): ObjectRecord => {
	if (ArrayBuffer.isView(object))
		return new NumbersRecord(object, before instanceof NumbersRecord ? before : undefined);
	if (Array.isArray(object)) return new ListRecord(object);
	if (object instanceof Map) return new MapRecord(object);
	if (object instanceof Set) return new SetRecord(object);
	return new FieldsRecord(object as Record<string, unknown>);
};

class FieldsRecord implements ObjectRecord {
	readonly contents: readonly unknown[];
	readonly #keys: readonly string[];

	constructor(readonly target: Record<string, unknown>) {
		this.#keys = Object.keys(target);
		this.contents = Object.values(target);
	}

	isCurrent(): boolean {
		const { target, contents } = this;
		const keys = this.#keys;
		for (let index = 0; index < keys.length; index++) {
			if (!Object.is(target[keys[index] as string], contents[index])) return false;
		}
		return Object.keys(target).length === keys.length;
	}

	restore(): void {
		const { target } = this;
		for (const key of Object.keys(target)) if (!this.#keys.includes(key)) delete target[key];
		for (const [index, key] of this.#keys.entries()) {
			// What never changes may be read-only.
			if (!Object.is(target[key], this.contents[index])) target[key] = this.contents[index];
		}
	}
}

class ListRecord implements ObjectRecord {
	readonly contents: readonly unknown[];

	constructor(readonly target: unknown[]) {
		this.contents = target.slice();
	}

	isCurrent(): boolean {
		const { target } = this;
		if (target.length !== this.contents.length) return false;
		for (let index = 0; index < target.length; index++) if (target[index] !== this.contents[index]) return false;
		return true;
	}

	restore(): void {
		if (this.isCurrent()) return;
		this.target.length = 0;
		for (const item of this.contents) this.target.push(item);
	}
}

class MapRecord implements ObjectRecord {
	/** Keys and values by turns. */
	readonly contents: readonly unknown[];

	constructor(readonly target: Map<unknown, unknown>) {
		const contents: unknown[] = [];
		for (const [key, value] of target) contents.push(key, value);
		this.contents = contents;
	}

	isCurrent(): boolean {
		if (this.target.size * 2 !== this.contents.length) return false;
		let index = 0;
		for (const [key, value] of this.target) {
			if (this.contents[index++] !== key || this.contents[index++] !== value) return false;
		}
		return true;
	}

	restore(): void {
		if (this.isCurrent()) return;
		this.target.clear();
		for (let index = 0; index < this.contents.length; index += 2) {
			this.target.set(this.contents[index], this.contents[index + 1]);
		}
	}
}

class SetRecord implements ObjectRecord {
	readonly contents: readonly unknown[];

	constructor(readonly target: Set<unknown>) {
		this.contents = [...target];
	}

	isCurrent(): boolean {
		if (this.target.size !== this.contents.length) return false;
		let index = 0;
		for (const item of this.target) if (item !== this.contents[index++]) return false;
		return true;
	}

	restore(): void {
		if (this.isCurrent()) return;
		this.target.clear();
		for (const item of this.contents) this.target.add(item);
	}
}

const NOTHING: readonly unknown[] = [];

type Words = Int32Array | Uint8Array;

const BLOCK = 1024;

/** The memory of an array of numbers, in words where it divides into words. */
const wordsOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Words =>
	byteOffset % 4 === 0 && byteLength % 4 === 0
		? new Int32Array(buffer, byteOffset, byteLength / 4)
		: new Uint8Array(buffer, byteOffset, byteLength);

const isSame = (words: Words, start: number, block: Words): boolean => {
	for (let index = 0; index < block.length; index++) if (words[start + index] !== block[index]) return false;
	return true;
};

class NumbersRecord implements ObjectRecord {
	readonly contents = NOTHING;
	readonly #words: Words;
	readonly #blocks: readonly Words[];

	constructor(
		readonly target: ArrayBufferView,
		before: NumbersRecord | undefined,
	) {
		this.#words = before ? before.#words : wordsOf(target);
		const known = before ? before.#blocks : [];
		const blocks: Words[] = [];
		for (let start = 0; start < this.#words.length; start += BLOCK) {
			const old = known[start / BLOCK];
			blocks.push(old && isSame(this.#words, start, old) ? old : this.#words.slice(start, start + BLOCK));
		}
		this.#blocks = blocks;
	}

	isCurrent(): boolean {
		return this.#blocks.every((block, index) => isSame(this.#words, index * BLOCK, block));
	}

	restore(): void {
		for (const [index, block] of this.#blocks.entries()) this.#words.set(block, index * BLOCK);
	}
}

/** The items that came since the record before; going forward again takes them from the records on the way. */
export class GrowingRecord implements ObjectRecord {
	readonly contents = NOTHING;
	readonly from: number;
	readonly items: readonly unknown[];
	readonly #before: GrowingRecord | undefined;

	constructor(
		readonly target: unknown[],
		before: GrowingRecord | undefined,
	) {
		this.#before = before;
		this.from = before ? before.#length : 0;
		this.items = target.slice(this.from);
	}

	get #length(): number {
		return this.from + this.items.length;
	}

	isCurrent(): boolean {
		return this.target.length === this.#length;
	}

	restore(): void {
		const { target } = this;
		if (target.length > this.#length) target.length = this.#length;
		const missing: GrowingRecord[] = [];
		let record: GrowingRecord | undefined = this;
		while (record && record.#length > target.length) {
			missing.push(record);
			record = record.#before;
		}
		for (const { items, from } of missing.reverse()) {
			for (let index = target.length - from; index < items.length; index++) target.push(items[index]);
		}
	}
}
