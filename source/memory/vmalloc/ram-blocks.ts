import { alignDown, PAGE_SIZE, type Pfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import type { VmapArea } from './vmap-area.ts';
import type { VmapSpace } from './vmap-space.ts';

const VMALLOC = eventCode('vmalloc');
const VFREE = eventCode('vfree');

/** VMAP_MAX_ALLOC: a block serves at most as many pages as a long has bits. */
const MOST_PAGES = 32;
/** VMALLOC_PAGES of mm/vmalloc.c, a guess of 128 MiB that 32-bit kernels divide among their CPUs. */
const SPACE_PAGES = 32768;
const BLOCK_PAGES = { least: 2 * MOST_PAGES, most: 1024 } as const;

/** VMAP_BBMAP_BITS: pages of a block, by the number of CPUs that the kernel is built for. */
export const ramBlockPages = ({ nrCpus }: Machine): number => {
	const cpus = 2 ** Math.ceil(Math.log2(nrCpus));
	return Math.min(BLOCK_PAGES.most, Math.max(BLOCK_PAGES.least, SPACE_PAGES / cpus / 16));
};

/** One block of a CPU (struct vmap_block): addresses are given out upwards and never again before it is freed. */
class RamBlock {
	/** Pages that have not been given out yet. */
	free: number;
	/** Pages that were given out and have come back. */
	dirty = 0;
	/** The pages that came back, of which the TLB may still know: `[dirtyStart, dirtyEnd)`. */
	dirtyStart: number;
	dirtyEnd = 0;

	constructor(
		readonly area: VmapArea,
		readonly pages: number,
	) {
		this.free = pages;
		this.dirtyStart = pages;
	}
}

/**
 * vm_map_ram and vm_unmap_ram (mm/vmalloc.c): short-lived mappings out of blocks that each CPU keeps, without guard pages.
 * Larger ones get an area of their own.
 */
export class RamBlocks {
	/** Blocks with room left, by CPU. */
	readonly queues: RamBlock[][];
	/** Every block by its address. */
	readonly blocks = new Map<number, RamBlock>();
	readonly blockPages: number;

	constructor(
		readonly context: KernelContext,
		readonly table: KernelPageTable,
		readonly space: VmapSpace,
	) {
		this.queues = context.cpus.map(() => []);
		this.blockPages = ramBlockPages(context.machine);
	}

	/** @returns 0 when no address range is left, or no page for a page table. */
	map(pfns: readonly Pfn[]): VirtualAddress {
		const address = pfns.length <= MOST_PAGES ? this.#fromBlock(pfns.length) : this.#ownArea(pfns.length);
		if (address === 0) return virtual(0);
		if (!this.table.makeTables(address, address + pfns.length * PAGE_SIZE)) {
			this.unmap(virtual(address), pfns.length);
			return virtual(0);
		}
		for (const [index, page] of pfns.entries()) this.table.set(address + index * PAGE_SIZE, page);
		this.context.events.record(VMALLOC, address, pfns.length * PAGE_SIZE, pfns.length);
		return virtual(address);
	}

	/** @param count The number of pages that were mapped. */
	unmap(address: VirtualAddress, count: number): void {
		for (let page = 0; page < count; page++) this.table.clear(address + page * PAGE_SIZE);
		this.context.events.record(VFREE, address, count * PAGE_SIZE);
		if (count > MOST_PAGES) {
			const area = this.space.areas.containing(address);
			if (area) this.space.free(area);
			return;
		}
		const block = this.blocks.get(alignDown(address, this.blockPages * PAGE_SIZE));
		if (!block) return;
		const size = roundUp(count);
		const first = (address - block.area.start) / PAGE_SIZE;
		block.dirtyStart = Math.min(block.dirtyStart, first);
		block.dirtyEnd = Math.max(block.dirtyEnd, first + size);
		block.dirty += size;
		if (block.dirty === block.pages) this.#drop(block);
	}

	/**
	 * vm_unmap_aliases: blocks of which everything given out has come back are freed, then all lazily freed ranges; one
	 * flush covers them and what blocks in use have dirty.
	 */
	unmapAliases(): void {
		let [start, end] = [Number.POSITIVE_INFINITY, 0];
		for (const block of this.queues.flat()) {
			if (block.dirtyEnd === 0) continue;
			start = Math.min(start, block.area.start + block.dirtyStart * PAGE_SIZE);
			end = Math.max(end, block.area.start + block.dirtyEnd * PAGE_SIZE);
			block.dirtyStart = block.pages;
			block.dirtyEnd = 0;
		}
		this.purgeFragmented();
		if (!this.space.purge(start, end) && end > 0) this.table.flushRange(start, end);
	}

	/** purge_fragmented_blocks_allcpus. */
	purgeFragmented(): void {
		for (const block of this.queues.flat())
			if (block.free + block.dirty === block.pages && block.dirty > 0) this.#drop(block);
	}

	#drop(block: RamBlock): void {
		for (const queue of this.queues) {
			const at = queue.indexOf(block);
			if (at >= 0) queue.splice(at, 1);
		}
		this.blocks.delete(block.area.start);
		this.space.free(block.area);
	}

	#fromBlock(count: number): number {
		const size = roundUp(count);
		const queue = this.queues[this.context.cpu.id] ?? [];
		const block = queue.find(({ free }) => free >= size) ?? this.#newBlock(queue);
		if (!block) return 0;
		const address = block.area.start + (block.pages - block.free) * PAGE_SIZE;
		block.free -= size;
		if (block.free === 0) queue.splice(queue.indexOf(block), 1);
		return address;
	}

	#newBlock(queue: RamBlock[]): RamBlock | undefined {
		const bytes = this.blockPages * PAGE_SIZE;
		const area = this.#take(bytes, bytes);
		if (!area) return undefined;
		const block = new RamBlock(area, this.blockPages);
		this.blocks.set(area.start, block);
		queue.push(block);
		return block;
	}

	#ownArea(count: number): number {
		return this.#take(count * PAGE_SIZE, PAGE_SIZE)?.start ?? 0;
	}

	#take(bytes: number, align: number): VmapArea | null {
		const { vmallocStart: from, vmallocEnd: to } = this.context.layout;
		const use = { kind: 'vm_map_ram' as const, caller: '', pages: 0, step: this.context.step };
		return this.space.take({ bytes, align, from, to }, use);
	}
}

/** Blocks are given out by powers of two. */
const roundUp = (count: number): number => 2 ** Math.ceil(Math.log2(count));
