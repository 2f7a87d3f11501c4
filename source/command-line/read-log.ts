import { fitReading } from '../layout/from-log/fit-log.ts';
import type { LogReading } from '../machine/boot-log/log-reading.ts';
import { checkMachine } from '../machine/check-machine.ts';
import type { ProcFacts } from '../machine/proc/proc-facts.ts';
import { readBoard } from '../machine/proc/read-board.ts';
import type { SourcePlaces } from '../machine/proc/source-places.ts';
import { printable, UserError } from '../machine/user-error.ts';
import { asPhrase, phrase } from '../phrases/phrase.ts';
import type { Io } from './io.ts';
import { readSource } from './read-source.ts';

/** A folder of a board has a dozen files. */
const MOST_FILES = 64;

/** A machine as its log and its /proc show it. */
export interface Board {
	/** Concluded and fitted; its lines are lines of the log, and where there are several files each says which. */
	readonly log: LogReading;
	/** undefined: a boot log alone. */
	readonly proc: ProcFacts | undefined;
	readonly places: SourcePlaces;
}

/**
 * The machine of what `--from` names: boot logs, files of /proc, folders of them, or the output of the collecting script.
 * Of a long log only the window of one boot is ever kept in memory.
 * @throws {UserError} when it cannot be read, is not of a 32-bit kernel, or describes no possible machine.
 */
export const readLog = (paths: readonly string[], io: Io): Board => {
	const files = paths.flatMap(path => filesOf(path, io));
	const board = readBoard(files.map(path => readSource(path, io)));
	const { places, proc } = board;
	const fitted = fitReading(board.log);
	const log = places.files.length > 1 || proc ? withFiles(fitted, places, proc !== undefined) : fitted;
	checkPossible(log, paths.join(', '));
	return { log: named(log, paths), proc, places };
};

/** The machine is called as what it was read from, so that the header says what is being looked at. */
const named = (log: LogReading, [path = '-']: readonly string[]): LogReading => {
	const name = printable(path.replace(/\/+$/, '').replace(/^.*\//, ''));
	if (name === '-' || name === '') return log;
	const { origin: _, ...machine } = log.machine;
	return { ...log, machine: { ...machine, id: name, title: log.facts.machineName?.value ?? name } };
};

const filesOf = (path: string, io: Io): readonly string[] => {
	const names = path === '-' ? undefined : io.listFolder(path);
	if (names === undefined) return [path];
	if (names.length === 0) throw new UserError('is an empty folder', path, 'files of /proc, a boot log');
	if (names.length > MOST_FILES) {
		throw new UserError(phrase('has {count} files', { count: names.length }), path, 'a folder with one board alone');
	}
	return names.map(name => `${path.replace(/\/+$/, '')}/${name}`);
};

/** Places become lines of files. */
const withFiles = (log: LogReading, places: SourcePlaces, hasProc: boolean): LogReading => ({
	...log,
	assumptions: log.assumptions.map(assumption => {
		if (assumption.line === undefined) return assumption;
		return { ...assumption, ...places.at(assumption.line) };
	}),
	printedRows: log.printedRows.map(row => ({ ...row, line: places.at(row.line).line })),
	notes:
		hasProc && log.printedRows.length === 0
			? log.notes.filter(note => asPhrase(note).key !== 'no memory layout table in the log')
			: log.notes,
});

const checkPossible = ({ machine }: LogReading, where: string): void => {
	try {
		checkMachine(machine, {});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		// A vendor's kernel may be built as no other can; it booted.
		if (error.where !== '--ram' && error.where !== '--cmdline') return;
		throw new UserError(
			phrase('no possible machine: {error}', { error: asPhrase(error.text) }),
			where,
			'give what the log lacks as flags',
		);
	}
};
