/** Number of single-character edits between two words. */
const editDistance = (a: string, b: string): number => {
	let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
};

/** The candidate that a mistyped `word` most likely meant: one that begins with it, else the one with fewest edits. */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
	const lower = word.toLowerCase();
	const begins = candidates.find(candidate => lower !== '' && candidate.toLowerCase().startsWith(lower));
	if (begins !== undefined) return begins;
	let best: string | undefined;
	let fewest = Number.POSITIVE_INFINITY;
	for (const candidate of candidates) {
		const distance = editDistance(lower, candidate.toLowerCase());
		if (distance < fewest) [best, fewest] = [candidate, distance];
	}
	return best;
};
