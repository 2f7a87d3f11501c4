import { barePairs } from './bare-loops.ts';
import { bestRates, type Figure, millions, times } from './figure.ts';
import { boot, highmemPages, mapPairs } from './kernels.ts';

const PAIRS = 100_000;
// Many short ones: on a busy machine only they run undisturbed.
const ROUNDS = 60;

/** The window of permanent mappings. */
export const measure = (): Figure[] => {
	// Twice as many pages as slots, so that every kmap takes a new slot and every turn flushes.
	const empty = boot();
	const pages = highmemPages(empty, 1024);
	const full = boot();
	for (const page of highmemPages(full, 508)) full.kmap(page);
	const others = highmemPages(full, 1024);
	const heard = boot();
	const heardPages = highmemPages(heard, 1024);
	heard.context.events.subscribe(() => {});
	const [bare = 0, same = 0, unheard = 0, nearlyFull = 0, listened = 0] = bestRates(PAIRS, ROUNDS, [
		barePairs(512, pages, PAIRS),
		() => mapPairs(empty, pages.slice(0, 1), PAIRS),
		() => mapPairs(empty, pages, PAIRS),
		() => mapPairs(full, others, PAIRS),
		() => mapPairs(heard, heardPages, PAIRS),
	]);
	return [
		{
			what: 'kmap + kunmap pairs of one page, event log on',
			value: millions(same),
			ratio: times(same, bare, 'a bare array'),
			budget: '20 M/s, or within 4 x of the bare array',
			isMet: same >= 20e6 || bare / same <= 4,
		},
		{
			what: 'the same, a new page each time',
			value: millions(unheard),
			ratio: times(unheard, bare, 'a bare array'),
			budget: 'within 4 x of the bare array',
			isMet: bare / unheard <= 4,
		},
		{
			what: 'the same, 508 of 512 slots held',
			value: millions(nearlyFull),
			ratio: times(nearlyFull, unheard, 'an empty window'),
			budget: 'within 10 x of empty',
			isMet: unheard / nearlyFull <= 10,
		},
		{ what: 'the same with a listener', value: millions(listened), ratio: times(listened, unheard, 'unheard') },
	];
};
