/** A task that got a slot when slots became free. */
export interface Winner {
	readonly task: string;
	/** Several tasks that wait for one page share its slot. */
	readonly page: string;
	/** -1 where the trace does not tell. */
	readonly slot: number;
}

/** What a stage of the exhaustion test showed. */
export interface Stage {
	/** Slots in the order in which the probe unmapped them. */
	readonly freed: readonly number[];
	/** In the order that the trace tells. */
	readonly winners: readonly Winner[];
	/** Flushes of the stage; -1 where the trace does not tell. */
	readonly flushes: number;
	/** The cursor at the end of the stage; -1 where the trace does not tell. */
	readonly cursor: number;
	/** Number of slots. */
	readonly slots: number;
}

/** One thing that happens: the probe unmaps its next page, or a woken task runs. */
export type Act = 'unmap' | { readonly task: string };

/** Slots of a pkmap that is full but for those freed, as far as the order of tasks needs them. */
class Slots {
	readonly #stale: Set<number>;
	readonly #clean: Set<number>;
	cursor: number;
	flushes = 0;

	constructor(
		readonly count: number,
		stale: Iterable<number> = [],
		clean: Iterable<number> = [],
	) {
		this.cursor = count - 1;
		this.#stale = new Set(stale);
		this.#clean = new Set(clean);
	}

	copy(): Slots {
		const copy = new Slots(this.count, this.#stale, this.#clean);
		copy.cursor = this.cursor;
		copy.flushes = this.flushes;
		return copy;
	}

	free(slot: number): void {
		this.#stale.add(slot);
	}

	/** map_new_virtual. */
	take(): number {
		let slot = lowest(this.#clean, this.cursor);
		if (slot < 0) {
			if (this.#stale.size > 0) this.flushes++;
			for (const stale of this.#stale) this.#clean.add(stale);
			this.#stale.clear();
			slot = lowest(this.#clean, -1);
		}
		this.cursor = slot < 0 ? this.count - 1 : slot;
		this.#clean.delete(slot);
		return slot;
	}
}

const lowest = (slots: ReadonlySet<number>, above: number): number => {
	let least = -1;
	for (const slot of slots) if (slot > above && (least < 0 || slot < least)) least = slot;
	return least;
};

function* permutations<T>(items: readonly T[]): Generator<T[]> {
	if (items.length === 0) yield [];
	for (const [index, item] of items.entries()) {
		for (const tail of permutations(items.filter((_, other) => other !== index))) yield [item, ...tail];
	}
}

/** Steps of the search; a stage that needs more is not explained. */
const MOST_STEPS = 20000;

/** Try every way to put the runs of the winners between the unmaps; a run that does not give its slot leads nowhere. */
const search = (stage: Stage, runs: readonly Winner[]): Act[] | undefined => {
	let steps = 0;
	const go = (before: Slots, unmapped: number, pages: ReadonlyMap<string, number>, run: number): Act[] | undefined => {
		const winner = runs[run];
		const slots = before.copy();
		if (!winner) {
			const isFlushed = stage.flushes < 0 || slots.flushes === stage.flushes;
			const isThere = stage.cursor < 0 || slots.cursor === stage.cursor;
			return isFlushed && isThere ? stage.freed.slice(unmapped).map(() => 'unmap') : undefined;
		}
		for (let at = unmapped; at <= stage.freed.length; at++) {
			if (steps++ > MOST_STEPS) return undefined;
			if (at > 0) {
				const after = slots.copy();
				const slot = pages.get(winner.page) ?? after.take();
				if (slot >= 0 && (winner.slot < 0 || slot === winner.slot)) {
					const rest = go(after, at, new Map(pages).set(winner.page, slot), run + 1);
					if (rest)
						return [...stage.freed.slice(unmapped, at).map(() => 'unmap' as const), { task: winner.task }, ...rest];
				}
			}
			const next = stage.freed[at];
			if (next !== undefined) slots.free(next);
		}
		return undefined;
	};
	return go(new Slots(stage.slots), 0, new Map(), 0);
};

/**
 * An order in which the woken tasks ran that leads to what the trace shows. Which of them wins, and when, nobody can
 * compute, so the order is an input of the replay; everything that follows from it is compared.
 */
export const scheduleOf = (stage: Stage): readonly Act[] => {
	const { winners, freed } = stage;
	for (const runs of permutations(winners)) {
		const acts = search(stage, runs);
		if (acts) return acts;
	}
	return [...freed.map(() => 'unmap' as const), ...winners.map(({ task }) => ({ task }))];
};
