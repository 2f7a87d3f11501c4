import { alignColumns } from '../layout/columns.ts';
import type { RowCheck } from '../layout/from-log/check-log.ts';
import { checkTable } from '../layout/from-log/check-table.ts';
import type { Assumption, LogReading } from '../machine/boot-log/log-reading.ts';
import { printable } from '../machine/user-error.ts';
import { asPhrase, phrase, type Say, type Text } from '../phrases/phrase.ts';

/**
 * What was read in a boot log, what was assumed, and how its table compares: lines for standard error.
 * @param isLogAlone Without files of /proc; then a log without a table is told from it row by row.
 */
export const logReport = (log: LogReading, checks: readonly RowCheck[], say: Say, isLogAlone = true): string => {
	const hasTable = isLogAlone || log.printedRows.length > 0;
	return lineText([...assumptionLines(log, say, isLogAlone), ...(hasTable ? checkTable(checks, say) : [])]);
};

/** What was read and what was assumed, without the table. */
export const assumptionReport = (log: LogReading, say: Say, isLogAlone = true): string =>
	lineText(assumptionLines(log, say, isLogAlone));

/** Notes alone, for modes that show something else. */
export const noteReport = (notes: readonly Text[], say: Say): string => lineText(noteLines(notes, say));

const assumptionLines = ({ assumptions, notes }: LogReading, say: Say, isLogAlone: boolean): string[] => {
	const rows = assumptions.map(assumption => [`  ${say(assumption.what)}`, say(sourceText(assumption))]);
	const heading: Text = isLogAlone ? 'from the log:' : 'from the files:';
	return [...noteLines(notes, say), say(heading), ...alignColumns(rows)];
};

const noteLines = (notes: readonly Text[], say: Say): string[] =>
	notes.map(note => say(phrase('note: {note}', { note: asPhrase(note) })));

const lineText = (lines: readonly string[]): string => lines.map(line => `${printable(line)}\n`).join('');

const sourceText = ({ value, line, file, reason: why }: Assumption): Text => {
	const reason = asPhrase(why);
	const shown = value === 'yes' || value === 'no' ? phrase(value) : value;
	if (line === undefined) return phrase('{shown}  (assumed: {reason})', { shown, reason });
	if (file !== undefined) return phrase('{shown}  ({file}:{line}: {reason})', { shown, file, line, reason });
	return phrase('{shown}  (line {line}: {reason})', { shown, line, reason });
};
