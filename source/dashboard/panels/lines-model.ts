import type { Inspection } from '../inspector-model.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import type { StyleName } from '../painting/theme.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelId, PanelModel } from './panel-model.ts';

/** One row of a panel that is a list of texts. */
export interface PanelLine {
	readonly text: string;
	/** @default 'plain' */
	readonly style?: StyleName;
	/** One column in front: `>` current, `~` stale, `*` changed. @default a space */
	readonly mark?: string;
	/** A heading, which the cursor steps over. @default false */
	readonly isHeading?: boolean;
	/** What the inspector says of it. */
	readonly about?: Inspection;
}

/** A dim row that takes no cursor. */
export const heading = (text: string): PanelLine => ({ text, style: 'dim', isHeading: true });

/** The lines that the cursor can be on. */
export const itemsAmong = (lines: readonly PanelLine[]): readonly PanelLine[] =>
	lines.filter(({ isHeading = false }) => !isHeading);

/** A panel of such lines. */
export const linesModel = (
	id: PanelId,
	lines: readonly PanelLine[],
	{ theme, width }: ModelContext,
	{ legends = [], head = [], notes = [] }: Partial<Pick<PanelModel, 'legends' | 'head' | 'notes'>> = {},
): PanelModel => {
	const rowOfItem: number[] = [];
	const itemOfRow = lines.map(({ isHeading = false }, row) => {
		if (!isHeading) rowOfItem.push(row);
		// A heading counts for the item that follows it.
		return isHeading ? rowOfItem.length : rowOfItem.length - 1;
	});
	const newest = itemsAmong(lines).findIndex(({ mark }) => mark === '*');
	return {
		id,
		rowCount: lines.length,
		itemCount: rowOfItem.length,
		itemsOf: row => ({ first: itemOfRow[row] ?? 0, count: Number(!(lines[row]?.isHeading ?? false)) }),
		rowOf: item => rowOfItem[item] ?? 0,
		notes,
		legends,
		head: head.map(text => new RowBuilder(theme, width).add(` ${text}`, 'dim').toString()),
		foot: [],
		paintRow: (row, cursor) => {
			const line = lines[row];
			const builder = new RowBuilder(theme, width);
			if (!line) return builder.toString();
			const { text, style = 'plain', mark = ' ' } = line;
			return builder
				.add(mark, 'mark')
				.add(text, style, { isCursor: row === rowOfItem[cursor] })
				.toString();
		},
		newest: newest < 0 ? undefined : newest,
	};
};
