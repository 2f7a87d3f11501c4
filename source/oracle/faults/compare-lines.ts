/** Numbers that name places: addresses, whether hashed or hidden, and page frames. */
const PLACES = /(?:0x)?\(pointer\)|\bpfn[ :](?:0x)?[0-9a-f]+|0x[0-9a-f]{4,}|\b[0-9a-f]{8}\b|\b\d{5,}\b/g;

/** How far two logs agree. */
export interface LineComparison {
	readonly compared: number;
	readonly equal: number;
	/** Whether the first lines of the kernel itself agree. */
	readonly isSameBeginning: boolean;
	/** The lines of either that the other lacks, `-` recorded, `+` simulated. */
	readonly differences: readonly string[];
}

/** Lines of the kernel that count as its first words. */
const BEGINNING = 3;

/**
 * Compare two logs in their plain forms. Addresses that depend on what the kernel allocated before need not be the same
 * numbers, but one recorded number must always stand for the same simulated one.
 */
export const compareLines = (recorded: readonly string[], simulated: readonly string[]): LineComparison => {
	const names = new Map<string, string>();
	const isAlike = (left: string, right: string, isFinal: boolean): boolean => {
		if (left === right) return true;
		if (left.replace(PLACES, '#') !== right.replace(PLACES, '#')) return false;
		const from = left.match(PLACES) ?? [];
		const to = right.match(PLACES) ?? [];
		return from.every((place, index) => {
			const here = to[index] ?? '';
			const known = names.get(place);
			if (known !== undefined) return known === here;
			if (isFinal) names.set(place, here);
			return true;
		});
	};
	const table = lengths(recorded, simulated, (left, right) => isAlike(left, right, false));
	const differences: string[] = [];
	let equal = 0;
	let at = 0;
	let to = 0;
	while (at < recorded.length || to < simulated.length) {
		const left = recorded[at];
		const right = simulated[to];
		const isMatch = left !== undefined && right !== undefined && isAlike(left, right, false);
		if (isMatch && (table[at]?.[to] ?? 0) === (table[at + 1]?.[to + 1] ?? 0) + 1) {
			if (isAlike(left, right, true)) equal++;
			else differences.push(`! ${left}`, `! ${right}`);
			at++;
			to++;
		} else if (
			right === undefined ||
			(left !== undefined && (table[at + 1]?.[to] ?? 0) >= (table[at]?.[to + 1] ?? 0))
		) {
			differences.push(`- ${left}`);
			at++;
		} else {
			differences.push(`+ ${right}`);
			to++;
		}
	}
	const beginning = (lines: readonly string[]): readonly string[] =>
		lines.filter(line => !line.startsWith('MMF ')).slice(0, BEGINNING);
	const first = beginning(recorded);
	const firstHere = beginning(simulated);
	const isSameBeginning =
		first.length === firstHere.length && first.every((line, index) => isAlike(line, firstHere[index] ?? '', false));
	return { compared: Math.max(recorded.length, simulated.length), equal, isSameBeginning, differences };
};

/** Lengths of the longest common subsequences from each pair of places on. */
const lengths = (
	left: readonly string[],
	right: readonly string[],
	isAlike: (left: string, right: string) => boolean,
): readonly (readonly number[])[] => {
	const table = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
	for (let at = left.length - 1; at >= 0; at--) {
		for (let to = right.length - 1; to >= 0; to--) {
			const row = table[at];
			const below = table[at + 1];
			if (!row || !below) continue;
			row[to] = isAlike(left[at] ?? '', right[to] ?? '')
				? (below[to + 1] ?? 0) + 1
				: Math.max(below[to] ?? 0, row[to + 1] ?? 0);
		}
	}
	return table;
};
