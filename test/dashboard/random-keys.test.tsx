import fc from 'fast-check';
import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { BINDINGS, Command } from '../../source/dashboard/keys.ts';
import { displayWidth } from '../../source/dashboard/painting/text.ts';
import { renderDashboard } from './render-dashboard.tsx';
import { staticSession } from './static-session.ts';

afterEach(cleanup);

const keys = [
	...new Set(BINDINGS.filter(({ command }) => command !== Command.LessonNext).flatMap(binding => binding.keys)),
];
const texts = ['kmap', 'goto 0xbfe20000', 'goto 0xc0000000', 'help', 'x', '高端', 'pfn 0x40001', '0xffefe000'];
const sizes = [
	{ columns: 80, rows: 24 },
	{ columns: 61, rows: 17 },
	{ columns: 59, rows: 10 },
	{ columns: 131, rows: 40 },
	{ columns: 200, rows: 60 },
];

const act = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom(...keys).map(key => ({ key })) },
	{ weight: 3, arbitrary: fc.constantFrom(...texts).map(text => ({ text })) },
	{ weight: 1, arbitrary: fc.constantFrom(...sizes).map(size => ({ size })) },
);

describe('whatever keys are pressed', () => {
	it('the screen keeps its size, and every cursor stays on an item', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom('imx6q-2g', 'rpi1-512m'),
				fc.array(act, { maxLength: 40 }),
				async (machine, acts) => {
					const dashboard = renderDashboard({ session: staticSession({ machine }) });
					const { store, controller } = dashboard;
					for (const step of acts) {
						if ('size' in step) store.resize(step.size);
						else if ('text' in step) controller.input(step.text, {});
						else controller.press(step.key, step.key.length === 1 ? step.key : '');
					}
					await dashboard.press('');
					const { size } = store.getState();
					expect(dashboard.rows()).toHaveLength(size.rows);
					expect(Math.max(...dashboard.rows().map(displayWidth))).toBeLessThanOrEqual(size.columns);
					const { cursor, model, scroll, visibleRows } = store.focused;
					if (model.itemCount > 0) {
						expect(cursor).toBeLessThan(model.itemCount);
						const row = model.rowOf(cursor);
						expect(row).toBeGreaterThanOrEqual(scroll);
						if (visibleRows > 0) expect(row).toBeLessThan(scroll + visibleRows);
					}
					dashboard.unmount();
				},
			),
			{ numRuns: 60, seed: 1 },
		);
	});
});
