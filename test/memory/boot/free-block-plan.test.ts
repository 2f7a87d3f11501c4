import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, planFreeBlocks } from '../../../source/memory/boot/free-block-plan.ts';

const pagesOf = (blocks: readonly Block[]): Set<number> =>
	new Set(blocks.flatMap(({ pfn, order }) => Array.from({ length: 2 ** order }, (_, page) => pfn + page)));

/** What the buddy lists hold when all but `used` is free and merged. */
const countsOf = (free: readonly Block[], used: readonly Block[], orders: number): number[] => {
	const counts = Array.from({ length: orders }, () => 0);
	const taken = pagesOf(used);
	const count = (pfn: number, order: number): void => {
		const isTouched = Array.from({ length: 2 ** order }, (_, page) => pfn + page).some(page => taken.has(page));
		if (!isTouched) counts[order] = (counts[order] ?? 0) + 1;
		else if (order > 0) {
			count(pfn, order - 1);
			count(pfn + 2 ** (order - 1), order - 1);
		}
	};
	for (const { pfn, order } of free) count(pfn, order);
	return counts;
};

describe('a plan for free lists', () => {
	it('keeps the highest blocks whole and cuts the smallest piece that will do', () => {
		const free = [
			{ pfn: 0, order: 3 },
			{ pfn: 8, order: 3 },
			{ pfn: 16, order: 1 },
		];
		const { used, missing } = planFreeBlocks(free, [1, 0, 0, 1], 0);
		expect(missing).toEqual([0, 0, 0, 0]);
		expect(used).toEqual([
			{ pfn: 16, order: 0 },
			{ pfn: 0, order: 3 },
		]);
	});

	it('says which blocks found no room: two halves of one block would be merged', () => {
		const { missing } = planFreeBlocks([{ pfn: 0, order: 2 }], [0, 2, 0], 0);
		expect(missing).toEqual([0, 1, 0]);
	});

	it('gives single pages out of the smallest blocks in use', () => {
		const { used, singles } = planFreeBlocks([{ pfn: 0, order: 3 }], [0, 0, 1, 0], 2);
		expect(singles).toEqual([0, 1]);
		expect(pagesOf(used)).toEqual(new Set([0, 1, 2, 3]));
		expect(used.filter(({ order }) => order === 0).length).toBeGreaterThanOrEqual(2);
	});

	it('leaves just the wanted counts, whatever a kernel could have had', () => {
		const largest = 5;
		const blocks = fc.array(fc.tuple(fc.integer({ min: 0, max: largest }), fc.boolean()), {
			minLength: 1,
			maxLength: 12,
		});
		fc.assert(
			fc.property(
				blocks,
				fc.array(fc.nat({ max: 400 }), { maxLength: 200 }),
				fc.nat({ max: 40 }),
				(sizes, pages, wanted) => {
					const free = sizes.map(([order], index) => ({ pfn: index * 2 ** (largest + 1), order }));
					const all = [...pagesOf(free)];
					// Some pages in use give counts that are possible.
					const someUsed = pages.map(page => ({ pfn: all[page % all.length] ?? 0, order: 0 }));
					const counts = countsOf(free, someUsed, largest + 1);
					const { used, missing, singles } = planFreeBlocks(free, counts, wanted);
					expect(missing.every(count => count === 0)).toBe(true);
					expect(countsOf(free, used, largest + 1)).toEqual(counts);
					const taken = used.reduce((sum, { order }) => sum + 2 ** order, 0);
					expect(pagesOf(used).size).toBe(taken);
					expect(singles.length).toBe(Math.min(wanted, taken));
				},
			),
			{ numRuns: 500 },
		);
	});
});
