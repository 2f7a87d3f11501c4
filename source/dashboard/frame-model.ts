/** The single rows around the panels, painted: header, borders, inspector, command bar, result, hints. */
import { printable } from '../machine/user-error.ts';
import { formatLogLine } from '../memory/context.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { Messages } from '../messages/messages.ts';
import { headerParts } from './header-parts.ts';
import { inspect, inspectionText } from './inspector-model.ts';
import { RowBuilder } from './painting/row-builder.ts';
import { displayWidth, fitText, wrapInto } from './painting/text.ts';
import type { StyleName, Theme } from './painting/theme.ts';
import { panelKey } from './panels/panel-model.ts';
import type { DashboardStore, ShownPanel } from './store.ts';

/** Machine and kernel on the left, time, CPU, task and step on the right; what matters least goes first. */
export const headerRow = (view: MemoryView, width: number, theme: Theme, messages: Messages): string => {
	const { machine, layout, currentCpu, currentTask } = view;
	const stamp = formatLogLine({ timeNs: view.timeNs, text: '' }).trimEnd();
	const task = `${printable(currentTask.comm)}(${currentTask.pid})`;
	const right = `${stamp} cpu${currentCpu.id} ${task} ${messages.header.step} ${view.step}`;
	const left = headerParts(machine, layout, width - displayWidth(right), displayWidth, messages.say);
	const row = new RowBuilder(theme, width);
	for (const [at, part] of left.entries()) {
		row.add(` ${part} `, at === 0 ? 'headerName' : 'plain');
	}
	return row.right(`${right} `, 'strong').toString();
};

/** Top border with number, title and note of a panel. */
export const topBorder = (shown: ShownPanel, isFocused: boolean, store: DashboardStore): string => {
	const { theme, messages } = store;
	const { border } = theme;
	const line: StyleName = isFocused ? 'borderFocus' : 'border';
	const { place, model } = shown;
	const title =
		place.panel === 'layout' ? store.session.view.layout.heading.replace(/:$/, '') : messages.panels[place.panel];
	const row = new RowBuilder(theme, place.columns - 1);
	row.add(border.topLeft, line);
	row.add(` ${panelKey(place.panel)} ${title} `, isFocused ? 'titleFocus' : 'title');
	const note = model.notes.find(text => displayWidth(text) + 2 <= row.room);
	if (note !== undefined) row.right(` ${note} `, 'dim', border.across, line);
	row.padTo(place.columns - 1, line, border.across);
	return row.toString() + theme.paint(border.topRight, line);
};

/** Bottom border with the legend of the marks, and which rows are in sight when there are more. */
export const bottomBorder = (shown: ShownPanel, isFocused: boolean, theme: Theme): string => {
	const { border } = theme;
	const line: StyleName = isFocused ? 'borderFocus' : 'border';
	const { place, model, scroll, visibleRows } = shown;
	const isCut = model.rowCount > visibleRows;
	const extent = isCut ? `${scroll + 1}-${Math.min(model.rowCount, scroll + visibleRows)}/${model.rowCount}` : '';
	const row = new RowBuilder(theme, place.columns - 1);
	row.add(border.bottomLeft, line);
	const legend = model.legends.find(text => displayWidth(text) + 1 <= row.room);
	if (legend !== undefined) row.add(`${legend} `, 'dim');
	if (extent !== '' && extent.length + 3 <= row.room) row.right(` ${extent} `, 'dim', border.across, line);
	row.padTo(place.columns - 1, line, border.across);
	return row.toString() + theme.paint(border.bottomRight, line);
};

/** Name and facts of what the cursor is on, over `rows` rows. */
export const inspectorRows = (store: DashboardStore, width: number, rows: number): readonly string[] => {
	const { messages, theme } = store;
	const { place, cursor } = store.focused;
	const found = inspect(place.panel, cursor, store.inspectorContext);
	const text = found ? inspectionText(found, messages) : messages.help.panel[place.panel];
	// What does not fit is cut in the last row, with a mark.
	const shown = wrapInto(text, width - 2, rows);
	return Array.from({ length: rows }, (_, at) => {
		const row = new RowBuilder(theme, width).add(' ');
		const line = fitText(shown[at] ?? '', width - 2);
		const name = at === 0 && found && line.startsWith(found.name) ? found.name : '';
		return row.add(name, 'strong').add(line.slice(name.length)).toString();
	});
};
