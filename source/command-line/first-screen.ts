import { fittedRows } from '../dashboard/fitted-rows.ts';
import { tableColumns } from '../dashboard/screen-layout.ts';
import type { Layout } from '../layout/layout.ts';
import type { Machine } from '../machine/machine.ts';
import type { ScreenSize } from '../terminal/screen-diff.ts';

/**
 * The mem_init table as plain rows, where the dashboard will draw it a moment later. Shown while Ink and the kernel are
 * still being loaded, so it may load nothing itself.
 */
export const firstScreen = (machine: Machine, layout: Layout, size: ScreenSize, isUnicode: boolean): string[] => {
	const border = isUnicode ? '│' : '|';
	const heading = layout.heading.replace(/:$/, '');
	return [
		` highmem  ${machine.id}  Linux ${machine.kernel.text} ${machine.arch}`,
		`${isUnicode ? '┌' : '+'} 1 ${heading} `,
		...fittedRows(layout.rows, tableColumns(size.columns)).map(row => border + row),
	].slice(0, size.rows);
};
