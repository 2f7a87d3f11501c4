import type { Layout } from '../layout/layout.ts';
import { PAGE_SIZE, type Pfn, type PhysicalAddress, pfn as toPfn } from '../machine/address.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';
import { eventCode } from './event-log.ts';
import type { Translation } from './memory-view.ts';
import { type EntryBits, entryBits, PageKind } from './paging/entry-bits.ts';
import { type LeafShape, LeafTable, leafShape } from './paging/leaf-table.ts';

const TLB_FLUSH = eventCode('tlb_flush');

/**
 * The kernel's page tables (init_mm) for everything that is mapped page by page: pkmap, fixmap, vmalloc, modules. Lowmem
 * is linear and needs no entries here. Last-level tables are made when first needed and never freed, as in the kernel.
 */
export class KernelPageTable {
	readonly #leaves: (LeafTable | undefined)[];
	/** Address bits below a leaf table's own: 21, or 22 where a table has 1024 entries. */
	readonly #shift: number;
	readonly #mask: number;
	readonly #shape: LeafShape;
	readonly #bits: EntryBits;
	readonly #layout: Layout;

	constructor(readonly context: KernelContext) {
		this.#layout = context.layout;
		this.#shape = leafShape(context.machine);
		this.#bits = entryBits(context.machine);
		this.#mask = this.#shape.entries - 1;
		this.#shift = Math.log2(this.#shape.entries * PAGE_SIZE);
		this.#leaves = new Array(2 ** (32 - this.#shift)).fill(undefined);
		const { pkmap, fixmap } = context.layout;
		if (pkmap) this.#makeTables(pkmap.base, pkmap.base + pkmap.slots * PAGE_SIZE);
		this.#makeTables(fixmap.start, fixmap.end);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#leaves);
	}

	/** The table that holds the entry for `address`; made when there is none (pte_alloc_kernel). */
	leaf(address: number): LeafTable {
		const at = address >>> this.#shift;
		let leaf = this.#leaves[at];
		if (!leaf) {
			leaf = new LeafTable(new Int32Array(PAGE_SIZE / 4), this.#shape, this.#bits);
			this.#leaves[at] = leaf;
		}
		return leaf;
	}

	set(address: number, page: number, kind: PageKind = PageKind.memory): void {
		this.leaf(address).set((address >>> 12) & this.#mask, page, kind);
	}

	clear(address: number): void {
		this.#leaves[address >>> this.#shift]?.clear((address >>> 12) & this.#mask);
	}

	/** Page that the entry for `address` points to, or -1. */
	pfn(address: number): number {
		return this.#leaves[address >>> this.#shift]?.pfn((address >>> 12) & this.#mask) ?? -1;
	}

	hasTable(address: number): boolean {
		return this.#leaves[address >>> this.#shift] !== undefined;
	}

	/** Every present entry in ascending order. */
	*entries(): Generator<{ readonly address: number; readonly pfn: Pfn }> {
		for (const [table, leaf] of this.#leaves.entries()) {
			if (!leaf) continue;
			for (let index = 0; index < this.#shape.entries; index++) {
				if (!leaf.isPresent(index)) continue;
				yield { address: (table * this.#shape.entries + index) * PAGE_SIZE, pfn: toPfn(leaf.pfn(index)) };
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

	#makeTables(start: number, end: number): void {
		for (let address = start; address < end; address += 2 ** this.#shift) this.leaf(address);
		this.leaf(end - 1);
	}
}
