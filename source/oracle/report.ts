import { printable } from '../machine/user-error.ts';
import type { Recording } from './recording.ts';
import { replayRun } from './replay-run.ts';
import { Tally } from './tally.ts';
import { IN_PART, SKIPPED } from './undetermined.ts';

/** Differences that are printed of one run. */
const SHOWN = 40;

/**
 * Replay recorded runs and tell of each what was compared, what is different and what was left out by name, and the totals
 * in the last line.
 * @returns whether nothing is different.
 */
export const reportRuns = (recordings: Iterable<Recording>, write: (line: string) => void): boolean => {
	const total = new Tally();
	const say = (line: string): void => write(printable(line));
	for (const recording of recordings) {
		const tally = replayRun(recording);
		for (const line of runLines(recording.run, tally)) say(line);
		total.add(tally);
	}
	for (const [name, count] of byCount(total.inPart)) say(`compared in part ${count}: ${name}: ${IN_PART[name]}`);
	for (const [name, count] of byCount(total.skipped)) say(`skipped ${count}: ${name}: ${SKIPPED[name]}`);
	say(`of those compared, ${total.inPartValues} in part`);
	say(`oracle: ${counts(total)}`);
	return total.different === 0;
};

const runLines = (run: string, tally: Tally): string[] => [
	`${run}: ${counts(tally)}`,
	...tally.differences
		.slice(0, SHOWN)
		.map(({ where, recorded, computed }) => `    different: ${where}: recorded ${recorded}, computed ${computed}`),
	...(tally.different > SHOWN ? [`    and ${tally.different - SHOWN} more`] : []),
	...[...tally.inPart].map(([name, count]) => `    compared in part ${count}: ${name}`),
	...[...tally.skipped].map(([name, count]) => `    skipped ${count}: ${name}`),
];

const counts = (tally: Tally): string =>
	`${tally.compared} compared, ${tally.equal} equal, ${tally.different} different, ${tally.skippedValues} skipped`;

const byCount = <Name>(counted: ReadonlyMap<Name, number>): [Name, number][] =>
	[...counted].sort((a, b) => b[1] - a[1]);
