import { atLeast } from '../../machine/kernel-version.ts';
import { asPhrase, type PlainPhrase, phrase } from '../../phrases/phrase.ts';
import type { KernelContext } from '../context.ts';
import { hasKmapHighGet } from '../highmem/mapping-rules.ts';
import type { Pkmap } from '../highmem/pkmap.ts';
import { KernelFault } from '../kernel-fault.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Interrupts } from './interrupts.ts';
import { SOFTIRQ_OFFSET } from './preempt-bits.ts';
import type { Preemption } from './preemption.ts';

/**
 * kmap_lock (mm/highmem.c). It is held for a moment only, unless a BUG strikes in between: then nobody gives it back, and
 * whoever wants it next spins for ever. A kernel without CONFIG_SMP has no locks to take: it only keeps what they would have
 * switched off, and goes on.
 */
export class KmapLock {
	/** A BUG struck in between. */
	isLost = false;

	constructor(
		readonly context: KernelContext,
		readonly pkmap: Pkmap | null,
		readonly interrupts: Interrupts,
		readonly words: KernelWords,
		readonly preemption: Preemption,
	) {
		if (!pkmap) return;
		pkmap.beforeBug = () => this.#freeze();
		pkmap.beforeLock = () => this.check();
	}

	/** @throws {KernelFault} when the lock can never be taken again. */
	check(): void {
		if (this.isLost) this.#wait('kmap and kunmap of a highmem page need kmap_lock');
	}

	/** spin_unlock_irq(): kernels with kmap_high_get take the lock so, whatever interrupts were before. */
	giveBack(): void {
		const { cpu } = this.context;
		if (!cpu.irqsDisabled || !hasKmapHighGet(this.context.machine)) return;
		this.interrupts.disabled = false;
		this.context.advise('kmapEnabledIrqs');
	}

	/** BUG_ON(in_interrupt()) in kunmap, also of a lowmem page. @param where absent where kunmap looks no more. */
	checkInterrupt(where: string | undefined): void {
		if (where === undefined || this.context.cpu.preemptCount < SOFTIRQ_OFFSET) return;
		this.words.bug(where, 'kunmap in an interrupt', 'kunmap');
	}

	/**
	 * execve() puts a program's arguments into pages that it kmaps, until 6.0.
	 * @returns false when every slot is taken: the program sleeps before it has begun, and is to ask again when woken.
	 * @throws {KernelFault} when the lock is lost.
	 */
	mayExec(): boolean {
		const { pkmap } = this;
		if (!pkmap || atLeast(this.context.machine.kernel, '6.1')) return true;
		if (this.isLost) this.#wait('execve() kmaps the pages of the arguments and needs kmap_lock');
		if (pkmap.freeSlots + pkmap.staleSlots > 0) return true;
		if (this.context.task.state !== 'uninterruptible') pkmap.sleep();
		return false;
	}

	/** What holding the lock has switched off stays so for the report. */
	#freeze(): void {
		this.isLost = true;
		this.preemption.disable();
		if (hasKmapHighGet(this.context.machine)) this.interrupts.disabled = true;
		if (this.#isReal) this.context.advise('kmapLockHeld');
	}

	/** Whether this kernel has locks at all. */
	get #isReal(): boolean {
		return this.context.machine.nrCpus > 1;
	}

	#wait(why: PlainPhrase): void {
		if (!this.#isReal) return;
		throw new KernelFault(
			'',
			phrase('{why}, which a killed task still holds: this CPU spins for ever, without a word', { why: asPhrase(why) }),
			'spins',
		);
	}
}
