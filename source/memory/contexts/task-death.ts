import { hasHighmem } from '../../machine/machine.ts';
import type { KernelContext, Task } from '../context.ts';
import type { KmapAtomic } from '../highmem/kmap-atomic.ts';
import { KernelFault } from '../kernel-fault.ts';
import type { Preemption } from './preemption.ts';

/** do_exit (kernel/exit.c) of a task that the kernel has killed. */
export class TaskDeath {
	readonly #usesSlots: boolean;

	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
		readonly atomic: KmapAtomic,
	) {
		const { machine } = context;
		this.#usesSlots = machine.highPte === true && hasHighmem(machine);
	}

	/** @returns false when the task could not even die: it faulted once more, and sleeps for ever. */
	die(task: Task): boolean {
		this.#note(task);
		const { cpu } = this.context;
		this.context.changePreemptCount(-cpu.preemptCount);
		try {
			this.reachTables();
			return true;
		} catch (error) {
			if (!(error instanceof KernelFault)) throw error;
			this.#note(task);
			this.context.changePreemptCount(-cpu.preemptCount);
			this.context.printk('Fixing recursive fault but reboot is needed!', 1);
			return false;
		}
	}

	/** exit_mmap and execve reach a process's page tables, which with CONFIG_HIGHPTE takes a kmap_atomic slot. */
	reachTables(): void {
		if (!this.#usesSlots) return;
		const { atomic, preemption } = this;
		preemption.enterAtomic();
		atomic.push();
		atomic.pop();
		preemption.leaveAtomic();
	}

	#note({ comm, pid }: Task): void {
		const { preemptCount } = this.context.cpu;
		if (preemptCount !== 0) this.context.printk(`note: ${comm}[${pid}] exited with preempt_count ${preemptCount}`, 6);
	}
}
