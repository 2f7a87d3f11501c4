import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable, UserError } from '../../machine/user-error.ts';
import { exceptionFor, NOT_REACHED, UNDETERMINED } from '../../oracle/faults/exceptions.ts';
import { faultKernelNames } from '../../oracle/faults/fault-machines.ts';
import { type FaultRecording, readFaultRecording } from '../../oracle/faults/fault-recording.ts';
import { FaultTally } from '../../oracle/faults/fault-tally.ts';
import { type FaultResult, replayFault } from '../../oracle/faults/replay-faults.ts';
import { verbatim } from '../../phrases/phrase.ts';

/** `npm run faults -- FOLDER [CASE]`: what real kernels printed and did when memory was misused, done by the engine. */

/** Shares that must not get lower: of all cases, of those that the engine reaches, and of the lines of these. */
const FLOORS = { covered: 0.985, sameVerdict: 0.98, sameBeginning: 0.98, equal: 0.97 } as const;
/** Ends the name of a recording that went on for minutes. */
const LONG = '-long';

const readKernel = (folder: string, kernel: string, wanted: string | undefined): readonly FaultRecording[] =>
	readdirSync(join(folder, kernel))
		.filter(file => file.endsWith('.txt'))
		.map(file => file.slice(0, -'.txt'.length))
		.filter(name => wanted === undefined || name.replace(LONG, '') === wanted)
		.sort()
		.map(name =>
			readFaultRecording(kernel, name.replace(LONG, ''), readFileSync(join(folder, kernel, `${name}.txt`), 'utf8')),
		);

const report = ({ recording, run, lines, isSameVerdict }: FaultResult, isVerbose: boolean): readonly string[] => {
	const { kernel, name, verdict } = recording;
	if (!run || !lines) return [];
	const isEqual = lines.equal === lines.compared;
	if (isSameVerdict && lines.isSameBeginning && (isEqual || !isVerbose)) return [];
	const reason = exceptionFor(UNDETERMINED, kernel, name)?.reason;
	const verdicts = isSameVerdict ? verdict : `${verdict}, simulated ${run.verdict}`;
	const head = `${kernel} ${name}: ${verdicts}, ${lines.equal} of ${lines.compared} lines`;
	return [
		`${head}${reason === undefined ? '' : ` (${reason})`}`,
		...(run.refusal === undefined ? [] : [`    ${run.refusal}`]),
		...(isVerbose ? lines.differences.map(line => `    ${line}`) : []),
	];
};

const isKnown = (folder: string): boolean =>
	faultKernelNames.some(name => folder === name || folder === `${name}+slub`);

const isAbove = ({ cases, covered, sameVerdict, sameBeginning, compared, equal }: FaultTally): boolean =>
	covered >= FLOORS.covered * cases &&
	sameVerdict >= FLOORS.sameVerdict * covered &&
	sameBeginning >= FLOORS.sameBeginning * covered &&
	equal >= FLOORS.equal * compared;

const main = async (folder: string | undefined, wanted: string | undefined): Promise<number> => {
	if (folder === undefined || !existsSync(folder)) {
		throw new UserError('no such folder', folder ?? 'FOLDER', verbatim('npm run faults -- FOLDER [CASE]'));
	}
	const faults = existsSync(join(folder, 'faults')) ? join(folder, 'faults') : folder;
	const write = (line: string) => process.stdout.write(`${printable(line)}\n`);
	const total = new FaultTally();
	const missing = new Map<string, string[]>();
	for (const kernel of readdirSync(faults).filter(isKnown).sort()) {
		const tally = new FaultTally();
		for (const recording of readKernel(faults, kernel, wanted)) {
			const result = await replayFault(recording);
			for (const line of report(result, wanted !== undefined)) write(line);
			tally.count(result);
			if (result.run) continue;
			const reason = exceptionFor(NOT_REACHED, kernel, recording.name)?.reason ?? 'no reason known';
			missing.set(reason, [...(missing.get(reason) ?? []), `${kernel} ${recording.name}`]);
		}
		write(`${kernel}: ${tally.text}`);
		total.add(tally);
	}
	for (const [reason, cases] of missing) write(`not reached, ${cases.length}: ${reason}: ${cases.join(', ')}`);
	for (const line of total.leftOutLines) write(line);
	write(`faults: ${total.text}`);
	return total.unexplained === 0 && (wanted !== undefined || isAbove(total)) ? 0 : 1;
};

try {
	process.exitCode = await main(process.argv[2], process.argv[3]);
} catch (error) {
	if (!(error instanceof UserError) && !(error instanceof Error && 'code' in error)) throw error;
	process.stderr.write(`faults: ${error instanceof UserError ? error.line : printable(error.message)}\n`);
	process.exitCode = 2;
}
