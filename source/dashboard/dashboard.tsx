import { Box, useInput, usePaste } from 'ink';
import { useSyncExternalStore } from 'react';
import { Overlay } from './boxes/overlay.tsx';
import { commandRow } from './command-bar/command-bar-model.ts';
import { Proposals } from './command-bar/proposals.tsx';
import { resultRows } from './command-bar/result-model.ts';
import type { Controller } from './controller.ts';
import { headerRow, inspectorRows } from './frame-model.ts';
import { hintRow } from './hint-model.ts';
import { lessonRows } from './lessons/lesson-model.ts';
import { MachineEditor } from './machine-editor/machine-editor.tsx';
import { MachinePicker } from './machine-picker/machine-picker.tsx';
import { Rows } from './painting/rows.tsx';
import { fitText } from './painting/text.ts';
import { Panel } from './panels/panel.tsx';
import { isTooSmall } from './screen-layout.ts';
import type { DashboardStore } from './store.ts';

interface Props {
	readonly store: DashboardStore;
	readonly controller: Controller;
}

/** The whole screen. */
export const Dashboard = ({ store, controller }: Props) => {
	const { size } = useSyncExternalStore(store.subscribe, store.getState);
	useInput((input, key) => controller.input(input, key));
	usePaste(text => controller.paste(text));
	return isTooSmall(size) ? <TooSmall store={store} /> : <Screen store={store} controller={controller} />;
};

const TooSmall = ({ store }: { readonly store: DashboardStore }) => {
	const { columns, rows } = store.getState().size;
	const line = fitText(store.messages.tooSmall(columns, rows), columns);
	const blank = ' '.repeat(columns);
	return <Rows rows={[line, ...Array.from({ length: Math.max(0, rows - 1) }, () => blank)]} />;
};

const Screen = ({ store, controller }: Props) => {
	const { screen, theme, messages, session } = store;
	const { columns, rows } = screen.size;
	const { overlay, typing, line } = store.getState();
	const below = [
		...lessonRows(store, columns, screen.lessonRows),
		...inspectorRows(store, columns, screen.inspectorRows),
		commandRow(store, columns),
		...resultRows(store, columns, screen.resultRows),
		hintRow(store, columns),
	];
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Rows rows={[headerRow(session.view, columns, theme, messages)]} />
			<Box height={screen.panelRows} flexShrink={0}>
				{screen.columns.map(places => (
					<Box key={places[0]?.panel} flexDirection="column" flexShrink={0}>
						{places.map(place => (
							<Panel key={place.panel} store={store} place={place} />
						))}
					</Box>
				))}
			</Box>
			<Rows rows={below} />
			{overlay && overlay.kind !== 'picker' && overlay.kind !== 'editor' && <Overlay store={store} />}
			{overlay?.kind === 'editor' && <MachineEditor store={store} draft={overlay.draft} />}
			{overlay?.kind === 'picker' && (
				<MachinePicker store={store} picker={overlay} onChoose={machine => void controller.openMachine(machine)} />
			)}
			{typing === 'command' && line.proposals && <Proposals store={store} bottom={rows - 2 - screen.resultRows} />}
		</Box>
	);
};
