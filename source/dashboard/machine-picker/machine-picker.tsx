import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import type { Machine } from '../../machine/machine.ts';
import { MACHINES } from '../../machine/machines.ts';
import { boxBottom, boxTop } from '../boxes/box-model.ts';
import { boxOf } from '../boxes/overlay-model.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { Rows } from '../painting/rows.tsx';
import type { Theme } from '../painting/theme.ts';
import type { DashboardStore } from '../store.ts';
import { type Picker, showPicker } from './picker-control.ts';
import { LABEL_COLUMNS, pickerDetails, pickerLabel } from './picker-model.ts';

/** The mark of the highlighted one, its label, and a space. */
const LIST_COLUMNS = 1 + LABEL_COLUMNS + 1;
const ITEMS = MACHINES.map(machine => ({ key: machine.id, label: machine.id, value: machine }));

/** The ready-made machines to choose from, with what the highlighted one is. */
export const MachinePicker = ({
	store,
	picker,
	onChoose,
}: {
	readonly store: DashboardStore;
	readonly picker: Picker;
	readonly onChoose: (machine: Machine) => void;
}) => {
	const { theme, messages } = store;
	const highlighted = MACHINES[picker.at];
	const { left, top, columns, rows } = boxOf(store);
	const visible = rows - 2;
	const side = theme.paint(theme.border.down, 'borderFocus');
	const rest = columns - 2 - LIST_COLUMNS;
	const details = highlighted ? pickerDetails(highlighted, messages, rest - 1) : [];
	const title = `${messages.picker.title} ${picker.at + 1}/${MACHINES.length}`;
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
					// The list has no way to be moved from outside: after a jump it begins anew.
					key={picker.jumps}
					items={ITEMS}
					initialIndex={picker.at}
					limit={visible}
					indicatorComponent={Indicator}
					itemComponent={itemFor(theme)}
					onHighlight={item => showPicker(store, { ...picker, at: MACHINES.indexOf(item.value) })}
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
		const text = machine ? pickerLabel(machine) : label;
		return <Text>{theme.paint(text, isSelected ? 'selected' : 'plain')}</Text>;
	};
