import { phrase, type Text, verbatim } from '../../phrases/phrase.ts';
import type { SourceFile } from '../source-file.ts';
import { isPunctuator, type Token, type TokenKind } from './token.ts';

/** A #define. */
export interface Macro {
	readonly name: string;
	/** undefined for an object-like macro. */
	readonly parameters: readonly string[] | undefined;
	/** Name of the variable part: `__VA_ARGS__` for `...`. */
	readonly rest: string | undefined;
	readonly body: readonly Token[];
	/** One line about it, for those that the product brings along. */
	readonly help?: Text;
	/** Of a name that the compiler itself knows: it counts as defined, has this value in #if, and stays where it stands. */
	readonly value?: bigint;
}

export type MacroTable = Map<string, Macro>;

/**
 * Read what follows `#define`.
 * @param at Where the directive stands, for errors.
 */
export const readDefine = (file: SourceFile, at: Token, tokens: readonly Token[]): Macro => {
	const [name, open] = tokens;
	if (name?.kind !== 'identifier') throw file.error(name ?? at, '#define needs a name');
	if (!isPunctuator(open, '(') || open.hasSpaceBefore) {
		return { name: name.text, parameters: undefined, rest: undefined, body: tokens.slice(1).map(unplaced) };
	}
	const parameters: string[] = [];
	let rest: string | undefined;
	let index = 2;
	for (; !isPunctuator(tokens[index], ')'); index++) {
		const token = tokens[index];
		if (!token) throw file.error(open, phrase('the parameters of macro {text} have no closing )', { text: name.text }));
		if (isPunctuator(token, '...')) rest = '__VA_ARGS__';
		else if (token.kind !== 'identifier')
			throw file.error(token, phrase('"{text}" cannot be a macro parameter', { text: token.text }));
		else if (isPunctuator(tokens[index + 1], '...')) {
			rest = token.text;
			index++;
		} else parameters.push(token.text);
		if (isPunctuator(tokens[index + 1], ',')) index++;
		else if (!isPunctuator(tokens[index + 1], ')')) {
			throw file.error(tokens[index + 1] ?? token, 'expected , or ) between macro parameters');
		}
	}
	return { name: name.text, parameters, rest, body: tokens.slice(index + 1).map(unplaced) };
};

const MAX_TOKENS = 500_000;

/** Replaces macros in a run of tokens, by C's rules: arguments first, no macro inside its own expansion. */
export class MacroExpander {
	#made = 0;

	constructor(
		readonly file: SourceFile,
		readonly macros: MacroTable,
	) {}

	expand(tokens: readonly Token[]): Token[] {
		const output: Token[] = [];
		// A stack with the next token on top.
		const pending = [...tokens].reverse();
		for (let token = pending.pop(); token; token = pending.pop()) {
			const known = token.kind === 'identifier' ? this.#builtIn(token, pending) : undefined;
			if (known) {
				output.push(known);
				continue;
			}
			const macro = token.kind === 'identifier' ? this.macros.get(token.text) : undefined;
			if (!macro || macro.value !== undefined || token.hidden?.has(token.text)) {
				output.push(token);
				continue;
			}
			if (macro.parameters && !isPunctuator(pending.at(-1), '(')) {
				output.push(token);
				continue;
			}
			const replacement = macro.parameters
				? this.#substitute(macro, token, this.#arguments(macro, token, pending))
				: macro.body;
			const hidden = new Set(token.hidden).add(macro.name);
			this.#made += replacement.length + 1;
			if (this.#made > MAX_TOKENS)
				throw this.file.error(token, phrase('macro {name} expands without end', { name: macro.name }));
			for (let index = replacement.length - 1; index >= 0; index--) {
				const made = replacement[index];
				if (!made) continue;
				const isArgument = made.line > 0;
				pending.push({
					...made,
					line: isArgument ? made.line : token.line,
					column: isArgument ? made.column : token.column,
					hasSpaceBefore: true,
					isFirstOnLine: false,
					hidden: made.hidden ? new Set([...made.hidden, ...hidden]) : hidden,
				});
			}
		}
		return output;
	}

	/** `__LINE__` and `IS_ENABLED(CONFIG_NAME)`, which no #define can express here. */
	#builtIn(token: Token, pending: Token[]): Token | undefined {
		if (token.text === '__LINE__') return { ...token, kind: 'number', text: String(token.line) };
		if (token.text !== 'IS_ENABLED' && token.text !== 'IS_BUILTIN') return undefined;
		const [close, option, open] = pending.slice(-3);
		if (!isPunctuator(open, '(') || option?.kind !== 'identifier' || !isPunctuator(close, ')')) return undefined;
		pending.length -= 3;
		return { ...token, kind: 'number', text: this.macros.has(option.text) ? '1' : '0' };
	}

