import { render } from 'ink';
import { createDashboard } from '../dashboard/create-dashboard.tsx';
import type { DashboardStore } from '../dashboard/store.ts';
import { machineName } from '../machine/machine.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { ScenarioPlayer } from '../scenario/scenario-player.ts';
import { JournalFolder } from '../session/journal/journal-folder.ts';
import type { Session } from '../session/session.ts';
import type { Background } from '../terminal/background.ts';
import type { ColorLevel } from '../terminal/color-level.ts';
import type { FirstPaint } from '../terminal/first-paint.ts';
import { inkOptions } from '../terminal/frame-stdout.ts';
import { TerminalScreen } from '../terminal/terminal-screen.ts';
import type { TerminalSession } from '../terminal/terminal-session.ts';
import type { Opening } from './dashboard-mode.ts';
import type { Io } from './io.ts';
import { JournaledSessions } from './journaled-sessions.ts';
import { Lessons } from './lessons.ts';
import { saveSession } from './save-session.ts';
import { preferSmallFootprint } from './small-footprint.ts';

export interface DashboardOpening extends Opening {
	readonly terminal: TerminalSession;
	readonly painted: FirstPaint;
	readonly colorLevel: ColorLevel;
	readonly background: Background;
	readonly isUnicode: boolean;
	readonly io: Io;
}

/**
 * Boot the machine and run the dashboard until it is quit.
 * @param leaveWords told what shall stay to read on the ordinary screen afterwards.
 * @returns the exit status; rejects with what a component threw.
 */
export const openDashboard = async (
	opening: DashboardOpening,
	leaveWords: (words: string) => void,
): Promise<number> => {
	preferSmallFootprint();
	const { terminal, painted, colorLevel, background, isUnicode, language, io } = opening;
	const readFile = (path: string): string => io.readFile(path).toString();
	const lessons = new Lessons(io);
	let lesson = opening.scenario?.fileName;
	const sessions = new JournaledSessions(opening.isJournaled ? new JournalFolder(io.env) : undefined);
	const { session, notes } = await firstSession(opening, sessions, readFile);
	const screen = new TerminalScreen(terminal, { hasColor: colorLevel > 0, painted });
	return new Promise((resolve, reject) => {
		const { store, controller, element } = createDashboard({
			session,
			openMachine: machine => sessions.open({ machine, readFile }),
			scenario: opening.scenario && new ScenarioPlayer(session, opening.scenario),
			openChanged: machine => sessions.openChanged({ machine, readFile }),
			openLesson: async number => {
				const path = number === undefined ? (lessons.after(lesson) ?? lessons.numbered(1)) : lessons.numbered(number);
				const scenario = parseScenario(readFile(path), path);
				const { machine, bootState } = scenario;
				const lessonSession = await sessions.open({ machine, bootState, readFile });
				lesson = path;
				return { session: lessonSession, scenario: new ScenarioPlayer(lessonSession, scenario) };
			},
			hasNextLesson: () => lessons.after(lesson) !== undefined,
			saveSession: (saved, saving) => saveSession(saved, saving, io),
			size: terminal.size,
			theme: { colorLevel, background, isUnicode },
			language,
			onQuit: status => {
				sessions.end();
				leaveWords([summary(store), ...sayFailure(store, sessions)].join('\n'));
				screen.close();
				ink.unmount();
				resolve(status);
			},
			onRepaint: () => screen.repaint(),
			onSuspend: () => terminal.suspend(),
		});
		terminal.onResize(() => store.resize(terminal.size));
		terminal.onRepaint(() => store.resize(terminal.size));
		if (notes.length > 0) {
			const text = notes.map(store.messages.say).join('; ');
			store.dispatch({ type: 'said', result: { kind: 'note', text } });
		}
		const ink = render(element, inkOptions(screen.stdout, process.stdin));
		// A component that threw: the journal stays as it is, so that the session can be taken up again.
		ink.waitUntilExit().catch((error: unknown) => {
			screen.close();
			reject(error);
		});
		// As if it had been typed: what it prints, how it ended and what is wrong with it stand where they always do.
		if (opening.module !== undefined) controller.run(`insmod ${opening.module}`);
	});
};

/** The session that the dashboard begins with, and what is to be said about it. */
const firstSession = async (
	{ resumed, machine, bootState, notes = [] }: Opening,
	sessions: JournaledSessions,
	readFile: (path: string) => string,
): Promise<{ readonly session: Session; readonly notes: readonly Text[] }> => {
	if (resumed) {
		const { session, note } = await sessions.resume(resumed, readFile);
		return { session, notes: [note] };
	}
	const unfinished = sessions.unfinished();
	const session = await sessions.open({ machine, bootState, readFile });
	return { session, notes: unfinished === undefined ? notes : [...notes, unfinished] };
};

const sayFailure = ({ messages }: DashboardStore, { failure }: JournaledSessions): readonly string[] =>
	failure === undefined ? [] : [`highmem: ${messages.say(failure)}`];

const summary = ({ messages, session: { machine, step } }: DashboardStore): string =>
	messages.say(
		step === 1
			? phrase('highmem: 1 act on {machine}', { machine: machineName(machine) })
			: phrase('highmem: {count} acts on {machine}', { count: step, machine: machineName(machine) }),
	);
