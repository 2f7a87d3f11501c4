import { basename } from 'node:path';
import { compareMachines } from '../layout/compare/compare.ts';
import { comparisonJson } from '../layout/compare/compare-json.ts';
import { comparisonLines } from '../layout/compare/compare-text.ts';
import type { Machine } from '../machine/machine.ts';
import { MACHINES } from '../machine/machines.ts';
import { UserError } from '../machine/user-error.ts';
import { explainWordsIn } from '../messages/explain-words.ts';
import { phrase } from '../phrases/phrase.ts';
import { type CommandLine, type Flags, flagName } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { chosenMachine, isMachineChosen } from './machine-flags.ts';
import { readArguments } from './read-arguments.ts';
import { STATUS } from './status.ts';

const USAGE = phrase('{first} or {second}', {
	first: 'highmem compare imx6q-1g "imx6q-1g --vmalloc 512M"',
	second: 'highmem compare imx6q-1g --vmalloc 512M',
});

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
	const b = second === undefined ? await changedSide(first, flags, io) : await sideOf(second, {}, io);
	const comparison = compareMachines(a, b);
	const words = explainWordsIn(chosenLanguage(flags, io.env));
	const text = flags.json
		? JSON.stringify(comparisonJson(comparison), undefined, 2)
		: comparisonLines(comparison, words).join('\n');
	io.out(`${text}\n`);
	return STATUS.done;
};

interface NamedMachine {
	readonly name: string;
	readonly machine: Machine;
}

/** The same machine with the flags; a log among them is a machine of its own. */
const changedSide = async (first: string, flags: Flags, io: Io): Promise<NamedMachine> => {
	if (flags.from !== undefined) return { name: flagsText(flags), machine: chosenMachine(flags, io) };
	const { name, machine } = await sideOf(first, flags, io);
	return { name: `${name} ${flagsText(flags)}`, machine };
};

/** A machine from one word of the command line: `imx6q-2g`, `boot.log`, `--machine imx6q-2g --vmalloc 512M`. */
const sideOf = async (text: string, more: Flags, io: Io): Promise<NamedMachine> => {
	const { flags, input } = await readArguments(wordsOf(text));
	const [what, extra] = input;
	if (extra !== undefined) throw new UserError('is one word too many', extra, USAGE);
	if (what !== undefined && (flags.machine ?? flags.from) !== undefined) {
		throw new UserError('names two machines', text, USAGE);
	}
	const named = what === undefined ? {} : isLog(what, io) ? { from: [what] } : { machine: what };
	// The columns are as wide as the names.
	const name = what !== undefined && text === what && 'from' in named ? basename(what) : text;
	return { name, machine: chosenMachine({ ...flags, ...more, ...named }, io) };
};

/** Whether a word is a boot log rather than a machine: a file that is there, or what can only be meant as one. */
const isLog = (word: string, io: Io): boolean => {
	if (MACHINES.some(({ id }) => id === word)) return false;
	if (io.listFolder(word) !== undefined) return true;
	try {
		io.readFile(word);
		return true;
	} catch (error) {
		if (error instanceof UserError) return /[/\\]|\.(log|txt|gz)$/.test(word);
		throw error;
	}
};

/** Words of a quoted string; quotes inside it keep blanks together: `--cmdline 'mem=512M highmem=64M'`. */
const wordsOf = (text: string): string[] =>
	(text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map(word => word.replace(/["']/g, ''));

/** Flags that say how to print, not what. */
const PRINTING: ReadonlySet<string> = new Set(['json', 'lang', 'ascii', 'color']);

const flagsText = (flags: Flags): string =>
	Object.entries(flags)
		.filter(([key]) => !PRINTING.has(key))
		.map(([key, value]) => {
			const name = flagName(key);
			if (typeof value === 'object') return value.map(one => `${name} ${one}`).join(' ');
			return typeof value === 'boolean' ? (value ? name : name.replace('--', '--no-')) : `${name} ${value}`;
		})
		.join(' ');
