import { type Pfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { Interrupts } from '../../memory/contexts/interrupts.ts';
import { pageEntry } from '../probe-kernel/page-entry.ts';
import type { ProbeKernel } from '../probe-kernel/probe-kernel.ts';

/** atomic_exp() of the first probe: kmap_atomic by CPU, nested, in interrupts; kmap_local. */
export class AtomicProbe {
	readonly #interrupts: Interrupts;

	constructor(readonly probe: ProbeKernel) {
		const { context, parts } = probe.kernel;
		this.#interrupts = new Interrupts(context, parts.preemption);
	}

	run(): void {
		const { probe } = this;
		const { kernel } = probe;
		const cpus = kernel.context.cpus.map(({ id }) => id);
		for (const cpu of cpus) {
			probe.moveTo(cpu);
			this.#nest('process', 0);
		}
		const own = kernel.context.cpu.id;
		for (const cpu of cpus) {
			// A call to the own CPU is made at once, without an interrupt.
			const isInterrupt = cpu !== own;
			probe.moveTo(cpu);
			if (isInterrupt) this.#interrupts.enter('hardirq');
			this.#nest('hardirq (smp_call_function_single)', isInterrupt ? 1 : 0);
			if (isInterrupt) this.#interrupts.leave('hardirq');
		}
		probe.moveTo(0);
		this.#depth8();
		this.#inTimer();
		if (atLeast(kernel.context.machine.kernel, '5.11')) for (const cpu of cpus) this.#local(cpu);
		probe.reportFlushes('atomic');
	}

	#page(index: number): Pfn {
		return this.probe.pages.held[index] ?? (0 as Pfn);
	}

	#map(index: number): VirtualAddress {
		return this.probe.kernel.kmapAtomic(this.#page(index));
	}

	#unmap(...addresses: readonly VirtualAddress[]): void {
		for (const address of addresses) this.probe.kernel.kunmapAtomic(address);
	}

	#nest(ctx: string, inIrq: number): void {
		const { kernel, trail } = this.probe;
		const [first, second, third, again] = [this.#map(0), this.#map(1), this.#map(2), this.#map(0)];
		const during = pageEntry(kernel, third);
		this.#unmap(again, third);
		const after = pageEntry(kernel, third);
		const fourth = this.#map(3);
		this.#unmap(fourth, second, first);
		const address = kernel.pageAddress(this.#page(0));
		const last = this.#map(5);
		this.#unmap(last);
		trail.expect('kmap_atomic_nest', {
			ctx,
			cpu: kernel.context.cpu.id,
			in_irq: inIrq,
			H0: first,
			H1: second,
			H2: third,
			H0_again: again,
			after_unmap_of_2_map_H3: fourth,
			all_unmapped_then_H5: last,
			pte_H2_while: during,
			pte_H2_after: after,
			page_address_H0: address,
		});
	}

	#depth8(): void {
		const addresses = [0, 1, 2, 3, 4, 5, 6, 7].map(index => this.#map(index));
		this.#unmap(...[...addresses].reverse());
		this.probe.trail.expect('kmap_atomic_depth8', { cpu: 0, addrs: addresses });
	}

	#inTimer(): void {
		const { kernel, trail } = this.probe;
		const [first, second] = [this.#map(0), this.#map(1)];
		this.#interrupts.enter('hardirq');
		const inside = this.#map(4);
		this.#unmap(inside);
		this.#interrupts.leave('hardirq');
		this.#unmap(second, first);
		trail.expect('kmap_atomic_in_timer_irq_over_two', {
			cpu: kernel.context.cpu.id,
			done: 1,
			proc0: first,
			proc1: second,
			irq: inside,
		});
	}

	#local(cpu: number): void {
		const { probe } = this;
		const { kernel, trail } = probe;
		probe.moveTo(cpu);
		const [first, second] = [kernel.kmapLocalPage(this.#page(0)), kernel.kmapLocalPage(this.#page(1))];
		const above = this.#map(2);
		this.#unmap(above);
		const during = this.#sleep(() => pageEntry(kernel, first));
		kernel.kunmapLocal(second);
		kernel.kunmapLocal(first);
		trail.expect('kmap_local_page', {
			cpu,
			H0: first,
			H1: second,
			kmap_atomic_H2_above: above,
			// Printed with the width of a long.
			pte_H0_after_sleep: during & 0xffffffffn,
			pte_after_unmap: pageEntry(kernel, virtual(first)),
		});
	}

	/** Another task runs on this CPU for a while. */
	#sleep<T>(then: () => T): T {
		const { context } = this.probe.kernel;
		const own = context.task;
		const other = context.addTask(2, 'other');
		context.switchTask(other);
		context.switchTask(own);
		return then();
	}
}
