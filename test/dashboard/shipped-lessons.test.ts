import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultRows } from '../../source/dashboard/command-bar/result-model.ts';
import { lessonNext } from '../../source/dashboard/lessons/lesson-control.ts';
import { lessonRows } from '../../source/dashboard/lessons/lesson-model.ts';
import { Theme } from '../../source/dashboard/painting/theme.ts';
import { DashboardStore } from '../../source/dashboard/store.ts';
import { Session } from '../../source/session/session.ts';
import { shippedLesson } from '../helpers/shipped-lesson.ts';
import { plain } from './render-dashboard.tsx';

const LESSONS = readdirSync('scenarios/lessons').map(file => file.replace('.yaml', ''));
const SIZE = { columns: 80, rows: 24 };

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** The dashboard's store on a shipped lesson, before its first step. */
const storeOn = async (name: string, language: 'en' | 'zh'): Promise<DashboardStore> => {
	const { scenario, player } = shippedLesson(name);
	const session = await Session.open({ machine: scenario.machine, bootState: scenario.bootState, readFile });
	const theme = new Theme({ colorLevel: 0 });
	return new DashboardStore({ session, scenario: player(session), size: SIZE, theme, language });
};

const squeezed = (text: string): string => text.replace(/\s+/g, '');

describe('every shipped lesson in a terminal of 80x24', () => {
	it.each(LESSONS.flatMap(name => [[name, 'en'] as const, [name, 'zh'] as const]))(
		'%s (%s) goes as it says, with captions and results that can be read whole',
		async (name, language) => {
			const store = await storeOn(name, language);
			const { scenario } = store;
			for (let step = 1; step <= (scenario?.length ?? 0); step++) {
				lessonNext(store);
				expect(scenario?.index).toBe(step);
				expect(scenario?.result?.failures).toEqual([]);
				const { screen } = store;
				const [, ...caption] = lessonRows(store, SIZE.columns, screen.lessonRows);
				expect(squeezed(caption.join(''))).toBe(squeezed(scenario?.caption(language) ?? ''));
				const { result } = store.getState();
				if (result.kind !== 'warning') continue;
				const rows = resultRows(store, SIZE.columns, screen.resultRows);
				expect(squeezed(rows.join(''))).toBe(squeezed(`! ${result.text}`));
			}
		},
	);
});

describe('a step that says walk', () => {
	it('shows the page walk of that address', async () => {
		const store = await storeOn('08-tlbs-and-costs', 'en');
		for (let step = 0; step < 3; step++) lessonNext(store);
		const { place, model } = store.focused;
		expect(place.panel).toBe('walk');
		expect(plain(model.paintRow(0, -1)).trimEnd()).toBe(
			' 0xff001000, pkmap: tables of the kernel, swapper_pg_dir 0x017cc000 (cpu1)',
		);
	});
});
