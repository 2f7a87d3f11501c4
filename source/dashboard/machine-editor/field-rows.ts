/** The upper part of the machine editor: the fields, and beside them what the change costs or what is wrong. */
import { readableSize, signedSize } from '../../layout/explain/size-text.ts';
import { MiB } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { Messages } from '../../messages/messages.ts';
import { withCaret } from '../command-bar/command-bar-model.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { displayWidth, wrap } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import type { DashboardStore } from '../store.ts';
import type { Draft } from './draft.ts';
import { choicesOf, FIELDS, type FieldId, NO, textsOf, YES } from './fields.ts';

/** Columns of the fields with what they said before, and of the costs. */
interface Panes {
	readonly fields: number;
	readonly costs: number;
}

const panesOf = (width: number): Panes => {
	const fields = width < 66 ? 31 : width < 100 ? 37 : 66;
	return { fields, costs: width - fields };
};

/** One painted row for each field. */
export const fieldRows = (store: DashboardStore, draft: Draft, width: number): readonly string[] => {
	const { theme } = store;
	const { fields, costs } = panesOf(width);
	const wrong = mistakeLines(draft, store.messages, costs - 2);
	const amounts = costRows(store, draft, costs);
	return FIELDS.map((field, at) => {
		const mistake = wrong[at];
		const right = mistake === undefined ? amounts[at] : new RowBuilder(theme, costs).add(mistake, 'error').toString();
		return fieldRow(store, draft, field, fields) + (right ?? ' '.repeat(costs));
	});
};

const baseText = ({ base }: Draft, field: FieldId): string => textsOf(base)[field];

const isChanged = (draft: Draft, field: FieldId): boolean => draft.texts[field].trim() !== baseText(draft, field);

/** A field's text as people read it. */
const shown = ({ messages }: DashboardStore, { base }: Draft, field: FieldId, text: string): string => {
	const words = messages.editor;
	if (choicesOf(field, base).length > 0) return text === YES ? words.yes : text === NO ? words.no : text;
	if (text === '') return field === 'vmalloc' ? words.byDefault : field === 'cmdline' ? words.nothing : '';
	return printable(text);
};

const fieldRow = (store: DashboardStore, draft: Draft, field: FieldId, width: number): string => {
	const { theme, messages } = store;
	const label = messages.editor.fields[field === 'wide' ? (draft.base.arch === 'arm' ? 'lpae' : 'pae') : field];
	const labels = Math.max(...Object.values(messages.editor.fields).map(displayWidth));
	const hasKeys = draft.field === field;
	const head = new RowBuilder(theme, labels + 3)
		.add(hasKeys ? '>' : ' ', 'mark')
		.add(isChanged(draft, field) ? '*' : ' ', 'mark')
		.add(label, hasKeys ? 'strong' : 'label');
	const room = width - head.width;
	const value = valueText(store, draft, field, room);
	const rest = new RowBuilder(theme, room - value.columns);
	const was = `  ${messages.editor.was(shown(store, draft, field, baseText(draft, field)))}`;
	if (isChanged(draft, field) && displayWidth(was) <= rest.room) rest.add(was, 'dim');
	return head.toString() + value.text + rest.toString();
};

/** What stands in a field, painted, in as many columns as it needs. */
const valueText = (store: DashboardStore, draft: Draft, field: FieldId, room: number) => {
	const text = draft.texts[field];
	const words = shown(store, draft, field, text);
	const hasKeys = draft.field === field;
	const isTyped = choicesOf(field, draft.base).length === 0;
	// Two columns before the value for the sign of a choice, and one behind it for the caret.
	const needed = hasKeys && isTyped ? displayWidth(text) + 4 : displayWidth(words) + 4;
	const columns = Math.max(0, Math.min(needed, room));
	const row = new RowBuilder(store.theme, columns);
	if (!hasKeys) row.add(`  ${words}`, text === '' ? 'dim' : 'plain');
	else if (!isTyped) row.add('< ', 'key').add(words, 'selected').add(' >', 'key');
	else return { columns, text: withCaret(row.add('  '), text, draft.caret) };
	return { columns, text: row.toString() };
};

/** What is wrong, from the row of its field on; where that is too low for all of it, a row or two above. */
const mistakeLines = ({ mistake }: Draft, messages: Messages, width: number): readonly (string | undefined)[] => {
	const lines: (string | undefined)[] = FIELDS.map(() => undefined);
	if (!mistake) return lines;
	const text = wrap(printable(messages.say(mistake.error.withoutPlace)), width - 2).slice(0, FIELDS.length);
	const first = Math.min(FIELDS.indexOf(mistake.field), FIELDS.length - text.length);
	for (const [at, line] of text.entries()) lines[first + at] = ` ${at === 0 ? '!' : ' '} ${line}`;
	return lines;
};

/** What the change costs and what it brings: a row a quantity, below a heading. As many columns as there is room for. */
const costRows = (store: DashboardStore, { comparison }: Draft, width: number): readonly string[] => {
	const { theme, messages } = store;
	const { editor: words, explain } = messages;
	const { compare } = explain;
	// The borders of a kernel that does not come up are no sizes of anything.
	if (comparison.b.layout.bootFailure !== undefined) return [];
	const quantities = comparison.quantities.filter(({ name, a, b }) => b !== a || b > (name === 'unused' ? MiB : 0));
	const names = quantities.map(({ name }) => compare.quantities[name]);
	const nameColumns = Math.max(displayWidth(compare.size), ...names.map(displayWidth)) + 2;
	const count = Math.max(1, Math.min(3, Math.floor((width - nameColumns) / SIZE_COLUMNS)));
	const line = (name: string, cells: readonly string[], style: StyleName, nameStyle: StyleName): string => {
		const row = new RowBuilder(theme, width).add(` ${name}`, nameStyle);
		for (const [at, cell] of cells.slice(-count).entries()) {
			row.padTo(nameColumns + (at + 1) * SIZE_COLUMNS - displayWidth(cell)).add(cell, style);
		}
		return row.toString();
	};
	return [
		line(compare.size, [words.before, words.now, words.change], 'dim', 'dim'),
		...quantities.map(({ a, b }, at) => {
			const change = a === b ? (count === 1 ? readableSize(b) : '') : signedSize(b - a);
			return line(names[at] ?? '', [readableSize(a), readableSize(b), change], a === b ? 'plain' : 'strong', 'plain');
		}),
	];
};

/** `-12287.9 MB` and a space. */
const SIZE_COLUMNS = 12;
