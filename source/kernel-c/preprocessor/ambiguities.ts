import { isPunctuator, type Token } from './token.ts';

const TYPE_WORDS = new Set(
	'void char short int long signed unsigned bool _Bool struct union enum const volatile'.split(' '),
);
const OPERATORS = new Set(['+', '-', '*', '&']);

/**
 * What is written for the parser in place of some tokens, by index: `(a) + b`, which it would take for a cast, becomes
 * `a + b`, and `case 1 ... 3:`, which it does not know, `case __case_range(1 , 3):`.
 */
export const ambiguities = (
	tokens: readonly Token[],
	isTypeName: (index: number) => boolean,
): ReadonlyMap<number, string> => {
	const written = new Map<number, string>();
	for (const [index, token] of tokens.entries()) {
		if (token.text === 'case') writeRange(tokens, index, written);
		if (isUnnamedField(tokens, index, isTypeName)) written.set(index, `${UNNAMED}${index} :`);
		if (!isPunctuator(token, '(') || !isPunctuator(tokens[index + 2], ')')) continue;
		const name = tokens[index + 1];
		const after = tokens[index + 3];
		if (name?.kind !== 'identifier' || TYPE_WORDS.has(name.text) || isTypeName(index + 1)) continue;
		if (after?.kind !== 'punctuator' || !OPERATORS.has(after.text)) continue;
		if (!beginsOperand(tokens, index, isTypeName)) continue;
		written.set(index, '').set(index + 2, '');
	}
	return written;
};

/** What an unnamed bit field is called. */
export const UNNAMED = '__unnamed_';

/** The colon of `int : 0;` in a struct. */
const isUnnamedField = (tokens: readonly Token[], index: number, isTypeName: (index: number) => boolean): boolean =>
	isPunctuator(tokens[index], ':') &&
	tokens[index + 1]?.kind === 'number' &&
	isPunctuator(tokens[index + 2], ';') &&
	(TYPE_WORDS.has(tokens[index - 1]?.text ?? '') || isTypeName(index - 1));

/** Whether a parenthesis opens an operand, and no list of arguments or condition. */
const beginsOperand = (tokens: readonly Token[], index: number, isTypeName: (index: number) => boolean): boolean => {
	const before = tokens[index - 1];
	if (!before || before.text === 'return' || before.text === 'case') return true;
	if (before.kind !== 'punctuator' || before.text === ']') return false;
	if (before.text !== ')') return true;
	// Behind a cast.
	let depth = 0;
	for (let at = index - 1; at >= 0; at--) {
		if (isPunctuator(tokens[at], ')')) depth++;
		if (isPunctuator(tokens[at], '(') && --depth === 0)
			return (
				tokens[at - 1]?.kind !== 'identifier' && (TYPE_WORDS.has(tokens[at + 1]?.text ?? '') || isTypeName(at + 1))
			);
	}
	return false;
};

/** GNU's range of case values. */
const writeRange = (tokens: readonly Token[], start: number, written: Map<number, string>): void => {
	let dots: number | undefined;
	for (let at = start + 1; at < tokens.length; at++) {
		const token = tokens[at];
		if (isPunctuator(token, ';') || isPunctuator(token, '{')) return;
		if (isPunctuator(token, '...')) dots = at;
		if (!isPunctuator(token, ':')) continue;
		if (dots !== undefined) written.set(start, 'case __case_range(').set(dots, ',').set(at, '):');
		return;
	}
};

/** How many arguments of a parameter's macro name things; the type behind them is no expression. */
const PARAMETER_NAMES: Readonly<Record<string, number>> = {
	module_param: 1,
	module_param_array: 1,
	core_param: 2,
	module_param_named: 2,
	module_param_string: 2,
};

/** Write `module_param(f, int, 0)` and its like at file level as calls that the grammar knows: without types, with a semicolon. */
export const writeFileMacros = (tokens: readonly Token[], names: ReadonlySet<string>): Token[] => {
	const output: Token[] = [];
	let braces = 0;
	for (let index = 0; index < tokens.length; index++) {
		const token = tokens[index];
		if (!token) continue;
		output.push(token);
		if (isPunctuator(token, '{')) braces++;
		if (isPunctuator(token, '}')) braces--;
		if (braces > 0 || !names.has(token.text) || !isPunctuator(tokens[index + 1], '(')) continue;
		const end = closing(tokens, index + 1);
		const last = tokens[end];
		if (!last) continue;
		output.push(...firstArguments(tokens.slice(index + 1, end), PARAMETER_NAMES[token.text]), last);
		index = end;
		if (!isPunctuator(tokens[end + 1], ';')) output.push({ ...last, text: ';', hasSpaceBefore: false });
	}
	return output;
};

/** Tokens of a list of arguments up to its n-th comma; all of them without a number. */
const firstArguments = (tokens: readonly Token[], count: number | undefined): readonly Token[] => {
	if (count === undefined) return tokens;
	let commas = 0;
	const end = tokens.findIndex(token => isPunctuator(token, ',') && ++commas === count);
	return end < 0 ? tokens : tokens.slice(0, end);
};

const closing = (tokens: readonly Token[], open: number): number => {
	let depth = 0;
	for (let at = open; at < tokens.length; at++) {
		if (isPunctuator(tokens[at], '(')) depth++;
		if (isPunctuator(tokens[at], ')') && --depth === 0) return at;
	}
	return -1;
};

/** The name of a call that is given a type, as only macros are: `rb_entry(node, struct item, link)`. */
export const callWithType = (tokens: readonly Token[]): Token | undefined => {
	const calls: (Token | undefined)[] = [];
	for (const [index, token] of tokens.entries()) {
		if (token.kind !== 'punctuator') {
			const isArgument = [',', '('].includes(tokens[index - 1]?.text ?? '');
			if (isArgument && (token.text === 'struct' || token.text === 'union') && calls.at(-1)) return calls.at(-1);
			continue;
		}
		const before = tokens[index - 1];
		const isCall =
			before?.kind === 'identifier' && tokens[index - 2]?.kind === 'punctuator' && !OPERATIONS.has(before.text);
		if (token.text === '(') calls.push(isCall && isEnclosed(tokens, index) ? before : undefined);
		if (token.text === ')') calls.pop();
	}
	return undefined;
};

const OPERATIONS = new Set([
	'sizeof',
	'typeof',
	'__typeof__',
	'offsetof',
	'__builtin_offsetof',
	'__alignof__',
	'va_arg',
]);

/** Whether a token stands in the body of a function. */
const isEnclosed = (tokens: readonly Token[], index: number): boolean => {
	const before = tokens.slice(0, index);
	const count = (text: string): number => before.filter(token => isPunctuator(token, text)).length;
	return count('{') > count('}');
};
