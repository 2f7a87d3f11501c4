import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { CheckpointTaker } from '../../source/memory/checkpoint.ts';
import { digestOf } from './twin/digest.ts';
import { EventHash } from './twin/event-stream.ts';
import { PlainPkmap } from './twin/model/plain-pkmap.ts';
import { randomMachine } from './twin/random-machine.ts';
import { Failure, type RunOptions, runProgram, runSteps } from './twin/run.ts';
import { report, shrink } from './twin/shrink.ts';
import { randomSteps, type Step, stepArbitrary } from './twin/step.ts';

const MACHINES = 400;

/** Run it; what differs is told with everything that was done until then. */
const check = (seed: number, steps: readonly Step[], options: RunOptions): void => {
	const machine = randomMachine(seed);
	try {
		runProgram(machine, steps, { ...options, isTraced: true, isCareless: seed % 5 === 0 });
	} catch (error) {
		throw error instanceof Failure ? new Error(report(machine, error)) : error;
	}
};

/** Only leaving out steps makes a program simpler: other numbers make it another one. */
const programs = (least: number, most: number) =>
	fc.tuple(
		fc.noShrink(fc.nat(MACHINES - 1)),
		fc.array(fc.noShrink(stepArbitrary), { minLength: least, maxLength: most, size: 'max' }),
	);

describe('any program on any machine', () => {
	it('leads the kernel and the plain model to the same state, step by step', () => {
		fc.assert(
			fc.property(programs(0, 100), ([machine, steps]) => check(machine, steps, { compareEvery: 1 })),
			{ seed: 1, numRuns: 10, interruptAfterTimeLimit: 40_000 },
		);
	});

	it('does so in the long run, with a full pkmap, purges and memory that runs out', () => {
		fc.assert(
			fc.property(programs(0, 700), ([machine, steps]) => check(machine, steps, { compareEvery: 100 })),
			{ seed: 1, numRuns: 100, interruptAfterTimeLimit: 40_000 },
		);
	});

	it.each([3, 19, 77])('gives the same events at every run (machine %i)', seed => {
		const run = (program: number): string => {
			const hash = new EventHash();
			runProgram(randomMachine(seed), randomSteps(program, 1500), { compareEvery: 500, hash });
			return hash.value;
		};
		expect(run(1)).toBe(run(1));
		expect(run(1)).not.toBe(run(2));
	});
});

describe('a checkpoint of the kernel', () => {
	it.each([1, 8, 30, 42, 55, 101])('brings every past state back, whatever was done since (machine %i)', seed => {
		const taker = new CheckpointTaker();
		const digests: string[] = [];
		const points = [];
		const run = runSteps(randomMachine(seed), { compareEvery: 1000 });
		for (const [at, step] of randomSteps(seed, 600).entries()) {
			if (at % 60 === 0) {
				points.push(taker.take(recorder => run.program.twin.kernel.keep(recorder)));
				digests.push(digestOf(run.program.twin.kernel));
			}
			const { kernel } = run.program.twin;
			run.step(step);
			// A kernel that has stopped is booted again: its past is gone.
			if (run.program.twin.kernel !== kernel) break;
		}
		const { kernel } = run.program.twin;
		if (run.reboots > 0) return;
		for (const at of [9, 4, 7, 0, 2, 1, 8]) {
			points[at]?.restore();
			kernel.renewView();
			expect(digestOf(kernel)).toBe(digests[at]);
		}
	});
});

describe('a difference', () => {
	it('is told with the shortest program that shows it', () => {
		const flush = vi.spyOn(PlainPkmap.prototype, 'flush').mockImplementation(() => {});
		const hasHighmem = (seed: number) =>
			computeLayout(randomMachine(seed)).zones.some(({ name }) => name === 'HighMem');
		const machine = randomMachine([...Array(MACHINES).keys()].find(hasHighmem) ?? 0);
		const { steps, failure } = shrink(machine, randomSteps(5, 3000));
		flush.mockRestore();
		expect(steps.length).toBeLessThan(5);
		expect(report(machine, failure)).toMatch(/kmap\(\d+\) = .*\nkunmap\(\d+\)\nkmap_flush_unused/);
	});
});
