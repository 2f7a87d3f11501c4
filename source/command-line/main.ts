import { printable, UserError } from '../machine/user-error.ts';
import { COMMANDS, type Command, type CommandLine, checkFlags, FLAGS } from './flags.ts';
import { helpText } from './help.ts';
import type { Io } from './io.ts';
import { processIo } from './io.ts';
import { STATUS } from './status.ts';

/**
 * Read the command line and run its mode.
 * @returns the exit status; mistakes of the user have been told in one line on standard error.
 */
export const main = async (argv: readonly string[], io: Io = processIo()): Promise<number> => {
	try {
		return await runMode(await parseCommandLine(argv), io);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		io.err(`highmem: ${error.line}\n`);
		return STATUS.wrongUse;
	}
};

const parseCommandLine = async (argv: readonly string[]): Promise<CommandLine> => {
	// Nothing to read is the common case and the one in which every millisecond to the first screen is seen.
	if (argv.length === 0) return { command: 'dashboard', files: [], flags: {} };
	const { default: meow } = await import('meow');
	const { flags, input } = readWithMeow(meow, argv);
	const [first] = input;
	const command = COMMANDS.find(name => name === first);
	return command === undefined
		? { command: 'dashboard', files: input, flags: checkFlags(flags) }
		: { command, files: input.slice(1), flags: checkFlags(flags) };
};

const readWithMeow = (
	meow: typeof import('meow').default,
	argv: readonly string[],
): { flags: Record<string, unknown>; input: string[] } => {
	try {
		return meow({
			importMeta: import.meta,
			argv: [...argv],
			flags: FLAGS,
			booleanDefault: undefined,
			autoHelp: false,
			autoVersion: false,
		});
	} catch (error) {
		// meow throws plain errors for what it refuses itself, such as a flag given twice.
		throw new UserError(
			error instanceof Error ? printable(error.message) : String(error),
			undefined,
			'see highmem --help',
		);
	}
};

const runMode = async (line: CommandLine, io: Io): Promise<number> => {
	if (line.flags.help) {
		io.out(helpText());
		return STATUS.done;
	}
	if (line.flags.version) {
		io.out(`${io.version}\n`);
		return STATUS.done;
	}
	const mode = await MODES[line.command]();
	return mode(line, io);
};

type Mode = (line: CommandLine, io: Io) => Promise<number> | number;

/** Each mode loads only what it needs. */
const MODES: Record<Command, () => Promise<Mode>> = {
	layout: async () => (await import('./layout-mode.ts')).layoutMode,
	machines: async () => (await import('./layout-mode.ts')).machinesMode,
	run: async () => (await import('./run-mode.ts')).runMode,
	record: async () => (await import('./record-mode.ts')).recordMode,
	dashboard: async () => (await import('./dashboard-mode.ts')).dashboardMode,
};
