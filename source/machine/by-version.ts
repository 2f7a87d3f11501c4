import { atLeast, type KernelVersion, parseKernelVersion } from './kernel-version.ts';

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

/** The releases over which something stays the same; an open end where the table knows no other value. */
export interface VersionSpan {
	/** First release. */
	readonly since?: string;
	/** First release in which it is different again. */
	readonly before?: string;
}

/** The releases around `kernel` whose rows agree in what `same` picks. */
export const spanOf = <Row extends VersionRow>(
	kernel: KernelVersion,
	rows: readonly [Row, ...Row[]],
	same: (row: Row) => unknown,
): VersionSpan => {
	const key = (row: Row): string => JSON.stringify(same(row)) ?? '';
	const at = rows.indexOf(byVersion(kernel, rows));
	const here = key(rows[at] ?? rows[0]);
	let first = at;
	while (first > 0 && key(rows[first - 1] ?? rows[0]) === here) first--;
	let last = at;
	while (last + 1 < rows.length && key(rows[last + 1] ?? rows[0]) === here) last++;
	const since = first > 0 ? rows[first]?.since : undefined;
	const before = rows[last + 1]?.since;
	return { ...(since === undefined ? {} : { since }), ...(before === undefined ? {} : { before }) };
};

const newer = (a: string | undefined, b: string | undefined): string | undefined =>
	a === undefined || b === undefined ? (a ?? b) : atLeast(parseKernelVersion(a), b) ? a : b;
const older = (a: string | undefined, b: string | undefined): string | undefined =>
	a === undefined || b === undefined ? (a ?? b) : atLeast(parseKernelVersion(a), b) ? b : a;

/** The releases that lie in both spans. */
export const commonSpan = (a: VersionSpan, b: VersionSpan): VersionSpan => {
	const since = newer(a.since, b.since);
	const before = older(a.before, b.before);
	return { ...(since === undefined ? {} : { since }), ...(before === undefined ? {} : { before }) };
};
