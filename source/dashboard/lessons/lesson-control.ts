/** Playing a lesson: Space and Backspace. */
import { type VirtualAddress, virtual } from '../../machine/address.ts';
import { UserError } from '../../machine/user-error.ts';
import { resultOf } from '../command-bar/command-control.ts';
import type { PanelId } from '../panels/panel-model.ts';
import type { Act, Look } from '../session-like.ts';
import type { Result } from '../state.ts';
import type { DashboardStore } from '../store.ts';

/** The next step: what it did is shown in the command bar, and the panel to look at gets the focus. */
export const lessonNext = (store: DashboardStore, hasNextLesson = false): void => {
	const { scenario, session } = store;
	if (!scenario) return;
	const begin = session.step;
	try {
		if (!scenario.next()) {
			const { over, overAndNext } = store.messages.lesson;
			store.dispatch({ type: 'said', result: { kind: 'note', text: hasNextLesson ? overAndNext : over } });
			return;
		}
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		store.dispatch({ type: 'said', result: { kind: 'error', error } });
		return;
	}
	const acts = session.history.slice(begin, session.step);
	const text = acts.map(act => act.text.replace(/\s+/g, ' ').replace(/;$/, '')).join('; ');
	const [failure] = scenario.result?.failures ?? [];
	const result: Result =
		failure === undefined ? resultOfAll(store, acts) : { kind: 'warning', text: store.messages.say(failure) };
	store.dispatch({ type: 'ran', text, result });
	const address = walkAskedFor(store);
	if (address !== undefined) store.dispatch({ type: 'walked', address });
	look(store);
};

/** Address of which the newest step wants to show the page walk. */
const walkAskedFor = ({ scenario }: DashboardStore): VirtualAddress | undefined => {
	const requests = scenario?.result?.outcomes.map(({ outcome }) => outcome.request) ?? [];
	const request = requests.findLast(each => typeof each === 'object' && each !== null && 'walk' in each);
	return request && typeof request === 'object' && 'walk' in request ? virtual(Number(request.walk)) : undefined;
};

/** Whether the last thing said is that the lesson is over. */
export const isToldOver = ({ getState, messages }: DashboardStore): boolean => {
	const { result } = getState();
	return result.kind === 'note' && result.text === messages.lesson.overAndNext;
};

/** One step back. */
export const lessonBack = (store: DashboardStore): void => {
	if (!store.scenario?.back()) return;
	store.dispatch({ type: 'ran', text: '', result: { kind: 'note', text: '' } });
	look(store);
};

// The values of all acts, or how the last one ended when that is worth telling.
const resultOfAll = (store: DashboardStore, acts: readonly Act[]): Result => {
	const results = acts.flatMap(({ outcome }) => (outcome.kind === 'error' ? [] : [resultOf(store, outcome)]));
	const last = results.at(-1) ?? { kind: 'note', text: '' };
	if (last.kind !== 'value' && last.kind !== 'note') return last;
	const values = results.flatMap(result => (result.kind === 'value' ? [result.text] : []));
	return values.length === 0 ? last : { kind: 'value', text: values.join('; ') };
};

const look = (store: DashboardStore): void => {
	const panel = store.scenario?.look;
	if (panel) store.dispatch({ type: 'focused', panel: panelOf(panel) });
	store.dispatch({ type: 'moved', moves: store.movesToNewest(['pkmap', 'fixmap', 'log', 'vmalloc']) });
};

const panelOf = (name: Look): PanelId => (name === 'slab' ? 'zones' : name);
