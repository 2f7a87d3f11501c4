import { atLeast } from '../../machine/kernel-version.ts';
import { hasHighmem, type X86Machine } from '../../machine/machine.ts';
import type { LayoutRow } from '../layout.ts';
import { layoutRow } from '../row-text.ts';
import type { X86Areas } from './x86-areas.ts';

/** Printed with a lower-case v, unlike ARM's. */
export const X86_HEADING = 'virtual kernel memory layout:';

/** First release whose mem_init prints no table. */
const FIRST_SILENT = '5.7';

export const x86Prints = ({ kernel }: X86Machine): boolean => !atLeast(kernel, FIRST_SILENT);

/** The borders that the rows show. */
export interface X86RowBorders {
	readonly areas: X86Areas;
	readonly fixmap: { readonly start: number; readonly end: number };
	readonly pageOffset: number;
	readonly highMemory: number;
	readonly vmallocStart: number;
}

/** The rows of mem_init's table, with the text as printed (arch/x86/mm/init_32.c). */
export const x86Rows = (machine: X86Machine, borders: X86RowBorders): LayoutRow[] => {
	const { areas, fixmap } = borders;
	const { text, init, data } = machine.sections;
	const rows = [layoutRow({ label: '    fixmap  :', unit: 'kB' }, fixmap.start, fixmap.end)];
	if (areas.cpuEntry) {
		const { start, end } = areas.cpuEntry;
		rows.push(layoutRow({ label: '  cpu_entry :', unit: 'kB' }, start.value, end.value));
	}
	if (hasHighmem(machine)) {
		rows.push(layoutRow({ label: '    pkmap   :', unit: 'kB' }, areas.pkmapBase.value, areas.pkmapEnd.value));
	}
	rows.push(
		layoutRow({ label: '    vmalloc :', unit: 'MB' }, borders.vmallocStart, areas.vmallocEnd.value),
		layoutRow({ label: '    lowmem  :', unit: 'MB' }, borders.pageOffset, borders.highMemory),
		layoutRow({ label: '      .init :', unit: 'kB' }, ...init),
		layoutRow({ label: '      .data :', unit: 'kB' }, ...data),
		layoutRow({ label: '      .text :', unit: 'kB' }, ...text),
	);
	return rows;
};
