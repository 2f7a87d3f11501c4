import { PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { counted } from './counters.ts';
import type { PageWalker } from './page-walker.ts';
import { KERNEL_SPACE, Tlb, type TlbEntry } from './tlb.ts';

const TLB_FLUSH = eventCode('tlb_flush');
const LOCAL_FLUSHES = counted('localFlushes');
const BROADCAST_FLUSHES = counted('broadcastFlushes');
const IPIS = counted('ipis');
const HITS = counted('tlbHits');
const MISSES = counted('tlbMisses');

/** x86 flushes everything rather than more pages than these one by one (tlb_single_page_flush_ceiling). */
const X86_CEILING = 33;

/** An address space: its root table and its number. */
export interface AddressSpace {
	readonly space: number;
	/** Physical address of the root table. */
	readonly root: number;
}

/** What an access is refused for. */
export type AccessProblem = 'unmapped' | 'protected';

/** What an access wants. */
export interface AccessKind {
	readonly isWrite: boolean;
	/** Made by user mode. */
	readonly isUser: boolean;
}

/** The CPUs' memory management units: a TLB each, in front of the page tables. */
export class Mmu {
	readonly tlbs: readonly Tlb[];
	/** The tables that each CPU walks below TASK_SIZE. */
	readonly spaces: AddressSpace[];
	/** Address spaces of processes, by number. */
	readonly processes = new Map<number, AddressSpace>();
	readonly #sendsIpis: boolean;
	/** TASK_SIZE: addresses from here on are the kernel's in every process. */
	readonly #userEnd: number;

	constructor(
		readonly context: KernelContext,
		readonly walker: PageWalker,
		readonly kernel: AddressSpace,
		blockBytes: number,
	) {
		this.tlbs = context.cpus.map(() => new Tlb(blockBytes));
		this.spaces = context.cpus.map(() => kernel);
		this.#sendsIpis = sendsIpis(context.machine);
		this.#userEnd = context.layout.symbols.get('TASK_SIZE') ?? context.layout.pageOffset;
	}

	/** The tables that the current CPU walks. */
	get space(): AddressSpace {
		return this.spaces[this.context.cpu.id] ?? this.kernel;
	}

	/** Physical address behind `address` on the current CPU, as its TLB says, or the tables when it does not know. */
	access(address: number, kind: AccessKind): number | AccessProblem {
		const entry = this.#entry(address);
		if (!entry) return 'unmapped';
		const { meaning } = entry;
		if ((kind.isWrite && !meaning.isWritable) || (kind.isUser && !meaning.isUser)) return 'protected';
		return entry.physical + (address - entry.start);
	}

	/** flush_tlb_kernel_range: on every CPU. */
	flushRange(start: number, end: number): void {
		const { context } = this;
		context.probes.hit(context, 'flush_tlb_kernel_range', start, end);
		const isWhole = context.machine.arch === 'x86' && (end - start) / PAGE_SIZE > X86_CEILING;
		for (const tlb of this.tlbs) {
			if (isWhole) tlb.flushAll();
			else tlb.flushRange(start, end);
		}
		this.#countBroadcast(start, end);
	}

	/** local_flush_tlb_kernel_page, __flush_tlb_one: on this CPU only. */
	flushLocalPage(address: number): void {
		const { context } = this;
		this.tlbs[context.cpu.id]?.flushRange(address, address + PAGE_SIZE);
		context.counters.add(LOCAL_FLUSHES);
		context.revisions.paging++;
		context.events.record(TLB_FLUSH, address, address + PAGE_SIZE, 0);
	}

	/** flush_tlb_mm: on every CPU what belongs to one process. */
	flushSpace(space: number): void {
		for (const tlb of this.tlbs) tlb.flushSpace(space);
		this.#countBroadcast(0, this.#userEnd);
	}

	/** flush_tlb_page: on every CPU one page of one process. */
	flushSpacePage(address: number, space: number): void {
		for (const tlb of this.tlbs) tlb.flushPage(address, space);
		this.#countBroadcast(address, address + PAGE_SIZE);
	}

	/** A page table entry was changed: TLBs that have it are outdated until they are flushed. */
	outdate(address: number, space = KERNEL_SPACE): void {
		for (const tlb of this.tlbs) if (tlb.entries.size > 0) tlb.outdate(address, space);
	}

	/** Page tables were changed by hand: all that disagrees with them is outdated. */
	outdateChanged(): void {
		for (const tlb of this.tlbs) {
			for (const entry of tlb.entries.values()) {
				if (this.disagrees(entry)) entry.isOutdated = true;
			}
		}
	}

	/** Whether a TLB entry says something else than the page tables do now. */
	disagrees(entry: TlbEntry): boolean {
		const space = entry.space === KERNEL_SPACE ? this.kernel : this.processes.get(entry.space);
		const reached = space && this.walker.reach(space.root, entry.start);
		if (!reached || reached.bytes !== entry.bytes || reached.physical !== entry.physical) return true;
		return reached.meaning.isWritable !== entry.meaning.isWritable || reached.meaning.isUser !== entry.meaning.isUser;
	}

	/** The root table for an address: the kernel's part is the same for all, so it is walked in the kernel's own tables. */
	rootFor(address: number, space: AddressSpace): number {
		return address < this.#userEnd ? space.root : this.kernel.root;
	}

	#countBroadcast(start: number, end: number): void {
		const { counters, cpus, revisions, events } = this.context;
		counters.add(BROADCAST_FLUSHES);
		if (this.#sendsIpis) counters.add(IPIS, cpus.length - 1);
		revisions.paging++;
		events.record(TLB_FLUSH, start, end, 1);
	}

	#entry(address: number): TlbEntry | undefined {
		const { context, space } = this;
		const tlb = this.tlbs[context.cpu.id];
		const owner = address < this.#userEnd ? space.space : KERNEL_SPACE;
		const known = tlb?.find(address, owner);
		if (known) {
			context.counters.add(HITS);
			return known;
		}
		context.counters.add(MISSES);
		const reached = this.walker.reach(this.rootFor(address, space), address);
		if (!tlb || !reached) return undefined;
		context.revisions.paging++;
		return tlb.fill(reached, address, owner);
	}
}

/**
 * Whether flushing other CPUs' TLBs takes interrupts. ARMv7 tells the other CPUs by hardware, but for a Cortex-A15 with
 * erratum 798181 (arch/arm/kernel/smp_tlb.c).
 */
const sendsIpis = (machine: Machine): boolean => {
	if (machine.arch === 'x86' || machine.armVersion < 7) return true;
	return machine.errata798181 && machine.cpu.startsWith('Cortex-A15');
};
