import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Interrupts } from './interrupts.ts';

interface Place extends VersionRow {
	readonly where: string;
}

const PLACES: readonly [Place, ...Place[]] = [
	{ since: '2.6.24', where: 'init/main.c:808 do_one_initcall' },
	{ since: '4.19', where: 'init/main.c:897 do_one_initcall' },
	{ since: '5.1', where: 'init/main.c:1215 do_one_initcall' },
	{ since: '5.11', where: 'init/main.c:1322 do_one_initcall' },
	{ since: '6.4', where: 'init/main.c:1248 do_one_initcall' },
];

/** do_one_initcall (init/main.c): a module's init function must leave preemption and interrupts as it found them. */
export class Initcall {
	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
		readonly interrupts: Interrupts,
	) {}

	/**
	 * Look at what the init function left behind, and put it right.
	 * @param name Of the init function. @param before preempt_count when it was called.
	 */
	check(name: string, before: number): void {
		const { cpu } = this.context;
		let left = '';
		if (cpu.preemptCount !== before) {
			left = 'preemption imbalance ';
			this.context.advise('leftAtomic');
			this.context.changePreemptCount(before - cpu.preemptCount);
		}
		if (cpu.irqsDisabled) {
			left += 'disabled interrupts ';
			this.context.advise('leftIrqsOff');
			this.interrupts.disabled = false;
		}
		if (left === '') return;
		const { where } = byVersion(this.context.machine.kernel, PLACES);
		this.words.warn(where, `initcall ${name} returned with ${left}`);
	}
}
