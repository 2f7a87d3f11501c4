import type { Pfn } from '../../../../source/machine/address.ts';
import { NO_PAGE } from '../../../../source/memory/operations.ts';
import type { Program } from '../program.ts';
import { Random } from '../random.ts';
import { randomStep, type Step, type StepKind } from '../step.ts';
import { Difference, KILLED } from '../twin.ts';

const MOST_HOLDINGS = 900;
const HIGH = ['GFP_HIGHUSER', 'GFP_HIGHUSER', 'GFP_HIGHUSER', 'GFP_HIGHUSER_MOVABLE', '__GFP_HIGHMEM'];
const FLAGS = ['GFP_KERNEL', 'GFP_USER', ...HIGH];
const ORDERS = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 10, 11];

/** alloc_pages, checked as far as it can be told what must come of it. */
export const allocPages = (program: Program, gfp: number, order: number): Pfn | undefined => {
	const { twin } = program;
	const { kernel, model } = twin;
	const before = kernel.view.pages.zones.map(({ name, free, freeBlocks, watermarks, lowmemReserve }) => {
		const largest = freeBlocks.at(-1) ?? 0;
		return { name, largest, free, mark: watermarks.high + Math.max(...lowmemReserve) };
	});
	const got = twin.do(
		`alloc_pages(0x${gfp.toString(16)}, ${order})`,
		() => kernel.allocPages(gfp, order) as number,
		pfn => {
			if (pfn === NO_PAGE || pfn === undefined) {
				if (model.pages.failures !== 1) throw new Difference('no page, and no event that says so');
				mayFail(program, before, gfp, order);
				return pfn;
			}
			twin.asked.add(pfn);
			const zone = model.pages.zoneOf(pfn);
			if (zone === 'HighMem' && (gfp & twin.gfp('__GFP_HIGHMEM')) === 0)
				throw new Difference('a highmem page for who cannot use it');
			const hasDma = model.layout.zones[0]?.name === 'DMA';
			if (hasDma && zone !== 'DMA' && (gfp & twin.gfp('__GFP_DMA')) !== 0)
				throw new Difference('a page that DMA does not reach');
			if (model.pages.blocks.get(pfn) !== order) throw new Difference('another order than asked for');
			if ((gfp & twin.gfp('__GFP_ZERO')) !== 0) model.bytes.clear(pfn, 2 ** order);
			return pfn;
		},
	);
	return got === KILLED || got === NO_PAGE ? undefined : (got as Pfn);
};

interface Room {
	readonly name: string;
	readonly free: number;
	/** Free blocks of the largest order. */
	readonly largest: number;
	/** What is kept back at most. */
	readonly mark: number;
}

/** Where a zone that serves the request has plenty of large blocks, it must not fail. */
const mayFail = ({ twin }: Program, zones: readonly Room[], gfp: number, order: number): void => {
	const { machine } = twin.model;
	if (order > machine.maxOrder || (machine.arch === 'arm' && machine.cma)) return;
	const isHigh = (gfp & twin.gfp('__GFP_HIGHMEM')) !== 0;
	const isDma = (gfp & twin.gfp('__GFP_DMA')) !== 0 && zones[0]?.name === 'DMA';
	for (const { name, free, largest, mark } of zones) {
		if ((name === 'HighMem' && !isHigh) || (isDma && name !== 'DMA')) continue;
		if (free > mark + 2 ** (order + 1) + 2 ** machine.maxOrder && largest > 1)
			throw new Difference(`no page of order ${order}, though ${name} has ${free} free`);
	}
};

export const alloc = (program: Program, { a, b, c }: Step): void => {
	const { twin, isAtomic, holdings } = program;
	if (holdings.length > MOST_HOLDINGS) {
		free(program, { kind: 'free', a, b, c });
		return;
	}
	const order = program.pick(ORDERS, b) ?? 0;
	const name = isAtomic ? 'GFP_ATOMIC' : (program.pick(FLAGS, a) ?? 'GFP_KERNEL');
	let gfp = twin.gfp(name);
	if (c % 7 === 0) gfp |= twin.gfp('__GFP_ZERO');
	if (c % 31 === 0 && name === 'GFP_KERNEL') gfp |= twin.gfp('__GFP_DMA');
	if (order > 0 || c % 5 === 0) gfp |= twin.gfp('__GFP_NOWARN') | twin.gfp('__GFP_NORETRY');
	const pfn = allocPages(program, gfp, order);
	if (pfn !== undefined) holdings.push({ pfn, order, extra: 0 });
};

