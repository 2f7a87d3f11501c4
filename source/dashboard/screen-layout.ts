import type { PanelId } from './panels/panel-model.ts';
import type { Size, UiState } from './state.ts';

/** A panel's place on the screen; the numbers count its borders in. */
export interface Place {
	readonly panel: PanelId;
	readonly columns: number;
	readonly rows: number;
}

/** How the screen is divided. Rows from the top: header, panels, lesson, inspector, command bar, result, hints. */
export interface ScreenLayout {
	readonly size: Size;
	/** Rows that the panels have together. */
	readonly panelRows: number;
	/** Columns of panels, from the left; the panels of one column stand one below the other. */
	readonly columns: readonly (readonly Place[])[];
	/** Rows of the picture of the address space; 0: none. */
	readonly pictureRows: number;
	readonly inspectorRows: number;
	readonly lessonRows: number;
	readonly resultRows: number;
}

export const MINIMUM: Size = { columns: 60, rows: 16 };

export const isTooSmall = ({ columns, rows }: Size): boolean => columns < MINIMUM.columns || rows < MINIMUM.rows;

/** Rows that the contents of the panels would like to have. */
export interface Wishes {
	readonly tableRows: number;
	/** Slots of pkmap, 0 without one. */
	readonly pkmapSlots: number;
	/** Rows of the fixmap grid at 16, 32 and 64 cells a row. */
	readonly fixmapRows: (cells: number) => number;
	/** Lines that the longest caption of the lesson takes, 0 without a lesson. */
	readonly captionRows: number;
	/** Lines that the result of the newest command takes; 1 when it is short or there is none. */
	readonly resultRows: number;
}

/** The widest row of the mem_init table, in its borders. */
const TABLE_COLUMNS = 51;
const BORDERS = 2;
/** Rows that a long result leaves to the panels. */
const LEAST_PANELS = 10;
/** From that size on, a column takes a third panel in. */
const ROOMY_ROWS = 28;
const ZONES_ROWS = 14;
const ROOMY_COLUMNS = 80;
/** Summary and ruler above the pkmap grid. */
const PKMAP_HEAD = 2;
// Width of the right column for 64, 32 and 16 cells a row, its borders counted in.
const GRID_COLUMNS = [
	{ cells: 64, columns: 83, from: 160 },
	{ cells: 32, columns: 47, from: 108 },
	{ cells: 16, columns: 29, from: 0 },
] as const;

export const layoutScreen = (size: Size, focus: UiState['focus'], wishes: Wishes): ScreenLayout => {
	const isTall = size.rows >= 30;
	const hasLesson = wishes.captionRows > 0;
	// One row for its title; a lesson has priority over details.
	const lessonRows = hasLesson ? 1 + Math.min(Math.max(2, wishes.captionRows), isTall ? 6 : 4) : 0;
	const usualInspectorRows = isTall ? 3 : hasLesson ? 1 : 2;
	const usualPanelRows = size.rows - 1 - usualInspectorRows - 3 - lessonRows;
	// A long result takes the details' place first, then rows of the panels, but never changes how they are arranged.
	const resultRows = Math.max(
		1,
		Math.min(wishes.resultRows, 1 + usualInspectorRows + Math.max(0, usualPanelRows - LEAST_PANELS)),
	);
	const inspectorRows = Math.max(0, usualInspectorRows - (resultRows - 1));
	const panelRows = usualPanelRows - Math.max(0, resultRows - 1 - usualInspectorRows);
	const pictureRows = isTall ? 3 : 2;
	const common = { size, panelRows, inspectorRows, lessonRows, resultRows };
	if (size.columns < 80 || usualPanelRows < 14) {
		const place = { panel: focus, columns: size.columns, rows: panelRows };
		return { ...common, columns: [[place]], pictureRows: panelRows < 10 ? 0 : pictureRows };
	}
	const grid = gridFor(size.columns);
	const columns = tableColumns(size.columns) + BORDERS;
	const right = rightColumn(panelRows, grid, wishes, focus);
	// What a large screen has room for: a panel that otherwise waits behind its key.
	const isWaiting = !isAlwaysShown(focus) && !right.some(place => place.panel === focus);
	const left = leftColumn(columns, panelRows, pictureRows, wishes, focus, isWaiting ? focus : 'vmalloc');
	const isShown = [...left, ...right].some(place => place.panel === focus);
	const alone: Place = { panel: focus, columns: size.columns, rows: panelRows };
	return { ...common, columns: isShown ? [left, right] : [[alone]], pictureRows };
};

const gridFor = (columns: number) => GRID_COLUMNS.find(({ from }) => columns >= from) ?? GRID_COLUMNS[2];

/** Columns for the mem_init table, its borders left out, where the panels stand in two columns. */
export const tableColumns = (columns: number): number =>
	Math.max(TABLE_COLUMNS, columns - gridFor(columns).columns) - BORDERS;

/** Rows inside the borders and below the heads of a panel's place. */
export const innerColumns = (place: Place): number => place.columns - BORDERS;
export const innerRows = (place: Place): number => place.rows - BORDERS;

const isAlwaysShown = (panel: PanelId): boolean =>
	panel === 'layout' || panel === 'pkmap' || panel === 'fixmap' || panel === 'log';

const leftColumn = (
	columns: number,
	rows: number,
	pictureRows: number,
	{ tableRows }: Wishes,
	focus: PanelId,
	third: PanelId,
): readonly Place[] => {
	const content = rows - 2 * BORDERS;
	// Where not all fits, the panel that has the keys gets the room.
	const logLeast = focus === 'layout' ? 2 : 5;
	const table = Math.min(tableRows, Math.max(4, content - pictureRows - logLeast));
	const layout: Place = { panel: 'layout', columns, rows: table + pictureRows + BORDERS };
	const rest = rows - layout.rows;
	if (rest < ROOMY_ROWS || columns < ROOMY_COLUMNS) return [layout, { panel: 'log', columns, rows: rest }];
	const extra: Place = { panel: third, columns, rows: Math.floor(rest * 0.4) };
	return [layout, extra, { panel: 'log', columns, rows: rest - extra.rows }];
};

const rightColumn = (
	rows: number,
	{ columns, cells }: { readonly cells: number; readonly columns: number },
	{ pkmapSlots, fixmapRows }: Wishes,
	focus: PanelId,
): readonly Place[] => {
	const content = rows - 2 * BORDERS;
	const pkmapWish = pkmapSlots === 0 ? 2 : PKMAP_HEAD + Math.ceil(pkmapSlots / cells);
	const fixmapWish = Math.max(2, fixmapRows(cells));
	const share = focus === 'fixmap' ? 0.6 : 0.4;
	const fixmapLeast = Math.min(fixmapWish, Math.max(5, Math.floor(content * share)));
	const pkmap = Math.min(pkmapWish, content - fixmapLeast);
	const spare = content - pkmap - fixmapWish;
	const zones = columns >= ROOMY_COLUMNS && spare >= ZONES_ROWS ? spare : 0;
	const places: readonly Place[] = [
		{ panel: 'pkmap', columns, rows: pkmap + BORDERS },
		{ panel: 'fixmap', columns, rows: content - pkmap - zones + BORDERS },
	];
	return zones === 0 ? places : [...places, { panel: 'zones', columns, rows: zones }];
};
