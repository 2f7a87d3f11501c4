import { compareMachines } from '../layout/compare/compare.ts';
import { comparisonJson } from '../layout/compare/compare-json.ts';
import { comparisonLines } from '../layout/compare/compare-text.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import { explainWordsIn } from '../messages/explain-words.ts';
import type { CommandLine, Flags } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { chosenMachine, isMachineChosen } from './machine-flags.ts';
import { readArguments } from './read-arguments.ts';
import { STATUS } from './status.ts';

const USAGE = 'highmem compare imx6q-1g "imx6q-1g --vmalloc 512M", or highmem compare imx6q-1g --vmalloc 512M';

/** `highmem compare A B`: two machines side by side; `compare A FLAGS`: a machine beside itself with the flags. */
export const compareMode = async ({ files, flags }: CommandLine, io: Io): Promise<number> => {
	const [first, second, extra] = files;
	if (first === undefined || extra !== undefined)
		throw new UserError('compares two machines', extra ?? 'compare', USAGE);
	const isChanged = isMachineChosen(flags);
	if (second === undefined ? !isChanged : isChanged) {
		const message = second === undefined ? 'needs a second machine' : 'which of the two machines do the flags change?';
		throw new UserError(message, 'compare', USAGE);
	}
	const a = await sideOf(first, {}, io);
	const b = second === undefined ? await sideOf(first, flags, io) : await sideOf(second, {}, io);
	const named = second === undefined ? { ...b, name: `${first} ${flagsText(flags)}` } : b;
	const comparison = compareMachines(a, named);
	const words = explainWordsIn(chosenLanguage(flags, io.env));
	const text = flags.json
		? JSON.stringify(comparisonJson(comparison), undefined, 2)
		: comparisonLines(comparison, words).join('\n');
	io.out(`${text}\n`);
	return STATUS.done;
};

/** A machine from one word of the command line: `imx6q-2g`, `--machine imx6q-2g --vmalloc 512M`, or `imx6q-2g --vmalloc 512M`. */
const sideOf = async (text: string, more: Flags, io: Io): Promise<{ name: string; machine: Machine }> => {
	const { flags, input } = await readArguments(wordsOf(text));
	const [id, extra] = input;
	if (extra !== undefined) throw new UserError('is one word too many', extra, USAGE);
	if (id !== undefined && flags.machine !== undefined) throw new UserError('names two machines', text, USAGE);
	return {
		name: text,
		machine: chosenMachine({ ...flags, ...(id === undefined ? {} : { machine: id }), ...more }, io),
	};
};

/** Words of a quoted string; quotes inside it keep blanks together: `--cmdline 'mem=512M highmem=64M'`. */
const wordsOf = (text: string): string[] =>
	(text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map(word => word.replace(/["']/g, ''));

const flagsText = ({ json: _, lang: __, ...flags }: Flags): string =>
	Object.entries(flags)
		.map(([key, value]) => {
			const name = `-${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
			return typeof value === 'boolean' ? (value ? `-${name}` : `--no${name}`) : `-${name} ${value}`;
		})
		.join(' ');
