import stringWidth from 'string-width';

/** Rows of cells as lines whose columns are aligned by the width that a terminal gives each character. */
export const alignColumns = (
	rows: readonly (readonly string[])[],
	rightAligned: ReadonlySet<number> = new Set(),
): string[] => {
	const widths: number[] = [];
	for (const row of rows) {
		for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell));
	}
	return rows.map(row =>
		row
			.map((cell, at) => {
				const padding = ' '.repeat((widths[at] ?? 0) - stringWidth(cell));
				return rightAligned.has(at) ? padding + cell : cell + padding;
			})
			.join('  ')
			.trimEnd(),
	);
};
