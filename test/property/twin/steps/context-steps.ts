import { virtual } from '../../../../source/machine/address.ts';
import type { Program, Runner, Undo } from '../program.ts';
import { Random } from '../random.ts';
import { randomStep, type Step, type StepKind } from '../step.ts';
import { kmapPage } from './kmap-steps.ts';

const MOST_RUNNERS = 12;

/** Go on on another CPU, with whoever runs there. */
export const cpu = (program: Program, { a }: Step): void => {
	const { cpus } = program.twin.kernel.context;
	program.switchCpu(a % cpus.length);
};

/** Let another task run here that can. One that has been woken asks again for what it wanted. */
export const task = (program: Program, { a }: Step): void => {
	const { kernel } = program.twin;
	const { id } = kernel.context.cpu;
	if (program.isAtomic) return;
	const ready = program.runners.filter(
		runner => runner.task.state === 'runnable' && !program.isCurrent(runner) && mayRunOn(runner, id),
	);
	const woken = ready.filter(({ wants }) => wants !== undefined);
	const next = program.pick(woken.length > 0 ? woken : ready, a);
	if (!next) return;
	program.run(next);
	const { wants } = next;
	next.wants = undefined;
	if (wants !== undefined) kmapPage(program, wants);
};

/** kmap_local keeps a task on its CPU. */
const mayRunOn = ({ undo, cpu: home }: Runner, id: number): boolean => home === id || undo.length === 0;

export const newTask = (program: Program): void => {
	if (!program.isAtomic && program.runners.length < MOST_RUNNERS) program.run(program.addRunner());
};

const enter = ({ twin, undo }: Program, what: Undo, kernel: () => void, model: () => void): void => {
	twin.do(
		`${what.kind}()`,
		() => {
			kernel();
			return undefined;
		},
		() => {
			model();
			return undefined;
		},
	);
	undo.push(what);
};

export const preempt = (program: Program): void => {
	const { kernel, model } = program.twin;
	enter(
		program,
		{ kind: 'preempt' },
		() => kernel.preemptDisable(),
		() => model.cpus.preemptDisable(),
	);
};

export const pagefaults = (program: Program): void => {
	const { kernel, model } = program.twin;
	enter(
		program,
		{ kind: 'pagefaults' },
		() => kernel.pagefaultDisable(),
		() => model.cpus.pagefaultDisable(),
	);
};

export const irqs = (program: Program): void => {
	const { kernel, model } = program.twin;
	if (model.cpus.here.irqsOff) return;
	enter(
		program,
		{ kind: 'irqs' },
		() => kernel.contexts.interrupts.save(),
		() => {
			model.cpus.here.irqsOff = true;
		},
	);
};

export const bottomHalves = (program: Program): void => {
	const { kernel, model } = program.twin;
	if (program.interruptUndo) return;
	enter(
		program,
		{ kind: 'bottomHalves' },
		() => kernel.contexts.interrupts.bhDisable(),
		() => model.cpus.bottomHalf(1),
	);
};

export const lock = (program: Program): void => {
	const { kernel, model } = program.twin;
	const address = program.newLock();
	enter(
		program,
		{ kind: 'lock', address },
		() => kernel.contexts.locks.lock(virtual(address)),
		() => model.cpus.preemptDisable(),
	);
};

/** The opposite of whatever was switched off. */
export const undoContext = ({ twin }: Program, one: Undo): void => {
	const { kernel, model } = twin;
	const { cpus } = model;
	twin.do(
		`undo ${one.kind}()`,
		() => {
			if (one.kind === 'preempt') kernel.preemptEnable();
			else if (one.kind === 'pagefaults') kernel.pagefaultEnable();
			else if (one.kind === 'irqs') kernel.contexts.interrupts.disabled = false;
			else if (one.kind === 'bottomHalves') kernel.contexts.interrupts.bhEnable();
			else if (one.kind === 'lock') kernel.contexts.locks.unlock(virtual(one.address));
			return undefined;
		},
		() => {
			if (one.kind === 'preempt' || one.kind === 'lock') cpus.preemptDisable(-1);
			else if (one.kind === 'pagefaults') cpus.pagefaultDisable(-1);
			else if (one.kind === 'irqs') cpus.here.irqsOff = false;
			else if (one.kind === 'bottomHalves') cpus.bottomHalf(-1);
			return undefined;
		},
	);
};

/** What may be done in an interrupt. */
const IN_INTERRUPT: ReadonlySet<StepKind> = new Set([
	...(['alloc', 'free', 'kmapAtomic', 'kmapLocal', 'leave', 'kmalloc', 'kfree', 'read', 'write', 'look'] as const),
	...(['preempt', 'pushIndex'] as const),
]);

/** A hard or soft interrupt comes, does a few things and goes. */
export const interrupt = (
	program: Program,
	{ a, b, c }: Step,
	runStep: (program: Program, step: Step) => void,
): void => {
	const { twin } = program;
	const { cpus } = twin.model;
	const kind = a % 2 === 0 ? 'hardirq' : 'softirq';
	if (program.interruptUndo || cpus.here.irqsOff || (kind === 'softirq' && cpus.isInSoftirq)) return;
	const { pid } = cpus.here;
	// Without PREEMPT_COUNT nothing tells that preemption is off.
	const isBusy = cpus.isAtomic || program.undo.some(({ kind: held }) => held === 'lock');
	const random = new Random(b);
	twin.trace?.push(`${kind} {`);
	twin.kernel.contexts.interrupts.run(kind, () => {
		if (!isBusy) twin.model.switchTask(0);
		cpus.interrupt(kind, 1);
		program.interruptUndo = [];
		for (let time = 0; time < 1 + (c % 8); time++) {
			const step = randomStep(random);
			if (IN_INTERRUPT.has(step.kind)) runStep(program, step);
		}
		while (program.interruptUndo.length > 0) runStep(program, { kind: 'leave', a: 0, b: 0, c: 0 });
		program.interruptUndo = undefined;
		cpus.interrupt(kind, -1);
	});
	if (!isBusy) twin.model.switchTask(pid);
	twin.trace?.push('}');
};
