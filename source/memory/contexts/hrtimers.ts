import type { KernelContext, Task } from '../context.ts';
import type { InterruptKind, Interrupts } from './interrupts.ts';

/** An armed timer: what its CPU calls when its time has come. */
export interface ArmedTimer {
	/** Address of the function, and what that is given, which also names the timer. */
	readonly address: number;
	readonly data: number;
	readonly expiresNs: number;
	readonly kind: InterruptKind;
	readonly cpu: number;
}

/**
 * Timers whose functions run as interrupts, each on the CPU that armed it (kernel/time/hrtimer.c). They go off while a
 * task waits, busily or asleep: nothing else here takes long.
 */
export class HrTimers {
	/** By what their functions are given. */
	readonly armed = new Map<number, ArmedTimer>();

	constructor(
		readonly context: KernelContext,
		readonly interrupts: Interrupts,
	) {}

	/** The earliest timer that may go off, up to a time. */
	next(untilNs: number): ArmedTimer | undefined {
		let next: ArmedTimer | undefined;
		for (const timer of this.armed.values()) {
			const mayCome = !this.context.cpus[timer.cpu]?.irqsDisabled;
			if (mayCome && timer.expiresNs <= untilNs && (!next || timer.expiresNs < next.expiresNs)) next = timer;
		}
		return next;
	}

	/** Let time pass on a CPU that does nothing else (delay loops); interrupts come in between. */
	spend(ns: number): void {
		const { context } = this;
		const end = context.timeNs + ns;
		for (let timer = this.next(end); timer; timer = this.next(end)) this.fire(timer, true);
		if (end > context.timeNs) context.advance(end - context.timeNs);
	}

	/**
	 * The clock goes on to a timer's time and its function runs.
	 * @param isBusy The current task runs meanwhile, and is what is interrupted on its CPU; otherwise that is idle.
	 */
	fire(timer: ArmedTimer, isBusy: boolean): void {
		const { context, interrupts } = this;
		const { task, cpu } = context;
		this.armed.delete(timer.data);
		if (timer.expiresNs > context.timeNs) context.advance(timer.expiresNs - context.timeNs);
		const work = (): void => context.callFunction(timer.address, [timer.data]);
		if (isBusy && timer.cpu === cpu.id) {
			interrupts.enter(timer.kind);
			work();
			interrupts.leave(timer.kind);
			return;
		}
		context.switchCpu(timer.cpu);
		if (timer.cpu !== cpu.id) context.switchTask(this.#taskThere(timer.cpu));
		interrupts.run(timer.kind, work);
		context.switchCpu(cpu.id);
		context.switchTask(task);
	}

	#taskThere(cpu: number): Task {
		return this.context.taskOn(cpu) ?? this.interrupts.idleTask(cpu);
	}
}
