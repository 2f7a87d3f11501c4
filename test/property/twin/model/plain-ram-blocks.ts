import type { Machine } from '../../../../source/machine/machine.ts';
import type { PlainCpus } from './plain-cpus.ts';
import type { PlainArea, PlainVmalloc } from './plain-vmalloc.ts';

const PAGE = 4096;
/** Larger mappings have an area of their own: bits of a long. */
const MOST = 32;

interface Block {
	readonly area: PlainArea;
	readonly cpu: number;
	given: number;
	returned: number;
	/** Pages that came back since the last flush, `[from, to)`. */
	dirty: { from: number; to: number } | undefined;
}

/** vm_map_ram and vm_unmap_ram (mm/vmalloc.c): pieces of blocks that each CPU keeps. */
export class PlainRamBlocks {
	blocks: Block[] = [];
	readonly pages: number;

	constructor(
		{ nrCpus }: Machine,
		readonly cpus: PlainCpus,
		readonly space: PlainVmalloc,
	) {
		// 128 MiB divided among the CPUs' power of two, a sixteenth of it; 64 pages at least, 1024 at most.
		const share = 32768 / powerOfTwo(nrCpus) / 16;
		this.pages = Math.min(1024, Math.max(64, share));
	}

	/** @returns the address, or -1. */
	map(count: number): number {
		if (count > MOST) return this.space.take(count * PAGE, PAGE);
		const size = powerOfTwo(count);
		const known = this.blocks.find(({ cpu, given }) => cpu === this.cpus.id && given + size <= this.pages);
		const block = known ?? this.#newBlock();
		if (!block) return -1;
		block.given += size;
		return block.area.start + (block.given - size) * PAGE;
	}

	unmap(address: number, count: number): void {
		const area = this.space.at(address);
		if (!area) return;
		const block = this.blocks.find(one => one.area === area);
		if (!block) {
			this.space.free(area);
			return;
		}
		const from = (address - area.start) / PAGE;
		const size = powerOfTwo(count);
		const { dirty } = block;
		block.dirty = { from: Math.min(from, dirty?.from ?? from), to: Math.max(from + size, dirty?.to ?? 0) };
		block.returned += size;
		if (block.returned === this.pages) this.#drop(block);
	}

	/** vm_unmap_aliases. */
	unmapAliases(): void {
		let [start, end] = [Number.POSITIVE_INFINITY, 0];
		// Blocks that are wholly given out stand in no queue, and nobody looks at them.
		for (const block of this.blocks.filter(({ given }) => given < this.pages)) {
			if (!block.dirty) continue;
			start = Math.min(start, block.area.start + block.dirty.from * PAGE);
			end = Math.max(end, block.area.start + block.dirty.to * PAGE);
			block.dirty = undefined;
		}
		for (const block of this.blocks.filter(({ given }) => given < this.pages)) {
			if (block.returned > 0 && block.returned === block.given) this.#drop(block);
		}
		if (!this.space.purge(start, end) && end > 0) this.space.flushTlbs(start, end);
	}

	#newBlock(): Block | undefined {
		const bytes = this.pages * PAGE;
		const start = this.space.take(bytes, bytes);
		const area = start < 0 ? undefined : this.space.at(start);
		if (!area) return undefined;
		const block: Block = { area, cpu: this.cpus.id, given: 0, returned: 0, dirty: undefined };
		this.blocks.push(block);
		return block;
	}

	#drop(block: Block): void {
		this.blocks = this.blocks.filter(one => one !== block);
		this.space.free(block.area);
	}
}

const powerOfTwo = (count: number): number => 2 ** Math.ceil(Math.log2(count));
