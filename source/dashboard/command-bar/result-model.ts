/** What came of the newest command, below the command bar: its value, what the kernel said, or the mistake. */
import { printable, type UserError } from '../../machine/user-error.ts';
import type { Messages } from '../../messages/messages.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { displayWidth, wrap, wrapInto } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import type { Result, UiState } from '../state.ts';
import type { DashboardStore } from '../store.ts';
import { chosenSignature, MARGIN } from './command-bar-model.ts';

/** Rows that a text may take; one that needs still more is cut, with a mark. */
const MOST_ROWS = 6;

/** Mark in front of a result, and its text. */
interface Shown {
	readonly mark: string;
	readonly text: string;
	readonly style: StyleName;
}

/** Rows that the newest result takes on this screen. */
export const resultRowCount = (state: UiState, messages: Messages): number => {
	const { columns } = state.size;
	if (
		state.typing === 'search' ||
		chosenSignature(state, messages.say) !== undefined ||
		atCaret(state, messages, columns)
	)
		return 1;
	const { mark, text } = shownText(state.result, messages);
	const width = columns - MARGIN.length - mark.length;
	return displayWidth(text) <= width ? 1 : Math.min(MOST_ROWS, wrap(text, width).length);
};

/** As many rows as the screen has for the result. */
export const resultRows = (store: DashboardStore, width: number, rows: number): readonly string[] => {
	const state = store.getState();
	const { result, typing } = state;
	const { theme, messages } = store;
	if (typing === 'search') return [searchHint(store, width)];
	const signature = typing === 'command' ? chosenSignature(state, messages.say) : undefined;
	if (signature !== undefined) return [new RowBuilder(theme, width).add(MARGIN).add(signature, 'dim').toString()];
	const mistake = atCaret(state, messages, width);
	if (mistake) return [new RowBuilder(theme, width).padTo(mistake.column).add(mistake.text, 'error').toString()];
	if (result.kind === 'welcome') return [welcome(store, width)];
	const { mark, text, style } = shownText(result, messages);
	const room = width - MARGIN.length - mark.length;
	const wrapped = displayWidth(text) <= room ? [text] : wrapInto(text, room, rows);
	return Array.from({ length: rows }, (_, at) => {
		const row = new RowBuilder(theme, width).add(MARGIN);
		const before = at === 0 ? mark : ' '.repeat(mark.length);
		return row
			.add(before, style === 'value' ? 'dim' : style)
			.add(wrapped[at] ?? '', style)
			.toString();
	});
};

const searchHint = (store: DashboardStore, width: number): string =>
	new RowBuilder(store.theme, width).add(MARGIN).add(store.messages.command.searchHint, 'dim').toString();

const welcome = (store: DashboardStore, width: number): string => {
	const { command } = store.messages;
	const row = new RowBuilder(store.theme, width).add(MARGIN);
	if (store.scenario) return row.toString();
	return row.add(store.hasLessonToOffer ? command.welcomeLesson : command.welcome, 'caption').toString();
};

const shownText = (result: Result, { say }: Messages): Shown => {
	switch (result.kind) {
		case 'welcome':
			return { mark: '', text: '', style: 'caption' };
		case 'value':
			return { mark: '= ', text: printable(result.text), style: 'value' };
		case 'note':
			return { mark: '', text: printable(result.text), style: 'dim' };
		case 'warning':
			return { mark: '! ', text: printable(result.text), style: 'warning' };
		case 'error':
			return { mark: '! ', text: printable(say(result.error.whole)), style: 'error' };
	}
};

/** Column of an error as the interpreter names it: `1:7` in the one line of the bar. */
const errorColumn = ({ where }: UserError): number | undefined => {
	const column = /^1:(\d+)$/.exec(where ?? '')?.[1];
	return column === undefined ? undefined : Number(column);
};

/** A mistake in the line that is being typed, and the column in which it is told; undefined when it does not fit there. */
const atCaret = ({ result, line, typing }: UiState, messages: Messages, width: number) => {
	if (result.kind !== 'error' || typing !== 'command') return undefined;
	const column = errorColumn(result.error);
	if (column === undefined) return undefined;
	const message = printable(messages.say(result.error.withoutPlace));
	const prompt = displayWidth(messages.command.prompt);
	const caret = MARGIN.length + prompt + displayWidth(line.text.slice(0, column - 1));
	// The message stands to the right of the caret where it fits there, else to its left.
	if (caret + 2 + displayWidth(message) <= width) return { column: caret, text: `^ ${message}` };
	const left = caret - displayWidth(message) - 1;
	return left < MARGIN.length ? undefined : { column: left, text: `${message} ^` };
};
