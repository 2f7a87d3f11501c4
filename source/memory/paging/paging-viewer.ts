import { PAGE_SIZE, type PhysicalAddress, physical, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { CountedName, OperationName } from './counters.ts';
import { coveredBytes } from './entry-meaning.ts';
import type { KernelPageTable } from './kernel-page-table.ts';
import type { WalkedEntry } from './page-walker.ts';
import type { PagingView, TlbEntryView, WalkStep } from './paging-view.ts';
import { KERNEL_SPACE, TLB_ENTRIES } from './tlb.ts';

/** The simulated kernel's page tables and TLBs as panels see them. */
export class PagingViewer implements PagingView {
	readonly tlbSize = TLB_ENTRIES;

	constructor(readonly table: KernelPageTable) {}

	get root(): PhysicalAddress {
		return physical(this.table.root);
	}

	get imageTables(): PhysicalAddress {
		return physical(this.table.imageTables * PAGE_SIZE);
	}

	get tables(): number {
		return this.table.leaves.filter(leaf => leaf !== undefined).length;
	}

	tlb(cpu: number): readonly TlbEntryView[] {
		const { mmu } = this.table;
		const entries = mmu.tlbs[cpu]?.entries.values() ?? [];
		return [...entries].map(entry => ({
			address: virtual(entry.start),
			bytes: entry.bytes,
			physical: physical(entry.physical),
			isWritable: entry.meaning.isWritable,
			isUser: entry.meaning.isUser,
			isExecutable: entry.meaning.isExecutable,
			isGlobal: entry.meaning.isGlobal,
			pid: entry.space === KERNEL_SPACE ? undefined : entry.space,
			isStale: mmu.disagrees(entry),
		}));
	}

	walk(address: VirtualAddress): readonly WalkStep[] {
		const { mmu } = this.table;
		return mmu.walker.walk(mmu.rootFor(address, mmu.space), address).map(walked => this.#step(walked));
	}

	count(what: CountedName, operation?: OperationName): number {
		return this.table.context.counters.of(what, operation);
	}

	#step(walked: WalkedEntry): WalkStep {
		const { level, index, entry, low, high, meaning } = walked;
		const linux = level.name === 'PTE' ? this.#linux(entry) : undefined;
		const { target, isWritable, isUser, isExecutable, isGlobal, isCached } = meaning;
		return {
			level: level.name,
			index,
			table: physical(entry - index * level.bytes),
			entry: physical(entry),
			value: (BigInt(high) << 32n) | BigInt(low),
			...(linux === undefined ? {} : { linux }),
			target,
			covers: coveredBytes(level),
			physical: physical(meaning.physical),
			...{ isWritable, isUser, isExecutable, isGlobal, isCached },
		};
	}

	/** Linux's entry lies 2048 bytes before the hardware's, to 2.6.37 behind it. */
	#linux(entry: number): WalkStep['linux'] {
		const { shape } = this.table.writer;
		if (shape.hardware < 0) return undefined;
		const at = entry + (shape.linux - shape.hardware) * 4;
		return { entry: physical(at), value: BigInt(this.table.mmu.walker.bytes.word(at)) };
	}
}
