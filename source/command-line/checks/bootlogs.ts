import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, boolean, nullable, object, parse, string } from 'valibot';
import { checkFolderLog, type LogResult } from '../../layout/from-log/check-folder-log.ts';
import { printable, UserError } from '../../machine/user-error.ts';
import { verbatim } from '../../phrases/phrase.ts';

/** `npm run bootlogs -- FOLDER`: every log of a folder against the table that its kernel printed. */

/** Share of the determined rows that must be exact. */
const LEAST_EXACT = 0.97;

const Expected = object({
	arch: string(),
	complete_inputs: boolean(),
	machine: nullable(string()),
	rows: array(object({ name: string(), start: string(), end: string() })),
});

const readResult = (folder: string, id: string): LogResult => {
	const expected = parse(Expected, JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')));
	const log = readFileSync(join(folder, `${id}.txt`));
	return checkFolderLog({ id, log, isComplete: expected.complete_inputs, rows: expected.rows });
};

const report = (result: LogResult): string => {
	const { id, isComplete, machine, misses, undetermined, exact, compared } = result;
	const head = `${id} ${isComplete ? '' : '(incomplete) '}${machine}: ${exact} of ${compared} rows exact`;
	const lines = [...misses.map(miss => `miss: ${miss}`), ...undetermined.map(row => `not determined: ${row}`)];
	return [head, ...lines.map(line => `    ${line}`)].map(line => `${printable(line)}\n`).join('');
};

const percent = (exact: number, compared: number): string =>
	compared === 0 ? '-' : `${((100 * exact) / compared).toFixed(1)} %`;

const main = (folder: string | undefined): number => {
	if (folder === undefined || !existsSync(folder)) {
		throw new UserError('no such folder', folder ?? 'FOLDER', verbatim('npm run bootlogs -- FOLDER'));
	}
	const ids = readdirSync(folder)
		.filter(name => name.endsWith('.json') && existsSync(join(folder, name.replace(/json$/, 'txt'))))
		.map(name => name.slice(0, -'.json'.length))
		.sort();
	const results = ids.map(id => readResult(folder, id));
	for (const result of results) process.stdout.write(report(result));
	const complete = results.filter(({ isComplete }) => isComplete);
	const sum = (all: readonly LogResult[], key: 'exact' | 'compared'): number =>
		all.reduce((total, result) => total + result[key], 0);
	const causes = new Map<string, number>();
	for (const { causes: own } of complete) for (const cause of own) causes.set(cause, (causes.get(cause) ?? 0) + 1);
	const [exact, compared] = [sum(complete, 'exact'), sum(complete, 'compared')];
	const [allExact, allCompared] = [sum(results, 'exact'), sum(results, 'compared')];
	for (const [cause, count] of causes) process.stdout.write(printable(`missed ${count}: ${cause}`).concat('\n'));
	process.stdout.write(
		`${complete.length} complete logs: ${compared} rows compared, ${exact} exact, ${compared - exact} missed, ` +
			`${percent(exact, compared)} (all ${results.length} logs: ${allExact} of ${allCompared}, ${percent(allExact, allCompared)})\n`,
	);
	return compared > 0 && exact / compared >= LEAST_EXACT ? 0 : 1;
};

try {
	process.exitCode = main(process.argv[2]);
} catch (error) {
	if (!(error instanceof UserError)) throw error;
	process.stderr.write(`bootlogs: ${error.line}\n`);
	process.exitCode = 2;
}
