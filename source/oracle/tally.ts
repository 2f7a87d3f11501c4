/** A recorded number or text, or a list of them. */
export type Value = number | bigint | string | readonly Value[];

/** Why a value is not compared: a name of `SKIPPED`. */
export class Skipped {
	constructor(readonly name: SkippedName) {}
}

/**
 * Values that a recording holds and that no state it shows determines, each with the reason. A name is counted for every
 * value that is left out under it. Where such a value says something about the state (a page, a CPU, a free object), the
 * replay takes it as an input, and compares everything that follows from it.
 */
export const SKIPPED = {
	'address in the image': 'where the linker, the module loader and fork put this code and these objects',
	'managed pages': 'how much of the zone the boot kept for itself',
	'freed init data': 'the variable was in the init section, which is poisoned memory by then',
	mem_map: 'boot allocations above it: the initrd and the early page tables',
	'object of a used slab': 'order of a free list that others had used before: first sight of the object',
	'object of a random free list': 'the kernel shuffles the free list of each slab: first sight of the object',
	'free block': 'which blocks of that size were free at that time: first sight of the block',
	'page frame': 'which page the allocator had at hand: first sight of the page',
	'page taken by others': 'other tasks took pages of the same list in between',
	'pages taken in turn': 'how the zones shared the requests, which depends on what others took',
	'free pages': 'how many pages were free at that time',
	'CPU of the task': 'where the scheduler had put the task: first sight of another CPU',
	'pkmap cursor': 'kmaps before the probe: first sight of the cursor',
	'table of the process':
		'whether the process had touched that part of the kernel before: its own table is filled by faults',
	'winner of a wake-up': 'which of the woken tasks runs first',
	'moment of a wake-up': 'how many slots were freed before the woken task ran',
	jiffies: 'time of the recording: first sight of a moment',
	'start of a hole': 'where others had left the vmalloc space free: first sight of the hole',
	'shape of the tree':
		'which free blocks the search for an aligned range passes: the tree of free blocks has grown with all that others did',
	'ranges of others': 'ranges that others had freed lazily before the probe',
	'turns of the purge worker': 'when the worker that purges lazily freed ranges gets to run',
	'kernel text': 'how the image is mapped depends on its size and on build options',
} as const satisfies Record<string, string>;

export type SkippedName = keyof typeof SKIPPED;

export const skip = (name: SkippedName): Skipped => new Skipped(name);

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

	get different(): number {
		return this.differences.length;
	}

	get compared(): number {
		return this.equal + this.different;
	}

	get skippedValues(): number {
		let sum = 0;
		for (const count of this.skipped.values()) sum += count;
		return sum;
	}

	/** Compare one recorded value, or each of a list. */
	check(where: string, recorded: unknown, computed: Value | Skipped | readonly (Value | Skipped)[] | undefined): void {
		if (Array.isArray(recorded)) {
			const list = Array.isArray(computed) ? computed : recorded.map(() => computed as Value | Skipped | undefined);
			for (const [index, one] of recorded.entries()) this.check(`${where}[${index}]`, one, list[index]);
			return;
		}
		if (computed instanceof Skipped) {
			this.skipped.set(computed.name, (this.skipped.get(computed.name) ?? 0) + 1);
			return;
		}
		if (computed !== undefined && !Array.isArray(computed) && isSame(recorded, computed as Value)) {
			this.equal++;
			return;
		}
		this.differences.push({ where, recorded: text(recorded), computed: shown(computed as Value | undefined) });
	}

	/** Add another tally's counts. */
	add(other: Tally): void {
		this.equal += other.equal;
		this.differences.push(...other.differences);
		for (const [name, count] of other.skipped) this.skipped.set(name, (this.skipped.get(name) ?? 0) + count);
	}
}
