import type { Layout } from '../layout/layout.ts';
import { PAGE_SIZE, type Pfn, type PhysicalAddress, pfn as toPfn, virtual } from '../machine/address.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';
import { eventCode } from './event-log.ts';
import type { Translation } from './memory-view.ts';

/** What a page table entry allows; with the page it determines the entry's bits on each architecture. */
export const PageKind = {
	/** Cached memory, not executable: PAGE_KERNEL. */
	memory: 1,
	/** Executable memory: PAGE_KERNEL_EXEC. */
	code: 2,
	/** Device memory: ioremap. */
	device: 3,
} as const;

export type PageKind = (typeof PageKind)[keyof typeof PageKind];

const PAGES_PER_CHUNK = 1024;
const CHUNK_BITS = 22;
const TABLE_BITS = 21;
const KIND_BITS = 3;
const TLB_FLUSH = eventCode('tlb_flush');

/**
 * The kernel's page tables (init_mm) for everything that is mapped page by page: pkmap, fixmap, vmalloc, modules. Lowmem
 * is linear and needs no entries here. An entry is one word, `pfn << 3 | kind`, 0 when not present; words come in chunks
 * of 4 MiB of address space, made when first touched.
 */
export class KernelPageTable {
	readonly #chunks: (Uint32Array | undefined)[] = new Array(1 << (32 - CHUNK_BITS));
	/** Which 2 MiB pieces have ever had an entry: the kernel never frees its last-level tables. */
	readonly #tables = new Uint8Array(1 << (32 - TABLE_BITS));
	readonly #layout: Layout;
	/** Entries that are present. */
	present = 0;

	constructor(readonly context: KernelContext) {
		this.#layout = context.layout;
		const { pkmap, fixmap } = context.layout;
		if (pkmap) this.#makeTables(pkmap.base, pkmap.base + pkmap.slots * PAGE_SIZE);
		this.#makeTables(fixmap.start, fixmap.end);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#chunks);
		recorder.walk(this.#tables);
	}

	set(address: number, page: number, kind: PageKind = PageKind.memory): void {
		const chunk = this.#chunks[address >>> CHUNK_BITS] ?? this.#makeChunk(address);
		const at = (address >>> 12) & (PAGES_PER_CHUNK - 1);
		if (chunk[at] === 0) this.present++;
		chunk[at] = page * (1 << KIND_BITS) + kind;
		this.#tables[address >>> TABLE_BITS] = 1;
	}

	clear(address: number): void {
		const chunk = this.#chunks[address >>> CHUNK_BITS];
		const at = (address >>> 12) & (PAGES_PER_CHUNK - 1);
		if (!chunk?.[at]) return;
		chunk[at] = 0;
		this.present--;
	}

	/** Page that the entry for `address` points to, or -1. */
	pfn(address: number): number {
		const word = this.#chunks[address >>> CHUNK_BITS]?.[(address >>> 12) & (PAGES_PER_CHUNK - 1)] ?? 0;
		return word === 0 ? -1 : word >>> KIND_BITS;
	}

	/** Kind of the entry for `address`, or 0. */
	kind(address: number): number {
		const word = this.#chunks[address >>> CHUNK_BITS]?.[(address >>> 12) & (PAGES_PER_CHUNK - 1)] ?? 0;
		return word & ((1 << KIND_BITS) - 1);
	}

	hasTable(address: number): boolean {
		return this.#tables[address >>> TABLE_BITS] === 1;
	}

	/** Every present entry in ascending order. */
	*entries(): Generator<{ readonly address: number; readonly pfn: Pfn }> {
		for (const [index, chunk] of this.#chunks.entries()) {
			if (!chunk) continue;
			for (let at = 0; at < PAGES_PER_CHUNK; at++) {
				const word = chunk[at] ?? 0;
				if (word !== 0)
					yield { address: index * PAGES_PER_CHUNK * PAGE_SIZE + at * PAGE_SIZE, pfn: toPfn(word >>> KIND_BITS) };
			}
		}
	}

	/** Where `address` leads, lowmem included; null where nothing is mapped. */
	translate(address: number): Translation | null {
		const layout = this.#layout;
		const offset = address % PAGE_SIZE;
		if (address >= layout.pageOffset && address < layout.highMemory) {
			const physical = address - layout.pageOffset + layout.physOffset;
			const page = Math.floor(physical / PAGE_SIZE);
			if (!this.#isLowmemMapped(page)) return null;
			return { physical: physical as PhysicalAddress, pfn: toPfn(page), via: 'lowmem' };
		}
		const page = this.pfn(address);
		if (page < 0) return null;
		return { physical: (page * PAGE_SIZE + offset) as PhysicalAddress, pfn: toPfn(page), via: this.#region(address) };
	}

	/** flush_tlb_kernel_range: on every CPU. */
	flushRange(start: number, end: number): void {
		this.context.events.record(TLB_FLUSH, start, end, 1);
	}

	/** local_flush_tlb_kernel_page, __flush_tlb_one: on this CPU only. */
	flushLocalPage(address: number): void {
		this.context.events.record(TLB_FLUSH, address, address + PAGE_SIZE, 0);
	}

	/** x86 maps all of low memory, holes included; ARM maps the RAM regions only. */
	#isLowmemMapped(page: number): boolean {
		if (this.context.machine.arch === 'x86') return true;
		return this.#layout.ramPages.some(range => page >= range.startPfn && page < range.endPfn);
	}

	#region(address: number): Translation['via'] {
		const { pkmap, vmallocStart, vmallocEnd, modulesStart, modulesEnd } = this.#layout;
		if (pkmap && address >= pkmap.base && address < pkmap.base + pkmap.slots * PAGE_SIZE) return 'pkmap';
		if (address >= vmallocStart && address < vmallocEnd) return 'vmalloc';
		if (address >= modulesStart && address < modulesEnd) return 'modules';
		return 'fixmap';
	}

	#makeChunk(address: number): Uint32Array {
		const chunk = new Uint32Array(PAGES_PER_CHUNK);
		this.#chunks[address >>> CHUNK_BITS] = chunk;
		return chunk;
	}

	#makeTables(start: number, end: number): void {
		for (let address = start; address < end; address += 1 << TABLE_BITS)
			this.#tables[virtual(address) >>> TABLE_BITS] = 1;
		this.#tables[virtual(end - 1) >>> TABLE_BITS] = 1;
	}
}
