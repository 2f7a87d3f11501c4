import { checkTable, type RowCheck } from '../layout/check-log.ts';
import { alignColumns } from '../layout/compare/columns.ts';
import type { Assumption, LogReading } from '../machine/boot-log/log-reading.ts';
import { printable } from '../machine/user-error.ts';
import { asPhrase, phrase, type Say, type Text } from '../phrases/phrase.ts';

/** What was read in a boot log, what was assumed, and how its table compares: lines for standard error. */
export const logReport = ({ assumptions, notes }: LogReading, checks: readonly RowCheck[], say: Say): string => {
	const rows = assumptions.map(assumption => [`  ${say(assumption.what)}`, say(sourceText(assumption))]);
	const lines = [
		...notes.map(note => say(phrase('note: {note}', { note: asPhrase(note) }))),
		say('from the log:'),
		...alignColumns(rows),
		...checkTable(checks, say),
	];
	return lines.map(line => `${printable(line)}\n`).join('');
};

const sourceText = ({ value, line, reason: why }: Assumption): Text => {
	const reason = asPhrase(why);
	const shown = value === 'yes' || value === 'no' ? phrase(value) : value;
	return line === undefined
		? phrase('{shown}  (assumed: {reason})', { shown, reason })
		: phrase('{shown}  (line {line}: {reason})', { shown, line, reason });
};
