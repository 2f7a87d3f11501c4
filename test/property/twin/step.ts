import fc from 'fast-check';
import { Random } from './random.ts';

/** Every kind of thing that a random program does, and how often. */
export const WEIGHTS = {
	alloc: 60,
	free: 45,
	hold: 6,
	freeTwice: 0.2,
	hog: 0.3,
	starve: 0.4,
	kmap: 70,
	kunmap: 60,
	kmapMany: 2,
	kunmapMany: 1,
	flushUnused: 2,
	kmapHighGet: 4,
	kunmapTwice: 0.05,
	kmapAtomic: 60,
	kmapLocal: 30,
	pushIndex: 4,
	leave: 90,
	swapUnmaps: 0.6,
	leak: 0.2,
	fixmap: 10,
	vmalloc: 25,
	vmallocLarge: 2,
	vmap: 12,
	ioremap: 12,
	releaseArea: 44,
	mapRam: 16,
	unmapRam: 15,
	unmapAliases: 1,
	vfreeWrong: 0.5,
	loadModule: 3,
	unloadModule: 4,
	kmalloc: 60,
	kfree: 52,
	kfreeTwice: 0.3,
	read: 60,
	write: 60,
	readWrong: 0.7,
	mmap: 14,
	munmap: 6,
	touch: 60,
	fork: 5,
	exit: 3,
	cpu: 25,
	task: 12,
	newTask: 2,
	preempt: 6,
	pagefaults: 4,
	irqs: 5,
	bottomHalves: 4,
	lock: 5,
	interrupt: 15,
	look: 25,
} as const;

export type StepKind = keyof typeof WEIGHTS;

/** One thing to do; the numbers choose among what there is then, so that any part of a program is a program. */
export interface Step {
	readonly kind: StepKind;
	readonly a: number;
	readonly b: number;
	readonly c: number;
}

/** What a careless program does more often: mistakes that the kernel dies of, or should. */
const MISTAKES: ReadonlySet<StepKind> = new Set([
	...(['freeTwice', 'kunmapTwice', 'swapUnmaps', 'leak', 'vfreeWrong', 'kfreeTwice', 'readWrong'] as const),
]);
const CARELESSNESS = 12;

const weightOf = (kind: StepKind, isCareless: boolean): number =>
	WEIGHTS[kind] * (isCareless && MISTAKES.has(kind) ? CARELESSNESS : 1);

export const KINDS = Object.keys(WEIGHTS) as [StepKind, ...StepKind[]];
const MOST = 2 ** 30;

export const randomStep = (random: Random, isCareless = false): Step => {
	let at = (random.next() / 2 ** 32) * KINDS.reduce((sum, kind) => sum + weightOf(kind, isCareless), 0);
	const kind = KINDS.find(one => {
		at -= weightOf(one, isCareless);
		return at < 0;
	});
	return { kind: kind ?? 'look', a: random.below(MOST), b: random.below(MOST), c: random.below(MOST) };
};

export const randomSteps = (seed: number, count: number, isCareless = false): Step[] => {
	const random = new Random(seed);
	return Array.from({ length: count }, () => randomStep(random, isCareless));
};

/** The same for fast-check, which makes it shorter when it fails. */
export const stepArbitrary: fc.Arbitrary<Step> = fc.record({
	kind: fc.oneof(...KINDS.map(kind => ({ weight: Math.ceil(WEIGHTS[kind]), arbitrary: fc.constant(kind) }))),
	a: fc.nat(MOST),
	b: fc.nat(MOST),
	c: fc.nat(MOST),
});
