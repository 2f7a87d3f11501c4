import { PAGE_SIZE, type Pfn, pfn as pfnOf } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { gfpBits } from '../../memory/pages/gfp.ts';
import { FrameState, MigrateType } from '../../memory/pages/page-frames.ts';
import type { Zone } from '../../memory/pages/zones.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { skip } from '../undetermined.ts';
import { blockFacts } from './first-sight.ts';
import { FreeBlocks } from './free-blocks.ts';
import type { PageNames } from './page-names.ts';
import { ProbePages } from './probe-pages.ts';

/** A TLB flush of a range of kernel addresses on every CPU. */
export interface Flush {
	readonly start: number;
	readonly end: number;
}

/** The kernel on which a probe runs: its flushes, the CPU of the probe's task, and its pages of HighMem. */
export class ProbeKernel {
	readonly flushes: Flush[] = [];
	readonly pages: ProbePages;
	/** Flushes that have been reported. */
	reported = 0;
	#highmem: FreeBlocks | undefined;
	/** Where the probe's other tasks last flushed. */
	#othersCpu = -1;

	constructor(
		readonly kernel: Kernel,
		readonly trail: Trail,
	) {
		this.pages = new ProbePages(trail);
		kernel.context.events.subscribe(event => {
			if (event.type === 'tlb_flush' && event.isGlobal === 1) this.flushes.push({ start: event.start, end: event.end });
		});
	}

	get highmemZone(): Zone | undefined {
		return this.kernel.parts.pages.zones.find(({ name }) => name === 'HighMem');
	}

	get gfpHighuser(): number {
		const bits = gfpBits(this.kernel.context.machine.kernel);
		return bits.kernel | bits.highmem;
	}

	/** The probe's task runs on this CPU from now on. @returns whether it ran on another. */
	moveTo(cpu: number): boolean {
		if (this.kernel.context.cpu.id === cpu) return false;
		this.kernel.context.switchCpu(cpu);
		return true;
	}

	/** The probe takes `count` pages of HighMem: H0, H1, ... */
	takePages(count: number): void {
		const zone = this.highmemZone;
		if (!zone) return;
		const recorded = new Set<number>();
		for (const operation of this.trail.operations) {
			for (const field of ['pfn', 'pfn0', 'H0_pfn', 'H1_pfn', 'H2_pfn']) recorded.add(Number(operation[field]));
			for (const pfn of (operation.pfns ?? []) as readonly number[]) recorded.add(pfn);
		}
		const blocks = new FreeBlocks(
			this.kernel,
			zone,
			[...recorded].map(pfn => ({ pfn, order: 0 })),
		);
		this.#highmem = blocks;
		let any = zone.startPfn;
		const isOpen = (pfn: number) => pfn >= zone.startPfn && pfn < zone.endPfn && blocks.isUntold(pfn);
		for (let index = 0; index < count; index++) {
			while (any < zone.endPfn && (recorded.has(any) || !isOpen(any))) any++;
			// What one refill of the CPU's list brings lies side by side.
			const next = this.pages.nextInRun(index);
			const page = this.pages.take(index, pfnOf(isOpen(next) && !this.pages.isName(next) ? next : any));
			this.feed(page);
			this.giveTurn(1);
			this.kernel.allocPages(this.gfpHighuser, 0);
		}
	}

	/** The probe gives its pages back, the last one first. */
	givePages(names: PageNames): void {
		this.#moveToNextSight();
		for (const [index, page] of [...this.pages.held.entries()].reverse()) {
			if (this.pages.isNamed(index)) names.tell(page);
			else if (this.pages.nextInRun(index) === page) names.expect(page);
			this.kernel.freePages(page, 0);
		}
	}

	/** Pages that leave the CPUs' lists for the buddy lists come back in an order that depends on their neighbours. */
	watchDrains(names: PageNames): void {
		const { frames } = this.kernel.parts.pages;
		const isKept = (pfn: number) => {
			const { state } = frames.find(pfn);
			return state === FrameState.pcp || state === FrameState.allocated;
		};
		this.kernel.context.events.subscribe(event => {
			if (event.type === 'pcp_drain') names.forget(isKept);
		});
	}

