import { type Pfn, pfn as pfnOf } from '../../machine/address.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { type Facts, InPart } from '../undetermined.ts';

/** Pages of HighMem that the probe holds: those that the trace names, and others in the place of those it does not. */
export class ProbePages {
	/** Pages by the probe's number: H0, H1, ... */
	readonly held: Pfn[] = [];
	readonly #named = new Map<number, Pfn>();
	/** Pages whose number the trace has told, or that it has been compared with. */
	readonly #told = new Set<number>();
	readonly #standIns = new Set<number>();

	constructor(trail: Trail) {
		for (const { op, page, pfn, ...rest } of trail.operations) {
			if (op === 'highmem_pages')
				for (const index of [0, 1, 2]) this.#named.set(index, pfnOf(Number(rest[`H${index}_pfn`])));
			if (op === 'kmap' && typeof pfn === 'number') this.#named.set(Number(String(page).slice(1)), pfnOf(pfn));
		}
	}

	/** The page of that number, or a page that stands for one whose number the trace does not tell. */
	take(index: number, standIn: Pfn): Pfn {
		const named = this.#named.get(index);
		if (named === undefined) this.#standIns.add(standIn);
		const page = named ?? standIn;
		this.held[index] = page;
		return page;
	}

	/** The page that goes on where the two before leave off, or -1 when these are no neighbours. */
	nextInRun(index: number): number {
		const [last, before] = [this.held[index - 1] ?? -1, this.held[index - 2] ?? -1];
		return before >= 0 && Math.abs(last - before) === 1 ? 2 * last - before : -1;
	}

	/** Whether the trace names that page, with whatever number. */
	isName(pfn: number): boolean {
		return [...this.#named.values()].some(named => named === pfn);
	}

	isNamed(index: number): boolean {
		return this.#named.has(index);
	}

	/** Whether a page only stands for one that the trace does not name. */
	isStandIn(pfn: number): boolean {
		return this.#standIns.has(pfn);
	}

	/** What to compare with a recorded page number: nothing at its first sight. */
	number(pfn: Pfn, facts: Facts): Computed {
		const isNeighbour = this.nextInRun(this.held.indexOf(pfn)) === pfn;
		if (this.#told.has(pfn) || isNeighbour) return pfn;
		this.#told.add(pfn);
		return new InPart('page frame', facts);
	}

	/** The trace has told this page. @returns whether it had before. */
	tell(pfn: number): boolean {
		const was = this.#told.has(pfn);
		this.#told.add(pfn);
		return was;
	}
}
