import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alignUp, virtual } from '../../source/machine/address.ts';
import { VmapArea } from '../../source/memory/vmalloc/vmap-area.ts';
import { VmapAreas } from '../../source/memory/vmalloc/vmap-areas.ts';

const PAGE = 4096;
const FROM = 0x10000;
const TO = FROM + 200 * PAGE;

const area = (start: number, pages: number) =>
	new VmapArea(virtual(start), pages * PAGE, { kind: 'vmalloc', caller: '', pages, step: 0 });

/** The lowest fit, looked for address by address. */
const slowFit = (areas: readonly VmapArea[], bytes: number, align: number, from: number): number => {
	for (let at = alignUp(from, align); at + bytes <= TO; at += align) {
		if (areas.every(one => at + bytes <= one.start || at >= one.end)) return at;
	}
	return -1;
};

it('areas stay in order, are found by address, and the lowest fit is the one a slow search finds', () => {
	const step = fc.record({
		isRemoval: fc.boolean(),
		choice: fc.nat(),
		pages: fc.integer({ min: 1, max: 9 }),
		alignShift: fc.constantFrom(12, 12, 13, 15),
		skip: fc.integer({ min: 0, max: 40 }),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 120 }), steps => {
			const areas = new VmapAreas();
			let held: VmapArea[] = [];
			for (const { isRemoval, choice, pages, alignShift, skip } of steps) {
				if (isRemoval && held.length > 0 && skip > 30) {
					// As a purge of many does it.
					const gone = held.filter((_, index) => (index + choice) % 3 > 0);
					held = held.filter(one => !gone.includes(one));
					for (const one of gone) areas.removeOfMany(one);
					areas.rebuild();
				} else if (isRemoval && held.length > 0) {
					const [gone] = held.splice(choice % held.length, 1);
					if (gone) areas.remove(gone);
				} else {
					const from = FROM + skip * PAGE;
					const found = areas.lowestFit(pages * PAGE, 1 << alignShift, from, TO);
					expect(found).toBe(slowFit(held, pages * PAGE, 1 << alignShift, from));
					if (found < 0) continue;
					const taken = area(found, pages);
					areas.insert(taken);
					held = [...held, taken].sort((a, b) => a.start - b.start);
				}
				expect([...areas]).toEqual(held);
				for (const one of held) expect(areas.containing(one.end - 1)).toBe(one);
				expect(areas.containing(TO)).toBeNull();
			}
		}),
		{ numRuns: 60 },
	);
});
