import { atLeast } from '../../machine/kernel-version.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext, Task } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Fixmap } from './fixmap.ts';

/** kmap_ctrl of one task on one CPU: how many slots it has pushed, and the page in each. */
interface LocalStack {
	depth: number;
	readonly pfns: number[];
}

const MAX_CPUS = 64;

/** In place of a page: the slot is taken, but nothing is mapped there yet. */
export const PUSHED = -2;
/** In place of a page: the slot is free. */
export const POPPED = -1;

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
		readonly words: KernelWords,
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
		if (hasHole(old)) this.words.warnOnce(`${this.#sched('650', '663')} __kmap_local_sched_out`);
		this.context.cpu.kmapAtomicIdx = next.depth;
		for (const depth of old.pfns.keys()) {
			const index = this.index(depth);
			if (depth >= old.depth || !this.fixmap.isTaken(index)) continue;
			this.fixmap.unmap(index);
			this.fixmap.flush(index);
			this.fixmap.setTaken(index, false);
		}
		if (hasHole(next)) this.words.warnOnce(`${this.#sched('687', '700')} __kmap_local_sched_in`);
		for (const [depth, pfn] of next.pfns.entries()) {
			// The guard slots of DEBUG_KMAP_LOCAL never had a page.
			if (depth >= next.depth || pfn === undefined || pfn < 0) continue;
			const index = this.index(depth);
			this.fixmap.map(index, pfn);
			if (this.context.machine.arch === 'arm') this.fixmap.flush(index);
			this.fixmap.setTaken(index, true);
		}
	}

	/** Lines of mm/highmem.c in 6.1 and 6.12. */
	#sched(line: string, newLine: string): string {
		return `mm/highmem.c:${atLeast(this.context.machine.kernel, '6.9') ? newLine : line}`;
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

/** Whether a slot was pushed and never got a page: its task was killed in between. */
const hasHole = ({ depth, pfns }: LocalStack): boolean => pfns.some((pfn, at) => at < depth && pfn === PUSHED);
