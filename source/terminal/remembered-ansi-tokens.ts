import {
	tokenize as read,
	type StyledChar,
	styledCharsFromTokens as styleTokens,
	type Token,
} from '@alcalzone/ansi-tokenize';

export * from '@alcalzone/ansi-tokenize';

/** A screen of 60 rows with its borders, a few times over. */
const MOST_TEXTS = 512;
const tokensOf = new Map<string, Token[]>();
const charactersOf = new WeakMap<readonly Token[], StyledChar[]>();

/**
 * What Ink gets instead of the package when the program is bundled: Ink takes all text of every frame apart into
 * characters anew, most of it the same as in the frame before. That is a third of a key press, and most of its garbage.
 * Nobody changes what is remembered: Ink copies the cells that it alters.
 */
export const tokenize = (text: string, endChar?: number): Token[] => {
	if (endChar !== undefined) return read(text, endChar);
	const tokens = tokensOf.get(text) ?? read(text);
	// Behind the others again: the one that was not asked for longest comes first.
	tokensOf.delete(text);
	tokensOf.set(text, tokens);
	const [oldest] = tokensOf.keys();
	if (tokensOf.size > MOST_TEXTS && oldest !== undefined) tokensOf.delete(oldest);
	return tokens;
};

/** The characters of `tokens`, which are remembered with them. */
export const styledCharsFromTokens = (tokens: Token[]): StyledChar[] => {
	let characters = charactersOf.get(tokens);
	if (characters === undefined) {
		characters = styleTokens(tokens);
		charactersOf.set(tokens, characters);
	}
	return characters;
};
