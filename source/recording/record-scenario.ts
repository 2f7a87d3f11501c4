import type { Controller } from '../dashboard/controller.ts';
import type { ThemeOptions } from '../dashboard/painting/theme.ts';
import type { DashboardStore } from '../dashboard/store.ts';
import { printable, UserError } from '../machine/user-error.ts';
import type { Language } from '../phrases/language.ts';
import type { Text } from '../phrases/phrase.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ScenarioPlayer } from '../scenario/scenario-player.ts';
import type { Session } from '../session/session.ts';
import { applyColorLevel } from '../terminal/color-level.ts';
import type { ScreenSize } from '../terminal/screen-diff.ts';
import { AnnouncedScenario } from './announced-scenario.ts';
import type { CastVersion } from './asciicast-writer.ts';
import { readingTime, typingTimes } from './pace.ts';
import type { Recorder } from './record-element.ts';

export interface RecordScenarioOptions {
	/** A fresh exploration of the machine to play on. */
	readonly session: Session;
	readonly scenario: Scenario;
	/** @default 100 x 30 */
	readonly size?: ScreenSize | undefined;
	/** @default 'en' */
	readonly language?: Language | undefined;
	/** @default 256 colours, box-drawing borders */
	readonly theme?: ThemeOptions | undefined;
	/** Version of the asciicast file. @default 2 */
	readonly version?: CastVersion | undefined;
}

export interface Recording {
	/** The asciicast file. */
	readonly cast: string;
	/** What went otherwise than the scenario says, one line each; empty when all is well. */
	readonly failures: readonly Text[];
}

const defaultSize: ScreenSize = { columns: 100, rows: 30 };
const colorLevel = 2;
// From a caption to the first key, from the last key to Enter, and from Enter to the result being looked at.
const beforeTyping = 900;
const beforeEnter = 350;
const afterEnter = 600;

/**
 * The dashboard playing a scenario, as an asciicast: each step's caption comes, its statements are typed, and the
 * result stays as long as the caption takes to read. No terminal, no clock: the same input gives the same bytes.
 * @throws {UserError} when a step of the scenario is not valid
 */
export const recordScenario = async ({
	session,
	scenario,
	size = defaultSize,
	language = 'en',
	theme = { colorLevel },
	version,
}: RecordScenarioOptions): Promise<Recording> => {
	// Before Ink is loaded, which looks at the terminal and the environment for its colours.
	applyColorLevel(colorLevel, process.env);
	const [{ createDashboard }, { recordElement }] = await Promise.all([
		import('../dashboard/create-dashboard.tsx'),
		import('./record-element.ts'),
	]);
	const player = new ScenarioPlayer(session, scenario);
	const announced = new AnnouncedScenario(player);
	const { store, controller, element } = createDashboard({
		session,
		scenario: announced,
		size,
		language,
		theme,
		openMachine: async ({ id }) => {
			throw new UserError('a recording stays on one machine', id, 'give it as machine: in the scenario');
		},
	});
	const failures: Text[] = [];
	const title = printable(player.title(language));
	const cast = await recordElement(element, { size, title, version }, async recorder => {
		recorder.mark(title);
		await recorder.capture();
		recorder.wait(readingTime(title));
		for (let step = announced.announce(); step !== undefined; step = announced.announce()) {
			const caption = printable(step.caption[language]);
			recorder.mark(caption);
			await type(step.acts.map(({ text }) => text).join(' '), store, controller, recorder);
			playStep(store, controller, player);
			await recorder.capture();
			recorder.wait(afterEnter + readingTime(caption));
			failures.push(...(player.result?.failures ?? []));
		}
	});
	store.dispose();
	return { cast, failures };
};

/** Types statements into the command bar, and clears it again: running them is for the scenario. */
async function type(text: string, store: DashboardStore, controller: Controller, recorder: Recorder): Promise<void> {
	const { line } = store.getState();
	const typed = text.replace(/\s+/g, ' ').trim();
	// Also what makes the new caption appear.
	store.dispatch({ type: 'typing', where: typed === '' ? undefined : 'command' });
	await recorder.capture();
	recorder.wait(beforeTyping);
	const times = typingTimes(typed);
	for (const [index, character] of [...typed].entries()) {
		controller.input(character, {});
		recorder.wait(times[index] ?? 0);
		await recorder.capture();
	}
	if (typed !== '') recorder.wait(beforeEnter);
	store.dispatch({ type: 'line', line });
	store.dispatch({ type: 'typing', where: undefined });
}

/** Does the step as the Space key does. @throws {UserError} that kept it from being done */
function playStep(store: DashboardStore, controller: Controller, player: ScenarioPlayer): void {
	const before = player.index;
	controller.press('space', ' ');
	if (player.index > before) return;
	const { result } = store.getState();
	throw result.kind === 'error' ? result.error : new Error(`step ${before + 1} was not played`);
}
