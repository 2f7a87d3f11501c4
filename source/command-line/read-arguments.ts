import { printable, UserError } from '../machine/user-error.ts';
import { phrase, verbatim } from '../phrases/phrase.ts';
import { checkFlags, FLAGS, type Flags, flagName } from './flags.ts';

/**
 * The flags and the other words of a command line.
 * @throws {UserError} for what is no flag, or a flag given twice.
 */
export const readArguments = async (
	argv: readonly string[],
): Promise<{ readonly flags: Flags; readonly input: readonly string[] }> => {
	refuseMisfits(argv);
	const { default: meow } = await import('meow');
	const { flags, input } = readWithMeow(meow, argv.map(keepTogether));
	return { flags: checkFlags(flags), input: input.map(word => word.trim()) };
};

/** What meow would take without a word: `--from` without a path, `--json=3`, both of a pair. @throws {UserError} */
const refuseMisfits = (argv: readonly string[]): void => {
	for (const [at, word] of argv.entries()) {
		if (word === '--from' && /^$|^--?[a-z]/.test(argv[at + 1] ?? '')) checkFlags({ from: [''] });
		const [name = '', value] = word.split('=', 2);
		if (value !== undefined && SWITCHES.has(name)) throw new UserError('takes no value', name, verbatim(name));
		const opposite = name.replace('--', '--no-');
		if (SWITCHES.has(name) && argv.includes(opposite)) {
			throw new UserError(phrase('contradicts {other}', { other: opposite }), name, 'leave one of them away');
		}
	}
};

const SWITCHES: ReadonlySet<string> = new Set(
	Object.entries(FLAGS).flatMap(([key, { type }]) => (type === 'boolean' ? [flagName(key)] : [])),
);

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
		const message = error instanceof Error ? printable(error.message) : String(error);
		const twice = /flag (-\S+) can only be set once/.exec(message)?.[1];
		throw twice === undefined
			? new UserError(verbatim(message), undefined, 'see highmem --help')
			: new UserError('is given twice', twice, 'leave one of them away');
	}
};
