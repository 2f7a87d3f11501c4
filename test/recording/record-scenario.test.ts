import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDashboard } from '../../source/dashboard/create-dashboard.tsx';
import type { Language } from '../../source/phrases/language.ts';
import { english } from '../../source/phrases/phrase.ts';
import { recordScenario } from '../../source/recording/record-scenario.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import type { Scenario } from '../../source/scenario/scenario.ts';
import { ScenarioPlayer } from '../../source/scenario/scenario-player.ts';
import { Session } from '../../source/session/session.ts';
import { renderInTerminal } from '../helpers/render-in-terminal.ts';
import { readCast, replay } from '../helpers/replay.ts';
import { VirtualTerminal } from '../helpers/virtual-terminal.ts';

const size = { columns: 100, rows: 30 };
const file = 'scenarios/lessons/02-kmap-counts.yaml';
const lesson = parseScenario(readFileSync(file, 'utf8'), file);

const openSession = ({ machine, bootState }: Scenario) =>
	Session.open({ machine, bootState, readFile: path => readFileSync(path, 'utf8') });

const record = async (scenario = lesson, language: Language = 'en') =>
	recordScenario({ session: await openSession(scenario), scenario, size, language });

describe('the recording of a lesson', async () => {
	const { cast, failures } = await record();

	it('finds all expectations met', () => {
		expect(failures).toEqual([]);
	});

	it('has a mark for the title and one for each step, named by its caption', () => {
		const marks = readCast(cast)
			.events.filter(({ kind }) => kind === 'm')
			.map(({ data }) => data);
		expect(marks).toEqual([lesson.title.en, ...lesson.steps.map(step => step.caption.en)]);
	});

	it('shows at first the lesson before its first step', async () => {
		const screen = await replay(cast, 0);
		expect(screen.text()).toContain('lowmem');
		expect(screen.text()).toContain(lesson.title.en);
	});

	it('shows the caption while the statement is typed', async () => {
		const [step] = lesson.steps;
		const marks = readCast(cast).events.filter(({ kind }) => kind === 'm');
		const screen = await replay(cast, marks[1]?.time ?? 0);
		expect(screen.text().replaceAll(/\s+/g, ' ')).toContain(step?.caption.en.slice(0, 60));
	});

	it('has times that never run backwards', () => {
		const times = readCast(cast).events.map(({ time }) => time);
		expect(times).toEqual(times.toSorted((a, b) => a - b));
	});

	it('gives the same bytes each time', async () => {
		expect((await record()).cast).toBe(cast);
		expect((await record()).cast).toBe(cast);
	});

	it('ends on the screen that the live dashboard shows at the end of the lesson', async () => {
		const session = await openSession(lesson);
		const { element, store } = createDashboard({
			session,
			scenario: new ScenarioPlayer(session, lesson),
			openMachine: () => openSession(lesson),
			size,
		});
		const live = await renderInTerminal(element, size);
		for (let step = 0; step < lesson.steps.length; step++) await live.press(' ');
		const expected = live.host.terminal.picture();
		await live.close();
		store.dispose();
		expect((await replay(cast)).picture()).toEqual(expected);
	});

	// asciinema wants a terminal even to print a recording.
	const missing = ['asciinema', 'script'].find(tool => spawnSync(tool, ['--version']).error !== undefined);
	it.skipIf(missing !== undefined)(
		`is played by asciinema to the same screen${missing ? ` (no ${missing})` : ''}`,
		async () => {
			const folder = mkdtempSync(join(tmpdir(), 'highmem-cast-'));
			writeFileSync(join(folder, 'lesson.cast'), cast);
			const { stdout, status } = spawnSync('script', ['-qec', 'stty -opost; asciinema cat lesson.cast', '/dev/null'], {
				cwd: folder,
				encoding: 'utf8',
				env: { ...process.env, LC_ALL: 'C.UTF-8' },
				input: '',
			});
			rmSync(folder, { recursive: true });
			expect(status).toBe(0);
			const terminal = new VirtualTerminal(size.columns, size.rows);
			terminal.write(stdout);
			await terminal.settle();
			expect(terminal.picture()).toEqual((await replay(cast)).picture());
		},
	);
});

it('in Chinese the captions are Chinese', async () => {
	const { cast } = await record(lesson, 'zh');
	expect((await replay(cast)).text()).toContain(lesson.steps.at(-1)?.caption.zh.slice(0, 5));
});

it('tells what went otherwise than the scenario says', async () => {
	const text = 'title: {en: t, zh: t}\nmachine: imx6q-2g\nsteps:\n  - caption: {en: c, zh: c}\n    expect: [1 == 2]\n';
	const { failures } = await record(parseScenario(text, 'wrong.yaml'));
	expect(failures.map(english)).toEqual([expect.stringContaining('wrong.yaml:5')]);
});

it('a statement that is not valid ends the recording with its place in the file', async () => {
	const text =
		'title: {en: t, zh: t}\nmachine: imx6q-2g\nsteps:\n  - caption: {en: c, zh: c}\n    do: no_such_function()\n';
	await expect(record(parseScenario(text, 'wrong.yaml'))).rejects.toThrow(/no_such_function/);
});
