import type { Machine } from '../../../source/machine/machine.ts';
import { describeMachine } from './random-machine.ts';
import { Failure, type RunOptions, runProgram } from './run.ts';
import type { Step } from './step.ts';

const failureOf = (machine: Machine, steps: readonly Step[], options: RunOptions): Failure | undefined => {
	try {
		runProgram(machine, steps, options);
		return undefined;
	} catch (error) {
		if (error instanceof Failure) return error;
		throw error;
	}
};

interface Found {
	readonly steps: readonly Step[];
	readonly failure: Failure;
}

/** How long to look for a shorter program. */
const PATIENCE_MS = 60_000;
/** Whole comparisons cost much: a long program is first made short with few of them. */
const COARSE = 100;

/**
 * Leave out steps, first many at once and then fewer, for as long as the program still fails.
 * @throws {Error} when it does not fail.
 */
export const shrink = (machine: Machine, steps: readonly Step[], isCareless = false): Found => {
	const options = { isTraced: true, isCareless };
	const end = performance.now() + PATIENCE_MS;
	const whole = failureOf(machine, steps, { ...options, compareEvery: COARSE });
	if (!whole) throw new Error('the program does not fail');
	const coarse = shorten({ steps: steps.slice(0, whole.steps), failure: whole }, 8, end, tried =>
		failureOf(machine, tried, { ...options, compareEvery: COARSE }),
	);
	const fine = failureOf(machine, coarse.steps, { ...options, compareEvery: 1 });
	if (!fine) return coarse;
	return shorten({ steps: coarse.steps.slice(0, fine.steps), failure: fine }, 1, end, tried =>
		failureOf(machine, tried, { ...options, compareEvery: 1 }),
	);
};

/** @param least Number of steps that are left out together at least. */
const shorten = (
	found: Found,
	least: number,
	end: number,
	run: (steps: readonly Step[]) => Failure | undefined,
): Found => {
	let shortest = found;
	for (let size = Math.ceil(found.steps.length / 2); size >= least; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let at = shortest.steps.length - size; at >= 0 && performance.now() < end; at -= size) {
			const tried = [...shortest.steps.slice(0, at), ...shortest.steps.slice(at + size)];
			const failure = run(tried);
			if (failure) shortest = { steps: tried.slice(0, failure.steps), failure };
		}
	}
	return shortest;
};

/** A failure as a person reads it: the machine, what was done, what differs. */
export const report = (machine: Machine, failure: Failure): string =>
	[describeMachine(machine), ...failure.trace.slice(-60), failure.message].join('\n');