const put = (program: Program, pfn: Pfn, order: number, isLast: boolean): void => {
	const { kernel, model } = program.twin;
	program.twin.do(
		`__free_pages(${pfn}, ${order})`,
		() => {
			kernel.freePages(pfn, order);
			return model.pages.blocks.has(pfn);
		},
		() => !isLast,
	);
};

export const free = (program: Program, { a }: Step): void => {
	const holding = program.pick(program.holdings, a);
	if (!holding) return;
	if (holding.extra > 0) holding.extra--;
	else program.holdings.splice(program.holdings.indexOf(holding), 1);
	put(program, holding.pfn, holding.order, !program.holdings.includes(holding));
};

/** get_page: the next free only lowers the count. */
export const hold = (program: Program, { a }: Step): void => {
	const { twin } = program;
	const holding = program.pick(
		program.holdings.filter(({ order }) => order === 0),
		a,
	);
	if (!holding) return;
	holding.extra++;
	twin.do(
		`get_page(${holding.pfn})`,
		() => {
			twin.kernel.getPage(holding.pfn);
			return twin.kernel.pageCount(holding.pfn);
		},
		() => holding.extra + 1,
	);
};

/** A page that nobody has is freed once more. */
export const freeTwice = (program: Program, step: Step): void => {
	const holding = program.pick(
		program.holdings.filter(({ order, extra }) => order === 0 && extra === 0),
		step.a,
	);
	if (!holding) return;
	program.holdings.splice(program.holdings.indexOf(holding), 1);
	put(program, holding.pfn, 0, true);
	put(program, holding.pfn, 0, true);
};

/** Take the largest blocks until there are none, then give all back. */
export const hog = (program: Program, { a }: Step): void => {
	const { twin } = program;
	if (program.isAtomic) return;
	const gfp = twin.gfp('GFP_HIGHUSER') | twin.gfp('__GFP_NOWARN') | twin.gfp('__GFP_NORETRY');
	const blocks: Pfn[] = [];
	const order = 10 - (a % 3);
	while (blocks.length < 400) {
		const pfn = allocPages(program, gfp, order);
		if (pfn === undefined) break;
		blocks.push(pfn);
	}
	for (let time = 0; time < 40; time++) {
		const pfn = allocPages(program, twin.gfp('GFP_ATOMIC') | twin.gfp('__GFP_NOWARN'), time % 4);
		if (pfn !== undefined) program.holdings.push({ pfn, order: time % 4, extra: 0 });
	}
	for (const pfn of blocks) put(program, pfn, order, true);
};

/** On more memory it takes too long. */
const STARVED_PAGES = 70_000;
const WHEN_STARVED: readonly StepKind[] = [
	...(['vmalloc', 'vmalloc', 'vmallocLarge', 'vmap', 'ioremap', 'mapRam', 'kmalloc', 'alloc', 'loadModule'] as const),
	...(['mmap', 'touch', 'touch', 'fork', 'releaseArea', 'free', 'kmap'] as const),
];

/** Take every page but a few, and let operations fail for want of memory. */
export const starve = (program: Program, { a, b }: Step, runStep: (program: Program, step: Step) => void): void => {
	const { twin } = program;
	const { zones } = twin.kernel.view.pages;
	if (zones.reduce((sum, { managed }) => sum + managed, 0) > STARVED_PAGES) return;
	const gfp = twin.gfp('GFP_HIGHUSER') | twin.gfp('__GFP_NOWARN') | twin.gfp('__GFP_NORETRY');
	const blocks: { readonly pfn: Pfn; readonly order: number }[] = [];
	for (let order = twin.model.machine.maxOrder; order >= 0; order--) {
		for (let pfn = allocPages(program, gfp, order); pfn !== undefined; pfn = allocPages(program, gfp, order))
			blocks.push({ pfn, order });
	}
	// Some come back, so that things fail half-way.
	for (let time = 0; time < b % 40; time++) {
		const block = blocks.pop();
		if (block) put(program, block.pfn, block.order, true);
	}
	program.holdings.push(...blocks.map(block => ({ ...block, extra: 0 })));
	const random = new Random(a ^ b);
	for (let time = 0; time < 25; time++)
		runStep(program, { ...randomStep(random), kind: WHEN_STARVED[random.below(WHEN_STARVED.length)] ?? 'alloc' });
	// Some have been freed since, and their pages taken for something else.
	const hoarded = new Set(blocks.map(({ pfn }) => pfn));
	for (const holding of program.holdings.filter(({ pfn }) => hoarded.has(pfn))) {
		program.holdings.splice(program.holdings.indexOf(holding), 1);
		put(program, holding.pfn, holding.order, true);
	}
};
