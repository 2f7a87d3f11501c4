import type { Place } from '../source-file.ts';

export type TokenKind = 'identifier' | 'number' | 'string' | 'character' | 'punctuator';

/** A preprocessing token. Made by a macro, it stands where the macro was used. */
export interface Token extends Place {
	readonly kind: TokenKind;
	readonly text: string;
	readonly hasSpaceBefore: boolean;
	/** First of its line: a `#` there begins a directive. */
	readonly isFirstOnLine: boolean;
	/** Macros whose expansion made this token; they do not expand in it again. */
	readonly hidden?: ReadonlySet<string>;
}

export const isPunctuator = (
	token: Token | undefined,
	text: string,
): token is Token & { readonly kind: 'punctuator' } => token?.kind === 'punctuator' && token.text === text;
