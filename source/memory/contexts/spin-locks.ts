import type { VirtualAddress } from '../../machine/address.ts';
import { hex } from '../../machine/address.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { KernelFault } from '../kernel-fault.ts';
import type { Interrupts } from './interrupts.ts';
import type { Preemption } from './preemption.ts';

const SPIN_LOCK = eventCode('spin_lock');
const SPIN_UNLOCK = eventCode('spin_unlock');

/** How a lock is taken: what else is switched off while it is held. */
export type LockVariant = 'plain' | 'irq' | 'bh';

/** spin_lock and its kin (linux/spinlock.h). A lock is known by its address; which CPU holds it is kept here. */
export class SpinLocks {
	readonly #holders = new Map<number, number>();

	constructor(
		readonly context: KernelContext,
		readonly preemption: Preemption,
		readonly interrupts: Interrupts,
	) {}

	keep(recorder: Recorder): void {
		recorder.walk(this.#holders);
	}

	/** spin_is_locked: never without CONFIG_SMP, where a lock is no more than preempt_disable (linux/spinlock_up.h). */
	isLocked(lock: VirtualAddress): boolean {
		return this.context.machine.nrCpus > 1 && this.#holders.has(lock);
	}

	/** @throws {KernelFault} when it is taken: with nobody else running here, this CPU then spins for ever. */
	lock(lock: VirtualAddress, variant: LockVariant = 'plain'): void {
		if (variant === 'irq') this.interrupts.disabled = true;
		if (variant === 'bh') this.interrupts.bhDisable();
		this.preemption.disable();
		const holder = this.#holders.get(lock);
		if (holder !== undefined && this.isLocked(lock)) this.#spin(lock, holder);
		this.#take(lock);
	}

	/** spin_trylock. */
	tryLock(lock: VirtualAddress): boolean {
		if (this.isLocked(lock)) return false;
		this.preemption.disable();
		this.#take(lock);
		return true;
	}

	unlock(lock: VirtualAddress, variant: LockVariant = 'plain'): void {
		this.#holders.delete(lock);
		const { locks } = this.context.cpu;
		const at = locks.lastIndexOf(lock);
		if (at >= 0) locks.splice(at, 1);
		this.context.events.record(SPIN_UNLOCK, lock);
		this.preemption.enable();
		if (variant === 'irq') this.interrupts.disabled = false;
		if (variant === 'bh') this.interrupts.bhEnable();
		this.context.revisions.tasks++;
	}

	#take(lock: VirtualAddress): void {
		const { cpu, events, revisions } = this.context;
		this.#holders.set(lock, cpu.id);
		cpu.locks.push(lock);
		revisions.tasks++;
		events.record(SPIN_LOCK, lock);
	}

	#spin(lock: VirtualAddress, holder: number): never {
		this.context.advise('spinsForEver');
		const whose = holder === this.context.cpu.id ? phrase('this CPU itself') : `CPU ${holder}`;
		throw new KernelFault(
			'',
			phrase('spin_lock({lock}): {whose} holds it and cannot give it back; this CPU spins for ever, without a word', {
				lock: hex(lock),
				whose,
			}),
			'spins',
		);
	}
}
