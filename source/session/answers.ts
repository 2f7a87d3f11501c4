import type { CValue } from '../kernel-c/c-value.ts';
import { formatValue } from '../kernel-c/c-value.ts';
import type { Interpreter } from '../kernel-c/interpreter.ts';
import { explain } from '../layout/explain/explain.ts';
import { UserError } from '../machine/user-error.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { asPhrase, type Phrase, phrase } from '../phrases/phrase.ts';
import { type Command, EXPLORER_WORDS } from './explorer-words.ts';
import { findText } from './find.ts';
import type { Outcome } from './outcome.ts';

/** What the explorer's words look at. */
export interface Looked {
	readonly interpreter: Interpreter;
	readonly view: MemoryView;
}

/** Words that only look: they are no acts and change nothing. */
export type Question = Extract<Command, { kind: 'goto' | 'walk' | 'explain' | 'find' | 'describe' }>;

/** @throws {UserError} when there is no answer. */
export const answer = (question: Question, looked: Looked): Outcome => {
	switch (question.kind) {
		case 'goto':
			return { kind: 'request', request: { goto: address(looked.interpreter.evaluate(question.expression)) } };
		case 'walk':
			return { kind: 'request', request: { walk: address(looked.interpreter.evaluate(question.expression)) } };
		case 'explain':
			return { kind: 'request', request: { explain: meant(question.what, looked) } };
		case 'find': {
			const value = findText(looked.view, question.text);
			if (value === undefined) {
				const hint = /^0x[0-9a-f]{5,8}$/i.test(question.text) ? 'goto and / lead to an address' : undefined;
				throw new UserError(phrase('"{text}" occurs nowhere', { text: question.text }), undefined, hint);
			}
			return { kind: 'done', value };
		}
		case 'describe':
			return { kind: 'done', value: described(question.name, looked) };
	}
};

const address = ({ value }: CValue): number => Number(value) >>> 0;

/** The address, or the row or symbol by its name, that is to be explained: else the value of a C expression. */
const meant = (what: string, { interpreter, view }: Looked): number | string => {
	try {
		const explanation = explain(view.machine, what);
		return explanation.kind === 'address' ? explanation.address : explanation.name;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const value = numberOf(what, interpreter);
		if (value === undefined) throw error;
		return value;
	}
};

/** Value of a C expression; undefined when it is none. */
const numberOf = (expression: string, interpreter: Interpreter): number | undefined => {
	try {
		return address(interpreter.evaluate(expression));
	} catch (error) {
		if (error instanceof UserError) return undefined;
		throw error;
	}
};

/** Signature and meaning of a word or name. */
const described = (name: string, { interpreter }: Looked): string | Phrase => {
	const word = EXPLORER_WORDS.find(candidate => candidate.name === name);
	if (word) return phrase('{name}: {help}', { name: word.usage, help: asPhrase(word.help) });
	const known = interpreter.complete(name, name.length).find(candidate => candidate.name === name);
	// What is no name may be an expression, whose value then says what there is to say; else its error does.
	if (!known) return formatValue(interpreter.evaluate(name));
	const { detail, help } = known;
	const shown = known.kind === 'constant' ? phrase('{name} = {detail}', { name, detail }) : detail;
	return help === undefined ? shown : phrase('{name}: {help}', { name: shown, help: asPhrase(help) });
};
