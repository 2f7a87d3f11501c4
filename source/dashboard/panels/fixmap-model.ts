import { hex } from '../../machine/address.ts';
import type { FixmapSlot, FixmapSlotState, MemoryView } from '../../memory/memory-view.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { take } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import { isNew, type ModelContext } from './model-context.ts';
import { listRows, type PanelModel } from './panel-model.ts';
import { cellsPerRow } from './pkmap-model.ts';

const GLYPHS: Readonly<Record<FixmapSlotState, string>> = { free: '.', used: '#', stale: '~', reserved: 'r' };
const STYLES: Readonly<Record<FixmapSlotState, StyleName>> = {
	free: 'free',
	used: 'used',
	stale: 'stale',
	reserved: 'reserved',
};
const LABEL_COLUMNS = 9;
/** Ranges of that many slots leave room for their name in the row. */
const SHORT = 8;

/** One row of the grid: slots that lie side by side in the fixmap. */
export interface FixmapRow {
	readonly label: string;
	/** Position of the first slot among all items of the panel. */
	readonly first: number;
	readonly slots: readonly FixmapSlot[];
}

/** Rows of the grid: the kmap slots of each CPU first, then the other slots by name. */
export const fixmapRows = (view: MemoryView, cells: number): readonly FixmapRow[] => {
	const { fixmap } = view;
	const slots = Array.from({ length: fixmap.slots }, (_, at) => fixmap.slot(fixmap.firstIndex + at));
	const groups = [...groupsOf(slots.filter(slot => slot.cpu >= 0)), ...groupsOf(slots.filter(slot => slot.cpu < 0))];
	const rows: FixmapRow[] = [];
	let first = 0;
	for (const group of groups) {
		for (let from = 0; from < group.length; from += cells) {
			const part = group.slice(from, from + cells);
			const [slot] = part;
			if (!slot) continue;
			rows.push({ label: labelOf(slot, from, group.length), first, slots: part });
			first += part.length;
		}
	}
	return rows;
};

// A long range of one name begins with the name; a short one has its name behind the cells.
const labelOf = (slot: FixmapSlot, from: number, length: number): string => {
	if (slot.cpu >= 0) return from === 0 ? `cpu${slot.cpu}` : '';
	return length > SHORT && from === 0 && slot.name !== '' ? nameOf(slot) : hex(slot.address).slice(2);
};

const nameOf = (slot: FixmapSlot): string => slot.name.replace(/^FIX_/, '');

/** Runs of slots of one CPU or one name. */
const groupsOf = (slots: readonly FixmapSlot[]): readonly (readonly FixmapSlot[])[] => {
	const groups: FixmapSlot[][] = [];
	let previous: FixmapSlot | undefined;
	for (const slot of slots) {
		const isSame = previous && previous.cpu === slot.cpu && previous.name === slot.name;
		if (isSame && previous?.index === slot.index - 1) groups.at(-1)?.push(slot);
		else groups.push([slot]);
		previous = slot;
	}
	return groups;
};

/** The fixmap grid: whose CPU and which depth for the kmap slots, which name for the others. */
export const fixmapModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const rows = fixmapRows(view, cellsPerRow(width));
	const items = rows.flatMap(row => row.slots);
	const rowOfItem = rows.flatMap((row, index) => row.slots.map(() => index));
	const newest = items.findIndex(slot => isNew(view, slot.changedAt));
	const isEmpty = rows.length === 0;
	return {
		...listRows(rows.length),
		id: 'fixmap',
		notes: [messages.fixmap.note(view.currentCpu.id, view.currentCpu.kmapAtomicIdx)],
		legends: messages.fixmap.legends,
		head: isEmpty ? [new RowBuilder(theme, width).add(messages.fixmap.none, 'dim').toString()] : [],
		foot: [],
		itemCount: items.length,
		itemsOf: row => ({ first: rows[row]?.first ?? 0, count: rows[row]?.slots.length ?? 0 }),
		rowOf: item => rowOfItem[item] ?? 0,
		paintRow: (row, cursor) => paintRow(context, rows[row], cursor),
		newest: newest < 0 ? undefined : newest,
	};
};

/** The slot at that position of the grid. */
export const fixmapSlotAt = (view: MemoryView, item: number): FixmapSlot | undefined => {
	// The order of the items does not depend on the width of the rows.
	return fixmapRows(view, 16).flatMap(row => row.slots)[item];
};

const paintRow = ({ view, width, theme }: ModelContext, row: FixmapRow | undefined, cursor: number): string => {
	const builder = new RowBuilder(theme, width);
	const [slot] = row?.slots ?? [];
	if (!row || !slot) return builder.toString();
	const isKmap = slot.cpu >= 0;
	const isCurrent = isKmap && slot.cpu === view.currentCpu.id;
	const isOffline = isKmap && slot.cpu >= view.cpus.length;
	builder
		.add(take(row.label, LABEL_COLUMNS - 1), isCurrent ? 'strong' : isOffline ? 'dim' : 'label')
		.padTo(LABEL_COLUMNS - 1);
	builder.add(isCurrent ? '>' : ' ', 'mark');
	let hasChanged = false;
	for (const [at, { state, changedAt }] of row.slots.entries()) {
		const isChanged = isNew(view, changedAt);
		hasChanged ||= isChanged;
		if (at > 0 && at % 8 === 0) builder.add(' ');
		builder.add(GLYPHS[state], STYLES[state], { isCursor: row.first + at === cursor, isChanged });
	}
	if (hasChanged) builder.add('*', 'mark');
	if (!isKmap && row.slots.length <= SHORT) builder.add(` ${nameOf(slot)}`, 'dim');
	return builder.toString();
};
