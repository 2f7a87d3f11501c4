/** A range of addresses, `[start, end)`. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** `[0, 1)` and `[1, 2)` are `[0, 2)`. */
export const joined = (ranges: readonly Range[]): Range[] => {
	const sorted = [...ranges].sort((a, b) => a.start - b.start);
	const result: Range[] = [];
	for (const range of sorted) {
		const last = result.at(-1);
		if (last && range.start <= last.end) {
			result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
		} else result.push(range);
	}
	return result;
};

/** What lies between the ranges in `[from, to)`. */
export const between = (ranges: readonly Range[], from: number, to: number): Range[] => {
	const holes: Range[] = [];
	let at = from;
	for (const { start, end } of joined(ranges)) {
		if (start > at) holes.push({ start: at, end: Math.min(start, to) });
		at = Math.max(at, end);
	}
	if (at < to) holes.push({ start: at, end: to });
	return holes.filter(({ start, end }) => start < end);
};
