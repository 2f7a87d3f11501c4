import type { Layout } from '../../layout/layout.ts';
import { PAGE_SIZE, type Pfn, type PhysicalAddress, pfn as toPfn } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import type { Translation } from '../memory-view.ts';
import type { PageBytes } from '../pages/page-bytes.ts';
import { makeRoot, mapBoot, VECTORS } from './boot-tables.ts';
import { counted } from './counters.ts';
import { PageKind } from './entry-bits.ts';
import type { LeafTable } from './leaf-table.ts';
import { Mmu } from './mmu.ts';
import { PageWalker } from './page-walker.ts';
import { TableWriter } from './table-writer.ts';
import { KERNEL_SPACE } from './tlb.ts';

const ENTRIES = counted('entries');
const NO_FRAME = -1;

/**
 * The kernel's page tables (init_mm) in simulated memory: lowmem in sections or large pages, and last-level tables for
 * what is mapped page by page, made when first needed and never freed, as in the kernel.
 */
export class KernelPageTable {
	readonly writer: TableWriter;
	readonly mmu: Mmu;
	/** Physical address of swapper_pg_dir. */
	readonly root: number;
	/** ZERO_PAGE: the page of zeroes that processes share. */
	readonly zeroFrame: number;
	/** Where the page tables begin that lie at the end of the kernel's image: a frame. */
	readonly imageTables: number;
	/** Where the running kernel gets the page of a new table from: its frame, zeroed, or -1. */
	newFrame: () => number = () => NO_FRAME;
	/** Last-level tables, by the addresses that they map: what pte_offset_kernel finds. */
	readonly leaves: (LeafTable | undefined)[];
	/** Page frames that are page tables. */
	readonly #frames: Set<number>;
	readonly #shift: number;
	readonly #mask: number;
	readonly #layout: Layout;

	constructor(
		readonly context: KernelContext,
		bytes: PageBytes,
	) {
		this.#layout = context.layout;
		this.writer = new TableWriter(context.machine, context.layout, bytes);
		this.#mask = this.writer.shape.entries - 1;
		this.#shift = this.writer.leafShift;
		this.leaves = new Array(2 ** (32 - this.#shift)).fill(undefined);
		const { root, frames } = makeRoot(this.writer);
		this.root = root;
		this.#frames = new Set(this.writer.rootFrames(root));
		const walker = new PageWalker(context.machine, bytes);
		this.mmu = new Mmu(context, walker, { space: KERNEL_SPACE, root }, this.writer.blockBytes);
		mapBoot(this.writer, root, frames, address => this.#leafAt(address, () => frames.take(), 'boot'));
		this.zeroFrame = frames.take();
		this.imageTables = frames.imageEnd;
	}

	keep(recorder: Recorder): void {
		recorder.skip(this.writer);
		recorder.walk(this.#frames);
	}

	/** Last-level tables for all of `[start, end)` (pte_alloc_kernel). @returns false when there is no page for one. */
	makeTables(start: number, end: number): boolean {
		const last = (end - 1) >>> this.#shift;
		for (let table = start >>> this.#shift; table <= last; table++) {
			if (this.leaves[table]) continue;
			if (!this.#leafAt(table * 2 ** this.#shift, this.newFrame, 'kernel')) return false;
		}
		return true;
	}

	/** The table that holds the entry for `address`, which must exist. */
	leaf(address: number): LeafTable {
		const leaf = this.leaves[address >>> this.#shift];
		if (!leaf) throw new RangeError('no page table was made for that address');
		return leaf;
	}

	set(address: number, page: number, kind: PageKind = PageKind.memory): void {
		this.leaf(address).set((address >>> 12) & this.#mask, page, kind);
		this.#changed(address);
	}

	clear(address: number): void {
		this.leaves[address >>> this.#shift]?.clear((address >>> 12) & this.#mask);
		this.#changed(address);
	}

	/** Page that the last-level entry for `address` points to, or -1. */
	pfn(address: number): number {
		return this.leaves[address >>> this.#shift]?.pfn((address >>> 12) & this.#mask) ?? -1;
	}

	hasTable(address: number): boolean {
		return this.leaves[address >>> this.#shift] !== undefined;
	}

	/** Every present last-level entry outside lowmem and the vectors, in ascending order. */
	*entries(): Generator<{ readonly address: number; readonly pfn: Pfn }> {
		const { pageOffset, highMemory } = this.#layout;
		for (const [table, leaf] of this.leaves.entries()) {
			if (!leaf) continue;
			for (let index = 0; index < leaf.entries; index++) {
				if (!leaf.isPresent(index)) continue;
				const address = (table * leaf.entries + index) * PAGE_SIZE;
				if ((address >= pageOffset && address < highMemory) || this.#isVectors(address)) continue;
				yield { address, pfn: toPfn(leaf.pfn(index)) };
			}
		}
	}

	/**
	 * Where the tables lead from `address`, whatever TLBs say; null where nothing is mapped.
	 * @param root Of a process's tables, for its own addresses.
	 */
	translate(address: number, root = this.root): Translation | null {
		const reached = this.mmu.walker.reach(root, address);
		if (!reached) return null;
		const { physical } = reached;
		return {
			physical: physical as PhysicalAddress,
			pfn: toPfn(Math.floor(physical / PAGE_SIZE)),
			via: root === this.root ? this.#region(address) : 'user',
		};
	}

	/** Somebody stored to these physical addresses: if they are page tables, TLBs may be outdated now. */
	noticeWrite(places: readonly number[]): void {
		if (places.some(place => this.#frames.has(Math.floor(place / PAGE_SIZE)))) this.mmu.outdateChanged();
	}

	/** Whether an address is mapped by a section or large page. */
	isLarge(address: number): boolean {
		return this.mmu.walker.reach(this.root, address)?.meaning.target === 'block';
	}

	/** flush_tlb_kernel_range: on every CPU. */
	flushRange(start: number, end: number): void {
		this.mmu.flushRange(start, end);
	}

	/** local_flush_tlb_kernel_page, __flush_tlb_one: on this CPU only. */
	flushLocalPage(address: number): void {
		this.mmu.flushLocalPage(address);
	}

	#leafAt(address: number, newFrame: () => number, owner: 'boot' | 'kernel'): LeafTable | undefined {
		const at = address >>> this.#shift;
		const known = this.leaves[at];
		if (known) return known;
		const frame = newFrame();
		if (frame < 0) return undefined;
		const leaf = this.writer.link(this.root, address, frame, owner);
		this.leaves[at] = leaf;
		this.#frames.add(frame);
		return leaf;
	}

	#changed(address: number): void {
		this.mmu.outdate(address);
		this.context.counters.add(ENTRIES);
	}

	#isVectors(address: number): boolean {
		return this.context.machine.arch === 'arm' && address >= VECTORS;
	}

	#region(address: number): Translation['via'] {
		const { pageOffset, highMemory, pkmap, vmallocStart, vmallocEnd, modulesStart, modulesEnd } = this.#layout;
		if (address >= pageOffset && address < highMemory) return 'lowmem';
		if (pkmap && address >= pkmap.base && address < pkmap.base + pkmap.slots * PAGE_SIZE) return 'pkmap';
		if (address >= vmallocStart && address < vmallocEnd) return 'vmalloc';
		if (address >= modulesStart && address < modulesEnd) return 'modules';
		return this.#isVectors(address) ? 'vectors' : 'fixmap';
	}
}
