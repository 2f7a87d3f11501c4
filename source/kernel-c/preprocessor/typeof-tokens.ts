import { isPunctuator, type Token } from './token.ts';

/** `typeof(*p)` is given to the parser as `struct __typeof_0`: its grammar knows typeof of types only. */
export const TYPEOF_TAG = '__typeof_';

const TYPEOF = new Set(['typeof', '__typeof__', '__typeof']);
const TYPE_WORDS = new Set('struct union enum const volatile unsigned signed long short int char void bool'.split(' '));

/**
 * The tokens between the parentheses of a typeof at `index`, when they are an expression of more than a name.
 * @param isTypeName Whether the token at an index names a type.
 */
export const typeofExpression = (
	tokens: readonly Token[],
	index: number,
	isTypeName: (index: number) => boolean,
): readonly Token[] | undefined => {
	if (!TYPEOF.has(tokens[index]?.text ?? '') || !isPunctuator(tokens[index + 1], '(')) return undefined;
	const first = index + 2;
	if (isTypeName(first) || TYPE_WORDS.has(tokens[first]?.text ?? '')) return undefined;
	let depth = 1;
	for (let at = first; at < tokens.length; at++) {
		if (isPunctuator(tokens[at], '(')) depth++;
		if (isPunctuator(tokens[at], ')') && --depth === 0) return at - first > 1 ? tokens.slice(first, at) : undefined;
	}
	return undefined;
};
