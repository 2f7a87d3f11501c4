import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pfn } from '../../source/machine/address.ts';
import { checkPageInvariants } from '../../source/memory/invariants/page-invariants.ts';
import { NO_PAGE } from '../../source/memory/operations.ts';
import { boot } from '../memory/machines-for-pages.ts';

const act = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant('alloc' as const),
			order: fc.integer({ min: 0, max: 6 }),
			flags: fc.nat(3),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('alloc' as const),
			order: fc.integer({ min: 7, max: 11 }),
			flags: fc.nat(3),
		}),
	},
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('free' as const), which: fc.nat() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('cpu' as const), which: fc.nat(3) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const) }) },
);

const machines = ['imx6q-2g', 'bbb-512m-3.8', 'laptop-2g-nopae', 'i386-6.1-8g-pae', 'a20-1g-3gopt', 'rpi1-512m'];

describe('any program of allocations and frees', () => {
	it.each(machines)('keeps the pages of %s in order', id => {
		fc.assert(
			fc.property(fc.array(act, { maxLength: 300 }), program => {
				const { context, pages, gfp } = boot(id);
				const flagSets = [
					gfp.kernel,
					gfp.kernel | gfp.highmem,
					gfp.kernel | gfp.highmem | gfp.movable,
					gfp.kernel | gfp.dma,
				];
				const before = pages.zones.map(zone => ({ free: zone.free, blocks: Array.from(zone.freeBlocks) }));
				// The reference: a plain map of what is out.
				const out = new Map<number, number>();
				const owners = new Map<number, number>();
				const giveBack = (pfn: number, order: number) => {
					out.delete(pfn);
					for (let at = pfn; at < pfn + 2 ** order; at++) owners.delete(at);
					pages.freePages(pfn as Pfn, order);
				};
				for (const step of program) {
					if (step.do === 'alloc') {
						const pfn = pages.allocPages((flagSets[step.flags] ?? 0) | gfp.nowarn, step.order);
						if (pfn === NO_PAGE) continue;
						expect(pfn % 2 ** step.order).toBe(0);
						for (let at: number = pfn; at < pfn + 2 ** step.order; at++) {
							expect(owners.has(at)).toBe(false);
							owners.set(at, pfn);
						}
						expect(pages.isHighmem(pfn) && (step.flags === 0 || step.flags === 3)).toBe(false);
						expect(pages.isAllocated(pfn)).toBe(true);
						out.set(pfn, step.order);
					} else if (step.do === 'free') {
						const [pfn, order] = [...out][step.which % Math.max(1, out.size)] ?? [];
						if (pfn !== undefined && order !== undefined) giveBack(pfn, order);
					} else if (step.do === 'cpu') context.switchCpu(step.which % context.cpus.length);
					else pages.drainAll();
				}
				expect(checkPageInvariants(pages)).toEqual([]);
				for (const [pfn, order] of [...out]) giveBack(pfn, order);
				pages.drainAll();
				expect(checkPageInvariants(pages)).toEqual([]);
				expect(pages.zones.map(zone => ({ free: zone.free, blocks: Array.from(zone.freeBlocks) }))).toEqual(before);
			}),
			{ numRuns: 20, seed: 1 },
		);
	});
});
