import type { Pfn } from '../../../source/machine/address.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import type { Task } from '../../../source/memory/context.ts';
import type { EventHash } from './event-stream.ts';
import { Stopped, Twin } from './twin.ts';

const FIRST_PID = 100;
/** Locks lie where nobody looks: an address is all that they are. */
const FIRST_LOCK = 0xc0e00000;

/** Pages that the program has. */
export interface Holding {
	readonly pfn: Pfn;
	readonly order: number;
	/** get_page was called so often. */
	extra: number;
}

export interface HeldArea {
	readonly kind: 'vmalloc' | 'vmap' | 'ioremap';
	/** As the kernel gave it. */
	readonly address: number;
	readonly pages: number;
}

export interface HeldModule {
	readonly name: string;
	readonly core: number;
	/** -1 once its init function is over. */
	init: number;
}

export interface HeldObject {
	readonly address: number;
	readonly bytes: number;
}

/** What a task has switched off or mapped and must undo, the newest first. */
export type Undo =
	| { readonly kind: 'atomic'; readonly address: number; readonly type: number }
	| { readonly kind: 'local'; readonly address: number }
	| { readonly kind: 'lock'; readonly address: number }
	| { readonly kind: 'index' | 'preempt' | 'pagefaults' | 'irqs' | 'bottomHalves' };

export interface Runner {
	readonly task: Task;
	cpu: number;
	undo: Undo[];
	/** Page that it wants to kmap and sleeps for. */
	wants: Pfn | undefined;
}

/** What a random program has so far, and the twin that it runs on. */
export class Program {
	readonly twin: Twin;
	readonly holdings: Holding[] = [];
	readonly kmaps: Pfn[] = [];
	readonly areas: HeldArea[] = [];
	readonly ramMaps: { readonly address: number; readonly count: number }[] = [];
	readonly objects: HeldObject[] = [];
	readonly fixmaps: number[] = [];
	readonly modules: HeldModule[] = [];
	/** Addresses that were good once; they may be so no more. */
	readonly addresses: number[] = [];
	/** Whether it does what is forbidden more than seldom. */
	isCareless = false;
	runners: Runner[] = [];
	/** Of the interrupt that runs. */
	interruptUndo: Undo[] | undefined;
	#pid = FIRST_PID;
	#locks = 0;
	#names = 0;
	readonly #current = new Map<number, Runner>();

	constructor(machine: Machine, hash: EventHash, counts: Map<string, number>) {
		this.twin = new Twin(machine, hash, counts);
		this.#current.set(0, this.addRunner());
		this.twin.switchTask(this.runner.task);
	}

	/** Who runs on the current CPU. */
	get runner(): Runner {
		const { id } = this.twin.kernel.context.cpu;
		const known = this.#current.get(id);
		if (known) return known;
		const fresh = this.addRunner();
		this.#current.set(id, fresh);
		return fresh;
	}

	get undo(): Undo[] {
		return this.interruptUndo ?? this.runner.undo;
	}

	/** Whether code that sleeps would be wrong here. */
	get isAtomic(): boolean {
		return this.twin.model.cpus.isAtomic || this.undo.some(({ kind }) => kind !== 'local');
	}

	addRunner(): Runner {
		const task = this.twin.kernel.context.addTask(this.#pid++, 'sh');
		const runner: Runner = { task, cpu: this.twin.kernel.context.cpu.id, undo: [], wants: undefined };
		this.runners.push(runner);
		return runner;
	}

	/** Address of a lock that nobody has taken yet. */
	newLock(): number {
		return FIRST_LOCK + 16 * this.#locks++;
	}

	nextName(): number {
		return this.#names++;
	}

	isCurrent(runner: Runner): boolean {
		return [...this.#current.values()].includes(runner);
	}

	/** Let another task run on this CPU. */
	run(runner: Runner, isOldDead = false): void {
		runner.cpu = this.twin.kernel.context.cpu.id;
		this.#current.set(runner.cpu, runner);
		this.twin.switchTask(runner.task, isOldDead);
	}

	switchCpu(id: number): void {
		this.twin.kernel.context.switchCpu(id);
		this.twin.model.cpus.id = id;
		this.twin.switchTask(this.runner.task);
	}

	/** The current task has gone to sleep: another one runs. */
	sleep(wants: Pfn): void {
		this.runner.wants = wants;
		// What it has mapped stays so; nobody will undo it in order.
		if (this.twin.model.windows.generation !== 'local') this.runner.undo = [];
		this.run(this.addRunner());
	}

	/** The current task ends, by itself or because the kernel killed it. */
	end(): void {
		const { kernel, model } = this.twin;
		const { context } = kernel;
		const { task } = context;
		if (this.interruptUndo) throw new Stopped('a task was killed in an interrupt');
		context.cpu.preemptCount = 0;
		context.cpu.pagefaultDisabled = 0;
		context.cpu.locks.length = 0;
		Object.assign(model.cpus.here, { preempt: 0, pagefaultsOff: 0 });
		this.twin.do(
			`exit(${task.pid})`,
			() => {
				kernel.exitMemory(task);
				return undefined;
			},
			() => {
				model.exit(task.pid);
				return undefined;
			},
		);
		task.state = 'dead';
		context.tasks.delete(task.pid);
		this.runners = this.runners.filter(one => one.task !== task);
		this.run(this.addRunner(), true);
		this.twin.isKilled = false;
	}

	/** One of a list, chosen by a number. */
	pick<T>(list: readonly T[], choice: number): T | undefined {
		return list[choice % Math.max(1, list.length)];
	}

	/** The same, taken out of the list. */
	take<T>(list: T[], choice: number): T | undefined {
		return list.splice(choice % Math.max(1, list.length), 1)[0];
	}

	remember(...addresses: readonly number[]): void {
		this.addresses.push(...addresses);
		if (this.addresses.length > 400) this.addresses.splice(0, 100);
	}
}
