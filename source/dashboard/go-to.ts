import { hex, PAGE_SIZE, virtual } from '../machine/address.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { regionOf } from './find-address.ts';
import { inspect } from './inspector-model.ts';
import { fixmapRows } from './panels/fixmap-model.ts';
import type { PanelId } from './panels/panel-model.ts';
import type { DashboardStore } from './store.ts';

/** The panel and item that show an address; where no panel has a cell for it, undefined. */
export const placeOf = (
	view: MemoryView,
	address: number,
): { readonly panel: PanelId; readonly item: number } | undefined => {
	const { pkmap } = view;
	const slot = pkmap ? Math.floor((address - pkmap.address(0)) / PAGE_SIZE) : -1;
	if (pkmap && slot >= 0 && slot < pkmap.slots) return { panel: 'pkmap', item: slot };
	const page = address - (address % PAGE_SIZE);
	const fixed = fixmapRows(view, 16)
		.flatMap(row => row.slots)
		.findIndex(candidate => candidate.address === page);
	if (fixed >= 0) return { panel: 'fixmap', item: fixed };
	const area = view.vmalloc.areas().findIndex(({ start, bytes }) => address >= start && address < start + bytes);
	if (area >= 0) return { panel: 'vmalloc', item: area };
	const row = view.layout.rows.findIndex(({ start, end }) => address >= start && address < end);
	return row >= 0 ? { panel: 'layout', item: row } : undefined;
};

/** Show the rule of a row or symbol, or what lies at an address, in a box. */
export const explainIn = (store: DashboardStore, what: number | string): void => {
	store.dispatch({
		type: 'overlay',
		overlay: typeof what === 'number' ? { kind: 'detail', address: what } : { kind: 'explain', name: what },
	});
};

/** Tell all about what is under the cursor, in a box. */
export const openDetail = (store: DashboardStore): void => {
	const { cursor, place } = store.focused;
	const found = inspect(place.panel, cursor, store.inspectorContext);
	if (found?.row !== undefined) explainIn(store, found.row);
	else if (found?.address !== undefined) explainIn(store, found.address);
	else store.dispatch({ type: 'said', result: { kind: 'note', text: store.messages.detail.noAddress } });
};

/** Give the keys to a panel. The page walk then shows what was under the cursor until now, if that is an address. */
export const focusOn = (store: DashboardStore, panel: PanelId): void => {
	const { focus } = store.getState();
	const wasShown = store.screen.columns.flat().some(place => place.panel === panel);
	if (panel === 'walk' && focus !== 'walk') {
		const address = inspect(focus, store.focused.cursor, store.inspectorContext)?.address;
		if (address !== undefined) store.dispatch({ type: 'walked', address: virtual(address) });
	}
	store.dispatch({ type: 'focused', panel });
	// A panel that was not on the screen comes with what is new in it.
	if (!wasShown) store.dispatch({ type: 'moved', moves: store.movesToNewest([panel]) });
};

/** Show the walk of an address through the page tables. */
export const walkIn = (store: DashboardStore, address: number): void => {
	store.dispatch({ type: 'typing', where: undefined });
	store.dispatch({ type: 'walked', address: virtual(address) });
	store.dispatch({ type: 'focused', panel: 'walk' });
};

/** Bring an address into sight: its cell under the cursor, or, where it has none of its own, its page in a box. */
export const goTo = (store: DashboardStore, address: number): void => {
	const { view } = store.session;
	const place = placeOf(view, address);
	store.dispatch({ type: 'typing', where: undefined });
	if (place) {
		store.dispatch({ type: 'focused', panel: place.panel });
		store.dispatch({ type: 'moved', moves: [store.moveTo(store.focused, place.item)] });
	}
	const text = store.messages.command.wentTo(hex(address), regionOf(view, address));
	store.dispatch({ type: 'said', result: { kind: 'note', text } });
	const isCell = place && place.panel !== 'layout';
	if (!isCell) store.dispatch({ type: 'overlay', overlay: { kind: 'detail', address } });
};
