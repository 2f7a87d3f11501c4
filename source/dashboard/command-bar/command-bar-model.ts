/** The command bar with its caret, and the list of proposals above it. */
import { printable } from '../../machine/user-error.ts';
import { type Say, sayValue } from '../../phrases/phrase.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { cut, displayWidth, fitText, take } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import type { Completion } from '../session-like.ts';
import type { UiState } from '../state.ts';
import type { DashboardStore } from '../store.ts';
import { searchMatch } from './command-line.ts';

/** Columns before the prompt and before what is said below it. */
export const MARGIN = ' ';

/** The line being typed, scrolled so that the caret is in sight; or what ran last. */
export const commandRow = (store: DashboardStore, width: number): string => {
	const { typing, line, searchText, searchCaret, ran } = store.getState();
	const words = store.messages.command;
	const row = new RowBuilder(store.theme, width).add(MARGIN);
	if (typing === 'search') return withCaret(row.add(words.searchPrompt, 'key'), searchText, searchCaret);
	if (typing === 'command' && line.search) {
		const found = searchMatch(line) ?? '';
		return row.add(words.historyPrompt(line.search.query), 'key').add(printable(found)).toString();
	}
	if (typing === 'command') return withCaret(row.add(words.prompt, 'key'), line.text, line.caret);
	return row.add(words.prompt, 'dim').add(printable(ran), 'dim').toString();
};

/** A row that ends with a text being typed. One column is kept for a caret behind the last character. */
export const withCaret = (row: RowBuilder, text: string, caret: number): string => {
	const room = row.room - 1;
	const from = firstShown(text, caret, room);
	const under = [...text.slice(caret)][0] ?? ' ';
	const before = text.slice(from, caret);
	const after = take(
		text.slice(caret + (caret < text.length ? under.length : 0)),
		room - displayWidth(before + under) + 1,
	);
	return row.add(before).add(under, 'selected').add(after).toString();
};

/** Index of the first character in sight, so that the text up to the caret fits. */
const firstShown = (text: string, caret: number, room: number): number => {
	let from = 0;
	while (from < caret && displayWidth(text.slice(from, caret)) >= room) {
		from += [...text.slice(from)][0]?.length ?? 1;
	}
	return from;
};

/** Signature and meaning where both fit, else the meaning: the signature of the chosen one stands below the bar. */
const help = ({ detail, help: text }: Completion, say: Say, width: number): string => {
	const shown = sayValue(say, detail);
	if (text === undefined) return shown;
	const both = `${shown}  ${say(text)}`;
	return displayWidth(both) <= width ? both : say(text);
};

/** Signature or value of the proposal that is chosen, undefined where none is. */
export const chosenSignature = ({ line }: UiState, say: Say): string | undefined => {
	const { items, selected } = line.proposals ?? { items: [], selected: -1 };
	const chosen = items[selected];
	return chosen?.help === undefined ? undefined : printable(sayValue(say, chosen.detail));
};

/** Rows of the list of proposals; `rows` at most, the chosen one always among them. */
export const proposalRows = (store: DashboardStore, width: number, rows: number): readonly string[] => {
	const { proposals } = store.getState().line;
	if (!proposals) return [];
	const { items, selected } = proposals;
	const shown = Math.min(rows, items.length);
	const first = Math.max(0, Math.min(selected - shown + 1, items.length - shown));
	const names = Math.min(40, Math.max(...items.map(item => displayWidth(item.name))));
	return items.slice(first, first + shown).map((item, at) => {
		const isChosen = first + at === selected;
		const style: StyleName = isChosen ? 'selected' : 'plain';
		const more = at === shown - 1 && first + shown < items.length ? ` +${items.length - first - shown}` : '';
		const room = Math.max(0, width - names - 4 - more.length);
		return new RowBuilder(store.theme, width)
			.add(isChosen ? '>' : ' ', 'mark')
			.add(fitText(printable(item.name), names), style)
			.add('  ')
			.add(cut(printable(help(item, store.messages.say, room)), room), 'dim')
			.right(more, 'key')
			.toString();
	});
};
