import type { LogLine } from '../boot-log/log-lines.ts';
import type { ProcFacts } from './proc-facts.ts';

/** Reads the lines of one kind of file of /proc; several readers look at each line until one takes it. */
export interface LineReader {
	/** @returns whether the line is of this kind. */
	take(line: LogLine, facts: ProcFacts): boolean;
}

/** No machine has more rows of a kind than this. */
export const MOST_ROWS = 50_000;
