import { asPhrase, phrase, type Text } from '../../phrases/phrase.ts';
import { BootFinder, type BootText } from '../boot-log/boot-finder.ts';
import { type LogFacts, noFacts } from '../boot-log/log-facts.ts';
import { logLines } from '../boot-log/log-lines.ts';
import type { LogReading } from '../boot-log/log-reading.ts';
import { notesOn, nothingFound, readBoot, readingOf } from '../boot-log/read-boot-log.ts';
import { scanFacts } from '../boot-log/scan-facts.ts';
import { UserError } from '../user-error.ts';
import { type Collected, collectedSections } from './collected.ts';
import { combineFacts } from './combine.ts';
import { conflictsOf, mergeFacts } from './merge-facts.ts';
import type { ProcFacts } from './proc-facts.ts';
import { procLines } from './proc-lines.ts';
import { architectureOfProc, logFactsFromProc } from './proc-log-facts.ts';
import { ProcReader } from './read-proc.ts';
import { SourcePlaces } from './source-places.ts';

/** A file as it was given, whatever it is. */
export interface BoardSource {
	readonly name: string;
	/** All of it; undefined when it is too long to be anything but a log. */
	readonly text: string | undefined;
	/** The boot in it, if it is a log. */
	readonly boot: BootText | undefined;
	readonly boots: number;
}

/** A machine read from a boot log, from files of its /proc, or from both. */
export interface BoardReading {
	/** Lines in it are places. */
	readonly log: LogReading;
	/** undefined: nothing of /proc was among the files. */
	readonly proc: ProcFacts | undefined;
	readonly places: SourcePlaces;
}

/** A log has more lines that are nothing else than a file of /proc with a damaged end. */
const FEWEST_LOG_LINES = 5;

interface FoundLog {
	readonly boot: BootText;
	readonly boots: number;
	readonly name: string;
	/** What its line numbers lack to be places. */
	readonly before: number;
}

/**
 * Read the machine that these files are of. Each is recognised by what stands in it.
 * @throws {UserError} when they are not of a 32-bit ARM or x86 machine.
 */
export const readBoard = (sources: readonly BoardSource[]): BoardReading => {
	const places = new SourcePlaces();
	const parts: ProcFacts[] = [];
	const logs: FoundLog[] = [];
	const notes: Text[] = [];
	let taken = 0;
	for (const source of sources) {
		const before = places.add(source.name);
		const collected = source.text === undefined ? undefined : collectedSections(source.text);
		if (collected) {
			taken += readCollected(collected, source.name, before, parts, logs);
			notes.push(...notesOnCollected(collected, source.name));
			continue;
		}
		const reader = new ProcReader();
		const verdict = source.text === undefined ? undefined : reader.read(procLines(source.text, before));
		parts.push(reader.facts);
		taken += verdict?.taken ?? 0;
		const isOnly = sources.length === 1 && taken === 0;
		const isLog = verdict === undefined || verdict.left >= FEWEST_LOG_LINES || isOnly;
		if (isLog && source.boot && (isOnly || isBoot(source.boot))) {
			logs.push({ boot: source.boot, boots: source.boots, name: source.name, before });
		} else if (verdict?.taken === 0)
			notes.push(phrase('{file}: nothing that is known here; not read', { file: source.name }));
	}
	const where = sources.map(({ name }) => name).join(', ');
	const log = logs.find(({ boot }) => boot.isComplete) ?? logs[0];
	for (const { name } of logs) {
		if (log && name !== log.name)
			notes.push(phrase('{file}: another boot log; {read} is read', { file: name, read: log.name }));
	}
	if (taken === 0) {
		if (!log) throw nothingFound(where);
		const reading = readBoot(placed(log), log.boots, log.name);
		return { log: { ...reading, notes: [...reading.notes, ...notes] }, proc: undefined, places };
	}
	const { facts, notes: more } = combineFacts(parts, place => places.text(place));
	return { ...merged(facts, log, [...notes, ...more], where, places), proc: facts, places };
};

/** Among other files only what certainly is a boot counts. */
const isBoot = (boot: BootText): boolean => boot.isComplete || boot.ordinal > 0;

const placed = ({ boot, before }: FoundLog): BootText => ({ ...boot, firstLine: boot.firstLine + before });

