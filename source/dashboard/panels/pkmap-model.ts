import { hex } from '../../machine/address.ts';
import type { MemoryView, PkmapView } from '../../memory/memory-view.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { wrap } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import { isNew, type ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

const LABEL_COLUMNS = 9;
/** A space after every eighth cell keeps counting easy. */
const GROUP = 8;

/** Columns that a grid with `cells` cells a row takes, change mark included. */
export const gridColumns = (cells: number): number => LABEL_COLUMNS + cells + cells / GROUP - 1 + 1;

/** As many cells a row as fit: 16, 32 or 64, so that rows start at round addresses. */
export const cellsPerRow = (width: number): number => [64, 32].find(cells => gridColumns(cells) <= width) ?? 16;

/** `.` free, `~` stale (count 1), `1`..`9` and `+` users. */
export const pkmapGlyph = (count: number): string => {
	if (count === 0) return '.';
	if (count === 1) return '~';
	return count > 10 ? '+' : String(count - 1);
};

const styleOf = (count: number): StyleName => (count === 0 ? 'free' : count === 1 ? 'stale' : 'used');

/** The pkmap grid: one cell a page. */
export const pkmapModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const { pkmap } = view;
	if (!pkmap) return emptyModel(context);
	const cells = cellsPerRow(width);
	const last = pkmap.lastPkmapNr;
	const waiting = pkmap.waiters.length;
	const next = (last + 1) % pkmap.slots;
	const summary = new RowBuilder(theme, width);
	if (waiting > 0) summary.add(`${messages.pkmap.waiting(waiting)} `, 'warning');
	summary.add(messages.pkmap.summary(pkmap.usedSlots, pkmap.staleSlots, pkmap.freeSlots));
	return {
		id: 'pkmap',
		notes: messages.pkmap.notes(pkmap.flushes, next),
		legends: messages.pkmap.legends,
		head: [summary.toString(), ruler(context, cells, last % cells)],
		foot: [],
		rowCount: Math.ceil(pkmap.slots / cells),
		itemCount: pkmap.slots,
		itemsOf: row => ({ first: row * cells, count: Math.min(cells, pkmap.slots - row * cells) }),
		rowOf: slot => Math.floor(slot / cells),
		paintRow: (row, cursor) => paintRow(context, pkmap, cells, row, cursor),
		newest: newestSlot(view, pkmap),
	};
};

const paintRow = (
	{ view, width, theme }: ModelContext,
	pkmap: PkmapView,
	cells: number,
	row: number,
	cursor: number,
): string => {
	const builder = new RowBuilder(theme, width);
	const first = row * cells;
	const hasLast = Math.floor(pkmap.lastPkmapNr / cells) === row;
	builder.add(hex(pkmap.address(first)).slice(2), 'label').add(hasLast ? '>' : ' ', 'mark');
	let hasChanged = false;
	for (let cell = 0; cell < cells && first + cell < pkmap.slots; cell++) {
		const slot = first + cell;
		const count = pkmap.count(slot);
		const isChanged = isNew(view, pkmap.changedAt(slot));
		hasChanged ||= isChanged;
		if (cell > 0 && cell % GROUP === 0) builder.add(' ');
		builder.add(pkmapGlyph(count), styleOf(count), { isCursor: slot === cursor, isChanged });
	}
	return builder.add(hasChanged ? '*' : '', 'mark').toString();
};

/** The fourth digit of each cell's address, `v` above the column of last_pkmap_nr. */
const ruler = ({ width, theme, messages }: ModelContext, cells: number, last: number): string => {
	const builder = new RowBuilder(theme, width).add(`   ${messages.pkmap.ruler}  `, 'dim');
	for (let cell = 0; cell < cells; cell++) {
		if (cell > 0 && cell % GROUP === 0) builder.add(' ');
		builder.add(cell === last ? 'v' : (cell % 16).toString(16), cell === last ? 'mark' : 'dim');
	}
	return builder.toString();
};

// Where the search for a slot ended, if it went on in the newest act; else the first slot that changed.
const newestSlot = (view: MemoryView, pkmap: PkmapView): number | undefined => {
	if (isNew(view, pkmap.changedAt(pkmap.lastPkmapNr))) return pkmap.lastPkmapNr;
	for (let slot = 0; slot < pkmap.slots; slot++) if (isNew(view, pkmap.changedAt(slot))) return slot;
	return undefined;
};

const emptyModel = ({ width, theme, messages }: ModelContext): PanelModel => ({
	id: 'pkmap',
	notes: [],
	legends: [],
	head: wrap(messages.pkmap.none, width).map(line => new RowBuilder(theme, width).add(line, 'dim').toString()),
	foot: [],
	rowCount: 0,
	itemCount: 0,
	itemsOf: () => ({ first: 0, count: 0 }),
	rowOf: () => 0,
	paintRow: () => ' '.repeat(width),
	newest: undefined,
});
