import { isPunctuator, type Token } from './preprocessor/token.ts';

/** What the command bar has to know about a name to read `kmap page` as a call. */
export type IsFunction = (name: string) => boolean;

const KEYWORDS = new Set([
	'sizeof',
	'return',
	'if',
	'else',
	'for',
	'while',
	'do',
	'switch',
	'case',
	'goto',
	'struct',
	'union',
	'enum',
	'typeof',
]);

/**
 * The command bar's friendlier form of a call as C: without parentheses, as `kmap page` or `alloc_pages GFP_KERNEL 0`, at
 * the beginning of a statement or behind `=`.
 */
export const completeCommand = (tokens: readonly Token[], isFunction: IsFunction): Token[] => {
	const output: Token[] = [];
	let isStart = true;
	let depth = 0;
	for (let index = 0; index < tokens.length; index++) {
		const token = tokens[index];
		if (!token) continue;
		const next = tokens[index + 1];
		if (isStart && token.kind === 'identifier' && isFunction(token.text) && isCommandCall(next)) {
			let end = index + 1;
			for (let inside = 0; end < tokens.length; end++) {
				const current = tokens[end];
				if (inside === 0 && isPunctuator(current, ';')) break;
				if (current?.kind === 'punctuator' && '([{'.includes(current.text)) inside++;
				if (current?.kind === 'punctuator' && ')]}'.includes(current.text) && inside-- === 0) break;
			}
			output.push(
				token,
				punctuator('(', token),
				...withCommas(tokens.slice(index + 1, end)),
				punctuator(')', tokens[end - 1] ?? token),
			);
			index = end - 1;
			isStart = false;
			continue;
		}
		output.push(token);
		if (isPunctuator(token, '(')) depth++;
		if (isPunctuator(token, ')')) depth--;
		isStart = [';', '{', '}'].includes(token.text) || (isPunctuator(token, '=') && depth === 0);
	}
	return output;
};

/** Add the semicolon that the last statement may lack. */
export const endCommand = (tokens: readonly Token[]): Token[] => {
	const last = tokens.at(-1);
	const isEnded = !last || isPunctuator(last, ';') || (isPunctuator(last, '}') && !isInitialiser(tokens));
	return isEnded ? [...tokens] : [...tokens, punctuator(';', last)];
};

/** Whether the last bracket closes an initialiser or a struct, which need a semicolon, and not a block. */
const isInitialiser = (tokens: readonly Token[]): boolean => {
	let depth = 0;
	for (let index = tokens.length - 1; index >= 0; index--) {
		const token = tokens[index];
		if (isPunctuator(token, '}')) depth++;
		if (isPunctuator(token, '{') && --depth === 0) {
			const before = tokens[index - 1];
			const isTagged = ['struct', 'union', 'enum'].includes(tokens[index - 2]?.text ?? '');
			return isPunctuator(before, '=') || (before?.kind === 'identifier' && isTagged);
		}
	}
	return false;
};

/** A call's first argument stands right behind its name, or nothing does. */
const isCommandCall = (next: Token | undefined): boolean => {
	if (!next || next.text === ';') return true;
	if (next.kind === 'punctuator') return next.hasSpaceBefore && ['&', '*', '-', '~', '!'].includes(next.text);
	return !KEYWORDS.has(next.text) || next.text === 'sizeof';
};

const punctuator = (text: string, beside: Token): Token => ({
	kind: 'punctuator',
	text,
	line: beside.line,
	column: beside.column + (text === '(' || text === ')' || text === ';' ? beside.text.length : 0),
	hasSpaceBefore: false,
	isFirstOnLine: false,
});

const endsOperand = (token: Token): boolean =>
	token.kind !== 'punctuator' || token.text === ')' || token.text === ']' || token.text === '++' || token.text === '--';

const beginsOperand = (token: Token): boolean => token.kind !== 'punctuator' || token.text === '(';

/** `__GFP_HIGHMEM 0` has a comma between its two operands; joined strings have none, and `struct page` is one. */
const withCommas = (tokens: readonly Token[]): Token[] => {
	const output: Token[] = [];
	let depth = 0;
	for (const [index, token] of tokens.entries()) {
		const before = tokens[index - 1];
		const areStrings = before?.kind === 'string' && token.kind === 'string';
		const isSeparate = before && depth === 0 && token.hasSpaceBefore && endsOperand(before) && beginsOperand(token);
		if (isSeparate && !areStrings && !KEYWORDS.has(before.text)) output.push(punctuator(',', token));
		output.push(token);
		if (token.kind === 'punctuator' && '([{'.includes(token.text)) depth++;
		if (token.kind === 'punctuator' && ')]}'.includes(token.text)) depth--;
	}
	return output;
};