	/** The arguments of a call; takes them, parentheses included, from `pending`. */
	#arguments(macro: Macro, use: Token, pending: Token[]): Token[][] {
		pending.pop();
		const found: Token[][] = [[]];
		const fixed = macro.parameters?.length ?? 0;
		for (let depth = 0; ; ) {
			const token = pending.pop();
			if (!token)
				throw this.file.error(use, phrase('the call of {name} has no closing )', { name: macro.name }), 'add )');
			if (isPunctuator(token, ')') && depth === 0) break;
			if (isPunctuator(token, '(')) depth++;
			if (isPunctuator(token, ')')) depth--;
			const isRest = macro.rest !== undefined && found.length > fixed;
			if (isPunctuator(token, ',') && depth === 0 && !isRest) found.push([]);
			else found.at(-1)?.push(token);
		}
		if (fixed === 0 && macro.rest === undefined && found.length === 1 && found[0]?.length === 0) return [];
		if (found.length < fixed || (found.length > fixed && macro.rest === undefined)) {
			throw this.file.error(
				use,
				phrase('{name} takes {wanted}, not {length}', {
					name: macro.name,
					wanted: fixed === 1 ? phrase('1 argument') : phrase('{count} arguments', { count: fixed }),
					length: found.length,
				}),
				verbatim(macroSignature(macro)),
			);
		}
		return found;
	}

	#substitute(macro: Macro, use: Token, given: readonly Token[][]): Token[] {
		const names = [...(macro.parameters ?? []), ...(macro.rest === undefined ? [] : [macro.rest])];
		const argument = (token: Token | undefined): Token[] | undefined => {
			const index = token?.kind === 'identifier' ? names.indexOf(token.text) : -1;
			return index < 0 ? undefined : (given[index] ?? []);
		};
		const output: Token[] = [];
		const { body } = macro;
		for (let index = 0; index < body.length; index++) {
			const token = body[index];
			if (!token) continue;
			const next = body[index + 1];
			const raw = argument(token);
			if (isPunctuator(token, '#') && macro.parameters) {
				const text = argument(next);
				if (!text)
					throw this.file.error(use, phrase('# in macro {name} is not followed by a parameter', { name: macro.name }));
				output.push({ ...token, kind: 'string', text: stringify(text) });
				index++;
			} else if (isPunctuator(next, '##')) {
				const after = body[index + 2];
				const right = argument(after) ?? (after ? [after] : []);
				const left = raw ?? [token];
				index += 2;
				// GNU's `, ##args`: the comma goes when there are no further arguments.
				if (isPunctuator(token, ',') && after?.text === macro.rest)
					output.push(...(right.length > 0 ? [...left, ...right] : []));
				else output.push(...this.#paste(use, left, right));
			} else output.push(...(raw ? this.expand(raw) : [token]));
		}
		return output;
	}

	#paste(use: Token, left: readonly Token[], right: readonly Token[]): Token[] {
		const last = left.at(-1);
		const first = right[0];
		if (!last || !first) return [...left, ...right];
		const text = last.text + first.text;
		const kind = PASTED.find(([, rule]) => rule.test(text))?.[0];
		if (!kind)
			throw this.file.error(
				use,
				phrase('"{text}" and "{text2}" do not make one token', { text: last.text, text2: first.text }),
			);
		const joined: Token = { ...unplaced(last), kind, text };
		return [...left.slice(0, -1), joined, ...right.slice(1)];
	}
}

const PASTED: readonly (readonly [TokenKind, RegExp])[] = [
	['identifier', /^[A-Za-z_]\w*$/],
	['number', /^\.?\d[\w.]*$/],
	['punctuator', /^(?:<<=?|>>=?|->|\+\+|--|&&|\|\||[-+*/%&|^<>=!]=)$/],
];

/** A token of a macro's body: it takes the place of the macro's use. */
const unplaced = (token: Token): Token => ({ ...token, line: 0, column: 0 });

const stringify = (tokens: readonly Token[]): string => {
	const text = tokens
		.map((token, index) => {
			const space = index > 0 && token.hasSpaceBefore ? ' ' : '';
			const isQuoted = token.kind === 'string' || token.kind === 'character';
			return space + (isQuoted ? token.text.replace(/[\\"]/g, '\\$&') : token.text);
		})
		.join('');
	return `"${text}"`;
};

/** `min(a, b)`, as completion and errors show it. */
export const macroSignature = (macro: Macro): string =>
	macro.parameters
		? `${macro.name}(${[...macro.parameters, ...(macro.rest === undefined ? [] : ['...'])].join(', ')})`
		: macro.name;
