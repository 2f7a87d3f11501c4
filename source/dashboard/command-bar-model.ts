import type { UserError } from '../machine/user-error.ts';
/** The command bar with its caret, the result line below it, and the list of proposals above it. */
import { printable } from '../machine/user-error.ts';
import { type Say, sayValue } from '../phrases/phrase.ts';
import { searchMatch } from './command-line.ts';
import { RowBuilder } from './row-builder.ts';
import type { Completion } from './session-like.ts';
import type { DashboardStore } from './store.ts';
import { cut, displayWidth, fitText, take } from './text.ts';
import type { StyleName } from './theme.ts';

const MARGIN = ' ';

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

/** Column of an error as the interpreter names it: `1:7` in the one line of the bar. */
const errorColumn = ({ where }: UserError): number | undefined => {
	const column = /^1:(\d+)$/.exec(where ?? '')?.[1];
	return column === undefined ? undefined : Number(column);
};

/** What came of the newest command: its value, what the kernel said, or the mistake under the place where it stands. */
export const resultRow = (store: DashboardStore, width: number): string => {
	const { result, line, typing } = store.getState();
	const { command } = store.messages;
	const row = new RowBuilder(store.theme, width).add(MARGIN);
	if (typing === 'search') return row.add(command.searchHint, 'dim').toString();
	switch (result.kind) {
		case 'welcome':
			if (store.scenario) return row.toString();
			return row.add(store.hasLessonToOffer ? command.welcomeLesson : command.welcome, 'caption').toString();
		case 'value':
			return row.add('= ', 'dim').add(printable(result.text), 'value').toString();
		case 'note':
			return row.add(printable(result.text), 'dim').toString();
		case 'warning':
			return row.add(`! ${printable(result.text)}`, 'warning').toString();
		case 'error': {
			const { error } = result;
			const column = typing === 'command' ? errorColumn(error) : undefined;
			const text = printable(store.messages.say(column === undefined ? error.whole : error.withoutPlace));
			return column === undefined
				? row.add(`! ${text}`, 'error').toString()
				: underCaret(row, line.text, column, text, displayWidth(command.prompt));
		}
	}
};

// The message stands to the right of the caret where it fits there, else to its left.
const underCaret = (row: RowBuilder, text: string, column: number, message: string, prompt: number): string => {
	const at = MARGIN.length + prompt + displayWidth(text.slice(0, column - 1));
	const fitsRight = at + 2 + displayWidth(message) <= row.width;
	if (fitsRight) return row.padTo(at).add('^ ', 'error').add(message, 'error').toString();
	const left = cut(message, Math.max(0, at - MARGIN.length - 1));
	return displayWidth(message) + 1 + MARGIN.length <= at
		? row
				.padTo(at - displayWidth(left) - 1)
				.add(`${left} ^`, 'error')
				.toString()
		: row.add(`! ${message}`, 'error').toString();
};

const help = ({ detail, help: text }: Completion, say: Say): string => {
	const shown = sayValue(say, detail);
	return text === undefined ? shown : `${shown}  ${say(text)}`;
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
		return new RowBuilder(store.theme, width)
			.add(isChosen ? '>' : ' ', 'mark')
			.add(fitText(printable(item.name), names), style)
			.add('  ')
			.add(cut(printable(help(item, store.messages.say)), Math.max(0, width - names - 4 - more.length)), 'dim')
			.right(more, 'key')
			.toString();
	});
};
