import { describe, expect, it } from 'vitest';
import { fixmapModel, fixmapSlotAt } from '../../../source/dashboard/panels/fixmap-model.ts';
import { contextOf, plainRows } from '../model-context.ts';

describe('the fixmap grid', () => {
	it('has a row for each CPU, then the other slots by name', () => {
		const model = fixmapModel(contextOf({}, 40));
		expect(plainRows(model).map(row => row.trimEnd())).toEqual([
			'cpu0    >........ ........',
			'cpu1     ........ ........',
			'ffeff000 r EARLYCON_MEM_BASE',
			'ffefe000 r HOLE',
		]);
	});

	it('tells used, stale and free slots apart without colour, and marks what is new', () => {
		const fixmap = [
			{ index: 2, state: 'stale' as const },
			{ index: 3, state: 'used' as const, changedAt: 4 },
		];
		const model = fixmapModel(contextOf({ fixmap, step: 4 }, 27));
		expect(plainRows(model, 0, 1)).toEqual(['cpu0    >~#...... ........*']);
		expect(model.newest).toBe(1);
	});

	it('names CPU and depth of the slot under the cursor', () => {
		const { view } = contextOf({}, 27);
		expect(fixmapSlotAt(view, 17)).toMatchObject({ cpu: 1, depth: 1, index: 19 });
		expect(fixmapSlotAt(view, 32)).toMatchObject({ name: 'FIX_EARLYCON_MEM_BASE' });
	});
});
