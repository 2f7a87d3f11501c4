import type { PhysicalAddress, VirtualAddress } from '../../machine/address.ts';
import type { CountedName, OperationName } from './counters.ts';
import type { EntryTarget } from './entry-meaning.ts';

/** A translation that a CPU's TLB holds. */
export interface TlbEntryView {
	/** First address that it maps. */
	readonly address: VirtualAddress;
	/** 4096, or the size of a section or large page. */
	readonly bytes: number;
	/** Where `address` leads. */
	readonly physical: PhysicalAddress;
	readonly isWritable: boolean;
	readonly isUser: boolean;
	readonly isExecutable: boolean;
	/** Stays when another process runs. */
	readonly isGlobal: boolean;
	/** Process whose address it is; undefined for the kernel's, which are the same in all. */
	readonly pid: number | undefined;
	/** The page tables say something else by now: the CPU goes on using this until it is flushed. */
	readonly isStale: boolean;
}

/** One entry on the way of a page table walk. */
export interface WalkStep {
	/** Linux's name; on ARM's short descriptors PGD and PTE are the hardware's first and second level. */
	readonly level: 'PGD' | 'PMD' | 'PTE';
	/** Index in the table that the hardware uses. */
	readonly index: number;
	/** Where the table begins. */
	readonly table: PhysicalAddress;
	readonly entry: PhysicalAddress;
	/** What the hardware reads there. */
	readonly value: bigint;
	/** Linux's own entry for the page, which ARM's short descriptors keep beside the hardware's. */
	readonly linux?: { readonly entry: PhysicalAddress; readonly value: bigint };
	readonly target: EntryTarget;
	/** Bytes of address space that the entry covers. */
	readonly covers: number;
	/** Where the table, block or page that it leads to begins; 0 for none. */
	readonly physical: PhysicalAddress;
	readonly isWritable: boolean;
	readonly isUser: boolean;
	readonly isExecutable: boolean;
	readonly isGlobal: boolean;
	readonly isCached: boolean;
}

/** Page tables and TLBs as panels see them. */
export interface PagingView {
	/** swapper_pg_dir. */
	readonly root: PhysicalAddress;
	/** Where the page tables begin that lie at the end of the kernel's image; that end without any. */
	readonly imageTables: PhysicalAddress;
	/** Entries that a TLB can hold. */
	readonly tlbSize: number;
	/** Last-level tables of the kernel. */
	readonly tables: number;
	/** What a CPU's TLB holds, oldest first. */
	tlb(cpu: number): readonly TlbEntryView[];
	/** The entries from the root down to the one that decides, as the tables are now, in the tables that this CPU walks. */
	walk(address: VirtualAddress): readonly WalkStep[];
	/** Work done since boot: for one operation, or for all. */
	count(what: CountedName, operation?: OperationName): number;
}
