import type { Region, RegionName } from '../../layout/layout.ts';
import type { MemoryView } from '../../memory/memory-view.ts';
import { bytesText, shareText } from '../painting/bytes-text.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import type { StyleName } from '../painting/theme.ts';
import type { ModelContext } from './model-context.ts';

/** A region of the kernel's address space in the picture. */
export interface PictureRegion {
	readonly name: RegionName;
	readonly start: number;
	readonly bytes: number;
	/** Columns in the bar, one at least. */
	readonly columns: number;
	/** Share in use, 0 to 1; undefined where nothing can be mapped. */
	readonly used: number | undefined;
}

// Small regions that matter are drawn as wide as their name, though they are a thousandth of the whole.
const LABELS: Partial<Record<RegionName, readonly string[]>> = {
	modules: ['modules', 'mod'],
	pkmap: ['pkmap'],
	lowmem: ['lowmem'],
	vmalloc: ['vmalloc'],
	fixmap: ['fixmap'],
};
const STYLES: Partial<Record<RegionName, StyleName>> = {
	modules: 'modules',
	pkmap: 'pkmap',
	lowmem: 'lowmem',
	vmalloc: 'vmalloc',
	fixmap: 'fixmap',
};
const HOLES: ReadonlySet<RegionName> = new Set(['gap', 'unused']);

/** The regions above user space with their columns in a bar of `width`, bars between them counted. */
export const pictureRegions = (view: MemoryView, width: number): readonly PictureRegion[] => {
	const regions = view.layout.regions.filter(region => region.name !== 'user');
	const minimal = regions.map(region => {
		const labels = LABELS[region.name] ?? [];
		return (width >= 64 ? labels[0] : labels.at(-1))?.length ?? 1;
	});
	const separators = regions.filter((region, index) => hasBarBefore(region, regions[index - 1])).length + 1;
	const spare = Math.max(0, width - separators - minimal.reduce((sum, columns) => sum + columns, 0));
	const total = regions.reduce((sum, region) => sum + sizeOf(region), 0);
	// Whole columns of the spare room by size, the rest to the largest remainders.
	const shares = regions.map(region => (spare * sizeOf(region)) / total);
	const columns = minimal.map((least, index) => least + Math.floor(shares[index] ?? 0));
	const byRemainder = shares
		.map((share, index) => ({ index, remainder: share - Math.floor(share) }))
		.sort((one, other) => other.remainder - one.remainder);
	let left = spare - shares.reduce((sum, share) => sum + Math.floor(share), 0);
	for (const { index } of byRemainder) {
		if (left-- <= 0) break;
		columns[index] = (columns[index] ?? 0) + 1;
	}
	return regions.map((region, index) => ({
		name: region.name,
		start: region.start,
		bytes: sizeOf(region),
		columns: columns[index] ?? 1,
		used: HOLES.has(region.name) ? undefined : usedShare(view, region),
	}));
};

/** The picture: names, the bar, and (with `hasNumbers`) size and use of each region. */
export const pictureRows = (context: ModelContext, hasNumbers: boolean): readonly string[] => {
	const regions = pictureRegions(context.view, context.width);
	const { theme, width } = context;
	const names = new RowBuilder(theme, width);
	const bar = new RowBuilder(theme, width);
	const numbers = new RowBuilder(theme, width);
	let column = 0;
	for (const [index, region] of regions.entries()) {
		const style = STYLES[region.name] ?? 'dim';
		const hasBar = hasBarBefore(region, regions[index - 1]);
		if (hasBar) bar.add('|', 'dim');
		column += hasBar ? 1 : 0;
		names.padTo(column).add(nameIn(region), style);
		numbers.padTo(column).add(numbersIn(region), 'dim');
		bar.add(fill(region), region.used === undefined ? 'hole' : style);
		column += region.columns;
	}
	bar.add('|', 'dim');
	const rows = [names.toString(), bar.toString()];
	return hasNumbers ? [...rows, numbers.toString()] : rows;
};

// A hole parts its neighbours by itself.
const hasBarBefore = (
	region: { readonly name: RegionName },
	before: { readonly name: RegionName } | undefined,
): boolean => before === undefined || !(HOLES.has(region.name) || HOLES.has(before.name));

const sizeOf = (region: Region): number => region.end - region.start;

const nameIn = ({ name, columns, bytes }: PictureRegion): string => {
	const labels = LABELS[name] ?? [];
	const label = labels.find(text => text.length <= columns) ?? '';
	const withSize = `${label} ${bytesText(bytes)}`;
	return label !== '' && withSize.length < columns ? withSize : label;
};

const numbersIn = ({ used, bytes, columns, name }: PictureRegion): string => {
	if (used === undefined || !LABELS[name]) return '';
	const share = shareText(used * bytes, bytes);
	return share.length <= columns ? share : '';
};

const fill = ({ used, columns }: PictureRegion): string => {
	if (used === undefined) return 'x'.repeat(columns);
	const full = used >= 1 ? columns : Math.min(columns - 1, Math.ceil(used * columns));
	// Something in use shows in one column at least, even in the narrowest region.
	const shown = used > 0 ? Math.max(1, full) : 0;
	return '#'.repeat(shown) + '.'.repeat(columns - shown);
};

const usedShare = (view: MemoryView, region: Region): number => {
	const { pkmap, fixmap } = view;
	switch (region.name) {
		case 'pkmap':
			return pkmap ? (pkmap.usedSlots + pkmap.staleSlots) / pkmap.slots : 0;
		case 'lowmem': {
			const zones = view.pages.zones.filter(zone => zone.name !== 'HighMem');
			const present = zones.reduce((sum, zone) => sum + zone.present, 0);
			const free = zones.reduce((sum, zone) => sum + zone.free, 0);
			return present === 0 ? 0 : (present - free) / present;
		}
		case 'vmalloc':
		case 'modules': {
			const inside = view.vmalloc.areas().filter(area => area.start >= region.start && area.start < region.end);
			return inside.reduce((sum, area) => sum + area.bytes, 0) / sizeOf(region);
		}
		case 'fixmap': {
			let mapped = 0;
			for (let at = 0; at < fixmap.slots; at++) {
				const { state, address } = fixmap.slot(fixmap.firstIndex + at);
				// x86's boot-time slots lie below the region.
				const isInside = address >= region.start && address < region.end;
				if (isInside && (state === 'used' || state === 'reserved')) mapped++;
			}
			return (mapped * 4096) / sizeOf(region);
		}
		default:
			return 1;
	}
};
