import type { SlabCacheView, ZoneView } from '../../memory/memory-view.ts';
import { fitText } from '../painting/text.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

/** Zones with their watermarks, the buddy lists by order, and the slab caches, one below the other. */
export const zonesModel = (context: ModelContext): PanelModel => {
	const { view, messages } = context;
	const { zones } = view.pages;
	const plain = (text: string): PanelLine => ({ text });
	const orders = Math.max(0, ...zones.map(zone => zone.freeBlocks.length));
	const lines: readonly PanelLine[] = [
		heading(messages.zones.columns),
		...zones.map(zone => plain(zoneText(zone))),
		heading(
			`${fitText(messages.zones.buddy, 22)}${range(orders)
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
	return linesModel('zones', lines, context, { legends: [messages.zones.legend] });
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
