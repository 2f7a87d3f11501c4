import { Box } from 'ink';
import { boxBottom, boxTop } from '../boxes/box-model.ts';
import { Rows } from '../painting/rows.tsx';
import type { DashboardStore } from '../store.ts';
import { proposalRows } from './command-bar-model.ts';

const MOST_ROWS = 8;

/** The list of names that may follow, right above the command bar. */
export const Proposals = ({ store, bottom }: { readonly store: DashboardStore; readonly bottom: number }) => {
	const { theme, messages } = store;
	const columns = Math.min(store.getState().size.columns - 2, 110);
	const items = proposalRows(store, columns - 2, Math.min(MOST_ROWS, bottom - 3));
	const side = theme.paint(theme.border.down, 'borderFocus');
	const rows = [
		boxTop(theme, columns, messages.command.proposals),
		...items.map(row => side + row + side),
		boxBottom(theme, columns, ''),
	];
	return (
		<Box position="absolute" marginLeft={1} marginTop={bottom - rows.length}>
			<Rows rows={rows} />
		</Box>
	);
};
