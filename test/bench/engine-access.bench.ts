import { PAGE_SIZE, virtual } from '../../source/machine/address.ts';
import { bareWords } from './bare-loops.ts';
import { bestRates, type Figure, millions, times } from './figure.ts';
import { boot } from './kernels.ts';

const WORDS = 50_000;
// Many short ones: on a busy machine only they run undisturbed.
const ROUNDS = 60;

/** Words by their simulated address: through the TLB of the CPU to the bytes of a page. */
export const measure = (): Figure[] => {
	const kernel = boot();
	const page = kernel.vmalloc(PAGE_SIZE);
	const word = (at: number) => virtual(page + (at & 1023) * 4);
	const { read, write } = bareWords(WORDS);
	const [bareRead = 0, bareWrite = 0, reads = 0, writes = 0] = bestRates(WORDS, ROUNDS, [
		read,
		write,
		() => {
			for (let at = 0; at < WORDS; at++) kernel.read(word(at), 4);
		},
		() => {
			for (let at = 0; at < WORDS; at++) kernel.write(word(at), 4, BigInt(at));
		},
	]);
	return [
		{ what: 'words read through the TLB', value: millions(reads), ratio: times(reads, bareRead, 'a bare array') },
		{
			what: 'words written through the TLB',
			value: millions(writes),
			ratio: times(writes, bareWrite, 'a bare array'),
		},
	];
};
