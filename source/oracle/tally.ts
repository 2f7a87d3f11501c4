import { InPart, type InPartName, Skipped, type SkippedName } from './undetermined.ts';

/** A recorded number or text, or a list of them. */
export type Value = number | bigint | string | readonly Value[];

/** What the replay says of a recorded value: the same, a part of it, or nothing. */
export type Computed = Value | Skipped | InPart;

/** One value that differs. */
export interface Difference {
	readonly where: string;
	readonly recorded: string;
	readonly computed: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));

const shown = (value: Value | undefined): string => {
	if (typeof value === 'number')
		return Number.isInteger(value) && value > 9 ? `${value} (0x${value.toString(16)})` : String(value);
	if (typeof value === 'bigint') return `0x${value.toString(16)}`;
	return Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : String(value);
};

const isSame = (recorded: unknown, computed: Value): boolean => {
	if (typeof computed === 'string') return recorded === computed;
	if (typeof recorded === 'number') return BigInt(recorded) === BigInt(computed as number | bigint);
	if (typeof recorded !== 'string' || !/^0x[0-9a-f]+$/.test(recorded)) return false;
	return BigInt(recorded) === BigInt(computed as number | bigint);
};

/** Counts what was compared and what was not. */
export class Tally {
	equal = 0;
	readonly differences: Difference[] = [];
	readonly skipped = new Map<SkippedName, number>();
	/** Of the values compared, those that are so in part. */
	readonly inPart = new Map<InPartName, number>();

	get different(): number {
		return this.differences.length;
	}

	get compared(): number {
		return this.equal + this.different;
	}

	get skippedValues(): number {
		return sumOf(this.skipped);
	}

	get inPartValues(): number {
		return sumOf(this.inPart);
	}

	/** Compare one recorded value, or each of a list. */
	check(where: string, recorded: unknown, computed: Computed | readonly Computed[] | undefined): void {
		if (Array.isArray(recorded)) {
			const list = Array.isArray(computed) ? computed : recorded.map(() => computed as Value | Skipped | undefined);
			for (const [index, one] of recorded.entries()) this.check(`${where}[${index}]`, one, list[index]);
			return;
		}
		if (computed instanceof Skipped) {
			count(this.skipped, computed.name);
			return;
		}
		if (computed instanceof InPart) {
			this.#checkPart(where, computed);
			return;
		}
		if (computed !== undefined && !Array.isArray(computed) && isSame(recorded, computed as Value)) {
			this.equal++;
			return;
		}
		this.differences.push({ where, recorded: text(recorded), computed: shown(computed as Value | undefined) });
	}

	#checkPart(where: string, { name, facts }: InPart): void {
		count(this.inPart, name);
		for (const [fact, [recorded, computed]] of Object.entries(facts)) {
			if (recorded === computed) continue;
			this.differences.push({ where: `${where} (${fact})`, recorded: shown(recorded), computed: shown(computed) });
			return;
		}
		this.equal++;
	}

	/** Add another tally's counts. */
	add(other: Tally): void {
		this.equal += other.equal;
		this.differences.push(...other.differences);
		for (const [name, values] of other.skipped) count(this.skipped, name, values);
		for (const [name, values] of other.inPart) count(this.inPart, name, values);
	}
}

const count = <Name>(counts: Map<Name, number>, name: Name, values = 1): void => {
	counts.set(name, (counts.get(name) ?? 0) + values);
};

const sumOf = (counts: ReadonlyMap<string, number>): number => {
	let sum = 0;
	for (const values of counts.values()) sum += values;
	return sum;
};
