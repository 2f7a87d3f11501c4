import { UserError } from '../machine/user-error.ts';
import { type Text, verbatim } from '../phrases/phrase.ts';
import { placedError } from './placed-error.ts';
import type { Placed } from './scenario.ts';
import type { ScenarioHost } from './scenario-host.ts';

/** Whether something that a step expects is so, and what it was instead. */
export interface ExpectationResult {
	/** The C expression, or the text looked for in the kernel log. */
	readonly text: string;
	/** Its place in the scenario file. */
	readonly where: string;
	readonly ok: boolean;
	/** The value found: of a comparison, that of its left side. */
	readonly actual: Text;
}

/**
 * Evaluate an expectation.
 * @throws {UserError} at its place in the file when it is no C expression, or not one that changes nothing.
 */
export const checkExpression = (host: ScenarioHost, { text, where }: Placed): ExpectationResult => {
	const inspect = (expression: string) => {
		try {
			return host.inspect(expression);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			throw placedError({ text, where }, error);
		}
	};
	const { isTrue, text: value } = inspect(text);
	if (isTrue) return { text, where, ok: true, actual: verbatim(value) };
	const left = leftOfComparison(text);
	return { text, where, ok: false, actual: verbatim(left === undefined ? value : inspect(left).text) };
};

/** Look for texts in log lines, each in a line after the one before. */
export const checkLog = (lines: readonly string[], expected: readonly Placed[]): readonly ExpectationResult[] => {
	let next = 0;
	return expected.map(({ text, where }) => {
		const found = lines.findIndex((line, index) => index >= next && line.includes(text));
		if (found >= 0) next = found + 1;
		const seen = found >= 0 ? (lines[found] ?? '') : lines.slice(next).join(' | ');
		const actual: Text = seen === '' ? 'nothing more in the log' : verbatim(seen);
		return { text, where, ok: found >= 0, actual };
	});
};

/** `kmap(page)` of `kmap(page) == 0xbfe01000`: what stands before the only comparison outside brackets. */
const leftOfComparison = (expression: string): string | undefined => {
	let depth = 0;
	for (const match of expression.matchAll(/[([]|[)\]]|&&|\|\||[=!<>]=|<<|>>|->|[<>?]/g)) {
		const [operator] = match;
		if ('(['.includes(operator)) depth++;
		else if (')]'.includes(operator)) depth--;
		else if (depth === 0 && /^(?:[=!<>]=|[<>])$/.test(operator)) return expression.slice(0, match.index).trim();
		else if (depth === 0 && /^(?:&&|\|\||\?)$/.test(operator)) return undefined;
	}
	return undefined;
};
