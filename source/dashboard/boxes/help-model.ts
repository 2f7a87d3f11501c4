import type { Messages } from '../../messages/messages.ts';
import { EXPLORER_WORDS } from '../../session/explorer-words.ts';
import { BINDINGS, type Context } from '../keys.ts';
import { fitText, wrap } from '../painting/text.ts';
import type { PanelId } from '../panels/panel-model.ts';

const CONTEXTS: readonly Context[] = ['panel', 'command', 'history', 'search', 'overlay', 'picker', 'editor'];
const KEY_COLUMNS = 14;
const WORD_COLUMNS = 18;

/** Lines of the help box: the panel at hand, then every key of every context. */
export const helpLines = (panel: PanelId, width: number, messages: Messages): readonly string[] => {
	const words = messages.help;
	const lines = [...wrap(words.panel[panel], width), ...wrap(words.changed, width)];
	for (const context of CONTEXTS) {
		lines.push('', words.heading(words.contexts[context]), ...keyLines(context, width, messages));
		if (context === 'panel') lines.push('', words.heading(words.words), ...wordLines(width, messages));
	}
	return lines;
};

/** The explorer's words, beside which the command bar takes C. */
const wordLines = (width: number, { say }: Messages): readonly string[] =>
	EXPLORER_WORDS.flatMap(({ usage, help }) =>
		wrap(say(help), width - WORD_COLUMNS - 1).map(
			(line, at) => `${fitText(at === 0 ? usage : '', WORD_COLUMNS)} ${line}`,
		),
	);

/** All keys of a context, in two columns where there is room. */
const keyLines = (context: Context, width: number, messages: Messages): readonly string[] => {
	const entries = BINDINGS.filter(binding => binding.contexts.includes(context)).map(
		({ command, keys }) => `${fitText(keysLabel(keys), KEY_COLUMNS)} ${messages.help.commands[command]}`,
	);
	const columns = width >= 114 ? 3 : width >= 72 ? 2 : 1;
	const each = Math.floor(width / columns);
	const rows = Math.ceil(entries.length / columns);
	return Array.from({ length: rows }, (_, row) =>
		Array.from({ length: columns }, (_, column) => entries[row + column * rows] ?? '')
			.map((entry, column) => (column === columns - 1 ? entry : `${fitText(entry, each - 1)} `))
			.join('')
			.trimEnd(),
	);
};

const LABELS: Readonly<Record<string, string>> = {
	up: 'Up',
	down: 'Down',
	left: 'Left',
	right: 'Right',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	enter: 'Enter',
	escape: 'Esc',
	tab: 'Tab',
	'shift+tab': 'S-Tab',
	backspace: 'Bksp',
	delete: 'Del',
	space: 'Space',
};

/** Keys as they are printed, digits as a range: `h Left`, `0-9`. */
export const keysLabel = (keys: readonly string[]): string =>
	keys.length > 1 && keys.every(key => /^\d$/.test(key))
		? `${[...keys].sort()[0]}-${[...keys].sort().at(-1)}`
		: keys.map(keyLabel).join(' ');

/** A key as it is printed: `Ctrl-R` is `^R`. */
export const keyLabel = (key: string): string => {
	if (key.startsWith('ctrl+')) return `^${keyLabelUpper(key.slice(5))}`;
	if (key.startsWith('alt+')) return `M-${key.slice(4)}`;
	return LABELS[key] ?? key;
};

const keyLabelUpper = (key: string): string => LABELS[key] ?? key.toUpperCase();
