import type { VersionSpan } from '../../machine/by-version.ts';

/** The last release of each series before the next one began. */
const LAST_OF_SERIES: Readonly<Record<string, string>> = {
	'3.0': '2.6.39',
	'4.0': '3.19',
	'5.0': '4.20',
	'6.0': '5.19',
};

/** The release before another: `4.4` -> `4.3`, `5.10.36` -> `5.10.35`. */
const releaseBefore = (text: string): string => {
	const series = LAST_OF_SERIES[text];
	if (series !== undefined) return series;
	const numbers = text.split('.').map(Number);
	const last = numbers.pop() ?? 0;
	return [...numbers, last - 1].join('.');
};

/** A span of releases with both ends in it; an end that is open is absent. */
export const inclusiveSpan = ({ since, before }: VersionSpan): { readonly first?: string; readonly last?: string } => ({
	...(since === undefined ? {} : { first: since }),
	...(before === undefined ? {} : { last: releaseBefore(before) }),
});

/** Releases in which some border moved, ascending: what is tried when looking for what a kernel changes. */
export const TURNING_RELEASES = [
	...['2.6.24', '2.6.25', '2.6.27', '2.6.28', '2.6.30', '2.6.31', '2.6.35', '2.6.37', '2.6.39', '3.1', '3.2', '3.3'],
	...[
		'3.6',
		'3.10',
		'3.14',
		'3.15',
		'3.16',
		'3.18',
		'3.19',
		'4.3',
		'4.4',
		'4.5',
		'4.15',
		'4.17',
		'4.19',
		'4.20',
		'5.2',
	],
	...['5.7', '5.10', '5.11', '5.14', '5.15', '6.1', '6.6', '6.12'],
] as const;
