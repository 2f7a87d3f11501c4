import { type VirtualAddress, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { gfpBits } from '../../memory/pages/gfp.ts';
import { KMALLOC_MAX_CACHE_BYTES, orderOf } from '../../memory/slab/slab-rules.ts';
import type { Recording } from '../recording.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { InPart, type InPartName } from '../undetermined.ts';
import { blockFacts, objectFacts } from './first-sight.ts';
import { type Block, FreeBlocks, zoneOf } from './free-blocks.ts';
import { FreeObjects } from './free-objects.ts';

/** kmalloc and __get_free_pages on a kernel whose free lowmem is what the trace shows. */
export class LowmemKernel {
	readonly kernel: Kernel;
	readonly gfp: number;
	readonly objects: FreeObjects;
	readonly blocks: FreeBlocks;
	readonly #firstSight: InPartName;
	/** Objects that the probe has and has not given back. */
	readonly #held = new Set<number>();

	constructor(
		readonly recording: Recording,
		kernel: Kernel,
		readonly trail: Trail,
	) {
		this.kernel = kernel;
		this.gfp = gfpBits(kernel.context.machine.kernel).kernel;
		const isShuffled = recording.config.CONFIG_SLAB_FREELIST_RANDOM === 'y';
		this.#firstSight = isShuffled ? 'object of a random free list' : 'object of a used slab';
		const seen = this.#seenBlocks(trail);
		const lowmem = kernel.parts.pages.zones.filter(({ name }) => name !== 'HighMem');
		const zone = lowmem.at(-1) ?? zoneOf(kernel, seen[0]?.pfn ?? 0);
		for (const other of lowmem) if (other !== zone) new FreeBlocks(kernel, other, []);
		this.blocks = new FreeBlocks(kernel, zone, seen);
		this.objects = new FreeObjects(kernel, this.blocks, isShuffled);
	}

	/**
	 * kmalloc of the recorded object.
	 * @param isLater Nothing else ran since the call before, so that what it left is firm.
	 * @returns what to compare with it.
	 */
	kmalloc(size: number, recorded: number, isLater = true): { address: VirtualAddress; value: Computed } {
		const isSmall = size <= KMALLOC_MAX_CACHE_BYTES;
		const learned = recorded > 16 ? this.#learn(size, recorded, isLater) : undefined;
		const address = this.kernel.kmalloc(size, this.gfp | gfpBits(this.kernel.context.machine.kernel).nowarn);
		if (isSmall && address > 16) this.#held.add(address);
		return { address, value: partOf(learned, address, recorded) };
	}

	/** kfree of an object that `kmalloc` gave. */
	kfree(address: VirtualAddress): void {
		this.#held.delete(address);
		this.kernel.kfree(address);
	}

	/** @returns what is determined of the object, where the trace had to tell it. */
	#learn(size: number, recorded: number, isLater: boolean): InPart | undefined {
		const { kernel, gfp } = this;
		if (size > KMALLOC_MAX_CACHE_BYTES) {
			return this.#learnBlock(kernel.virtToPfn(virtual(recorded)), orderOf(size), isLater);
		}
		const facts = objectFacts(kernel, size, gfp, recorded, this.#held.has(recorded));
		const part = new InPart(this.#firstSight, facts);
		return !part.isPossible || this.objects.prepare(size, gfp, recorded, isLater) ? part : undefined;
	}

	/** @returns what is determined of the block, where the trace had to tell it. */
	#learnBlock(pfn: number, order: number, isLater: boolean): InPart | undefined {
		const part = new InPart('free block', blockFacts(this.kernel, this.gfp, pfn, order));
		return !part.isPossible || this.prepareBlock(pfn, order, isLater) ? part : undefined;
	}

	/**
	 * Make sure that the next request of that order can get this block.
	 * @returns whether the trace had to tell it: the engine's own lists led elsewhere.
	 */
	prepareBlock(pfn: number, order: number, isLater = false): boolean {
		const next = this.blocks.next(order);
		const isOnCpu = order <= this.kernel.parts.pages.rules.pcpMaxOrder;
		if (next && (next.pfn === pfn || (next.isFirm && isOnCpu && (isLater || this.kernel.context.cpus.length === 1))))
			return false;
		this.blocks.learn(pfn, order);
		return true;
	}

	/** __get_free_pages of the recorded block. @returns also what to compare with it. */
	getPages(order: number, recorded: number, isLater = false): { address: VirtualAddress; value: Computed } {
		const pfn = this.kernel.virtToPfn(virtual(recorded));
		const learned = this.#learnBlock(pfn, order, isLater);
		const address = this.kernel.getFreePages(this.gfp, order);
		return { address, value: partOf(learned, address, recorded) };
	}

	/** Every block of pages that the trace shows before its slabs are used again. */
	#seenBlocks(trail: Trail): Block[] {
		const blocks: Block[] = [];
		const add = (address: unknown, order: number) => {
			const at = Number(address);
			if (at > 16) blocks.push({ pfn: this.kernel.virtToPfn(virtual(at)), order });
		};
		for (const operation of trail.ahead()) {
			const { op } = operation;
			const size = Number(operation.size ?? 0);
			if (op === 'kmalloc') {
				for (const field of ['result', 'result2']) add(operation[field], orderOf(Math.max(size, 1)));
			}
			if (op === 'kmalloc' && size <= KMALLOC_MAX_CACHE_BYTES)
				blocks.splice(-2, 2, ...blocks.slice(-2).map(({ pfn }) => ({ pfn, order: -1 })));
			if (op === 'get_free_pages') add(operation.result, Number(operation.order));
			if (op === 'get_free_page_x8') for (const address of operation.addrs as readonly string[]) add(address, 0);
			if (op === 'kmalloc_x8') for (const address of operation.addrs as readonly string[]) add(address, -1);
			if (op === 'kmap_lowmem') add(operation.kmap, 0);
			if (op === 'done' || op === 'done2') break;
		}
		return blocks;
	}
}

/** What to compare: only a part where the trace had to tell it, or where it tells what cannot be. */
const partOf = (learned: InPart | undefined, address: number, recorded: number): Computed =>
	learned && (address === recorded || !learned.isPossible) ? learned : address;
