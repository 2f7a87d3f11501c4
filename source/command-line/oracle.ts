import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { printable, UserError } from '../machine/user-error.ts';
import { type Recording, readRecording } from '../oracle/recording.ts';
import { replayRun } from '../oracle/replay-run.ts';
import { Tally } from '../oracle/tally.ts';
import { IN_PART, SKIPPED } from '../oracle/undetermined.ts';
import { verbatim } from '../phrases/phrase.ts';

/** `npm run oracle -- FOLDER`: what real kernels were recorded to do, done again by the engine and compared. */

const USAGE = verbatim('npm run oracle -- FOLDER');
/** Differences that are printed of one run. */
const SHOWN = 40;

const readFolder = (folder: string | undefined): Recording[] => {
	if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory()) {
		throw new UserError('no such folder', folder ?? 'FOLDER', USAGE);
	}
	const runs = existsSync(join(folder, 'runs')) ? join(folder, 'runs') : folder;
	const names = readdirSync(runs)
		.filter(name => name.endsWith('.json'))
		.sort();
	if (names.length === 0)
		throw new UserError('holds no recordings', folder, 'a folder of .json files, or of runs/*.json');
	return names.map(name => readRecording(readFileSync(join(runs, name), 'utf8'), name));
};

const byCount = <Name>(counts: ReadonlyMap<Name, number>): [Name, number][] => [...counts].sort((a, b) => b[1] - a[1]);

const counts = (tally: Tally): string =>
	`${tally.compared} compared, ${tally.equal} equal, ${tally.different} different, ${tally.skippedValues} skipped`;

const report = (run: string, tally: Tally): string[] => [
	`${run}: ${counts(tally)}`,
	...tally.differences
		.slice(0, SHOWN)
		.map(({ where, recorded, computed }) => `    different: ${where}: recorded ${recorded}, computed ${computed}`),
	...(tally.different > SHOWN ? [`    and ${tally.different - SHOWN} more`] : []),
	...[...tally.inPart].map(([name, count]) => `    compared in part ${count}: ${name}`),
	...[...tally.skipped].map(([name, count]) => `    skipped ${count}: ${name}`),
];

const main = (folder: string | undefined): number => {
	const total = new Tally();
	const write = (line: string) => process.stdout.write(`${printable(line)}\n`);
	for (const recording of readFolder(folder)) {
		const tally = replayRun(recording);
		for (const line of report(recording.run, tally)) write(line);
		total.add(tally);
	}
	for (const [name, count] of byCount(total.inPart)) write(`compared in part ${count}: ${name}: ${IN_PART[name]}`);
	for (const [name, count] of byCount(total.skipped)) {
		write(`skipped ${count}: ${name}: ${SKIPPED[name]}`);
	}
	write(`of those compared, ${total.inPartValues} in part`);
	write(`oracle: ${counts(total)}`);
	return total.different > 0 ? 1 : 0;
};

try {
	process.exitCode = main(process.argv[2]);
} catch (error) {
	if (!(error instanceof UserError) && !(error instanceof Error && 'code' in error)) throw error;
	process.stderr.write(`oracle: ${error instanceof UserError ? error.line : printable(error.message)}\n`);
	process.exitCode = 2;
}
