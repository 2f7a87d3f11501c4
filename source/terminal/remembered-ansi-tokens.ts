import {
	tokenize as read,
	type StyledChar,
	styledCharsFromTokens as styleTokens,
	type Token,
} from '@alcalzone/ansi-tokenize';
import { Remembered } from './remembered.ts';

export * from '@alcalzone/ansi-tokenize';

const tokensOf = new Remembered<Token[]>(text => read(text));
const charactersOf = new WeakMap<readonly Token[], StyledChar[]>();

/**
 * What Ink gets instead of the package when the program is bundled: Ink takes all text of every frame apart into
 * characters anew, most of it the same as in the frame before. That is a third of a key press, and most of its garbage.
 * Nobody changes what is remembered: Ink copies the cells that it alters.
 */
export const tokenize = (text: string, endChar?: number): Token[] =>
	endChar === undefined ? tokensOf.get(text) : read(text, endChar);

/** The characters of `tokens`, which are remembered with them. */
export const styledCharsFromTokens = (tokens: Token[]): StyledChar[] => {
	let characters = charactersOf.get(tokens);
	if (characters === undefined) {
		characters = styleTokens(tokens);
		charactersOf.set(tokens, characters);
	}
	return characters;
};
