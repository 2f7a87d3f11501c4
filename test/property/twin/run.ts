import type { Machine } from '../../../source/machine/machine.ts';
import { compareAll, compareCpus } from './compare.ts';
import { EventHash } from './event-stream.ts';
import { Program } from './program.ts';
import type { Step, StepKind } from './step.ts';
import * as access from './steps/access-steps.ts';
import * as area from './steps/area-steps.ts';
import * as atomic from './steps/atomic-steps.ts';
import * as context from './steps/context-steps.ts';
import * as kmap from './steps/kmap-steps.ts';
import { look } from './steps/look-steps.ts';
import * as module from './steps/module-steps.ts';
import * as page from './steps/page-steps.ts';
import * as slab from './steps/slab-steps.ts';
import * as user from './steps/user-steps.ts';
import { Stopped } from './twin.ts';

type Doing = (program: Program, step: Step) => void;

/** What may be done while preemption, page faults or interrupts are off, or a lock is held. */
const ATOMIC: Partial<Record<StepKind, Doing>> = {
	alloc: page.alloc,
	free: page.free,
	hold: page.hold,
	kunmap: kmap.kunmap,
	kmapHighGet: kmap.kmapHighGet,
	kmapAtomic: atomic.kmapAtomic,
	kmapLocal: atomic.kmapLocal,
	pushIndex: atomic.pushIndex,
	leave: atomic.leave,
	swapUnmaps: atomic.swapUnmaps,
	leak: atomic.leak,
	fixmap: atomic.fixmap,
	kmalloc: slab.kmalloc,
	kfree: slab.kfree,
	read: access.read,
	write: access.write,
	cpu: context.cpu,
	preempt: context.preempt,
	pagefaults: context.pagefaults,
	irqs: context.irqs,
	bottomHalves: context.bottomHalves,
	lock: context.lock,
	interrupt: (program, step) => context.interrupt(program, step, runStep),
	look,
};

/** What sleeps, or is wrong anyway. */
const SLEEPING: Partial<Record<StepKind, Doing>> = {
	freeTwice: page.freeTwice,
	hog: page.hog,
	starve: (program, step) => page.starve(program, step, runStep),
	kmap: kmap.kmap,
	kmapMany: kmap.kmapMany,
	kunmapMany: kmap.kunmapMany,
	flushUnused: kmap.flushUnused,
	kunmapTwice: kmap.kunmapTwice,
	vmalloc: area.vmalloc,
	vmallocLarge: area.vmallocLarge,
	vmap: area.vmap,
	ioremap: area.ioremap,
	releaseArea: area.releaseArea,
	mapRam: area.mapRam,
	unmapRam: area.unmapRam,
	unmapAliases: area.unmapAliases,
	vfreeWrong: area.vfreeWrong,
	loadModule: module.loadModule,
	unloadModule: module.unloadModule,
	kfreeTwice: slab.kfreeTwice,
	readWrong: access.readWrong,
	mmap: user.mmap,
	munmap: user.munmap,
	touch: user.touch,
	fork: user.fork,
	exit: user.exit,
	task: context.task,
	newTask: context.newTask,
};

/** Once in so many times something that sleeps is done where it must not. */
const SELDOM = 150;
const OFTEN = 8;
const MISUSED: ReadonlySet<StepKind> = new Set(['kmap', 'vmalloc', 'touch', 'releaseArea', 'vmap']);

const runStep: Doing = (program, step) => {
	const atomically = ATOMIC[step.kind];
	if (atomically) atomically(program, step);
	else if (
		!program.isAtomic ||
		(MISUSED.has(step.kind) && step.c % (program.isCareless ? OFTEN : SELDOM) === 0 && !program.interruptUndo)
	)
		SLEEPING[step.kind]?.(program, step);
	else atomic.leave(program);
	if (program.twin.isKilled) program.end();
};

export interface RunOptions {
	/** Everything is compared after so many steps; 1 is every step. */
	readonly compareEvery: number;
	readonly isTraced?: boolean;
	/** Forbidden things are done often. @default false */
	readonly isCareless?: boolean;
	readonly hash?: EventHash;
	readonly counts?: Map<string, number>;
}

/** A run that ended in a difference, with what was done until then. */
export class Failure extends Error {
	constructor(
		cause: Error,
		readonly steps: number,
		readonly trace: readonly string[],
	) {
		super(cause.message, { cause });
		this.stack = cause.stack ?? '';
	}
}

/** A run that is made step by step. */
export interface SteppedRun {
	/** Another one after a reboot. */
	readonly program: Program;
	readonly reboots: number;
	readonly faults: number;
	/** @throws {Failure} */
	step(step: Step): void;
}

/** A kernel that has stopped is booted again. */
export const runSteps = (machine: Machine, options: RunOptions): SteppedRun => {
	const { compareEvery, isTraced = false, hash = new EventHash(), counts = new Map() } = options;
	const begin = (): Program => {
		const program = new Program(machine, hash, counts);
		program.isCareless = options.isCareless ?? false;
		if (isTraced) program.twin.trace = [];
		return program;
	};
	let [done, faults] = [0, 0];
	const run = {
		program: begin(),
		reboots: 0,
		get faults(): number {
			return faults + run.program.twin.faults;
		},
		step: (step: Step): void => {
			done++;
			const { twin } = run.program;
			try {
				runStep(run.program, step);
				if (done % compareEvery === 0) compareAll(run.program);
				else compareCpus(twin);
			} catch (error) {
				if (!(error instanceof Stopped)) throw new Failure(error as Error, done, twin.trace ?? []);
				run.reboots++;
				({ faults } = run);
				run.program = begin();
			}
		},
	};
	return run;
};

/** Run a program on a machine and on the model of it, and compare everything at its end. @throws {Failure} */
export const runProgram = (machine: Machine, steps: readonly Step[], options: RunOptions): SteppedRun => {
	const run = runSteps(machine, options);
	for (const step of steps) run.step(step);
	try {
		compareAll(run.program);
	} catch (error) {
		throw new Failure(error as Error, steps.length, run.program.twin.trace ?? []);
	}
	return run;
};
