/** What keys do in the list of machines, beside what its component does itself: moving by one, and choosing. */
import { MACHINES } from '../../machine/machines.ts';
import { boxRows } from '../boxes/overlay-model.ts';
import type { Direction } from '../panels/panel-model.ts';
import type { Overlay } from '../state.ts';
import type { DashboardStore } from '../store.ts';

export type Picker = Extract<Overlay, { readonly kind: 'picker' }>;

export const showPicker = (store: DashboardStore, overlay: Picker): void =>
	store.dispatch({ type: 'overlay', overlay });

/** Show the list, on the machine of the session if it is a ready-made one. */
export const openPicker = (store: DashboardStore): void => {
	const at = MACHINES.findIndex(({ id }) => id === store.session.machine.id);
	showPicker(store, { kind: 'picker', at: Math.max(0, at), jumps: 0 });
};

/** A page on or back, the first or the last machine. */
export const jumpInPicker = (store: DashboardStore, direction: Direction): void => {
	const { overlay } = store.getState();
	if (overlay?.kind !== 'picker') return;
	const last = MACHINES.length - 1;
	const page = boxRows(store);
	const targets: Partial<Record<Direction, number>> = {
		pageUp: overlay.at - page,
		pageDown: overlay.at + page,
		first: 0,
		last,
	};
	const target = targets[direction];
	if (target === undefined) return;
	showPicker(store, { ...overlay, at: Math.min(last, Math.max(0, target)), jumps: overlay.jumps + 1 });
};
