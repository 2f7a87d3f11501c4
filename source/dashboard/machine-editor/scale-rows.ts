import type { Comparison } from '../../layout/compare/compare.ts';
import type { Layout, RegionName } from '../../layout/layout.ts';
import { alignDown, hex, MiB } from '../../machine/address.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { displayWidth } from '../painting/text.ts';
import { rowStyle } from '../panels/layout-model.ts';
import type { DashboardStore } from '../store.ts';

const FOUR_GIB = 2 ** 32;

/** One letter a region; where several share a column, the first of these is drawn: small ones must not vanish. */
const LETTERS = new Map<RegionName, string>([
	['pkmap', 'p'],
	['fixmap', 'f'],
	['modules', 'm'],
	['cpu_entry', 'c'],
	['gap', '.'],
	['vmalloc', 'v'],
	['lowmem', 'L'],
]);

/** The kernel's addresses of both machines to one scale, one above the other, and what the letters mean. */
export const scaleRows = (store: DashboardStore, { a, b }: Comparison, width: number): readonly string[] => {
	const { theme, messages } = store;
	const { before, now, letters } = messages.editor;
	const head = Math.max(displayWidth(before), displayWidth(now)) + 2;
	const columns = width - head - 1;
	const start = alignDown(Math.min(...[a, b].map(({ layout }) => firstKernelAddress(layout))), 16 * MiB);
	const bar = (name: string, layout: Layout): string => {
		const row = new RowBuilder(theme, width).add(` ${name}`, 'dim').padTo(head);
		for (let column = 0; column < columns; column++) {
			const region = regionIn(layout, at(start, column, columns), at(start, column + 1, columns));
			row.add(LETTERS.get(region) ?? ' ', region === 'gap' ? 'hole' : rowStyle(region));
		}
		return row.toString();
	};
	const ruler = new RowBuilder(theme, width).padTo(head).add(`${hex(start)}  ${letters}`, 'dim');
	return [bar(before, a.layout), bar(now, b.layout), ruler.right(`${hex(FOUR_GIB - 1)} `, 'dim').toString()];
};

const at = (start: number, column: number, columns: number): number => start + ((FOUR_GIB - start) * column) / columns;

const firstKernelAddress = ({ regions }: Layout): number =>
	regions.find(({ name }) => name !== 'user' && name !== 'unused')?.start ?? 0;

/** What is drawn for the addresses from `start` to `end`. */
const regionIn = ({ regions }: Layout, start: number, end: number): RegionName => {
	const names = regions.filter(region => region.start < end && region.end > start).map(({ name }) => name);
	return [...LETTERS.keys()].find(name => names.includes(name)) ?? 'unused';
};
