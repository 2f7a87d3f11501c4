import { describe, expect, it } from 'vitest';
import { PANELS } from '../../source/dashboard/panels/panel-model.ts';
import { isTooSmall, layoutScreen } from '../../source/dashboard/screen-layout.ts';

const wishes = { tableRows: 10, pkmapSlots: 512, fixmapRows: () => 12, captionRows: 0, resultRows: 1 };

/** Lines of a lesson's caption and of a result. */
const WISHES = [
	[0, 1],
	[1, 1],
	[4, 3],
	[9, 1],
	[0, 6],
	[4, 6],
] as const;

const panelsAt = (columns: number, rows: number) =>
	layoutScreen({ columns, rows }, 'pkmap', wishes).columns.map(places => places.map(place => place.panel));

describe('the division of the screen', () => {
	it('gives each row and column of the screen to something, at any size, with and without a lesson and a long result', () => {
		for (let columns = 60; columns <= 220; columns += 7) {
			for (let rows = 16; rows <= 70; rows += 3) {
				for (const focus of PANELS) {
					for (const [captionRows, resultRows] of WISHES) {
						const screen = layoutScreen({ columns, rows }, focus, { ...wishes, captionRows, resultRows });
						const width = screen.columns.reduce((sum, places) => sum + (places[0]?.columns ?? 0), 0);
						expect(width).toBe(columns);
						for (const places of screen.columns) {
							expect(places.reduce((sum, place) => sum + place.rows, 0)).toBe(screen.panelRows);
							expect(Math.min(...places.map(place => place.rows))).toBeGreaterThanOrEqual(3);
						}
						expect(1 + screen.panelRows + screen.lessonRows + screen.inspectorRows + screen.resultRows + 2).toBe(rows);
						expect(screen.columns.flat().some(place => place.panel === focus)).toBe(true);
					}
				}
			}
		}
	});

	it('shows the four main panels at 80x24 and larger', () => {
		const main = [
			['layout', 'log'],
			['pkmap', 'fixmap'],
		];
		expect(panelsAt(80, 24)).toEqual(main);
		expect(panelsAt(120, 36)).toEqual(main);
	});

	it('has room for more panels on a large screen', () => {
		expect(panelsAt(200, 60)).toEqual([
			['layout', 'vmalloc', 'log'],
			['pkmap', 'fixmap', 'zones'],
		]);
	});

	it('shows one panel at a time below 80 columns', () => {
		expect(panelsAt(70, 24)).toEqual([['pkmap']]);
	});

	it('has a smallest size', () => {
		expect(isTooSmall({ columns: 60, rows: 16 })).toBe(false);
		expect(isTooSmall({ columns: 59, rows: 16 })).toBe(true);
		expect(isTooSmall({ columns: 60, rows: 15 })).toBe(true);
	});
});
