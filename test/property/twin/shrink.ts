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

/** Leave out steps, first many at once and then fewer, for as long as the program still fails. */
export const shrink = (machine: Machine, steps: readonly Step[]): { steps: readonly Step[]; failure: Failure } => {
	const options: RunOptions = { compareEvery: 1, isTraced: true };
	let failure = failureOf(machine, steps, options);
	if (!failure) {
		// Seen only when compared seldom: a comparison must have hidden it.
		failure = failureOf(machine, steps, { compareEvery: steps.length, isTraced: true });
		if (!failure) throw new Error('the program fails no more');
		return { steps, failure };
	}
	let shortest = steps.slice(0, failure.steps);
	for (let size = Math.ceil(shortest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let at = shortest.length - size; at >= 0; at -= size) {
			const shorter = [...shortest.slice(0, at), ...shortest.slice(at + size)];
			const found = failureOf(machine, shorter, options);
			if (!found) continue;
			failure = found;
			shortest = shorter.slice(0, found.steps);
		}
	}
	return { steps: shortest, failure };
};

/** A failure as a person reads it: the machine, what was done, what differs. */
export const report = (machine: Machine, failure: Failure): string =>
	[describeMachine(machine), ...failure.trace.slice(-60), failure.message].join('\n');
