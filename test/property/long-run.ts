import { EventHash } from './twin/event-stream.ts';
import { describeMachine, randomMachine } from './twin/random-machine.ts';
import { Failure, runProgram } from './twin/run.ts';
import { report, shrink } from './twin/shrink.ts';
import { randomSteps } from './twin/step.ts';

export interface LongRun {
	readonly steps: number;
	readonly machines: number;
	/** Another seed makes other machines and other programs. */
	readonly seed: number;
	/** Both kernels are compared whole after so many steps. */
	readonly compareEvery: number;
}

/** Every so manieth program does forbidden things often. */
const CARELESS = 5;

/**
 * Random programs on random machines, told as they go.
 * @returns whether the kernel and the model agreed all the way.
 */
export const longRun = ({ steps, machines, seed, compareEvery }: LongRun, say: (line: string) => void): boolean => {
	const begin = performance.now();
	const hash = new EventHash();
	const counts = new Map<string, number>();
	let [faults, reboots, differences] = [0, 0, 0];
	for (let number = 0; number < machines; number++) {
		const machine = randomMachine(seed * 100_000 + number);
		const isCareless = number % CARELESS === 0;
		const program = randomSteps(seed * 100_000 + number, Math.ceil(steps / machines), isCareless);
		try {
			const ran = runProgram(machine, program, { compareEvery, hash, counts, isCareless });
			faults += ran.faults;
			reboots += ran.reboots;
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			differences++;
			say(`machine ${number}: ${describeMachine(machine)}`);
			say(report(machine, shrink(machine, program.slice(0, error.steps), isCareless).failure));
		}
		if ((number + 1) % 20 === 0) say(`${number + 1} machines, ${hash.count} events, hash ${hash.value}`);
	}
	const operations = [...counts.values()].reduce((sum, count) => sum + count, 0);
	say(`operations by kind: ${listed(counts)}`);
	say(`events by kind: ${listed(hash.types)}`);
	say(
		`property: ${Math.ceil(steps / machines) * machines} steps, ${operations} operations over ${machines} machines, ` +
			`${faults} faults, ${reboots} kernels stopped, ${hash.count} events, hash ${hash.value}, ` +
			`${differences} differences, ${((performance.now() - begin) / 1000).toFixed(1)} s`,
	);
	return differences === 0;
};

const listed = (counts: ReadonlyMap<string, number>): string =>
	[...counts]
		.sort(([, a], [, b]) => b - a)
		.map(([name, count]) => `${name} ${count}`)
		.join(', ');
