import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { printable, UserError } from '../../machine/user-error.ts';
import { type Recording, readRecording } from '../../oracle/recording.ts';
import { reportRuns } from '../../oracle/report.ts';
import { verbatim } from '../../phrases/phrase.ts';

/** `npm run oracle -- FOLDER`: what real kernels were recorded to do, done again by the engine and compared. */

const USAGE = verbatim('npm run oracle -- FOLDER');

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

const main = (folder: string | undefined): number => {
	const isSame = reportRuns(readFolder(folder), line => process.stdout.write(`${line}\n`));
	return isSame ? 0 : 1;
};

try {
	process.exitCode = main(process.argv[2]);
} catch (error) {
	if (!(error instanceof UserError) && !(error instanceof Error && 'code' in error)) throw error;
	process.stderr.write(`oracle: ${error instanceof UserError ? error.line : printable(error.message)}\n`);
	process.exitCode = 2;
}
