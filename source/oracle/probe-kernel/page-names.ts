import type { Pfn } from '../../machine/address.ts';
import type { Computed } from '../tally.ts';
import { type Facts, InPart } from '../undetermined.ts';

/**
 * Which recorded page each page of the replay stands for. The recording cannot tell what lay in the free lists, so the
 * first sight of a page only names it; wherever the same page of the replay comes back, the recorded number must too.
 */
export class PageNames {
	readonly #names = new Map<number, number>();
	readonly #expected = new Set<number>();

	/** The replay and the recording are known to mean the same page. */
	tell(pfn: number, recorded = pfn): void {
		this.#names.set(pfn, recorded);
	}

	/** The page lies beside known ones that came together with it, so it should be the very one. */
	expect(pfn: number): void {
		this.#expected.add(pfn);
	}

	/** The recorded page that a page stands for, if that is known. */
	known(pfn: number): number | undefined {
		return this.#names.get(pfn);
	}

	/** Nothing that lies in the free lists is known any more, unless `isKept`: its order there depends on its neighbours. */
	forget(isKept: (pfn: number) => boolean = () => false): void {
		for (const pfn of this.#names.keys()) if (!isKept(pfn)) this.#names.delete(pfn);
	}

	/**
	 * What to compare with the recorded number of a page.
	 * @param facts What is determined of it at its first sight.
	 */
	recorded(pfn: Pfn, recorded: number, facts: Facts): Computed {
		const known = this.#names.get(pfn);
		if (known !== undefined) return known;
		if (this.#expected.has(pfn) && pfn === recorded) {
			this.tell(pfn, recorded);
			return pfn;
		}
		this.tell(pfn, recorded);
		return new InPart('page frame', facts);
	}
}
