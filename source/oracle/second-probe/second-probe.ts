import { blockValue, pteValue } from '../../layout/explain/entry-value.ts';
import type { Layout } from '../../layout/layout.ts';
import { alignDown, MiB, PAGE_SIZE, virtual } from '../../machine/address.ts';
import { hasHighmem, type Machine } from '../../machine/machine.ts';
import { Kernel } from '../../memory/kernel.ts';
import { regionFacts } from '../probe-kernel/first-sight.ts';
import { LowmemKernel } from '../probe-kernel/lowmem-kernel.ts';
import { framePart } from '../probe-kernel/page-entry.ts';
import type { Range } from '../probe-kernel/ranges.ts';
import { isDistribution } from '../recorded-machine.ts';
import type { Recording } from '../recording.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { InPart, skip } from '../undetermined.ts';
import { HighmemProbe } from './highmem-probe.ts';
import { SlabProbe } from './slab-probe.ts';
import { SecondVmallocProbe } from './vmalloc-probe.ts';

/** PG_LEVEL_4K and PG_LEVEL_2M, and what the probe counts on ARM. */
const LEVEL = { page: 1, block: 2 } as const;

/** An entry as the second probe prints it. */
interface Entry {
	readonly pte: Computed;
	readonly level: Computed;
}

/** The second probe: page table entries, slabs, aliases of highmem pages, and lazily freed ranges. */
export class SecondProbe {
	constructor(
		readonly recording: Recording,
		readonly machine: Machine,
		readonly trail: Trail,
		readonly ioAddress: number,
		/** Ranges of the vmalloc area that the first probe found taken. */
		readonly taken: readonly Range[],
	) {}

	run(): void {
		const { recording, machine, trail } = this;
		trail.expect('info', { module: 'mmprobe2', kprobe: 0 });
		trail.expect('section', { name: 'page table entries' });
		const kernel = Kernel.boot(machine);
		this.#entries(kernel);
		new SlabProbe(new LowmemKernel(recording, Kernel.boot(machine), trail)).run();
		const vmalloc = new SecondVmallocProbe(Kernel.boot(machine), recording, trail, this.ioAddress, this.taken);
		if (hasHighmem(machine)) new HighmemProbe(vmalloc.kernel, trail).run();
		vmalloc.run();
		trail.expect('done2', {});
	}

	#entries(kernel: Kernel): void {
		const { machine } = this;
		const { layout } = kernel.context;
		const inside = layout.pageOffset + 16 * MiB;
		this.#entry('lowmem PAGE_OFFSET+16MiB', inside, this.#lowmem(kernel, inside));
		this.#entry('lowmem, one page in', inside + PAGE_SIZE, this.#lowmem(kernel, inside + PAGE_SIZE));
		const last = alignDown(layout.highMemory, PAGE_SIZE) - PAGE_SIZE;
		this.#entry('last lowmem page', last, this.#lastLowmem(kernel, last));
		const text = Number(this.recording.constants.addr_of_kernel_printk_fn);
		this.#entry('kernel text (vfree)', text, this.#image(kernel, text));
		this.#moduleText(layout);
		const hole = layout.vmallocStart - PAGE_SIZE;
		this.#entry('VMALLOC_START - PAGE_SIZE (8MiB hole)', hole, { pte: 0, level: this.#holeLevel(kernel, hole) });
		if (hasHighmem(machine)) this.#pkmapBase(layout.pkmap?.base ?? 0);
	}

	#entry(what: string, address: number, { pte, level }: Entry): void {
		this.trail.expect('pte', { what, addr: virtual(address), pte, level });
	}

	/** 16 MiB into lowmem: inside the image on x86, and in that of a distribution's kernel on ARM. */
	#lowmem(kernel: Kernel, address: number): Entry {
		const { machine } = this;
		if (machine.arch === 'x86' || isDistribution(this.recording)) {
			return this.#image(kernel, address);
		}
		return this.#block(kernel, address);
	}

	/** The image is mapped linearly, in pages whose size and rights depend on how it was built. */
	#image(kernel: Kernel, address: number): Entry {
		const { machine, trail } = this;
		const blockBytes = machine.arch === 'arm' ? (machine.lpae ? 2 : 1) * MiB : (machine.pae ? 2 : 4) * MiB;
		const bytes = trail.number('level') === LEVEL.page ? PAGE_SIZE : blockBytes;
		const frame = alignDown(framePart(trail.entry()), bytes);
		const facts = { 'page frame': [frame, kernel.virtToPhys(virtual(alignDown(address, bytes)))] } as const;
		return { pte: new InPart('entry of the image', facts), level: skip('kernel text') };
	}

	#block(kernel: Kernel, address: number): Entry {
		const bytes = this.machine.arch === 'arm' && !this.machine.lpae ? MiB : 2 * MiB;
		const physical = kernel.virtToPhys(virtual(alignDown(address, bytes)));
		return { pte: blockValue(this.machine, physical), level: LEVEL.block };
	}

	/** The end of lowmem is no multiple of a large page on x86; on ARM it is one of sections. */
	#lastLowmem(kernel: Kernel, address: number): Entry {
		if (this.machine.arch === 'arm') return this.#block(kernel, address);
		return { pte: pteValue(this.machine, kernel.virtToPhys(virtual(address)), 'memory') ?? 0n, level: LEVEL.page };
	}

	/** Only the bits are determined, and on x86 not even these: module text may be made read-only. */
	#moduleText(layout: Layout): void {
		const { machine, trail } = this;
		const isPlain = machine.arch === 'arm' && !isDistribution(this.recording);
		trail.expect('pte', {
			what: 'module text',
			addr: new InPart('address in the image', regionFacts(layout, trail.number('addr'), layout.modulesStart)),
			pte: isPlain ? (pteValue(machine, framePart(trail.entry()), 'code') ?? 0n) : skip('kernel text'),
			level: LEVEL.page,
		});
	}

	/** The last page before the vmalloc area: nothing is mapped; is there a table? */
	#holeLevel(kernel: Kernel, address: number): number {
		const { machine } = this;
		if (machine.arch === 'arm') return LEVEL.block;
		const { vmallocStart, highMemory } = kernel.context.layout;
		const bytes = machine.pae ? 2 * MiB : 4 * MiB;
		const from = alignDown(address, bytes);
		return vmallocStart < from + bytes || highMemory > from ? LEVEL.page : LEVEL.block;
	}

	/** Slot 0: unmapped when a module is loaded on x86; what others keep there otherwise. */
	#pkmapBase(base: number): void {
		const { machine, trail } = this;
		const recorded = trail.entry();
		if (machine.arch === 'arm') {
			// With LPAE the process has no table there before it touches the range.
			const level = machine.lpae && recorded === 0n ? skip('table of the process') : LEVEL.page;
			const entry = recorded === 0n ? skip('pkmap cursor') : (pteValue(machine, framePart(recorded), 'memory') ?? 0n);
			this.#entry('PKMAP_BASE', base, { pte: entry, level });
		} else this.#entry('PKMAP_BASE', base, { pte: 0, level: LEVEL.page });
	}
}
