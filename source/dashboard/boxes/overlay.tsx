import { Box } from 'ink';
import { RowBuilder } from '../painting/row-builder.ts';
import { Rows } from '../painting/rows.tsx';
import type { DashboardStore } from '../store.ts';
import { boxBottom, boxTop } from './box-model.ts';
import { boxOf, boxRows, overlayLines, overlayTitle } from './overlay-model.ts';

/** Help, or what lies at an address, in a box over the panels. */
export const Overlay = ({ store }: { readonly store: DashboardStore }) => {
	const { theme } = store;
	const { left, top, columns } = boxOf(store);
	const lines = overlayLines(store);
	// A short text leaves what lies below it in sight.
	const visible = Math.min(lines.length, boxRows(store));
	const first = Math.min(store.getState().overlayScroll, Math.max(0, lines.length - visible));
	const extent = lines.length > visible ? `${first + 1}-${first + visible}/${lines.length}` : '';
	const side = theme.paint(theme.border.down, 'borderFocus');
	const body = Array.from({ length: visible }, (_, at) =>
		new RowBuilder(theme, columns - 2).add(` ${lines[first + at] ?? ''}`).toString(),
	);
	const rows = [
		boxTop(theme, columns, overlayTitle(store)),
		...body.map(row => side + row + side),
		boxBottom(theme, columns, extent),
	];
	return (
		<Box position="absolute" marginLeft={left} marginTop={top}>
			<Rows rows={rows} />
		</Box>
	);
};
