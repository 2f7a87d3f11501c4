import { UserError } from '../../machine/user-error.ts';
import { COUNTED, OPERATIONS } from '../../memory/paging/counters.ts';
import { phrase, verbatim } from '../../phrases/phrase.ts';
import { query } from './builtin.ts';

/** `localFlushes` as a constant of C: `COST_LOCAL_FLUSHES`. */
const constantName = (prefix: string, name: string): string =>
	`${prefix}_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;

const ALL = -1;
const OPERATION_NAMES = OPERATIONS.map(name => constantName('OP', name));
const COUNTED_NAMES = COUNTED.map(name => constantName('COST', name));

/** What cost_of takes: `OP_KMAP`, `OP_ALL`, `COST_IPIS`. */
export const COST_CONSTANTS: ReadonlyMap<string, number> = new Map([
	['OP_ALL', ALL],
	...OPERATION_NAMES.map((name, index) => [name, index] as const),
	...COUNTED_NAMES.map((name, index) => [name, index] as const),
]);

/** No function of the kernel's, but the explorer's own: the numbers of the panel of costs, for conditions of lessons. */
export const costBuiltins = [
	query(
		'unsigned long cost_of(int operation, int what)',
		'what the explorer counted for an operation since boot: cost_of(OP_KMAP, COST_IPIS), or OP_ALL',
		({ kernel }, operation = ALL, what = 0) => {
			const counted = COUNTED[what];
			const name = OPERATIONS[operation];
			if (counted === undefined) throw unknown(what, COUNTED_NAMES);
			if (name === undefined && operation !== ALL) throw unknown(operation, OPERATION_NAMES);
			return kernel.view.paging.count(counted, name);
		},
	),
];

const unknown = (number: number, known: readonly string[]): UserError =>
	new UserError(phrase('number {number} is not counted', { number }), undefined, verbatim(known.join(', ')));
