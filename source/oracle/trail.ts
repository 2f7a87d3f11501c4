import type { RecordedOperation } from './recording.ts';
import type { Computed, Tally } from './tally.ts';

/** What the replay expects of an operation: by field. */
export type Expected = Readonly<Record<string, Computed | readonly Computed[] | undefined>>;

const LABELS = new Set(['op', 'name', 'what', 'when', 'note', 'after', 'chunk', 'ctx']);

/** The recorded trace, followed operation by operation. */
export class Trail {
	#next = 0;

	constructor(
		readonly operations: readonly RecordedOperation[],
		readonly tally: Tally,
	) {}

	/** The next operation, undefined behind the last. */
	get peek(): RecordedOperation | undefined {
		return this.operations[this.#next];
	}

	get isDone(): boolean {
		return this.#next >= this.operations.length;
	}

	/** The operations from the next one on. */
	ahead(): readonly RecordedOperation[] {
		return this.operations.slice(this.#next);
	}

	/** Whether the next operation is of that kind and has these labels. */
	isNext(op: string, labels: Readonly<Record<string, unknown>> = {}): boolean {
		const next = this.peek;
		return next?.op === op && Object.entries(labels).every(([name, value]) => next[name] === value);
	}

	/** A field of the next operation as a number. */
	number(field: string): number {
		return Number(this.peek?.[field] ?? -1);
	}

	/** A page table entry in the next operation; 0 when there is none. */
	entry(field = 'pte'): bigint {
		return BigInt(String(this.peek?.[field] ?? 0));
	}

	/**
	 * The next operation must be `op`; every field of it that is a value is compared. Texts that only name things
	 * (`what`, `note`) must agree too, but are no values. A field that nobody expects counts as different.
	 */
	expect(op: string, expected: Expected): void {
		const next = this.peek;
		if (next?.op !== op) {
			this.tally.check(`${this.#next} ${op}`, next?.op ?? 'end of the trace', op);
			return;
		}
		for (const [field, recorded] of Object.entries(next)) {
			const isLabel = LABELS.has(field);
			if (isLabel && (field === 'op' || !(field in expected) || expected[field] === recorded)) continue;
			// -1 stands where that kernel gave the probe no access to the value.
			if (recorded === -1 && (field === 'count' || field === 'last_pkmap_nr' || field.startsWith('count_'))) continue;
			this.tally.check(`${this.#next} ${op}.${field}`, recorded, expected[field]);
		}
		this.#next++;
	}

	/** Whatever the replay did not reach is different. */
	finish(): void {
		for (; this.#next < this.operations.length; this.#next++) this.#refuse();
	}

	/** Count operations as different until one of that kind comes. */
	resume(op: string, labels: Readonly<Record<string, unknown>> = {}): boolean {
		const at = this.operations.findIndex(
			(operation, index) =>
				index >= this.#next && operation.op === op && Object.entries(labels).every(([k, v]) => operation[k] === v),
		);
		if (at < 0) return false;
		for (; this.#next < at; this.#next++) this.#refuse();
		return true;
	}

	#refuse(): void {
		const operation = this.operations[this.#next];
		if (!operation) return;
		for (const [field, recorded] of Object.entries(operation)) {
			if (!LABELS.has(field))
				this.tally.check(`${this.#next} ${operation.op}.${field} (not reached)`, recorded, undefined);
		}
	}
}