	/** Where the task runs shows only when it next flushes; it gave its pages back there. */
	#moveToNextSight(): void {
		const flush = this.trail.ahead().find(({ op }) => op === 'flush_tlb_kernel_range');
		const cpu = Number(flush?.cpu ?? 0);
		if (cpu < this.kernel.context.cpus.length) this.moveTo(cpu);
	}

	/**
	 * Kernels of one era let the zones take turns; whose turn it is depends on all that ever took a page.
	 * @param highmem The page that the trace shows is one of HighMem: 1.
	 * @returns whether it was lowmem's turn.
	 */
	giveTurn(highmem: number): boolean {
		const zone = this.highmemZone;
		if (!zone || !this.kernel.parts.pages.rules.hasFairZones) return false;
		for (const other of this.kernel.parts.pages.zones) other.fairBatch = other.managed;
		if (highmem !== 1) zone.fairBatch = 0;
		return highmem !== 1;
	}

	/** The page lies in front of the CPU's list, so that the next request gets it. */
	feed(pfn: number): void {
		this.#highmem?.learn(pfn, 0, false);
	}

	/** What to compare with the recorded number of a page that the probe holds. */
	pageNumber(pfn: Pfn, recorded: number): Computed {
		const { zone } = blockFacts(this.kernel, this.gfpHighuser, pfn, 0);
		const isTwice = this.pages.held.indexOf(pfn) !== this.pages.held.lastIndexOf(pfn);
		return this.pages.number(pfn, {
			page: [recorded, pfn],
			...(zone ? { zone } : {}),
			holder: [isTwice ? 'held' : 'free', 'free'],
		});
	}

	/** Pages in the CPU's list, the next one first. */
	listedPages(): number[] {
		const { context, parts } = this.kernel;
		const { frames } = parts.pages;
		const zone = this.highmemZone ?? parts.pages.zones.at(-1);
		const pages: number[] = [];
		let page = zone?.perCpu[context.cpu.id]?.first(0, MigrateType.unmovable) ?? -1;
		for (; page >= 0; page = frames.next[frames.index(page)] ?? -1) pages.push(page);
		return pages;
	}

	/**
	 * Let the next request get the recorded page, where the CPU's list has another in front that the trace knows: tasks
	 * between took what lay before it.
	 * @returns whether the list had to be changed.
	 */
	skipPages(names: PageNames, recorded: number): boolean {
		const pages = this.listedPages();
		const [next] = pages;
		const known = next === undefined ? undefined : names.known(next);
		if (known === undefined || known === recorded) return false;
		const at = pages.findIndex(page => names.known(page) === recorded);
		const unnamed = pages.findIndex(page => names.known(page) === undefined);
		const count = at >= 0 ? at : unnamed;
		if (count < 0) names.forget();
		else for (let taken = 0; taken < count; taken++) this.kernel.allocPages(this.gfpHighuser, 0);
		return true;
	}

	/** Whether an address is a slot of pkmap, and which; -1 for none. */
	slot(address: number): number {
		const { pkmap } = this.kernel.view;
		if (!pkmap || address < pkmap.address(0)) return -1;
		const slot = Math.floor((address - pkmap.address(0)) / PAGE_SIZE);
		return slot < pkmap.slots ? slot : -1;
	}

	count(slot: number): number {
		return slot < 0 ? -1 : (this.kernel.view.pkmap?.count(slot) ?? -1);
	}

	/**
	 * The probe reports what has been flushed since its last report.
	 * @param byOthers Tasks flushed whose CPU nothing shows.
	 */
	reportFlushes(after: string, byOthers = false): void {
		const { trail } = this;
		for (; this.reported < this.flushes.length && this.reported < 256; this.reported++) {
			const { start, end } = this.flushes[this.reported] ?? { start: 0, end: 0 };
			trail.expect('flush_tlb_kernel_range', { after, start, end, cpu: this.cpuShown(trail.number('cpu'), byOthers) });
		}
		this.reported = this.flushes.length;
	}

	/** What to compare with the CPU that the trace shows: first sight of another CPU moves the task. */
	cpuShown(recorded: number, byOthers = false): Computed {
		const { context } = this.kernel;
		if (context.cpus.length === 1) return 0;
		if (recorded < 0 || recorded >= context.cpus.length) return context.cpu.id;
		if (byOthers) {
			const isSame = this.#othersCpu === recorded;
			this.#othersCpu = recorded;
			return isSame ? recorded : skip('CPU of the task');
		}
		if (this.moveTo(recorded)) return skip('CPU of the task');
		return context.cpu.id;
	}

	/**
	 * The task's next kmap_atomic shows its CPU.
	 * @returns whether it had moved.
	 */
	cpuOfAddress(address: number): boolean {
		const { layout, cpus } = this.kernel.context;
		const { kmapBegin, kmapPerCpu, top } = layout.fixmap;
		const index = (top - address) / PAGE_SIZE - kmapBegin;
		const cpu = Math.floor(index / kmapPerCpu);
		return cpu >= 0 && cpu < cpus.length && this.moveTo(cpu);
	}
}
