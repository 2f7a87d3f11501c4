import { printable, UserError } from '../machine/user-error.ts';
import { verbatim } from '../phrases/phrase.ts';
import { checkFlags, FLAGS, type Flags } from './flags.ts';

/**
 * The flags and the other words of a command line.
 * @throws {UserError} for what is no flag, or a flag given twice.
 */
export const readArguments = async (
	argv: readonly string[],
): Promise<{ readonly flags: Flags; readonly input: readonly string[] }> => {
	const { default: meow } = await import('meow');
	const { flags, input } = readWithMeow(meow, argv.map(keepTogether));
	return { flags: checkFlags(flags), input: input.map(word => word.trim()) };
};

/** Standard input is a value too: `--from -` becomes `--from=-`, since a lone dash would be read as a file. */
const joinDashes = (argv: readonly string[]): string[] =>
	argv.flatMap((word, index) => {
		const isBefore = word === '--from' && argv[index + 1] === '-';
		const isAfter = word === '-' && argv[index - 1] === '--from';
		return isAfter ? [] : [isBefore ? '--from=-' : word];
	});

/** Flags in quotes are one word, a machine for `compare`: a blank before them keeps them from being read as a flag. */
const keepTogether = (word: string): string => (/^--?[\w-]+\s/.test(word) ? ` ${word}` : word);

const readWithMeow = (
	meow: typeof import('meow').default,
	argv: readonly string[],
): { flags: Record<string, unknown>; input: string[] } => {
	try {
		return meow({
			importMeta: import.meta,
			argv: joinDashes(argv),
			flags: FLAGS,
			booleanDefault: undefined,
			autoHelp: false,
			autoVersion: false,
		});
	} catch (error) {
		// meow throws plain errors for what it refuses itself, such as a flag given twice.
		throw new UserError(
			verbatim(error instanceof Error ? printable(error.message) : String(error)),
			undefined,
			'see highmem --help',
		);
	}
};
