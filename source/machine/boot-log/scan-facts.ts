import { ARM_LINES } from './arm-lines.ts';
import { COMMON_LINES } from './common-lines.ts';
import { type LogFacts, noFacts } from './log-facts.ts';
import type { LogLine } from './log-lines.ts';
import type { Recognizer } from './recognizer.ts';
import { isTableRow, TABLE_LINES } from './table-lines.ts';
import { X86_LINES } from './x86-lines.ts';

const RECOGNIZERS: readonly Recognizer[] = [...TABLE_LINES, ...COMMON_LINES, ...ARM_LINES, ...X86_LINES];

/** More rows or ranges than this are no kernel's. */
const MOST_FACTS = 20_000;

/** Read every line of one boot. */
export const scanFacts = (lines: readonly LogLine[]): LogFacts => {
	const facts = noFacts();
	let count = 0;
	for (const { text, number } of lines) {
		for (const { pattern, read } of RECOGNIZERS) {
			const match = pattern.exec(text);
			if (!match) continue;
			if (++count > MOST_FACTS) return finished(facts);
			read(facts, match, number);
			break;
		}
	}
	return finished(facts);
};

/** Rows that stand before the heading belong to something else. */
const finished = (facts: LogFacts): LogFacts => {
	const from = facts.heading?.line ?? 0;
	return { ...facts, rows: facts.rows.filter(row => row.line >= from && isTableRow(row)) };
};
