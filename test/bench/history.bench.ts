import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';
import { type Figure, median } from './figure.ts';

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
	const doing = milliseconds(() => {
		for (let turn = 0; session.step < ACTS; turn++) for (const text of ROUND) session.execute(text(turn));
	});
	let point = 12_345;
	const seeks = Array.from({ length: SEEKS }, () => {
		point = (Math.imul(point, 1_103_515_245) + 12_345) >>> 0;
		return milliseconds(() => session.seek(point % ACTS));
	});
	session.seek(ACTS);
	const undos = Array.from({ length: 40 }, () => milliseconds(() => session.undo()));
	const times = (values: readonly number[]): string =>
		`${median(values).toFixed(0)} ms median, ${Math.max(...values).toFixed(0)} ms worst`;
	return [
		{
			what: `seek to any point of ${ACTS.toLocaleString('en')} acts`,
			value: times(seeks),
			budget: `${SEEK_BUDGET_MS} ms`,
			isMet: Math.max(...seeks) <= SEEK_BUDGET_MS,
		},
		{
			what: 'undo of one act behind them',
			value: times(undos),
			budget: `${SEEK_BUDGET_MS} ms`,
			isMet: Math.max(...undos) <= SEEK_BUDGET_MS,
		},
		{
			what: 'an act, checkpoints included',
			value: `${((1000 * doing) / ACTS).toFixed(0)} us`,
			budget: 'no budget',
			isMet: true,
		},
	];
};
