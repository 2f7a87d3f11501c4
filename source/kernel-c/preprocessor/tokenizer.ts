import { phrase } from '../../phrases/phrase.ts';
import type { SourceFile } from '../source-file.ts';
import type { Token, TokenKind } from './token.ts';

const PUNCTUATORS = [
	...['<<=', '>>=', '...'],
	...['##', '->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||'],
	...['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='],
	...'{}[]()#;:,.?+-*/%&|^~!<>=',
];
const PUNCTUATOR = new RegExp(PUNCTUATORS.map(text => text.replace(/[^\w]/g, '\\$&')).join('|'), 'y');
const SPACE = /(?:[ \t\f\v\r\ufeff\u00a0]|\\\r?\n|\/\*[\s\S]*?\*\/|\/\/(?:\\\r?\n|[^\n])*)+/y;
const IDENTIFIER = /[A-Za-z_]\w*/y;
const NUMBER = /\.?\d(?:[eEpP][+-]|[\w.])*/y;
const STRING = /"(?:\\(?:\r?\n|.)|[^"\\\n])*"/y;
const CHARACTER = /'(?:\\.|[^'\\\n])+'/y;

const RULES: readonly (readonly [TokenKind, RegExp])[] = [
	['identifier', IDENTIFIER],
	['number', NUMBER],
	['string', STRING],
	['character', CHARACTER],
	['punctuator', PUNCTUATOR],
];

/**
 * Split C source into preprocessing tokens. Comments and joined lines are space.
 * @throws {UserError} at a quote or comment without its end, and at a character that C does not know.
 */
export const tokenize = (file: SourceFile): Token[] => {
	const { text } = file;
	const tokens: Token[] = [];
	let offset = 0;
	let line = 1;
	let lineStart = 0;
	let hasSpaceBefore = false;
	let isFirstOnLine = true;

	const match = (rule: RegExp): string | undefined => {
		rule.lastIndex = offset;
		return rule.exec(text)?.[0];
	};
	const advance = (lexeme: string): void => {
		for (let at = lexeme.indexOf('\n'); at >= 0; at = lexeme.indexOf('\n', at + 1)) {
			line++;
			lineStart = offset + at + 1;
		}
		offset += lexeme.length;
	};

	next: while (offset < text.length) {
		if (text[offset] === '\n') {
			advance('\n');
			hasSpaceBefore = true;
			isFirstOnLine = true;
			continue;
		}
		const space = match(SPACE);
		if (space !== undefined) {
			advance(space);
			hasSpaceBefore = true;
			continue;
		}
		const place = { line, column: offset - lineStart + 1 };
		if (text.startsWith('/*', offset)) throw file.error(place, 'this comment has no end', 'add */');
		for (const [kind, rule] of RULES) {
			const lexeme = match(rule);
			if (lexeme === undefined) continue;
			const spelling = lexeme.includes('\\\n') || lexeme.includes('\\\r\n') ? lexeme.replace(/\\\r?\n/g, '') : lexeme;
			tokens.push({ kind, text: spelling, ...place, hasSpaceBefore, isFirstOnLine });
			advance(lexeme);
			hasSpaceBefore = false;
			isFirstOnLine = false;
			continue next;
		}
		const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
		if (character === '"')
			throw file.error(place, 'this string has no closing quote', 'add " before the end of the line');
		if (character === "'") throw file.error(place, 'this character has no closing quote', "add '");
		const ascii = ASCII_FOR[character];
		throw file.error(
			place,
			phrase('"{character}" has no meaning in C', { character }),
			ascii === undefined ? undefined : phrase('write {ascii}', { ascii }),
		);
	}
	return tokens;
};

/** What was meant by characters that come from word processors and Chinese input methods. */
const ASCII_FOR: Readonly<Record<string, string>> = {
	'\uff1b': ';',
	'\uff0c': ',',
	'\uff08': '(',
	'\uff09': ')',
	'\uff5b': '{',
	'\uff5d': '}',
	'\uff1d': '=',
	'\uff0a': '*',
	'\u201c': '"',
	'\u201d': '"',
	'\u2018': "'",
	'\u2019': "'",
};
