import { atLeast, type KernelVersion } from './kernel-version.ts';

/** A row of a table of what changed between kernels: it holds from release `since` to the next row's. */
export interface VersionRow {
	readonly since: string;
}

/** The row that holds for `kernel`: the last one whose release is not newer. Rows stand in ascending order. */
export const byVersion = <Row extends VersionRow>(kernel: KernelVersion, rows: readonly [Row, ...Row[]]): Row => {
	let chosen = rows[0];
	for (const row of rows) if (atLeast(kernel, row.since)) chosen = row;
	return chosen;
};
