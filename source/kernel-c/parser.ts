import type { Node, Tree } from 'web-tree-sitter';
import type { UserError } from '../machine/user-error.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { parseNumber } from './literals.ts';
import { cParser } from './load-c.ts';
import type { PreparedText } from './preprocessor/preprocessor.ts';
import type { Token } from './preprocessor/token.ts';

/**
 * Parse preprocessed C. Free the tree with `delete()` when it has been read.
 * @param explain Knows a better reason than the place where the grammar gives up, or none.
 * @throws {UserError} at the first place that the grammar does not accept.
 */
export const parseC = (prepared: PreparedText, explain?: () => UserError | undefined): Tree => {
	checkBrackets(prepared);
	const tree = cParser().parse(prepared.text);
	if (!tree) throw new Error('the parser has no language');
	if (tree.rootNode.hasError) {
		try {
			const reason = explain?.();
			if (reason) throw reason;
			reportFirst(prepared, tree.rootNode);
		} finally {
			tree.delete();
		}
	}
	return tree;
};

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Brackets are counted first: the parser would report a missing one far from where it is missing. */
const checkBrackets = ({ file, tokens }: PreparedText): void => {
	const open: (typeof tokens)[number][] = [];
	for (const token of tokens) {
		if (token.kind !== 'punctuator') continue;
		if (CLOSING[token.text]) open.push(token);
		if (!')]}'.includes(token.text)) continue;
		const opening = open.pop();
		if (!opening)
			throw file.error(token, phrase('"{text}" closes nothing', { text: token.text }), 'take it out or open it before');
		const expected = CLOSING[opening.text] ?? '';
		if (expected !== token.text) {
			throw file.error(
				token,
				phrase('expected {expected} before {text}', { expected, text: token.text }),
				phrase('{text} opened at {line}:{column}', { text: opening.text, line: opening.line, column: opening.column }),
			);
		}
	}
	const unclosed = open.at(-1);
	if (unclosed)
		throw file.error(
			unclosed,
			phrase('this {text} is never closed', { text: unclosed.text }),
			phrase('add {closing}', { closing: CLOSING[unclosed.text] ?? '' }),
		);
};

/** The first ERROR or MISSING node, in the order of the text. */
const firstError = (node: Node): Node | undefined => {
	let current = node;
	for (;;) {
		if (current.isError || current.isMissing) return current;
		const next = current.children.find(child => child?.hasError || child?.isMissing);
		if (!next) return undefined;
		current = next;
	}
};

const OPERATOR = /^(?:[-+*/%&|^<>=!]?=|[-+*/%&|^<>~!?:,]|<<|>>|&&|\|\|)$/;

const reportFirst = (prepared: PreparedText, root: Node): never => {
	const node = firstError(root) ?? root;
	const before = prepared.tokenBefore(node.startIndex);
	const number = prepared.tokens.find(
		({ kind, text }) => kind === 'number' && /^[\d]/.test(text) && !parseNumber(text),
	);
	if (number) throw prepared.file.error(number, phrase('{text} is not an integer of C', { text: number.text }));
	if (node.isMissing) {
		const end = before
			? { line: before.line, column: before.column + before.text.length }
			: prepared.place(node.startIndex);
		if (before && OPERATOR.test(before.text))
			throw prepared.file.error(end, phrase('a value is missing after "{text}"', { text: before.text }));
		const isName = node.type === 'identifier' || node.type === 'type_identifier';
		const wanted = isName ? phrase('a name') : node.type;
		throw prepared.file.error(
			end,
			before
				? phrase('expected {wanted} after "{before}"', { wanted, before: before.text })
				: phrase('expected {wanted}', { wanted }),
		);
	}
	const token = prepared.tokenAt(node.startIndex);
	const after = prepared.tokens[prepared.tokens.indexOf(token ?? NOTHING) + 1];
	const isValueMissing = token && OPERATOR.test(token.text) && after && /^[;)\]}]$/.test(after.text);
	if (isValueMissing)
		throw prepared.file.error(after, phrase('a value is missing after "{text}"', { text: token.text }));
	if (token && token.kind !== 'punctuator' && after && /^[-+*/%&|^]?=$/.test(after.text)) {
		throw prepared.file.error(
			token,
			phrase('{text} cannot be assigned to', { text: token.text }),
			'only variables and *pointers can',
		);
	}
	const text = token?.text ?? node.text.slice(0, 20);
	throw prepared.error(node.startIndex, phrase('"{text}" cannot stand here', { text }), hintFor(text, before?.text));
};

const NOTHING: Token = {
	kind: 'punctuator',
	text: '',
	line: 0,
	column: 0,
	hasSpaceBefore: false,
	isFirstOnLine: false,
};

const KEYWORDS = new Set([
	'if',
	'for',
	'while',
	'switch',
	'return',
	'else',
	'case',
	'break',
	'continue',
	'goto',
	'do',
	'struct',
]);

const hintFor = (text: string, before: string | undefined): Text | undefined => {
	if (before !== undefined && /^[\w"')\]]/.test(before.slice(-1)) && /^\w/.test(text) && !KEYWORDS.has(before)) {
		return phrase('is a ; or an operator missing after "{before}"?', { before });
	}
	if (KEYWORDS.has(text)) return 'is a ; missing before it?';
	return undefined;
};
