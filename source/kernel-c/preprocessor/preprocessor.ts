import type { UserError } from '../../machine/user-error.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { Place, SourceFile } from '../source-file.ts';
import { ambiguities } from './ambiguities.ts';
import { evaluateCondition } from './condition.ts';
import { checkInclude } from './headers.ts';
import { MacroExpander, type MacroTable, readDefine } from './macro.ts';
import { isPunctuator, type Token } from './token.ts';
import { TYPEDEF_TAG, typeNameFinder } from './type-names.ts';
import { TYPEOF_TAG, typeofExpression } from './typeof-tokens.ts';

/** One #if with its branches. */
interface Conditional {
	readonly opening: Token;
	/** Whether the text around it counts. */
	readonly isOuterActive: boolean;
	isActive: boolean;
	hasTakenBranch: boolean;
	hasElse: boolean;
}

/**
 * Do what C's preprocessor does with the tokens of a file: conditions, macros, includes. Macros are added to and removed
 * from `macros` as the file says.
 * @returns the tokens that are left, each at its place in the user's text.
 * @throws {UserError}
 */
export const preprocess = (file: SourceFile, tokens: readonly Token[], macros: MacroTable): Token[] => {
	const output: Token[] = [];
	const stack: Conditional[] = [];
	let waiting: Token[] = [];
	const flush = (): void => {
		if (waiting.length > 0) output.push(...new MacroExpander(file, macros).expand(waiting));
		waiting = [];
	};

	for (let index = 0; index < tokens.length; index++) {
		const token = tokens[index];
		if (!token) continue;
		const isActive = stack.at(-1)?.isActive ?? true;
		if (!token.isFirstOnLine || !isPunctuator(token, '#')) {
			if (isActive) waiting.push(token);
			continue;
		}
		let end = index + 1;
		while (end < tokens.length && !tokens[end]?.isFirstOnLine) end++;
		const [directive, ...rest] = tokens.slice(index + 1, end);
		index = end - 1;
		if (!directive) continue;
		if (conditional(file, macros, stack, directive, rest) || !isActive) continue;
		// A macro counts from its #define on, so what stands before is replaced first.
		if (directive.text === 'define' || directive.text === 'undef') flush();
		plain(file, macros, directive, rest);
	}
	const open = stack.at(-1);
	if (open)
		throw file.error(open.opening, phrase('this #{text} has no #endif', { text: open.opening.text }), 'add #endif');
	flush();
	return output;
};

/** Directives other than conditions. */
const plain = (file: SourceFile, macros: MacroTable, directive: Token, rest: readonly Token[]): void => {
	const [name] = rest;
	switch (directive.text) {
		case 'define': {
			const macro = readDefine(file, directive, rest);
			macros.set(macro.name, macro);
			return;
		}
		case 'undef':
			if (name?.kind !== 'identifier') throw file.error(directive, '#undef needs a name');
			macros.delete(name.text);
			return;
		case 'include':
			checkInclude(file, directive, rest);
			return;
		case 'error':
			throw file.error(directive, phrase('#error {rest}', { rest: rest.map(token => token.text).join(' ') }));
		case 'pragma':
		case 'warning':
		case 'line':
			return;
		default:
			throw file.error(
				directive,
				phrase('no directive #{text}', { text: directive.text }),
				'there are include, define, undef, if and error',
			);
	}
};

/** @returns whether the directive was one of #if ... #endif. */
const conditional = (
	file: SourceFile,
	macros: MacroTable,
	stack: Conditional[],
	directive: Token,
	rest: readonly Token[],
): boolean => {
	const current = stack.at(-1);
	const isOuterActive = current?.isActive ?? true;
	switch (directive.text) {
		case 'if':
		case 'ifdef':
		case 'ifndef': {
			const isActive = isOuterActive && holds(file, macros, directive, rest);
			stack.push({ opening: directive, isOuterActive, isActive, hasTakenBranch: isActive, hasElse: false });
			return true;
		}
		case 'elif':
		case 'else': {
			if (!current) throw file.error(directive, phrase('#{text} without #if', { text: directive.text }));
			if (current.hasElse) throw file.error(directive, phrase('#{text} after #else', { text: directive.text }));
			current.hasElse = directive.text === 'else';
			const isPossible = current.isOuterActive && !current.hasTakenBranch;
			current.isActive = isPossible && (current.hasElse || holds(file, macros, directive, rest));
			current.hasTakenBranch ||= current.isActive;
			return true;
		}
		case 'endif':
			if (!current) throw file.error(directive, '#endif without #if');
			stack.pop();
			return true;
		default:
			return false;
	}
};

