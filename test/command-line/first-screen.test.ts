import { describe, expect, it } from 'vitest';
import { firstScreen } from '../../source/command-line/first-screen.ts';
import { createDashboard } from '../../source/dashboard/create-dashboard.tsx';
import { captionRows } from '../../source/dashboard/lessons/lesson-model.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';
import { Session } from '../../source/session/session.ts';
import { renderInTerminal } from '../helpers/render-in-terminal.ts';
import { shippedLesson } from '../helpers/shipped-lesson.ts';

const SIZES = [
	[60, 16],
	[79, 24],
	[80, 24],
	[100, 30],
	[120, 36],
	[200, 60],
] as const;

/** Rows of the first screen and, as a terminal shows them, of the dashboard's first frame. */
const bothScreens = async (
	id: string,
	[columns, rows]: readonly [number, number],
	{ isUnicode = true, language = 'en' as const, lesson }: Options = {},
) => {
	const session = await Session.open({ machine: lesson?.scenario.machine ?? findMachine(id) });
	const captions = lesson?.scenario.steps.map(step => step.caption[language]) ?? [];
	const painted = firstScreen({
		machine: session.machine,
		layout: session.view.layout,
		size: { columns, rows },
		isUnicode,
		language,
		say: english,
		captionRows: captionRows(captions, columns),
	});
	const { element } = createDashboard({
		session,
		openMachine: async () => session,
		scenario: lesson?.player(session),
		size: { columns, rows },
		theme: { isUnicode },
		language,
	});
	const screen = await renderInTerminal(element, { columns, rows });
	const lines = screen.lines();
	await screen.close();
	return { painted, lines };
};

interface Options {
	readonly isUnicode?: boolean;
	readonly language?: 'en' | 'zh';
	readonly lesson?: ReturnType<typeof shippedLesson>;
}

/** Every character that is painted stays where it is. */
const nothingJumps = ({ painted, lines }: { painted: readonly string[]; lines: readonly string[] }): void => {
	for (const [y, row] of painted.entries()) {
		const line = lines[y] ?? '';
		const kept = [...row].map((character, x) => (character === ' ' ? ' ' : (line[x] ?? ' '))).join('');
		expect(kept.trimEnd()).toBe(row.trimEnd());
	}
};

describe('what is painted before Ink is loaded stands where the first frame draws it', () => {
	it.each(SIZES)('at %i x %i', async (...size) => {
		nothingJumps(await bothScreens('imx6q-2g', size));
		nothingJumps(await bothScreens('imx6q-2g', size, { isUnicode: false }));
		nothingJumps(await bothScreens('imx6q-2g', size, { language: 'zh' }));
	});

	it.each(['debian10-pae-4g', 'old-pc-64m', 'vexpress-a15-lpae-4g', 'i386-6.1-8g-pae'])('on %s', async id => {
		for (const size of SIZES) nothingJumps(await bothScreens(id, size));
	});

	it('with a lesson, which takes rows from the panels', async () => {
		for (const size of SIZES) nothingJumps(await bothScreens('', size, { lesson: shippedLesson('02-kmap-counts') }));
	});

	it('shows the table from 80 columns on', async () => {
		const { painted } = await bothScreens('imx6q-2g', [80, 24]);
		expect(painted[0]).toBe(' highmem  imx6q-2g  Linux 5.5.0 arm  2 GB ');
		expect(painted).toContain('│   pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB) │');
	});
});
