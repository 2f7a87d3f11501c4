import { Theme } from '../../source/dashboard/painting/theme.ts';
import type { ModelContext } from '../../source/dashboard/panels/model-context.ts';
import type { PanelModel } from '../../source/dashboard/panels/panel-model.ts';
import { virtual } from '../../source/machine/address.ts';
import { messagesIn } from '../../source/messages/messages.ts';
import { plain } from './render-dashboard.tsx';
import { type StaticMemory, staticView } from './static-view.ts';

/** What a view model needs, without colours, in English. */
export const contextOf = (memory: StaticMemory, width: number): ModelContext => ({
	view: staticView(memory),
	width,
	theme: new Theme({ colorLevel: 0 }),
	messages: messagesIn('en'),
	walked: virtual(0xbfe00000),
});

/** The rows that scroll, as plain text. */
export const plainRows = (model: PanelModel, from = 0, to = model.rowCount): readonly string[] =>
	Array.from({ length: to - from }, (_, at) => plain(model.paintRow(from + at, -1)));
