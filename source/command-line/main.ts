import { closest } from '../machine/closest.ts';
import { printable, UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import { COMMANDS, type Command, type CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { processIo } from './io.ts';
import { chosenLanguage, languageOfMistakes } from './language.ts';
import { refuseForeignFlags } from './mode-flags.ts';
import { readArguments } from './read-arguments.ts';
import { STATUS } from './status.ts';

/**
 * Read the command line and run its mode.
 * @returns the exit status; mistakes of the user have been told in one line on standard error.
 */
export const main = async (argv: readonly string[], io: Io = ownIo(argv)): Promise<number> => {
	try {
		return await runMode(await parseCommandLine(argv), io);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		await tell(error, argv, io);
		return STATUS.wrongUse;
	}
};

/** What cannot be printed is told, and ends the command. */
const ownIo = (argv: readonly string[]): Io => {
	const io = processIo(error => void tell(error, argv, io).finally(() => process.exit(STATUS.wrongUse)));
	return io;
};

const tell = async (error: UserError, argv: readonly string[], io: Io): Promise<void> => {
	const say = await sayIn(languageOfMistakes(argv, io.env));
	io.err(`highmem: ${printable(say(error.whole))}\n`);
};

const parseCommandLine = async (argv: readonly string[]): Promise<CommandLine> => {
	// Nothing to read is the common case and the one in which every millisecond to the first screen is seen.
	if (argv.length === 0) return { command: 'dashboard', files: [], flags: {} };
	const { flags, input } = await readArguments(argv);
	const [first] = input;
	const command = COMMANDS.find(name => name === first);
	if (command === undefined && first !== undefined) refuseMistyped(first);
	return command === undefined
		? { command: 'dashboard', files: input, flags }
		: { command, files: input.slice(1), flags };
};

/** A word that is nearly a mode was hardly meant as a file. @throws {UserError} */
const refuseMistyped = (word: string): void => {
	const mode = /^[a-z]+$/i.test(word) ? closest(word, COMMANDS) : undefined;
	if (mode === undefined) return;
	throw new UserError('is neither a mode nor a file', word, phrase('did you mean {mode}?', { mode }));
};

const runMode = async (line: CommandLine, io: Io): Promise<number> => {
	if (line.flags.help) {
		const say = await sayIn(chosenLanguage(line.flags, io.env));
		io.out((await import('./help.ts')).helpText(line.command, say));
		return STATUS.done;
	}
	if (line.flags.version) {
		io.out(`${io.version}\n`);
		return STATUS.done;
	}
	refuseForeignFlags(line);
	const mode = await MODES[line.command]();
	return mode(line, io);
};

type Mode = (line: CommandLine, io: Io) => Promise<number> | number;

/** Each mode loads only what it needs. */
const MODES: Record<Command, () => Promise<Mode>> = {
	layout: async () => (await import('./layout-mode.ts')).layoutMode,
	explain: async () => (await import('./explain-mode.ts')).explainMode,
	compare: async () => (await import('./compare-mode.ts')).compareMode,
	machines: async () => (await import('./layout-mode.ts')).machinesMode,
	run: async () => (await import('./run-mode.ts')).runMode,
	collect: async () => (await import('./collect-mode.ts')).collectMode,
	record: async () => (await import('./record-mode.ts')).recordMode,
	dashboard: async () => (await import('./dashboard-mode.ts')).dashboardMode,
};
