import { bestRates, bytesOf, type Figure, MIB, mebibytes, median, millions, times } from './figure.ts';
import { bootPae, HIGHMEM, highmemPages, mapPairs } from './kernels.ts';

const OPENINGS = 9;
const PAIRS = 60_000;
const ROUNDS = 40;
const FRAMES = 63 * 2 ** 18;

/** What memory of any size costs before it is used, and what it costs when it is. */
export const measure = (): Figure[] => {
	const took: Record<string, number[]> = { '1G': [], '63G': [] };
	for (let opening = 0; opening < OPENINGS; opening++) {
		for (const [ram, list] of Object.entries(took)) {
			const start = performance.now();
			bootPae(ram);
			list.push(performance.now() - start);
		}
	}
	const [timeSmall, timeLarge] = [median(took['1G'] ?? []), median(took['63G'] ?? [])];
	const small = bytesOf(() => bootPae('1G'));
	const large = bytesOf(() => bootPae('63G'));
	const more = large.bytes - small.bytes;
	let frames = 0;
	const touched = bytesOf(() => {
		while (small.made.allocPages(HIGHMEM, 0) >= 0) frames++;
	});
	const kernels = [bootPae('1G'), bootPae('63G')].map(kernel => ({ kernel, pages: highmemPages(kernel, 1024) }));
	const [onSmall = 0, onLarge = 0] = bestRates(
		PAIRS,
		ROUNDS,
		kernels.map(
			({ kernel, pages }) =>
				() =>
					mapPairs(kernel, pages, PAIRS),
		),
	);
	return [
		{
			what: 'opening 64 GiB of PAE addresses: time',
			value: `${timeLarge.toFixed(1)} ms`,
			ratio: `${(timeLarge - timeSmall).toFixed(1)} ms more than 1 GiB`,
			budget: '150 ms more than 1 GiB',
			isMet: timeLarge - timeSmall <= 150,
		},
		{
			what: 'the same: memory',
			value: mebibytes(large.bytes),
			ratio: `${mebibytes(more)} more than 1 GiB`,
			budget: '100 MiB more than 1 GiB',
			isMet: more <= 100 * MIB,
		},
		{
			what: 'kmap + kunmap pairs there',
			value: millions(onLarge),
			ratio: times(onLarge, onSmall, '1 GiB'),
			budget: 'as on 1 GiB',
			isMet: onSmall / onLarge <= 1.25,
		},
		{ what: 'memory for a page frame, untouched', value: `${(large.bytes / FRAMES).toFixed(2)} bytes` },
		{ what: 'memory for a page frame, allocated', value: `${(touched.bytes / frames).toFixed(1)} bytes` },
	];
};
