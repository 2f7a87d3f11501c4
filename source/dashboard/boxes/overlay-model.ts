import { hex } from '../../machine/address.ts';
import type { DashboardStore } from '../store.ts';
import { detailLines, ruleLines } from './detail-model.ts';
import { helpLines } from './help-model.ts';

/** A box over the panels: where it lies and what stands in its borders. */
export interface Box {
	readonly left: number;
	readonly top: number;
	/** Borders counted in. */
	readonly columns: number;
	readonly rows: number;
}

/** Boxes lie over the panels and are as high as they; on a narrow screen as wide, too. */
export const boxOf = (store: DashboardStore): Box => {
	const { columns } = store.getState().size;
	const { panelRows } = store.screen;
	const width = columns <= 132 ? columns : 124;
	return { left: Math.floor((columns - width) / 2), top: 1, columns: width, rows: panelRows };
};

/** Rows of text that the box shows at once. */
export const boxRows = (store: DashboardStore): number => boxOf(store).rows - 2;

export const overlayTitle = (store: DashboardStore): string => {
	const { overlay, focus } = store.getState();
	const { messages } = store;
	if (overlay?.kind === 'detail') return messages.detail.title(hex(overlay.address));
	if (overlay?.kind === 'explain') return messages.detail.rule(overlay.name);
	if (overlay?.kind === 'picker') return messages.picker.title;
	return messages.inspector.whole(messages.help.title, [messages.panels[focus]]);
};

/** All lines of the box, without borders. */
export const overlayLines = (store: DashboardStore): readonly string[] => {
	const { overlay, focus } = store.getState();
	const { messages, session } = store;
	const width = boxOf(store).columns - 4;
	const context = { view: session.view, messages, width };
	if (overlay?.kind === 'detail') return detailLines(overlay.address, context);
	if (overlay?.kind === 'explain') return ruleLines(overlay.name, context);
	if (overlay?.kind === 'help') return helpLines(focus, width, messages);
	return [];
};
