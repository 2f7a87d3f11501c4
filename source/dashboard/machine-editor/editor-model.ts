import type { Box } from '../boxes/overlay-model.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { displayWidth } from '../painting/text.ts';
import type { Size } from '../state.ts';
import type { DashboardStore } from '../store.ts';
import type { Draft } from './draft.ts';
import { fieldRows } from './field-rows.ts';
import { outcomeRows } from './outcome-rows.ts';

/** What the editor's box shows. */
export interface EditorContent {
	/** Painted rows, as wide and as many as the box holds inside its borders. */
	readonly rows: readonly string[];
	/** Which rows of the lower part are in sight, where not all are. */
	readonly extent: string;
	/** How far the lower part can be scrolled. */
	readonly lastScroll: number;
	/** Rows of the lower part in sight. */
	readonly visible: number;
}

const WIDEST = 124;
const HIGHEST = 44;

/** The editor leaves only the header and the hints in sight. */
export const editorBox = ({ columns, rows }: Size): Box => {
	const width = columns <= WIDEST + 8 ? columns : WIDEST;
	return { left: Math.floor((columns - width) / 2), top: 1, columns: width, rows: Math.min(rows - 2, HIGHEST) };
};

/** Fields and costs above, the table and what belongs to it below. */
export const editorContent = (store: DashboardStore, draft: Draft): EditorContent => {
	const { size, overlayScroll } = store.getState();
	const box = editorBox(size);
	const width = box.columns - 2;
	const fields = fieldRows(store, draft, width);
	const visible = Math.max(0, box.rows - 2 - fields.length - 1);
	const all = outcomeRows(store, draft.comparison, width, visible);
	const lastScroll = Math.max(0, all.length - visible);
	const first = Math.min(overlayScroll, lastScroll);
	const blank = ' '.repeat(width);
	const lower = Array.from({ length: visible }, (_, at) => all[first + at] ?? blank);
	return {
		rows: [...fields, divider(store, draft, width), ...lower],
		extent: lastScroll === 0 ? '' : `${first + 1}-${first + visible}/${all.length}`,
		lastScroll,
		visible,
	};
};

/** The table's heading in a line across the box, with the meaning of the marks. */
const divider = ({ theme, messages }: DashboardStore, { comparison }: Draft, width: number): string => {
	const { border } = theme;
	const { layout } = comparison.b;
	const heading = layout.isPrinted
		? layout.heading.replace(/:$/, '')
		: messages.editor.notPrinted(layout.heading.replace(/:$/, ''));
	const { legend } = messages.editor;
	const row = new RowBuilder(theme, width).add(border.across.repeat(2), 'border').add(` ${heading} `, 'title');
	if (displayWidth(legend) + 4 <= row.room) row.right(` ${legend} ${border.across}`, 'dim', border.across, 'border');
	return row.padTo(width, 'border', border.across).toString();
};
