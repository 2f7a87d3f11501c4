import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VirtualAddress } from '../../source/machine/address.ts';
import { checkPageInvariants, checkSlabInvariants } from '../../source/memory/invariants/page-invariants.ts';
import { boot } from '../memory/machines-for-pages.ts';

const act = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			do: fc.constant('kmalloc' as const),
			bytes: fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 70000 })),
		}),
	},
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('kfree' as const), which: fc.nat() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('cpu' as const), which: fc.nat(3) }) },
);

const machines = ['imx6q-2g', 'rpi1-512m', 'laptop-2g-nopae', 'i386-6.1-8g-pae', 'ubuntu904-2.5g'];

describe('slabs of one size that fill and empty', () => {
	it.each(machines)('never lose an object on %s', id => {
		const one = fc.record({ isFree: fc.boolean(), which: fc.nat(), cpu: fc.nat(9) });
		fc.assert(
			fc.property(fc.array(one, { minLength: 300, maxLength: 600 }), program => {
				const { context, pages, slab, gfp } = boot(id);
				const live: VirtualAddress[] = [];
				// Fill first, then free more than is taken, so that slabs become empty and go back.
				const first = Array.from({ length: 150 }, () => slab.kmalloc(4096, gfp.kernel));
				live.push(...first);
				for (const { isFree, which, cpu } of program) {
					context.switchCpu(cpu < context.cpus.length ? cpu : 0);
					if (isFree || which % 3 === 0) {
						const [address] = live.splice(which % Math.max(1, live.length), 1);
						if (address !== undefined) slab.kfree(address);
					} else live.push(slab.kmalloc(4096, gfp.kernel));
				}
				expect(new Set(live).size).toBe(live.length);
				expect(checkSlabInvariants(slab)).toEqual([]);
				for (const address of live) slab.kfree(address);
				expect(checkSlabInvariants(slab)).toEqual([]);
				expect(checkPageInvariants(pages)).toEqual([]);
			}),
			{ numRuns: 10, seed: 1 },
		);
	});
});

describe('any program of kmalloc and kfree', () => {
	it.each(machines)('keeps the objects of %s apart', id => {
		fc.assert(
			fc.property(fc.array(act, { maxLength: 400 }), program => {
				const { context, machine, pages, slab, gfp } = boot(id);
				const live = new Map<VirtualAddress, number>();
				for (const step of program) {
					if (step.do === 'kmalloc') {
						const address = slab.kmalloc(step.bytes, gfp.kernel);
						const size = slab.ksize(address);
						expect(size).toBeGreaterThanOrEqual(step.bytes);
						expect(address % Math.min(machine.kmallocMinBytes, size)).toBe(0);
						if ((size & (size - 1)) === 0) expect(address % Math.min(size, 4096)).toBe(0);
						for (const [start, bytes] of live) {
							expect(address + size <= start || start + bytes <= address).toBe(true);
						}
						live.set(address, size);
					} else if (step.do === 'kfree') {
						const address = [...live.keys()][step.which % Math.max(1, live.size)];
						if (address === undefined) continue;
						live.delete(address);
						slab.kfree(address);
					} else context.switchCpu(step.which % context.cpus.length);
				}
				expect(checkSlabInvariants(slab)).toEqual([]);
				expect(checkPageInvariants(pages)).toEqual([]);
				for (const address of live.keys()) slab.kfree(address);
				expect(checkSlabInvariants(slab)).toEqual([]);
				expect(slab.view.caches.every(({ activeObjects }) => activeObjects === 0)).toBe(true);
			}),
			{ numRuns: 30, seed: 1 },
		);
	});
});
