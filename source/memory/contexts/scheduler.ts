import { hex, type VirtualAddress } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext, Task } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { KernelFault } from '../kernel-fault.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { HrTimers } from './hrtimers.ts';
import { HARDIRQ_OFFSET } from './preempt-bits.ts';
import type { Preemption } from './preemption.ts';

const TASK_SLEEP = eventCode('task_sleep');
const TASK_WAKE = eventCode('task_wake');
const TIMER = 'timer';
const QUEUE = 'wait queue ';
const queueName = (queue: VirtualAddress): string => `${QUEUE}${hex(queue)}`;

/** How many of the endless complaints are printed. */
const SHOWN_COMPLAINTS = 2;

/**
 * What schedule() does on the current CPU (kernel/sched/core.c): it complains when it is called where a task switch is
 * forbidden, switches interrupts on, and lets others run. Who these are is decided by whoever runs the tasks.
 */
export class Scheduler {
	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
		readonly words: KernelWords,
		readonly hrtimers: HrTimers,
	) {}

	/** __schedule_bug and what follows from going to sleep all the same. */
	schedule(): void {
		const { cpu, machine } = this.context;
		if (this.preemption.mayNotSleep) this.context.advise(cpu.irqsDisabled ? 'sleptWithIrqsOff' : 'sleptWhileAtomic');
		if (cpu.preemptCount !== 0) {
			// __schedule itself has preemption off where that counts.
			this.words.schedulingWhileAtomic(cpu.preemptCount + Number(this.preemption.counts));
			if (cpu.preemptCount >= HARDIRQ_OFFSET) this.#sleepInInterrupt();
			// preempt_count_set(PREEMPT_DISABLED): whatever was switched off counts no longer.
			if (atLeast(machine.kernel, '4.4')) this.context.changePreemptCount(-cpu.preemptCount);
		}
		cpu.irqsDisabled = false;
		this.context.revisions.tasks++;
	}

	/** The idle task, which the interrupt had stopped, is taken off its CPU: it complains for ever and nothing goes on. */
	#sleepInInterrupt(): never {
		for (let time = 0; time < SHOWN_COMPLAINTS; time++) {
			this.context.printk('bad: scheduling from the idle thread!', 4);
			this.words.dumpStack();
		}
		throw new KernelFault(
			'bad: scheduling from the idle thread!',
			'an interrupt cannot sleep: the task it had stopped is put to sleep in its place, and this CPU never goes on',
			'panic',
		);
	}

	/** schedule_timeout: the current task sleeps until the clock has gone on by so much. */
	sleep(ns: number): void {
		this.schedule();
		this.#fallAsleep(TIMER, ns);
	}

	#fallAsleep(on: string, ns: number | undefined): void {
		const { task, timeNs, events, revisions } = this.context;
		task.state = 'uninterruptible';
		task.waitingOn = on;
		task.wakesAtNs = ns === undefined ? undefined : timeNs + ns;
		revisions.tasks++;
		events.record(TASK_SLEEP, task.pid, events.textId(on));
	}

	/**
	 * The current task sleeps until `wakeAll` of the same address, which is that of a wait queue, a mutex or the like.
	 * @param ns It wakes by itself after so long. @default never
	 */
	waitOn(queue: VirtualAddress, ns?: number): void {
		this.schedule();
		this.#fallAsleep(queueName(queue), ns);
	}

	/** Whether a task sleeps until `wakeAll`. */
	isInQueue(task: Task): boolean {
		return task.waitingOn?.startsWith(QUEUE) === true;
	}

	/** __wake_up: all who wait there may look again. */
	wakeAll(queue: VirtualAddress): void {
		const name = queueName(queue);
		for (const task of this.context.tasks.values()) {
			if (task.state === 'uninterruptible' && task.waitingOn === name) this.#wake(task);
		}
	}

	/** wake_up_process: a task that sleeps goes on, whatever it slept for. */
	wakeTask(task: Task): void {
		if (task.state === 'uninterruptible') this.#wake(task);
	}

	/** Wake whose timers have gone off meanwhile. */
	wakeDue(): void {
		this.#fireUntil(this.context.timeNs);
		const { tasks, timeNs } = this.context;
		for (const task of tasks.values()) {
			if (task.wakesAtNs !== undefined && task.wakesAtNs <= timeNs) this.#wake(task);
		}
	}

	#fireUntil(ns: number): boolean {
		const first = this.hrtimers.next(ns);
		for (let timer = first; timer; timer = this.hrtimers.next(ns)) this.hrtimers.fire(timer, false);
		return first !== undefined;
	}

	/** Let the clock run to the earliest timer and wake its task. @returns false when nobody waits for a timer. */
	runTimers(): boolean {
		let next: { readonly pid: number; readonly at: number } | undefined;
		for (const { pid, state, wakesAtNs } of this.context.tasks.values()) {
			if (state !== 'uninterruptible' || wakesAtNs === undefined) continue;
			if (!next || wakesAtNs < next.at) next = { pid, at: wakesAtNs };
		}
		const earlier = this.hrtimers.next(next?.at ?? Infinity);
		if (earlier) {
			this.hrtimers.fire(earlier, false);
			return true;
		}
		const task = next && this.context.tasks.get(next.pid);
		if (!next || !task) return false;
		if (next.at > this.context.timeNs) this.context.advance(next.at - this.context.timeNs);
		this.#wake(task);
		return true;
	}

	#wake(task: Task): void {
		task.state = 'runnable';
		task.waitingOn = undefined;
		task.wakesAtNs = undefined;
		task.hasSlept = true;
		this.context.revisions.tasks++;
		this.context.events.record(TASK_WAKE, task.pid);
	}
}
