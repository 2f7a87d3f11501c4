import { checkTable, type RowCheck } from '../layout/check-log.ts';
import type { Assumption, LogReading } from '../machine/boot-log/log-reading.ts';
import { printable } from '../machine/user-error.ts';

/** What was read in a boot log, what was assumed, and how its table compares: lines for standard error. */
export const logReport = ({ assumptions, notes }: LogReading, checks: readonly RowCheck[]): string => {
	const width = Math.max(0, ...assumptions.map(({ what }) => what.length));
	const lines = [
		...notes.map(note => `note: ${note}`),
		'from the log:',
		...assumptions.map(assumption => `  ${assumption.what.padEnd(width)}  ${sourceText(assumption)}`),
		...checkTable(checks).trimEnd().split('\n'),
	];
	return lines.map(line => `${printable(line)}\n`).join('');
};

const sourceText = ({ value, line, reason }: Assumption): string =>
	`${value}  (${line === undefined ? 'assumed' : `line ${line}`}: ${reason})`;
