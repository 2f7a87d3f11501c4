/** What keys do in the machine editor. */
import type { Machine } from '../../machine/machine.ts';
import { EDITS } from '../command-tables.ts';
import { Command } from '../keys.ts';
import type { DashboardStore } from '../store.ts';
import { canStart, type Draft, editText, machineOf, moveField, openDraft, turn, typeText } from './draft.ts';
import { editorContent } from './editor-model.ts';

/** Show the machine of the session, ready to be changed. */
export const openEditor = (store: DashboardStore): void => show(store, openDraft(store.session.machine));

/** Text for the field that has the keys. */
export const typeInEditor = (store: DashboardStore, text: string): void => {
	const draft = draftOf(store);
	if (draft) show(store, typeText(draft, text));
};

/**
 * Do a command in the editor.
 * @param start starts a session on a machine, which replaces the present one.
 * @returns false for a command that means the same everywhere.
 */
export const commandEditor = (store: DashboardStore, command: Command, start: (machine: Machine) => void): boolean => {
	const draft = draftOf(store);
	if (!draft) return false;
	const edition = EDITS[command];
	const turned = TURNS[command];
	if (edition) show(store, editText(draft, edition));
	else if (turned) show(store, turned(draft));
	else if (command === Command.PageUp || command === Command.PageDown) scroll(store, draft, command);
	else if (command === Command.Close) store.dispatch({ type: 'overlay', overlay: undefined });
	else if (command === Command.StartMachine) submit(store, draft, start);
	else return false;
	return true;
};

const TURNS: Partial<Record<Command, (draft: Draft) => Draft>> = {
	[Command.FieldUp]: draft => moveField(draft, -1),
	[Command.FieldDown]: draft => moveField(draft, 1),
	[Command.ChoiceBack]: draft => turn(draft, -1),
	[Command.ChoiceOn]: draft => turn(draft, 1),
};

const draftOf = (store: DashboardStore): Draft | undefined => {
	const { overlay } = store.getState();
	return overlay?.kind === 'editor' ? overlay.draft : undefined;
};

const show = (store: DashboardStore, draft: Draft): void =>
	store.dispatch({ type: 'overlay', overlay: { kind: 'editor', draft } });

const scroll = (store: DashboardStore, draft: Draft, command: Command.PageUp | Command.PageDown): void => {
	const { lastScroll, visible } = editorContent(store, draft);
	const by = command === Command.PageUp ? -visible : visible;
	store.dispatch({ type: 'scrolled', to: Math.min(lastScroll, Math.max(0, store.getState().overlayScroll + by)) });
};

/** Enter: a machine that cannot be started stays in the editor, with the keys on what is wrong. */
const submit = (store: DashboardStore, draft: Draft, start: (machine: Machine) => void): void => {
	const { mistake, base } = draft;
	if (mistake) show(store, { ...draft, field: mistake.field, caret: draft.texts[mistake.field].length });
	if (!canStart(draft)) return;
	const machine = machineOf(draft);
	if (machine === base) {
		store.dispatch({ type: 'overlay', overlay: undefined });
		store.dispatch({ type: 'said', result: { kind: 'note', text: store.messages.editor.unchanged } });
		return;
	}
	start(machine);
};
