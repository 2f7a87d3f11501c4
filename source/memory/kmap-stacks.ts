import type { Recorder } from './checkpoint.ts';
import type { KernelContext, Task } from './context.ts';
import type { Fixmap } from './fixmap.ts';

/** kmap_ctrl of one task on one CPU: how many slots it has pushed, and the page in each. */
interface LocalStack {
	depth: number;
	readonly pfns: number[];
}

const MAX_CPUS = 64;

/**
 * The stacks behind kmap_atomic: one on each CPU to 5.10 (__kmap_atomic_idx), one of each task from 5.11
 * (task_struct.kmap_ctrl), whose mappings leave the fixmap when the task is switched out and come back with it.
 */
export class KmapStacks {
	readonly #locals = new Map<number, LocalStack>();
	/** The task whose slots are mapped on each CPU. */
	readonly #onCpu: (Task | undefined)[] = [];

	constructor(
		readonly context: KernelContext,
		readonly fixmap: Fixmap,
		readonly isPerTask: boolean,
	) {
		if (isPerTask) context.taskSwitchHooks.push((from, to) => this.#switch(from, to));
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#locals);
		recorder.walk(this.#onCpu);
	}

	/** Slots pushed on the current stack. */
	get depth(): number {
		return this.isPerTask ? this.#local(this.context.task).depth : this.context.cpu.kmapAtomicIdx;
	}

	set depth(value: number) {
		this.context.cpu.kmapAtomicIdx = value;
		if (this.isPerTask) this.#local(this.context.task).depth = value;
	}

	/** Remember which page a slot of the current task holds, for when it is switched out. */
	setPage(depth: number, pfn: number): void {
		if (this.isPerTask) this.#local(this.context.task).pfns[depth] = pfn;
	}

	/** Index of slot `depth` on the current CPU; beyond the CPU's own slots it is the neighbour's. */
	index(depth: number): number {
		const { kmapBegin, kmapPerCpu } = this.fixmap.layout;
		return kmapBegin + depth + kmapPerCpu * this.context.cpu.id;
	}

	/**
	 * __kmap_local_sched_out of the task that ran here, __kmap_local_sched_in of the other.
	 * @param current The task that ran last on any CPU: another one than here when the user looks at this CPU only now.
	 */
	#switch(current: Task, to: Task): void {
		const { id } = this.context.cpu;
		const from = this.#onCpu[id] ?? current;
		this.#onCpu[id] = to;
		if (from === to) return;
		const old = this.#local(from);
		const next = this.#local(to);
		this.context.cpu.kmapAtomicIdx = next.depth;
		for (const depth of old.pfns.keys()) {
			const index = this.index(depth);
			if (depth >= old.depth || !this.fixmap.isTaken(index)) continue;
			this.fixmap.unmap(index);
			this.fixmap.flush(index);
			this.fixmap.setTaken(index, false);
		}
		for (const [depth, pfn] of next.pfns.entries()) {
			if (depth >= next.depth || pfn === undefined) continue;
			const index = this.index(depth);
			this.fixmap.map(index, pfn);
			if (this.context.machine.arch === 'arm') this.fixmap.flush(index);
			this.fixmap.setTaken(index, true);
		}
	}

	#local(task: Task): LocalStack {
		const key = task.pid * MAX_CPUS + this.context.cpu.id;
		let stack = this.#locals.get(key);
		if (!stack) {
			stack = { depth: 0, pfns: [] };
			this.#locals.set(key, stack);
		}
		return stack;
	}
}
