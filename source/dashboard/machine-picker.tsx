import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import { useState } from 'react';
import type { Machine } from '../machine/machine.ts';
import { MACHINES } from '../machine/machines.ts';
import { boxBottom, boxTop } from './box-model.ts';
import { boxOf } from './overlay-model.ts';
import { pickerDetails, pickerLabel } from './picker-model.ts';
import { RowBuilder } from './row-builder.ts';
import { Rows } from './rows.tsx';
import type { DashboardStore } from './store.ts';
import type { Theme } from './theme.ts';

const LIST_COLUMNS = 31;
const ITEMS = MACHINES.map(machine => ({ key: machine.id, label: machine.id, value: machine }));

/** The ready-made machines to choose from, with what the highlighted one is. */
export const MachinePicker = ({
	store,
	onChoose,
}: {
	readonly store: DashboardStore;
	readonly onChoose: (machine: Machine) => void;
}) => {
	const { theme, messages, session } = store;
	const start = Math.max(
		0,
		MACHINES.findIndex(({ id }) => id === session.machine.id),
	);
	const [highlighted, setHighlighted] = useState<Machine | undefined>(MACHINES[start]);
	const { left, top, columns, rows } = boxOf(store);
	const visible = rows - 2;
	const side = theme.paint(theme.border.down, 'borderFocus');
	const rest = columns - 2 - LIST_COLUMNS;
	const details = highlighted ? pickerDetails(highlighted, messages, rest - 1) : [];
	const title = `${messages.picker.title} ${highlighted ? MACHINES.indexOf(highlighted) + 1 : 0}/${MACHINES.length}`;
	const frame = Array.from({ length: visible }, (_, at) => {
		const detail = new RowBuilder(theme, rest).add(` ${details[at] ?? ''}`, at === 0 ? 'strong' : 'plain').toString();
		return side + ' '.repeat(LIST_COLUMNS) + detail + side;
	});
	const border = [boxTop(theme, columns, title), ...frame, boxBottom(theme, columns, '')];
	return (
		<Box position="absolute" marginLeft={left} marginTop={top}>
			<Rows rows={border} />
			<Box position="absolute" marginLeft={1} marginTop={1} width={LIST_COLUMNS}>
				<SelectInput
					items={ITEMS}
					initialIndex={start}
					limit={visible}
					indicatorComponent={Indicator}
					itemComponent={itemFor(theme)}
					onHighlight={item => setHighlighted(item.value)}
					// A digit would choose a machine unseen: only the highlighted one is taken.
					onSelect={item => item.value === highlighted && onChoose(item.value)}
				/>
			</Box>
		</Box>
	);
};

const Indicator = ({ isSelected = false }: { readonly isSelected?: boolean }) => <Text>{isSelected ? '>' : ' '}</Text>;

const kept = new Map<Theme, ReturnType<typeof makeItem>>();

// One component a theme, so that React keeps the rows when the list moves.
const itemFor = (theme: Theme) => {
	const component = kept.get(theme) ?? makeItem(theme);
	kept.set(theme, component);
	return component;
};

const makeItem =
	(theme: Theme) =>
	({ label, isSelected = false }: { readonly label: string; readonly isSelected?: boolean }) => {
		const machine = MACHINES.find(({ id }) => id === label);
		const text = machine ? pickerLabel(machine, LIST_COLUMNS - 2) : label;
		return <Text>{theme.paint(text, isSelected ? 'selected' : 'plain')}</Text>;
	};
