import { phrase } from '../../phrases/phrase.ts';
import { parseNumber } from '../literals.ts';
import type { SourceFile } from '../source-file.ts';
import { MacroExpander, type MacroTable } from './macro.ts';
import { isPunctuator, type Token } from './token.ts';

const LEVELS: readonly (readonly string[])[] = [
	['||'],
	['&&'],
	['|'],
	['^'],
	['&'],
	['==', '!='],
	['<', '>', '<=', '>='],
	['<<', '>>'],
	['+', '-'],
	['*', '/', '%'],
];

/** Evaluates what follows `#if` or `#elif`. Names that no macro defines are 0, as in C. */
export const evaluateCondition = (
	file: SourceFile,
	macros: MacroTable,
	directive: Token,
	tokens: readonly Token[],
): boolean => {
	const resolved = new MacroExpander(file, macros).expand(resolveDefined(file, macros, directive, tokens));
	let index = 0;
	const fail = (token: Token | undefined): never => {
		throw file.error(
			token ?? directive,
			phrase('this #{text} condition is not a constant expression', { text: directive.text }),
		);
	};

	const primary = (): bigint => {
		const token = resolved[index++];
		if (!token) return fail(directive);
		switch (token.kind) {
			case 'number':
				return BigInt(parseNumber(token.text)?.value ?? fail(token));
			case 'character':
				return BigInt(token.text.charCodeAt(1));
			case 'identifier':
				return macros.get(token.text)?.value ?? 0n;
		}
		if (token.text === '(') {
			const value = ternary();
			if (!isPunctuator(resolved[index++], ')')) fail(token);
			return value;
		}
		if (token.text === '!') return primary() === 0n ? 1n : 0n;
		if (token.text === '-') return -primary();
		if (token.text === '+') return primary();
		if (token.text === '~') return ~primary();
		return fail(token);
	};

	const binary = (level: number): bigint => {
		const operators = LEVELS[level];
		if (!operators) return primary();
		let left = binary(level + 1);
		for (
			let token = resolved[index];
			token?.kind === 'punctuator' && operators.includes(token.text);
			token = resolved[index]
		) {
			index++;
			const right = binary(level + 1);
			if ((token.text === '/' || token.text === '%') && right === 0n) throw file.error(token, 'division by zero');
			if ((token.text === '<<' || token.text === '>>') && (right < 0n || right > 63n)) fail(token);
			left = BigInt.asIntN(64, apply(token.text, left, right));
		}
		return left;
	};

	const ternary = (): bigint => {
		const condition = binary(0);
		if (!isPunctuator(resolved[index], '?')) return condition;
		index++;
		const whenTrue = ternary();
		if (!isPunctuator(resolved[index++], ':')) fail(directive);
		const whenFalse = ternary();
		return condition === 0n ? whenFalse : whenTrue;
	};

	const value = ternary();
	if (index < resolved.length) fail(resolved[index]);
	return value !== 0n;
};

/** `defined NAME` and `defined(NAME)` become 1 or 0 before macros are expanded. */
const resolveDefined = (file: SourceFile, macros: MacroTable, directive: Token, tokens: readonly Token[]): Token[] => {
	const output: Token[] = [];
	for (let index = 0; index < tokens.length; index++) {
		const token = tokens[index];
		if (!token) continue;
		if (token.text !== 'defined') {
			output.push(token);
			continue;
		}
		const hasParenthesis = isPunctuator(tokens[index + 1], '(');
		const name = tokens[index + (hasParenthesis ? 2 : 1)];
		if (name?.kind !== 'identifier')
			throw file.error(token, phrase('"defined" in #{text} needs a name', { text: directive.text }));
		index += hasParenthesis ? 3 : 1;
		if (hasParenthesis && !isPunctuator(tokens[index], ')')) throw file.error(name, 'expected ) after this name');
		output.push({ ...token, kind: 'number', text: macros.has(name.text) ? '1' : '0' });
	}
	return output;
};

const apply = (operator: string, left: bigint, right: bigint): bigint => {
	switch (operator) {
		case '||':
			return left !== 0n || right !== 0n ? 1n : 0n;
		case '&&':
			return left !== 0n && right !== 0n ? 1n : 0n;
		case '|':
			return left | right;
		case '^':
			return left ^ right;
		case '&':
			return left & right;
		case '==':
			return left === right ? 1n : 0n;
		case '!=':
			return left !== right ? 1n : 0n;
		case '<':
			return left < right ? 1n : 0n;
		case '>':
			return left > right ? 1n : 0n;
		case '<=':
			return left <= right ? 1n : 0n;
		case '>=':
			return left >= right ? 1n : 0n;
		case '<<':
			return left << right;
		case '>>':
			return left >> right;
		case '+':
			return left + right;
		case '-':
			return left - right;
		case '*':
			return left * right;
		case '/':
			return left / right;
		default:
			return left % right;
	}
};
