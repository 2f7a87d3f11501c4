import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { VmallocAreaView } from '../../memory/memory-view.ts';
import { bytesText } from '../painting/bytes-text.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { isNew, type ModelContext } from './model-context.ts';
import { listRows, type PanelModel } from './panel-model.ts';

/** The areas of the vmalloc space, as /proc/vmallocinfo lists them, ascending. */
export const vmallocModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const { vmalloc } = view;
	const areas = vmalloc.areas();
	const summary = messages.vmalloc.summary(
		areas.length,
		bytesText(vmalloc.freeBytes),
		bytesText(vmalloc.largestFreeBytes),
		vmalloc.lazyPages,
		vmalloc.lazyMaxPages,
	);
	const columns = areas.length === 0 ? messages.vmalloc.none : messages.vmalloc.columns;
	const newest = areas.findIndex(area => isNew(view, area.changedAt));
	return {
		...listRows(areas.length),
		id: 'vmalloc',
		notes: [],
		legends: [messages.vmalloc.legend],
		head: [
			new RowBuilder(theme, width).add(` ${summary}`).toString(),
			new RowBuilder(theme, width).add(` ${columns}`, 'dim').toString(),
		],
		foot: [],
		paintRow: (row, cursor) => {
			const area = areas[row];
			const builder = new RowBuilder(theme, width);
			if (!area) return builder.toString();
			const isChanged = isNew(view, area.changedAt);
			builder.add(isChanged ? '*' : area.isLazy ? '~' : ' ', 'mark');
			return builder.add(areaText(area), area.isLazy ? 'stale' : 'plain', { isCursor: row === cursor }).toString();
		},
		newest: newest < 0 ? undefined : newest,
	};
};

const areaText = (area: VmallocAreaView): string =>
	[
		hex(area.start),
		hex(area.start + area.bytes),
		bytesText(area.bytes).padStart(8),
		String(area.pages).padStart(6),
		area.kind.padEnd(10),
		printable(area.caller),
	].join(' ');
