import { distance, closest as nearest } from 'fastest-levenshtein';

/** The candidate nearest to what was typed, or undefined when none is near enough to be meant. */
export const closest = (typed: string, candidates: Iterable<string>): string | undefined => {
	const names = [...candidates];
	if (names.length === 0) return undefined;
	const name = nearest(
		typed.toLowerCase(),
		names.map(candidate => candidate.toLowerCase()),
	);
	const found = names.find(candidate => candidate.toLowerCase() === name);
	return found !== undefined && distance(typed.toLowerCase(), name) <= Math.max(2, Math.floor(typed.length / 3))
		? found
		: undefined;
};
