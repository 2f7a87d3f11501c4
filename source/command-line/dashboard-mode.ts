import { computeLayout } from '../layout/compute-layout.ts';
import type { Layout } from '../layout/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { Language } from '../phrases/language.ts';
import { asPhrase, english, phrase, type Say, type Text } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { StoredJournal } from '../session/journal/journal-folder.ts';
import { applyColorLevel, detectColorLevel } from '../terminal/color-level.ts';
import { firstPaint } from '../terminal/first-paint.ts';
import type { ScreenSize } from '../terminal/screen-diff.ts';
import { TerminalSession } from '../terminal/terminal-session.ts';
import { hasUnicode } from '../terminal/unicode.ts';
import { chosenBackground } from './chosen-background.ts';
import { chosenStart } from './chosen-start.ts';
import { firstScreen } from './first-screen.ts';
import type { CommandLine, Flags } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { noteReport } from './log-report.ts';
import { chosenBoard, chosenMachine, isMachineChosen } from './machine-flags.ts';
import { ownMistake } from './own-mistake.ts';
import type { Board } from './read-log.ts';
import type { StartState } from './start-state.ts';
import { STATUS } from './status.ts';

/** What the dashboard opens on: everything that can be wrong with the command line has been read by then. */
export interface Opening {
	readonly machine: Machine;
	readonly bootState: BootState | undefined;
	readonly scenario: Scenario | undefined;
	/** A module to load at once. */
	readonly module: string | undefined;
	readonly language: Language;
	/** What is to be said of it once the dashboard stands, beside what standard error has of it. */
	readonly notes?: readonly Text[];
	/** A session of the past to go on with. */
	readonly resumed?: StoredJournal | undefined;
	/** Whether a journal of the session is wanted. */
	readonly isJournaled: boolean;
}

/** `highmem [FILE]`: the dashboard. The table is on the screen before Ink and the kernel are loaded. */
export const dashboardMode = async (given: CommandLine, io: Io): Promise<number> => {
	const line = withBoardFile(given);
	if (given.flags.resume) refuseBesideResume(given, io);
	// A dumb terminal, such as an editor's shell window, has no cursor to move.
	if (!io.isTerminal || io.env.TERM === 'dumb') return withoutTerminal(line, io);
	const opening = await readOpening(line, io);
	const { machine, language } = opening;
	const layout = computeLayout(machine);
	refuseUnbootable(machine, layout);
	const isUnicode = hasUnicode(io.env, line.flags.ascii);
	const colorLevel = detectColorLevel(io.env, line.flags.color !== false);
	const background = chosenBackground(line.flags.background, io.env);
	applyColorLevel(colorLevel, io.env);
	let lastWords: string | undefined;
	let say: Say = english;
	const terminal = new TerminalSession({
		lastWords: () => lastWords,
		describeCrash: error => ownMistake(error, say),
	});
	const captionRows = await captionRowsOf(opening, terminal.size);
	// A ready-made machine is called the same in every language, so that nothing need be loaded to say it.
	if (machine.origin !== undefined) say = await sayIn(language);
	const painted = firstPaint(
		terminal,
		firstScreen({ machine, layout, size: terminal.size, isUnicode, language, captionRows, say }),
	);
	try {
		say = await sayIn(language);
		const { openDashboard } = await import('./open-dashboard.ts');
		return await openDashboard({ ...opening, terminal, painted, colorLevel, background, isUnicode, io }, words => {
			lastWords = words;
		});
	} catch (error) {
		if (error instanceof UserError) throw error;
		terminal.leave();
		io.err(`${ownMistake(error, say)}\n`);
		return STATUS.failed;
	} finally {
		terminal.leave();
	}
};

/** @throws {UserError} for a machine whose kernel dies before there is anything to show. */
const refuseUnbootable = ({ title }: Machine, { bootFailure }: Layout): void => {
	if (bootFailure === undefined) return;
	throw new UserError(
		phrase('this kernel would not boot: {why}', { why: asPhrase(bootFailure) }),
		title,
		'highmem explain and highmem layout still show its borders',
	);
};

