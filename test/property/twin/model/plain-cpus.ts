import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Machine } from '../../../../source/machine/machine.ts';

/** What a task takes along when it leaves a CPU. */
interface Registers {
	preempt: number;
	pagefaultsOff: number;
}

export interface PlainCpu extends Registers {
	irqsOff: boolean;
	/** Task that runs here; 0 is the idle task. */
	pid: number;
	/** Address space that the CPU walks for user addresses; 0 is none. */
	space: number;
}

const HARDIRQ = 0x10000;
const SOFTIRQ = 0x100;

/** preempt_count and its kin, by CPU (linux/preempt.h, linux/uaccess.h). */
export class PlainCpus {
	readonly cpus: PlainCpu[];
	id = 0;
	/** CONFIG_NR_CPUS. */
	readonly mostCpus: number;
	readonly #saved = new Map<number, Registers>();
	readonly #counts: boolean;
	readonly #pagefaultCounts: boolean;
	readonly #bottomHalf: number;
	readonly #hardirqBits: number;

	constructor({ cpusOnline, nrCpus, debug, kernel }: Machine) {
		this.mostCpus = nrCpus;
		this.cpus = Array.from({ length: cpusOnline }, (_, id) => ({
			preempt: 0,
			pagefaultsOff: 0,
			irqsOff: false,
			pid: id === 0 ? 1 : -1,
			space: 0,
		}));
		this.#counts = debug.preemptCount || debug.atomicSleep;
		this.#pagefaultCounts = !atLeast(kernel, '4.2');
		this.#bottomHalf = atLeast(kernel, '2.6.37') ? 0x200 : 0x100;
		this.#hardirqBits = atLeast(kernel, '3.13') ? 0xff0000 : 0xfff0000;
	}

	get here(): PlainCpu {
		const cpu = this.cpus[this.id];
		if (!cpu) throw new RangeError('no such CPU');
		return cpu;
	}

	/** Whether code here may not sleep. */
	get isAtomic(): boolean {
		const { preempt, pagefaultsOff, irqsOff } = this.here;
		return preempt !== 0 || pagefaultsOff !== 0 || irqsOff;
	}

	get isInterrupt(): boolean {
		return (this.here.preempt & (this.#hardirqBits | 0xff00)) !== 0;
	}

	get isInSoftirq(): boolean {
		return (this.here.preempt & 0xff00) !== 0;
	}

	preemptDisable(by: 1 | -1 = 1): void {
		if (this.#counts) this.here.preempt += by;
	}

	pagefaultDisable(by: 1 | -1 = 1): void {
		this.here.pagefaultsOff += by;
		if (this.#pagefaultCounts) this.here.preempt += by;
	}

	/** What kmap_atomic switches off, or on again. */
	atomic(by: 1 | -1): void {
		this.pagefaultDisable(by);
		if (!this.#pagefaultCounts) this.preemptDisable(by);
	}

	bottomHalf(by: 1 | -1): void {
		this.here.preempt += by * this.#bottomHalf;
	}

	interrupt(kind: 'hardirq' | 'softirq', by: 1 | -1): void {
		this.here.preempt += by * (kind === 'hardirq' ? HARDIRQ : SOFTIRQ);
		if (kind === 'hardirq') this.here.irqsOff = by > 0;
	}

	/** Another task on this CPU. */
	switchTask(pid: number, isOldDead = false): void {
		const cpu = this.here;
		if (cpu.pid === pid) return;
		if (!isOldDead) this.#saved.set(cpu.pid, { preempt: cpu.preempt, pagefaultsOff: cpu.pagefaultsOff });
		const saved = this.#saved.get(pid);
		cpu.preempt = saved?.preempt ?? 0;
		cpu.pagefaultsOff = saved?.pagefaultsOff ?? 0;
		cpu.irqsOff = false;
		cpu.pid = pid;
	}
}
