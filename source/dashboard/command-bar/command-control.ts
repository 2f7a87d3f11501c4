/** What happens in the command bar and in the search: typing, completing, running. */

import { UserError } from '../../machine/user-error.ts';
import { phrase, sayValue } from '../../phrases/phrase.ts';
import { findAddress } from '../find-address.ts';
import { explainIn, goTo, walkIn } from '../go-to.ts';
import type { Context } from '../keys.ts';
import type { Completion, Outcome, Request } from '../session-like.ts';
import type { Result } from '../state.ts';
import type { DashboardStore } from '../store.ts';
import {
	acceptSearch,
	changeQuery,
	complete,
	type Edit,
	EMPTY_LINE,
	edit,
	insert,
	submitted,
	walkHistory,
} from './command-line.ts';

/** Keys go into the command bar from now on. Whoever has done nothing yet is shown what could be typed. */
export const openCommandBar = (store: DashboardStore): void => {
	store.dispatch({ type: 'typing', where: 'command' });
	const { line } = store.getState();
	if (line.text === '' && store.session.step === 0) {
		store.dispatch({ type: 'line', line: complete(line, examples(store), 1) });
	}
};

/** Keys go to the panels again; what was typed and not run is forgotten. */
export const leaveTyping = (store: DashboardStore): void => {
	const { past } = store.getState().line;
	store.dispatch({ type: 'line', line: { ...EMPTY_LINE, past, at: past.length } });
	store.dispatch({ type: 'typing', where: undefined });
};

/** Tab in the command bar: examples on an empty line, else the names that fit. */
export const completeLine = (store: DashboardStore, by: 1 | -1): void => {
	const { line } = store.getState();
	const items =
		line.text.trim() === '' ? examples(store) : line.proposals ? [] : store.session.complete(line.text, line.caret);
	store.dispatch({ type: 'line', line: complete(line, items, by) });
};

const examples = (store: DashboardStore): readonly Completion[] =>
	Object.entries(store.messages.command.examples).map(([name, detail]) => ({ name, detail }));

/** Enter in the command bar: run the line. The bar stays open for the next one. */
export const submitLine = (store: DashboardStore, ask: (request: Request) => void): void => {
	const { line } = store.getState();
	const { text } = line.search ? acceptSearch(line) : line;
	store.dispatch({ type: 'line', line: { ...line, proposals: undefined, search: undefined } });
	if (text.trim() === '') {
		leaveTyping(store);
		return;
	}
	runText(store, text, ask);
};

/** Let the session do `text`, and say what came of it. A line with a mistake stays in the bar to be mended. */
export const runText = (store: DashboardStore, text: string, ask: (request: Request) => void): void => {
	const outcome = store.session.execute(text);
	const { line } = store.getState();
	if (outcome.kind === 'error') {
		store.dispatch({ type: 'line', line: { ...line, text, caret: text.length } });
		store.dispatch({ type: 'ran', text: '', result: { kind: 'error', error: outcome.error } });
		return;
	}
	store.dispatch({ type: 'line', line: submitted({ ...line, text }) });
	store.dispatch({ type: 'ran', text, result: resultOf(store, outcome) });
	if (outcome.kind === 'request') ask(outcome.request);
};

/** An outcome in the words of the result line. */
export const resultOf = (store: DashboardStore, outcome: Exclude<Outcome, { kind: 'error' }>): Result => {
	const words = store.messages.command;
	const notes =
		'notes' in outcome && outcome.notes ? outcome.notes.map(note => `; ${store.messages.say(note)}`).join('') : '';
	switch (outcome.kind) {
		case 'done':
			return outcome.value === undefined
				? { kind: 'note', text: words.done + notes }
				: { kind: 'value', text: sayValue(store.messages.say, outcome.value) + notes };
		case 'fault':
			return { kind: 'warning', text: words.fault(outcome.message, store.messages.say(outcome.reason)) + notes };
		case 'sleeping':
			return { kind: 'warning', text: words.sleeping(outcome.pid, outcome.on) + notes };
		case 'request':
			return { kind: 'note', text: '' };
	}
};

/** Text for the search line. */
export const typeInSearch = (store: DashboardStore, text: string): void => {
	const { searchText, searchCaret } = store.getState();
	const line = insert({ ...EMPTY_LINE, text: searchText, caret: searchCaret }, text);
	store.dispatch({ type: 'search', text: line.text, caret: line.caret });
};

/** Enter in the search: go to the address, symbol or pfn. */
export const submitSearch = (store: DashboardStore): void => {
	const { searchText } = store.getState();
	store.dispatch({ type: 'typing', where: undefined });
	if (searchText.trim() === '') return;
	const { symbols, borders } = store.session.view.layout;
	const name = searchText.trim();
	// A symbol that is no address, LAST_PKMAP for one, has a meaning instead of a place.
	if (symbols.has(name) && !borders.has(name)) {
		explainIn(store, name);
		return;
	}
	const address = findAddress(store.session.view, searchText);
	if (address === undefined) {
		const error = new UserError(phrase('{text}: no such address, symbol or pfn here', { text: name }));
		store.dispatch({ type: 'said', result: { kind: 'error', error } });
		return;
	}
	if (store.getState().focus === 'walk') walkIn(store, address);
	else goTo(store, address);
};

/** A key that changes or walks the line that is being typed. */
export const editLine = (store: DashboardStore, edition: Edit, context: Context): void => {
	const { line, searchText, searchCaret } = store.getState();
	if (context === 'history') {
		store.dispatch({ type: 'line', line: changeQuery(line, [...(line.search?.query ?? '')].slice(0, -1).join('')) });
	} else if (context === 'search') {
		const edited = edit({ ...EMPTY_LINE, text: searchText, caret: searchCaret }, edition);
		store.dispatch({ type: 'search', text: edited.text, caret: edited.caret });
	} else {
		store.dispatch({ type: 'line', line: edit(line, edition) });
	}
};

/** An earlier command, or a later one. With proposals in sight the arrows choose among them. */
export const recall = (store: DashboardStore, by: 1 | -1): void => {
	const { line } = store.getState();
	if (line.proposals) completeLine(store, by);
	else store.dispatch({ type: 'line', line: walkHistory(line, by) });
};
