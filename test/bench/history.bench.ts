import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { bytesOf, type Figure, mebibytes, median } from './figure.ts';

const ACTS = 100_000;
const SEEKS = 60;
const SEEK_BUDGET_MS = 100;

/** What people do all day: map, unmap, allocate, print, free. */
const ROUND = [
	(turn: number) => `v = kmap(pages[${turn % 64}])`,
	(turn: number) => `kunmap(pages[${turn % 64}])`,
	() => 'p = kmalloc(100, GFP_KERNEL)',
	() => 'printk("p is %p\\n", p)',
	() => 'kfree(p)',
];

const milliseconds = (run: () => void): number => {
	const begin = performance.now();
	run();
	return performance.now() - begin;
};

/** A session of 100,000 acts, then jumps to points all over it and single steps back. */
export const measure = async (): Promise<readonly Figure[]> => {
	const session = await Session.open({ machine: findMachine('imx6q-2g') });
	session.execute('struct page *pages[64]; for (int i = 0; i < 64; i++) pages[i] = alloc_page(GFP_HIGHUSER)');
	const { made: doing, bytes } = bytesOf(() =>
		milliseconds(() => {
			for (let turn = 0; session.step < ACTS; turn++) for (const text of ROUND) session.execute(text(turn));
		}),
	);
	let point = 12_345;
	const seeks = Array.from({ length: SEEKS }, () => {
		point = (Math.imul(point, 1_103_515_245) + 12_345) >>> 0;
		return milliseconds(() => session.seek(point % ACTS));
	});
	session.seek(ACTS);
	const undos = Array.from({ length: 40 }, () => milliseconds(() => session.undo()));
	const took = (what: string, values: readonly number[]): Figure => ({
		what,
		value: `${median(values).toFixed(0)} ms, worst ${Math.max(...values).toFixed(0)} ms`,
		budget: `${SEEK_BUDGET_MS} ms`,
		isMet: Math.max(...values) <= SEEK_BUDGET_MS,
	});
	return [
		took(`seek to any point of ${ACTS.toLocaleString('en')} acts`, seeks),
		took('undo of one act behind them', undos),
		{ what: 'an act, checkpoints included', value: `${((1000 * doing) / ACTS).toFixed(0)} us` },
		{
			what: 'memory of the session then',
			value: mebibytes(bytes),
			ratio: `${(bytes / ACTS).toFixed(0)} bytes an act`,
		},
	];
};
