import { bottomBorder, topBorder } from '../frame-model.ts';
import { Rows } from '../painting/rows.tsx';
import { innerColumns, type Place } from '../screen-layout.ts';
import type { DashboardStore } from '../store.ts';

/** A panel in its borders, with the cursor when it has the keys. */
export const Panel = ({ store, place }: { readonly store: DashboardStore; readonly place: Place }) => {
	const isFocused = store.getState().focus === place.panel;
	const shown = store.shown(place);
	const { model, visibleRows, scroll, cursor } = shown;
	const { theme } = store;
	const side = theme.paint(theme.border.down, isFocused ? 'borderFocus' : 'border');
	const blank = ' '.repeat(innerColumns(place));
	const body = Array.from({ length: visibleRows }, (_, at) =>
		scroll + at < model.rowCount ? model.paintRow(scroll + at, isFocused ? cursor : -1) : blank,
	);
	const content = [...model.head, ...body, ...model.foot].slice(0, Math.max(0, place.rows - 2));
	const rows = [
		topBorder(shown, isFocused, store),
		...content.map(row => side + row + side),
		bottomBorder(shown, isFocused, theme),
	];
	return <Rows rows={rows} />;
};
