import type { KernelContext, Task } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { HARDIRQ_OFFSET, SOFTIRQ_OFFSET } from './preempt-bits.ts';
import type { Preemption } from './preemption.ts';

const IRQS = eventCode('irqs');
const INTERRUPT = eventCode('interrupt');

export type InterruptKind = 'hardirq' | 'softirq';

/** struct irqaction */
export interface IrqAction {
	/** Address of the handler. */
	readonly handler: number;
	/** What it is given, and what free_irq names it by. */
	readonly device: number;
	readonly name: string;
}

/** local_irq_*, local_bh_* and running code as an interrupt (linux/irqflags.h, kernel/softirq.c), on the current CPU. */
export class Interrupts {
	/** The idle task of each CPU, made when first interrupted. */
	readonly idle: Task[] = [];
	/** Handlers that request_irq has put in, by interrupt number, oldest first. */
	readonly handlers = new Map<number, readonly IrqAction[]>();

	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
	) {}

	get disabled(): boolean {
		return this.context.cpu.irqsDisabled;
	}

	set disabled(value: boolean) {
		const { cpu, revisions, events } = this.context;
		if (cpu.irqsDisabled === value) return;
		cpu.irqsDisabled = value;
		revisions.tasks++;
		events.record(IRQS, Number(value));
	}

	/**
	 * local_irq_save.
	 * @returns the CPU's flags: EFLAGS on x86 (IF is bit 9), CPSR on ARM (I is bit 7).
	 */
	save(): number {
		const flags = this.flags;
		this.disabled = true;
		return flags;
	}

	/** local_irq_restore. */
	restore(flags: number): void {
		this.disabled = this.context.machine.arch === 'arm' ? (flags & 0x80) !== 0 : (flags & 0x200) === 0;
	}

	/** local_save_flags. */
	get flags(): number {
		if (this.context.machine.arch === 'arm') return this.disabled ? 0x60010093 : 0x60010013;
		return this.disabled ? 0x86 : 0x286;
	}

	bhDisable(): void {
		this.context.changePreemptCount(this.preemption.bits.bhOffset);
	}

	bhEnable(): void {
		this.context.changePreemptCount(-this.preemption.bits.bhOffset);
	}

	/**
	 * Run `work` as an interrupt. It stops whatever the CPU does: a task that is in the middle of something, or else, when
	 * the current task only waits for its next command, the idle task.
	 */
	run(kind: InterruptKind, work: () => void): void {
		const { context } = this;
		const { task } = context;
		const isBusy = this.preemption.mayNotSleep;
		if (!isBusy) context.switchTask(this.idleTask(context.cpu.id));
		this.enter(kind);
		work();
		this.leave(kind);
		if (!isBusy) context.switchTask(task);
	}

	/** A CPU's swapper: it has no number and stands in no list. */
	idleTask(id: number): Task {
		const idle: Task = this.idle[id] ?? {
			pid: 0,
			comm: `swapper/${id}`,
			state: 'runnable',
			waitingOn: undefined,
			isKernel: true,
		};
		this.idle[id] = idle;
		return idle;
	}

	/** irq_enter, or the beginning of __do_softirq: what runs from now on is the interrupt. */
	enter(kind: InterruptKind): void {
		this.context.changePreemptCount(kind === 'hardirq' ? HARDIRQ_OFFSET : SOFTIRQ_OFFSET);
		if (kind === 'hardirq') this.disabled = true;
		this.context.events.record(INTERRUPT, kind === 'hardirq' ? 0 : 1, 0);
	}

	/** irq_exit, or the end of __do_softirq. */
	leave(kind: InterruptKind): void {
		this.context.changePreemptCount(kind === 'hardirq' ? -HARDIRQ_OFFSET : -SOFTIRQ_OFFSET);
		if (kind === 'hardirq') this.disabled = false;
		this.context.events.record(INTERRUPT, kind === 'hardirq' ? 0 : 1, 1);
	}
}
