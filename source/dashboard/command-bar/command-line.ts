/** The line being typed: text, caret, history, completion and history search. Pure functions on plain data. */
import type { Completion } from '../session-like.ts';

export interface CommandLine {
	readonly text: string;
	/** Caret position in UTF-16 units, never inside a pair. */
	readonly caret: number;
	/** Oldest first. */
	readonly past: readonly string[];
	/** Index in `past` that is shown; `past.length` is the line being typed. */
	readonly at: number;
	/** The typed line while a past one is shown. */
	readonly draft: string;
	readonly proposals: Proposals | undefined;
	/** Ctrl-R: what is searched, and how many matches to pass over. */
	readonly search: { readonly query: string; readonly skip: number } | undefined;
}

/** Names that may follow, and which one was put into the text. */
export interface Proposals {
	readonly items: readonly Completion[];
	/** -1 when only the common beginning was put in. */
	readonly selected: number;
	/** Where in the text the completed word begins and what was typed of it. */
	readonly from: number;
	readonly typed: string;
}

export const EMPTY_LINE: CommandLine = {
	text: '',
	caret: 0,
	past: [],
	at: 0,
	draft: '',
	proposals: undefined,
	search: undefined,
};

export type Edit =
	| 'charLeft'
	| 'charRight'
	| 'wordLeft'
	| 'wordRight'
	| 'lineStart'
	| 'lineEnd'
	| 'deleteBack'
	| 'deleteOn'
	| 'deleteWord'
	| 'deleteToStart'
	| 'deleteLine'
	| 'deleteToEnd';

const withText = (line: CommandLine, text: string, caret: number): CommandLine => ({
	...line,
	text,
	caret,
	proposals: undefined,
});

/** Put text at the caret; line ends and tabs become spaces, so that a pasted block is one line. */
export const insert = (line: CommandLine, text: string): CommandLine => {
	const clean = text.replace(/[\r\n\t]+/g, ' ').replace(/[\u0000-\u001f\u007f]/g, '');
	return withText(
		line,
		line.text.slice(0, line.caret) + clean + line.text.slice(line.caret),
		line.caret + clean.length,
	);
};

export const edit = (line: CommandLine, what: Edit): CommandLine => {
	const { text, caret } = line;
	const before = text.slice(0, caret);
	const after = text.slice(caret);
	const moved = (to: number): CommandLine => withText(line, text, to);
	switch (what) {
		case 'charLeft':
			return moved(caret - lastLength(before));
		case 'charRight':
			return moved(caret + firstLength(after));
		case 'wordLeft':
			return moved(wordStart(before));
		case 'wordRight':
			return moved(caret + (/^\W*\w*/.exec(after)?.[0].length ?? 0));
		case 'lineStart':
			return moved(0);
		case 'lineEnd':
			return moved(text.length);
		case 'deleteBack': {
			const kept = before.slice(0, before.length - lastLength(before));
			return withText(line, kept + after, kept.length);
		}
		case 'deleteOn':
			return withText(line, before + after.slice(firstLength(after)), caret);
		case 'deleteWord': {
			const kept = before.slice(0, wordStart(before));
			return withText(line, kept + after, kept.length);
		}
		case 'deleteToStart':
			return withText(line, after, 0);
		case 'deleteLine':
			return withText(line, '', 0);
		case 'deleteToEnd':
			return withText(line, before, caret);
	}
};

const lastLength = (text: string): number => [...text].at(-1)?.length ?? 0;
const firstLength = (text: string): number => [...text][0]?.length ?? 0;
const wordStart = (before: string): number => before.replace(/\w*\W*$/, '').length;

/** Show the command `by` places on in the history; the typed line is kept and comes back at the end. */
export const walkHistory = (line: CommandLine, by: number): CommandLine => {
	const at = Math.min(line.past.length, Math.max(0, line.at + by));
	if (at === line.at) return line;
	const draft = line.at === line.past.length ? line.text : line.draft;
	const text = line.past[at] ?? draft;
	return { ...withText(line, text, text.length), at, draft };
};

/** The line was run: it joins the history, unless it repeats the newest. */
export const submitted = (line: CommandLine): CommandLine => {
	const text = line.text.trim();
	const past = text === '' || line.past.at(-1) === text ? line.past : [...line.past, text];
	return { ...EMPTY_LINE, past, at: past.length };
};

/** Begin to search the history, or go to the next older match. */
export const searchHistory = (line: CommandLine): CommandLine => ({
	...line,
	proposals: undefined,
	search: line.search ? { ...line.search, skip: line.search.skip + 1 } : { query: '', skip: 0 },
});

export const changeQuery = (line: CommandLine, query: string): CommandLine => ({ ...line, search: { query, skip: 0 } });

/** The command that the history search has found. */
export const searchMatch = ({ past, search }: CommandLine): string | undefined => {
	if (!search) return undefined;
	const matches = past.filter(text => text.includes(search.query)).reverse();
	return matches[Math.min(search.skip, matches.length - 1)];
};

/** End the search with what it found in the line. */
export const acceptSearch = (line: CommandLine): CommandLine => {
	const text = searchMatch(line) ?? line.text;
	return { ...withText(line, text, text.length), search: undefined };
};

/** Tab: put in what all proposals share, or the only one, and show the list; Tab again goes through it. */
export const complete = (line: CommandLine, items: readonly Completion[], by: 1 | -1): CommandLine => {
	const shown = line.proposals;
	if (shown) {
		const selected = (shown.selected + by + shown.items.length) % shown.items.length;
		return withProposal(line, shown, selected < 0 ? shown.items.length - 1 : selected);
	}
	if (items.length === 0) return line;
	const before = line.text.slice(0, line.caret);
	const isOpen = before.trim() === '';
	const start = items[0]?.start;
	const from = isOpen
		? line.caret
		: (start ?? before.length - (/[A-Za-z_][A-Za-z0-9_]*$/.exec(before)?.[0].length ?? 0));
	const typed = before.slice(from);
	const proposals: Proposals = { items, selected: -1, from, typed };
	const [only] = items;
	if (items.length === 1 && only) return { ...withProposal(line, proposals, 0), proposals: undefined };
	const shared = isOpen ? '' : commonStart(items.map(item => item.name));
	const text = shared.length > typed.length ? shared : typed;
	return { ...replaceWord(line, proposals, text), proposals };
};

const withProposal = (line: CommandLine, proposals: Proposals, selected: number): CommandLine => {
	const name = proposals.items[selected]?.name ?? proposals.typed;
	return { ...replaceWord(line, proposals, name), proposals: { ...proposals, selected } };
};

const replaceWord = (line: CommandLine, { from }: Proposals, word: string): CommandLine =>
	withText(line, line.text.slice(0, from) + word + line.text.slice(line.caret), from + word.length);

const commonStart = (names: readonly string[]): string => {
	let common = names[0] ?? '';
	for (const name of names) while (!name.startsWith(common)) common = common.slice(0, -1);
	return common;
};
