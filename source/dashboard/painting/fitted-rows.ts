import type { LayoutRow } from '../../layout/layout.ts';

/**
 * The rows of the mem_init table for a place of `width` columns. The kernel indents its table; where that makes it too
 * wide, the indent goes, and the rest stays as printed.
 */
export const fittedRows = (rows: readonly LayoutRow[], width: number): readonly string[] => {
	const widest = Math.max(0, ...rows.map(row => row.text.length));
	const indent = Math.min(...rows.map(row => row.text.length - row.text.trimStart().length));
	const skipped = Math.min(indent, Math.max(0, widest - width));
	return rows.map(row => row.text.slice(skipped));
};
