import { RowBuilder } from '../painting/row-builder.ts';
import type { Theme } from '../painting/theme.ts';

/** Top border of a box over the panels. */
export const boxTop = (theme: Theme, columns: number, title: string): string => {
	const { border } = theme;
	const row = new RowBuilder(theme, columns - 1).add(border.topLeft, 'borderFocus').add(` ${title} `, 'titleFocus');
	return row.padTo(columns - 1, 'borderFocus', border.across).toString() + theme.paint(border.topRight, 'borderFocus');
};

/** Bottom border, with which lines are in sight. */
export const boxBottom = (theme: Theme, columns: number, extent: string): string => {
	const { border } = theme;
	const row = new RowBuilder(theme, columns - 1).add(border.bottomLeft, 'borderFocus');
	if (extent !== '') row.right(` ${extent} `, 'dim', border.across, 'borderFocus');
	return (
		row.padTo(columns - 1, 'borderFocus', border.across).toString() + theme.paint(border.bottomRight, 'borderFocus')
	);
};