const merged = (
	proc: ProcFacts,
	log: FoundLog | undefined,
	notes: readonly Text[],
	where: string,
	places: SourcePlaces,
): Pick<BoardReading, 'log'> => {
	const fromProc = logFactsFromProc(proc);
	if (architectureOfProc(proc) === undefined && !log && !fromProc.wide) {
		throw unknownArchitecture(proc.version ? places.text(proc.version.line) : where);
	}
	const boot = log && placed(log);
	const fromLog: LogFacts = boot ? scanFacts(logLines(boot.text, boot.firstLine)) : noFacts();
	// A log that stops early may have stopped in the middle of a memory map.
	const isLogFirst = boot?.isComplete === true;
	const [first, second] = isLogFirst ? [fromLog, fromProc] : [fromProc, fromLog];
	const [order] = proc.buddy;
	const facts = mergeFacts(first, second);
	if (order) facts.maxOrder = { value: order.value.counts.length - 1, line: order.line };
	const conflicts = conflictsOf(first, second).map(({ what, taken, other }) =>
		phrase('{what} differs: {taken} ({takenPlace}) is taken, not {other} ({otherPlace})', {
			what: asPhrase(what),
			taken: taken.value,
			takenPlace: places.text(taken.line),
			other: other.value,
			otherPlace: places.text(other.line),
		}),
	);
	const findings = findingsOf(proc, places);
	const own = boot && log ? notesOn({ ...boot, firstLine: log.boot.firstLine }, log.boots, fromLog) : [];
	const reading = readingOf(facts, [...own, ...notes, ...findings, ...conflicts], where, place => places.text(place));
	return { log: reading };
};

/** What in the files could not be read. */
const findingsOf = ({ hiddenIomem, ram, damaged }: ProcFacts, places: SourcePlaces): Text[] => {
	const notes: Text[] = [];
	if (hiddenIomem && ram.length === 0) {
		const place = places.text(hiddenIomem.line);
		notes.push(phrase('{place}: the addresses are zeros, so RAM is not read from it; root sees them', { place }));
	}
	const [first] = damaged;
	if (first) {
		const values = { place: places.text(first.line), count: damaged.length };
		notes.push(phrase('{place}: is damaged and not read; such lines: {count}', values));
	}
	return notes;
};

const unknownArchitecture = (where: string): UserError =>
	new UserError(
		'does not show whether the machine is ARM or x86',
		where,
		'add /proc/cpuinfo, /proc/version or /proc/iomem, or its boot log',
	);

const readCollected = (
	{ sections }: Collected,
	file: string,
	before: number,
	parts: ProcFacts[],
	logs: FoundLog[],
): number => {
	const reader = new ProcReader();
	parts.push(reader.facts);
	let taken = 0;
	for (const { name, text, before: lines } of sections) {
		if (name === 'dmesg') {
			const finder = new BootFinder();
			finder.push(new TextEncoder().encode(text));
			const boot = finder.finish();
			if (boot && text.trim() !== '') logs.push({ boot, boots: finder.boots, name: file, before: before + lines });
			continue;
		}
		const own = procLines(text, before + lines);
		const known = name.endsWith('/cmdline') ? 'cmdline' : name.endsWith('/version') ? 'version' : undefined;
		if (known) reader.readNamed(known, own);
		taken += known ? own.length : reader.read(own).taken;
	}
	return taken;
};

const notesOnCollected = ({ missing, sections, isComplete, lastLine }: Collected, file: string): Text[] => {
	const notes: Text[] = missing.map(({ name, reason, line }) =>
		phrase('{place}: {name} is missing: {reason}', { place: `${file}:${line}`, name, reason }),
	);
	const cut = sections.filter(({ isWhole }) => !isWhole).map(({ name }) => name);
	if (!isComplete) {
		const values = { place: `${file}:${lastLine}`, names: cut.join(', ') };
		notes.push(
			cut.length === 0
				? phrase('{place}: was cut short: the line that says "complete" is missing', values)
				: phrase('{place}: was cut short in {names}: the line that says "complete" is missing', values),
		);
	}
	if (sections.length === 0) {
		throw new UserError('holds nothing that was gathered', file, 'run highmem collect | ssh board sh > FILE again');
	}
	return notes;
};