const holds = (file: SourceFile, macros: MacroTable, directive: Token, rest: readonly Token[]): boolean => {
	if (directive.text !== 'ifdef' && directive.text !== 'ifndef')
		return evaluateCondition(file, macros, directive, rest);
	const [name] = rest;
	if (name?.kind !== 'identifier')
		throw file.error(directive, phrase('#{text} needs a name', { text: directive.text }));
	return macros.has(name.text) === (directive.text === 'ifdef');
};

/** Tokens written out as text for the parser, which remembers where each came from. */
export class PreparedText {
	readonly text: string;
	/** The expressions of its typeofs, as texts of their own. */
	readonly typeofs: PreparedText[] = [];
	readonly #offsets: number[] = [];

	/**
	 * @param typeNames Names that typedefs have made so far. C cannot be parsed without knowing them, so they are written
	 * as a tag that the checker knows again.
	 * @param before Text put before and after, which the user did not write.
	 */
	constructor(
		readonly file: SourceFile,
		readonly tokens: readonly Token[],
		typeNames: Iterable<string>,
		before = '',
		after = '',
	) {
		const names = new Set(typeNames);
		const isTypeName = typeNameFinder(tokens, names);
		const instead = ambiguities(tokens, isTypeName);
		let typeofEnd = 0;
		const parts: string[] = [before];
		let length = before.length;
		let line = 1;
		let isAfterMacro = false;
		for (const [index, token] of tokens.entries()) {
			const inner = index < typeofEnd ? undefined : typeofExpression(tokens, index, isTypeName);
			if (inner) {
				typeofEnd = index + inner.length + 3;
				this.typeofs.push(new PreparedText(file, inner, names, 'void bar(void) {\n', ';\n}'));
			}
			const spelled = isTypeName(index) ? `struct ${TYPEDEF_TAG}${token.text}` : (instead.get(index) ?? token.text);
			const tag = `struct ${TYPEOF_TAG}${this.typeofs.length - 1}`;
			const text = inner ? tag : index < typeofEnd ? '' : spelled;
			const space = token.line > line ? '\n' : token.hasSpaceBefore || isAfterMacro ? ' ' : '';
			line = Math.max(line, token.line);
			isAfterMacro = token.hidden !== undefined;
			this.#offsets.push(length + space.length);
			parts.push(space, text);
			length += space.length + text.length;
		}
		this.text = parts.join('') + after;
	}

	/** The place in the user's text of an offset in `text`. */
	place(offset: number): Place {
		const index = this.#indexAt(offset);
		const token = this.tokens[index];
		const start = this.#offsets[index];
		if (!token || start === undefined) return { line: 1, column: 1 };
		return { line: token.line, column: token.column + Math.max(0, Math.min(offset - start, token.text.length)) };
	}

	/** The token that `offset` lies in or behind. */
	tokenAt(offset: number): Token | undefined {
		return this.tokens[this.#indexAt(offset)];
	}

	/** The last token that begins before `offset`. */
	tokenBefore(offset: number): Token | undefined {
		const index = this.#indexAt(offset);
		return (this.#offsets[index] ?? 0) < offset ? this.tokens[index] : this.tokens[index - 1];
	}

	#indexAt(offset: number): number {
		let low = 0;
		let high = this.#offsets.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.#offsets[middle] ?? 0) <= offset) low = middle;
			else high = middle - 1;
		}
		return Math.max(0, low);
	}

	error(offset: number, message: Text, hint?: Text): UserError {
		return this.file.error(this.place(offset), message, hint);
	}
}
