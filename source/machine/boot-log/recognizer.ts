import type { LogFacts } from './log-facts.ts';

/** One kind of line: what it looks like from its first character on, and what it says. */
export interface Recognizer {
	/** Anchored and without nested repetition, so that no line takes long. */
	readonly pattern: RegExp;
	readonly read: (facts: LogFacts, match: RegExpExecArray, line: number) => void;
}

/** No firmware lists more ranges, and no kernel would take them. */
const MOST_RANGES = 1024;

/** Add to a list of ranges, unless the log is absurd. */
export const addRange = <Range>(list: Range[], range: Range): void => {
	if (list.length < MOST_RANGES) list.push(range);
};

/** The numbered group of a match as text; empty when it took no part. */
export const group = (match: RegExpExecArray, index: number): string => match[index] ?? '';

export const hexGroup = (match: RegExpExecArray, index: number): number => Number.parseInt(group(match, index), 16);
export const decimalGroup = (match: RegExpExecArray, index: number): number => Number.parseInt(group(match, index), 10);
