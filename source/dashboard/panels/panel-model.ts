/** What every panel is to the screen: rows of items, ready to be painted, with a cursor on one of the items. */

export const PANELS = [
	'layout',
	'pkmap',
	'fixmap',
	'log',
	'vmalloc',
	'zones',
	'tasks',
	'cpus',
	'walk',
	'counters',
] as const;

export type PanelId = (typeof PANELS)[number];

/** The key that leads to a panel, as its title shows it: 1 to 9, then 0. */
export const panelKey = (panel: PanelId): string => String((PANELS.indexOf(panel) + 1) % 10);

/** The panel behind such a key. */
export const panelOfKey = (key: string): PanelId | undefined => PANELS.find(panel => panelKey(panel) === key);

/** The items of one row: `count` of them from number `first`. */
export interface RowItems {
	readonly first: number;
	readonly count: number;
}

export interface PanelModel {
	readonly id: PanelId;
	/** Right of the title in the top border; the first that fits. */
	readonly notes: readonly string[];
	/** In the bottom border, what the marks mean; the first that fits. */
	readonly legends: readonly string[];
	/** Painted rows above and below those that scroll. */
	readonly head: readonly string[];
	readonly foot: readonly string[];
	readonly rowCount: number;
	readonly itemCount: number;
	itemsOf(row: number): RowItems;
	rowOf(item: number): number;
	/** A painted row; `cursor` is an item or -1. */
	paintRow(row: number, cursor: number): string;
	/** The first item that the newest act changed, if any. */
	readonly newest: number | undefined;
}

/** A panel with one item a row. */
export const listRows = (count: number): Pick<PanelModel, 'rowCount' | 'itemCount' | 'itemsOf' | 'rowOf'> => ({
	rowCount: count,
	itemCount: count,
	itemsOf: row => ({ first: row, count: 1 }),
	rowOf: item => item,
});

export type Direction = 'left' | 'right' | 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

/** Where the cursor goes from `item`, always to an existing item. */
export const moveFrom = (model: PanelModel, item: number, direction: Direction, pageRows: number): number => {
	const last = Math.max(0, model.itemCount - 1);
	switch (direction) {
		case 'left':
			return Math.max(0, item - 1);
		case 'right':
			return Math.min(last, item + 1);
		case 'up':
			return moveRows(model, item, -1);
		case 'down':
			return moveRows(model, item, 1);
		case 'pageUp':
			return moveRows(model, item, -Math.max(1, pageRows - 1));
		case 'pageDown':
			return moveRows(model, item, Math.max(1, pageRows - 1));
		case 'first':
			return 0;
		case 'last':
			return last;
	}
};

const moveRows = (model: PanelModel, item: number, by: number): number => {
	if (model.itemCount === 0) return 0;
	const row = model.rowOf(item);
	const column = item - model.itemsOf(row).first;
	let target = Math.min(model.rowCount - 1, Math.max(0, row + by));
	// Rows without items (headings) are stepped over.
	while (model.itemsOf(target).count === 0 && target !== row) target += Math.sign(by);
	if (target < 0 || target >= model.rowCount) return item;
	const items = model.itemsOf(target);
	return items.count === 0 ? item : items.first + Math.min(column, items.count - 1);
};

/** The first visible row: `scroll`, moved no further than needed to show the cursor's row. */
export const scrollTo = (model: PanelModel, cursor: number, scroll: number, visibleRows: number): number => {
	const row = model.itemCount === 0 ? 0 : model.rowOf(Math.min(cursor, model.itemCount - 1));
	const lowest = Math.max(0, model.rowCount - visibleRows);
	// Whoever goes to the first item sees what stands above it, too.
	if (cursor === 0 && row < visibleRows) return 0;
	const kept = row < scroll ? row : row >= scroll + visibleRows ? row - visibleRows + 1 : scroll;
	return Math.min(Math.max(0, kept), lowest);
};
