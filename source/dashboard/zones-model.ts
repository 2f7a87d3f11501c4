import type { SlabCacheView, ZoneView } from '../memory/memory-view.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';
import { RowBuilder } from './row-builder.ts';
import type { StyleName } from './theme.ts';

interface Line {
	readonly text: string;
	readonly style: StyleName;
}

/** Zones with their watermarks, the buddy lists by order, and the slab caches, one below the other. */
export const zonesModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const { zones } = view.pages;
	const heading = (text: string): Line => ({ text, style: 'dim' });
	const plain = (text: string): Line => ({ text, style: 'plain' });
	const orders = Math.max(0, ...zones.map(zone => zone.freeBlocks.length));
	const lines: readonly Line[] = [
		heading(messages.zones.columns),
		...zones.map(zone => plain(zoneText(zone))),
		heading(
			`${messages.zones.buddy.padEnd(22)}${range(orders)
				.map(order => String(order).padStart(5))
				.join('')}`,
		),
		...zones.map(zone =>
			plain(`${zone.name.padEnd(22)}${zone.freeBlocks.map(count => String(count).padStart(5)).join('')}`),
		),
		...zones.map(zone => plain(`${zone.name} ${messages.zones.perCpu}: ${zone.perCpuPages.join(' ')}`)),
		heading(messages.zones.slab),
		...view.slab.caches.map(cache => plain(cacheText(cache))),
	];
	// Headings take no cursor.
	const rowOfItem = lines.flatMap((line, row) => (line.style === 'dim' ? [] : [row]));
	return {
		rowCount: lines.length,
		itemCount: rowOfItem.length,
		itemsOf: row => ({
			first: Math.max(
				0,
				rowOfItem.findIndex(at => at >= row),
			),
			count: rowOfItem.includes(row) ? 1 : 0,
		}),
		rowOf: item => rowOfItem[item] ?? 0,
		id: 'zones',
		notes: [],
		legends: [messages.zones.legend],
		head: [],
		foot: [],
		paintRow: (row, cursor) => {
			const line = lines[row];
			return new RowBuilder(theme, width)
				.add(` ${line?.text ?? ''}`, line?.style, { isCursor: row === rowOfItem[cursor] })
				.toString();
		},
		newest: undefined,
	};
};

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const zoneText = (zone: ZoneView): string => {
	const { min, low, high } = zone.watermarks;
	const pages = [zone.present, zone.managed, zone.free].map(count => String(count).padStart(9)).join('');
	return `${zone.name.padEnd(8)}${pages}  ${min}/${low}/${high}`;
};

const cacheText = (cache: SlabCacheView): string => {
	const objects = `${cache.slabs * cache.objectsPerSlab}`.padStart(9);
	return `${cache.name.padEnd(16)}${String(cache.objectBytes).padStart(8)}${objects}${String(cache.activeObjects).padStart(8)}${String(cache.slabs).padStart(7)}${String(cache.order).padStart(7)}`;
};
