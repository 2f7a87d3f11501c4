import { fittedRows } from '../painting/fitted-rows.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import type { StyleName } from '../painting/theme.ts';
import type { ModelContext } from './model-context.ts';
import { listRows, type PanelModel } from './panel-model.ts';
import { pictureRows } from './picture-model.ts';

/** The colour of a row of the table. */
export const rowStyle = (name: string): StyleName => STYLES[name] ?? 'plain';

const STYLES: Readonly<Record<string, StyleName>> = {
	fixmap: 'fixmap',
	vmalloc: 'vmalloc',
	lowmem: 'lowmem',
	pkmap: 'pkmap',
	modules: 'modules',
};

/** The mem_init table, each row as the kernel prints it, above a picture of the address space. */
export const layoutModel = (context: ModelContext, pictureHeight: number): PanelModel => {
	const { view, width, theme, messages } = context;
	const { rows } = view.layout;
	const texts = fittedRows(rows, width);
	return {
		...listRows(rows.length),
		id: 'layout',
		notes: [],
		legends: messages.layout.legends,
		head: [],
		foot: pictureHeight === 0 ? [] : pictureRows(context, pictureHeight >= 3),
		paintRow: (index, cursor) => {
			const row = rows[index];
			const builder = new RowBuilder(theme, width);
			if (!row) return builder.toString();
			return builder.add(texts[index] ?? '', rowStyle(row.name), { isCursor: index === cursor }).toString();
		},
		newest: undefined,
	};
};
