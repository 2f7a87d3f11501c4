import { isPunctuator, type Token } from './token.ts';

/** `u32 x` is given to the parser as `struct __typedef_u32 x`: the grammar alone cannot tell a type from a variable. */
export const TYPEDEF_TAG = '__typedef_';

const TAG_KEYWORDS = new Set(['struct', 'union', 'enum', 'goto']);

/** @returns a function that tells whether the token at an index is a type's name. `known` grows by the file's typedefs. */
export const typeNameFinder = (tokens: readonly Token[], known: Set<string>): ((index: number) => boolean) => {
	const introduced = new Set<number>();
	for (const [index, token] of tokens.entries()) {
		if (token.text !== 'typedef') continue;
		const at = introducedName(tokens, index);
		const name = at === undefined ? undefined : tokens[at];
		if (at === undefined || !name) continue;
		introduced.add(at);
		known.add(name.text);
	}
	return index => {
		const token = tokens[index];
		if (token?.kind !== 'identifier' || !known.has(token.text) || introduced.has(index)) return false;
		const before = tokens[index - 1];
		return !isPunctuator(before, '.') && !isPunctuator(before, '->') && !TAG_KEYWORDS.has(before?.text ?? '');
	};
};

/** Index of the name that a typedef makes: the one in `(*name)(...)`, else the last one outside brackets. */
const introducedName = (tokens: readonly Token[], start: number): number | undefined => {
	let depth = 0;
	let last: number | undefined;
	for (let index = start + 1; index < tokens.length; index++) {
		const token = tokens[index];
		if (!token) continue;
		if (depth === 0 && isPunctuator(token, ';')) return last;
		if (depth === 0 && isPunctuator(token, '(') && isPunctuator(tokens[index + 1], '*')) return index + 2;
		if (token.kind === 'punctuator' && '([{'.includes(token.text)) depth++;
		if (token.kind === 'punctuator' && ')]}'.includes(token.text)) depth--;
		if (depth === 0 && token.kind === 'identifier') last = index;
	}
	return undefined;
};
