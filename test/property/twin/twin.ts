import { virtual } from '../../../source/machine/address.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import type { Task } from '../../../source/memory/context.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { KernelFault } from '../../../source/memory/kernel-fault.ts';
import { gfpConstants } from '../../../source/memory/pages/gfp.ts';
import type { EventHash } from './event-stream.ts';
import { PlainBug } from './model/plain-bug.ts';
import { ReferenceModel } from './model/reference-model.ts';

/** The simulated kernel and the plain model do not agree. */
export class Difference extends Error {
	override readonly name = 'Difference';
}

/** The kernel has stopped: nothing more can be done with it. */
export class Stopped extends Error {
	override readonly name = 'Stopped';
}

/** What an operation that the kernel stopped its task for gives. */
export const KILLED = Symbol('killed');

/** A simulated kernel and the model of it, which do everything together. */
export class Twin {
	readonly kernel: Kernel;
	readonly model: ReferenceModel;
	/** Operations done, by name. */
	readonly counts: Map<string, number>;
	faults = 0;
	/** What was done, in words, when somebody wants to know. */
	trace: string[] | undefined;
	/** The current task was killed by the operation that has just been done. */
	isKilled = false;
	/** Pages of each zone that were out when the model began to listen. */
	readonly atBoot: ReadonlyMap<string, number>;
	/** First pages of blocks that the running operation was asked for. */
	readonly asked = new Set<number>();
	readonly gfp: (name: string) => number;

	constructor(machine: Machine, hash: EventHash, counts: Map<string, number>) {
		this.counts = counts;
		this.kernel = Kernel.boot(machine);
		const { view, context, parts } = this.kernel;
		const constants = gfpConstants(machine.kernel);
		this.gfp = name => constants.get(name) ?? 0;
		this.model = new ReferenceModel(
			machine,
			view.layout,
			{
				bootMapping: address => {
					const last = view.paging.walk(virtual(address)).at(-1);
					if (!last || last.target === 'none') return undefined;
					return { start: address - (address % last.covers), bytes: last.covers };
				},
				zeroPage: parts.table.zeroFrame,
				areas: view.vmalloc.areas(),
				entries: parts.table.entries(),
			},
			this.gfp('__GFP_ZERO'),
		);
		this.atBoot = new Map(
			view.pages.zones.map(({ name, managed, free, perCpuPages }) => [
				name,
				managed - free - perCpuPages.reduce((sum, count) => sum + count, 0),
			]),
		);
		context.events.subscribe(hash.hear);
		context.events.subscribe(this.model.pages.hear);
	}

	/**
	 * Do something with both and compare.
	 * @param model Gives what must come out, or undefined where anything may.
	 */
	do<T extends number | boolean | bigint | undefined>(
		what: string,
		kernel: () => T,
		model: (got: T) => T | undefined,
	): T | typeof KILLED {
		this.trace?.push(what);
		const name = what.slice(0, what.indexOf('('));
		this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
		const { pages } = this.model;
		pages.begin();
		this.asked.clear();
		const got = this.#orFault(kernel);
		if (this.trace && typeof got === 'number') this.trace.push(`${this.trace.pop()} = 0x${got.toString(16)}`);
		const expected = this.#orBug(() => model(got instanceof KernelFault ? (undefined as T) : got));
		this.model.noteTables(this.asked);
		if (got instanceof KernelFault) return this.#killed(what, got, expected);
		if (expected instanceof PlainBug) throw new Difference(`${what}: no fault, but ${expected.message}`);
		if (expected !== undefined) this.same(what, got, expected);
		const [problem] = pages.problems;
		if (problem !== undefined) throw new Difference(`${what}: ${problem}`);
		this.isKilled ||= this.kernel.context.task.killedBy !== undefined;
		return got;
	}

	same(what: string, got: unknown, expected: unknown): void {
		if (Object.is(got, expected)) return;
		throw new Difference(`${what}: ${shown(got)}, expected ${shown(expected)}`);
	}

	/** Another task on the current CPU. */
	switchTask(task: Task, isOldDead = false): void {
		this.trace?.push(`CPU ${this.kernel.context.cpu.id} runs task ${task.pid}`);
		this.kernel.context.switchTask(task);
		this.model.switchTask(task.pid, isOldDead);
	}

	#orFault<T>(run: () => T): T | KernelFault {
		try {
			return run();
		} catch (error) {
			if (error instanceof KernelFault) return error;
			throw error;
		}
	}

	#orBug<T>(run: () => T): T | PlainBug {
		try {
			return run();
		} catch (error) {
			if (error instanceof PlainBug) return error;
			throw error;
		}
	}

	#killed(what: string, fault: KernelFault, expected: unknown): typeof KILLED {
		this.faults++;
		this.trace?.push(`  ${fault.message} (${fault.verdict})`);
		const isOutOfMemory = this.model.pages.failures > 0;
		if (!(expected instanceof PlainBug)) {
			// Where memory ran out in the middle of it is not predicted.
			if (isOutOfMemory) throw new Stopped(fault.message);
			throw new Difference(`${what}: ${fault.message}, expected ${shown(expected)}`);
		}
		if (fault.verdict !== 'killed') throw new Stopped(fault.message);
		if (this.model.cpus.isInterrupt) throw new Difference(`${what}: a fault in an interrupt stops the machine`);
		this.isKilled = true;
		return KILLED;
	}
}

const shown = (value: unknown): string =>
	typeof value === 'number' && Math.abs(value) > 9 ? `0x${value.toString(16)}` : String(value);
