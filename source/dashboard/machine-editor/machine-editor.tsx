import { Box } from 'ink';
import { machineName } from '../../machine/machine.ts';
import { boxBottom, boxTop } from '../boxes/box-model.ts';
import { Rows } from '../painting/rows.tsx';
import type { DashboardStore } from '../store.ts';
import type { Draft } from './draft.ts';
import { editorBox, editorContent } from './editor-model.ts';

/** The machine being changed, with the layout that comes of it. */
export const MachineEditor = ({ store, draft }: { readonly store: DashboardStore; readonly draft: Draft }) => {
	const { theme, messages } = store;
	const { left, top, columns } = editorBox(store.getState().size);
	const { rows, extent } = editorContent(store, draft);
	const side = theme.paint(theme.border.down, 'borderFocus');
	return (
		<Box position="absolute" marginLeft={left} marginTop={top}>
			<Rows
				rows={[
					boxTop(theme, columns, messages.editor.title(messages.say(machineName(draft.base)))),
					...rows.map(row => side + row + side),
					boxBottom(theme, columns, extent),
				]}
			/>
		</Box>
	);
};
