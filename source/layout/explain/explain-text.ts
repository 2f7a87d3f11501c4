import stringWidth from 'string-width';
import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import { addressLines } from './address-text.ts';
import { borderSentence } from './border-text.ts';
import type { Explanation } from './explain.ts';
import type { BorderExplanation, RowExplanation, SymbolExplanation } from './explain-border.ts';
import type { Move } from './moves.ts';
import { roundSize, signedSize } from './size-text.ts';
import type { ExplainWords } from './words.ts';

/** An explanation as lines of text, none of them ended. */
export const explanationLines = (explanation: Explanation, words: ExplainWords): string[] => {
	switch (explanation.kind) {
		case 'row':
			return rowLines(explanation, words);
		case 'symbol':
			return symbolLines(explanation, words);
		case 'address':
			return addressLines(explanation, words).map(printable);
	}
};

const rowLines = ({ name, note, start, end }: RowExplanation, words: ExplainWords): string[] => {
	const size = roundSize(end.border.value - start.border.value);
	return [
		`${name}${words.colon}${hex(start.border.value)} - ${hex(end.border.value)}${words.inParentheses(size)}`,
		...(note === undefined ? [] : [words.rowNotes[note]]),
		...borderLines(words.labels.start, start, words),
		...borderLines(words.labels.end, end, words),
	];
};

const borderLines = (label: string, { border, file, moves }: BorderExplanation, words: ExplainWords): string[] => [
	'',
	`${label}${words.colon}${borderSentence(border, words)}`,
	`  ${words.labels.source}${words.colon}${file}`,
	...moveLines(border.value, moves, hex, words),
];

const symbolLines = (symbol: SymbolExplanation, words: ExplainWords): string[] => {
	const { name, value, why, meaning, address, file, moves } = symbol;
	if (why) {
		return [
			`${name} = ${hex(value)}`,
			borderSentence(why.border, words),
			`  ${words.labels.source}${words.colon}${file}`,
			...moveLines(value, moves, hex, words),
		];
	}
	const stands = address === undefined ? '' : `${words.semicolon}${words.fixAddress(hex(address))}`;
	return [
		`${name} = ${countText(value)}`,
		`${meaning === undefined ? '' : words.meanings[meaning]}${stands}`,
		`  ${words.labels.source}${words.colon}${file}`,
		...moveLines(value, moves, countText, words),
	];
};

/** A count, in hex too where that says more. */
const countText = (value: number): string => (value < 4096 ? String(value) : `${value} (${hex(value)})`);

const moveLines = (
	now: number,
	moves: readonly Move[],
	print: (value: number) => string,
	words: ExplainWords,
): string[] => {
	const { moves: title, noMoves } = words.labels;
	if (moves.length === 0) return [`  ${title}${words.colon}${noMoves}`];
	const width = Math.max(...moves.map(({ flags }) => stringWidth(flags)));
	return [
		`  ${title}${words.colon}`.trimEnd(),
		...moves.map(({ flags, value }) => {
			const difference = print === hex ? words.inParentheses(signedSize(value - now)).trimStart() : '';
			return `    ${flags.padEnd(width)}  ${print(value)}  ${difference}`.trimEnd();
		}),
	];
};
