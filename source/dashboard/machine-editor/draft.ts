/** The machine being changed: what stands in each field, and the machine that comes of it. Pure functions on plain data. */
import { type Comparison, compareMachines } from '../../layout/compare/compare.ts';
import type { Machine } from '../../machine/machine.ts';
import { UserError } from '../../machine/user-error.ts';
import { type Edit, EMPTY_LINE, edit, insert } from '../command-bar/command-line.ts';
import { changedMachine } from './changed-machine.ts';
import { choicesOf, FIELDS, type FieldId, fieldAt, type Texts, textsOf } from './fields.ts';

export interface Draft {
	/** The machine that the session runs on. */
	readonly base: Machine;
	readonly texts: Texts;
	/** The field that has the keys. */
	readonly field: FieldId;
	/** Caret in the text of that field. */
	readonly caret: number;
	/** The base beside the machine of the newest texts that could be read. */
	readonly comparison: Comparison;
	/** What is wrong with the texts as they stand, and with which of them. */
	readonly mistake: { readonly field: FieldId; readonly error: UserError } | undefined;
}

/** The editor as it opens: nothing is changed yet. */
export const openDraft = (base: Machine): Draft => {
	const texts = textsOf(base);
	return {
		base,
		texts,
		field: FIELDS[0],
		caret: texts[FIELDS[0]].length,
		comparison: compare(base, base),
		mistake: undefined,
	};
};

/** The machine of the newest texts that could be read; the very base where they say nothing else. */
export const machineOf = (draft: Draft): Machine => draft.comparison.b.machine;

/** Whether the machine, as the texts stand, can be started: they can be read, and its kernel boots. */
export const canStart = ({ mistake, comparison }: Draft): boolean =>
	mistake === undefined && comparison.b.layout.bootFailure === undefined;

/** Give the keys to the next or the previous field; behind the last comes the first. */
export const moveField = (draft: Draft, by: 1 | -1): Draft => {
	const at = FIELDS.indexOf(draft.field);
	const field = FIELDS[(at + by + FIELDS.length) % FIELDS.length] ?? FIELDS[0];
	return { ...draft, field, caret: draft.texts[field].length };
};

/** Type into the field; where it takes one of a few choices, go to the next that begins so. */
export const typeText = (draft: Draft, text: string): Draft => {
	const choices = choicesOf(draft.field, draft.base);
	if (choices.length === 0) {
		const { text: changed, caret } = insert(lineOf(draft), text);
		return withText(draft, changed, caret);
	}
	const present = choices.indexOf(draft.texts[draft.field]);
	const later = [...choices.slice(present + 1), ...choices.slice(0, present + 1)];
	const wanted = later.find(choice => choice.toLowerCase().startsWith(text.toLowerCase()));
	return wanted === undefined ? draft : withText(draft, wanted, 0);
};

/** Move the caret or delete, where the field is typed. */
export const editText = (draft: Draft, what: Edit): Draft => {
	if (choicesOf(draft.field, draft.base).length > 0) return draft;
	const { text, caret } = edit(lineOf(draft), what);
	return text === draft.texts[draft.field] ? { ...draft, caret } : withText(draft, text, caret);
};

/** Left and Right: the previous or next choice; in a typed field the caret. */
export const turn = (draft: Draft, by: 1 | -1): Draft => {
	const choices = choicesOf(draft.field, draft.base);
	if (choices.length === 0) return editText(draft, by < 0 ? 'charLeft' : 'charRight');
	const at = choices.indexOf(draft.texts[draft.field]);
	const wanted = choices[(at + by + choices.length) % choices.length];
	return wanted === undefined ? draft : withText(draft, wanted, 0);
};

const lineOf = ({ texts, field, caret }: Draft) => ({ ...EMPTY_LINE, text: texts[field], caret });

const withText = (draft: Draft, text: string, caret: number): Draft => {
	const texts = { ...draft.texts, [draft.field]: text };
	const changed = { ...draft, texts, caret };
	try {
		return { ...changed, comparison: compare(draft.base, changedMachine(draft.base, texts)), mistake: undefined };
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return { ...changed, mistake: { field: fieldAt(error.where) ?? draft.field, error } };
	}
};

const compare = (base: Machine, machine: Machine): Comparison =>
	compareMachines({ name: base.id, machine: base }, { name: machine.id, machine });