/** Wrapping is loaded for lessons only: all others see the table sooner without it. */
const captionRowsOf = async ({ scenario, language }: Opening, { columns }: ScreenSize): Promise<number> => {
	if (!scenario) return 0;
	const { captionRows } = await import('../dashboard/lessons/lesson-model.ts');
	return captionRows(
		scenario.steps.map(step => step.caption[language]),
		columns,
	);
};

/** A pipe never gets the dashboard: a file is run, and without one the table is printed. */
const withoutTerminal = async (line: CommandLine, io: Io): Promise<number> => {
	if (line.files.length > 0) return (await import('./run-mode.ts')).runMode(line, io);
	const say = await sayIn(chosenLanguage(line.flags, io.env));
	const note = `${say(phrase('note: {note}', { note: phrase('no terminal that can be drawn on, so this is `highmem layout`') }))}\n`;
	let isNoted = false;
	// What is wrong with the machine is told alone, so the note waits for the table.
	const out = (text: string): void => {
		if (!isNoted) io.err(note);
		isNoted = true;
		io.out(text);
	};
	return (await import('./layout-mode.ts')).layoutMode(line, { ...io, out });
};

/** A scenario ends in .yaml and a module in .c; what else is given is a log, or a folder, of a board. */
const withBoardFile = (line: CommandLine): CommandLine => {
	const { files, flags } = line;
	const [file] = files;
	if (files.length !== 1 || file === undefined || /\.(?:c|ya?ml)$/.test(file)) return line;
	return { ...line, files: [], flags: { ...flags, from: [...(flags.from ?? []), file] } };
};

/** Notes are told before the screen is taken: they are there again when it is given back. */
const startedState = async (flags: Flags, io: Io, board: Board | undefined, machine: Machine): Promise<StartState> => {
	const started = await chosenStart(flags, io, board, machine);
	if (started.notes.length > 0) io.err(noteReport(started.notes, await sayIn(chosenLanguage(flags, io.env))));
	return started;
};

/** What a resumed session brings along cannot be given beside it. @throws {UserError} */
const refuseBesideResume = ({ files, flags }: CommandLine, io: Io): void => {
	if (!io.isTerminal) throw new UserError('needs a terminal', '--resume');
	const [file] = files;
	if (file !== undefined) throw new UserError('no file can be opened beside --resume', file, 'leave one of them away');
	if (isMachineChosen(flags) || flags.bootState !== undefined) {
		throw new UserError('brings its own machine and boot state', '--resume', 'leave the flags of the machine away');
	}
};

/** @throws {UserError} when there is no session to go on with. */
const resumedOpening = async (flags: Flags, io: Io): Promise<Opening> => {
	// Loaded only here: no other first screen waits for what reads journals.
	const { JournalFolder } = await import('../session/journal/journal-folder.ts');
	const resumed = new JournalFolder(io.env).newest();
	if (!resumed) throw new UserError('there is no session to go on with', '--resume', 'highmem begins a new one');
	const { machine, bootState } = resumed.session;
	const language = chosenLanguage(flags, io.env);
	return {
		machine,
		bootState,
		scenario: undefined,
		module: undefined,
		language,
		resumed,
		isJournaled: isJournaled(flags),
	};
};

const isJournaled = (flags: Flags): boolean => flags.journal !== false;

const readOpening = async ({ files, flags }: CommandLine, io: Io): Promise<Opening> => {
	const [file, extra] = files;
	if (extra !== undefined) throw new UserError('the dashboard opens one file', extra, 'highmem run takes several');
	const language = chosenLanguage(flags, io.env);
	if (flags.resume) return resumedOpening(flags, io);
	const board = chosenBoard(flags, io);
	const machine = chosenMachine(flags, io, board);
	const { bootState, notes } = await startedState(flags, io, board, machine);
	const base = {
		machine,
		bootState,
		notes,
		scenario: undefined,
		module: undefined,
		language,
		isJournaled: isJournaled(flags),
	};
	if (file === undefined) return base;
	const text = io.readFile(file).toString();
	if (file.endsWith('.c')) return { ...base, module: file };
	const { parseScenario } = await import('../scenario/parse-scenario.ts');
	const scenario = parseScenario(text, file);
	return {
		...base,
		scenario,
		machine: isMachineChosen(flags) ? machine : scenario.machine,
		bootState: bootState ?? scenario.bootState,
	};
};
