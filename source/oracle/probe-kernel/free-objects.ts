import { PAGE_SIZE, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import type { Slab } from '../../memory/slab/slab.ts';
import type { SlabCache } from '../../memory/slab/slab-cache.ts';
import type { FreeBlocks } from './free-blocks.ts';

const END = -1;

/**
 * The free objects of the kmalloc caches as far as a trace shows them. A slab has no free object in the beginning; one
 * becomes free when the trace first shows it. Without a shuffled free list the objects behind it are taken to be free
 * too, as in a fresh slab, until the trace shows otherwise.
 */
export class FreeObjects {
	/** Slabs whose objects do not come in ascending order. */
	readonly #fragmented = new Set<Slab>();
	/** Objects that are only taken to be free, by slab. */
	readonly #assumed = new Map<Slab, Set<number>>();

	constructor(
		readonly kernel: Kernel,
		readonly blocks: FreeBlocks,
		readonly isShuffled: boolean,
	) {}

	/**
	 * Make sure that the next kmalloc of that size can give `address`.
	 * @param isLater Nothing else ran since the operation before; otherwise the task may be on another CPU by now.
	 * @returns whether the trace had to tell: the engine's own state led elsewhere, or nowhere.
	 */
	prepare(bytes: number, gfp: number, address: number, isLater: boolean): boolean {
		const cache = this.kernel.parts.slab.cacheFor(bytes, gfp);
		if (!cache) return false;
		const current = cache.current[0];
		if (current && current.cpuFree !== END) {
			const offset = current.cpuFree;
			const isAssumed = this.#assumed.get(current)?.has(offset) ?? false;
			const mayMove = !isLater && this.kernel.context.cpus.length > 1;
			if (current.address + offset === address || !(isAssumed || mayMove)) {
				this.#assumed.get(current)?.delete(offset);
				return false;
			}
			if (isAssumed) this.#fragmented.add(current);
			this.#forget(current);
		}
		this.#learn(cache, address);
		return true;
	}

	#learn(cache: SlabCache, address: number): void {
		const { slab: allocator } = this.kernel.parts;
		const slabBytes = PAGE_SIZE << cache.order;
		const base = address - (address % slabBytes);
		const found = allocator.find(virtual(address))?.slab;
		const before = cache.current[0];
		if (before && before !== found) this.#forget(before);
		if (!found) {
			const pfn = this.kernel.virtToPfn(virtual(base));
			if (!this.kernel.parts.pages.isAllocated(pfn)) this.blocks.give(pfn, cache.order);
			allocator.seedCache(cache.name, base, cache.objectsPerSlab);
		} else if (found !== before) this.#makeCurrent(cache, found);
		const slab = cache.current[0];
		if (!slab) return;
		const offset = address - slab.address;
		this.#unlink(slab, offset);
		slab.setLive(offset, false);
		const isFresh = !found && !this.isShuffled && !this.#fragmented.has(slab);
		if (isFresh) this.#assumeFrom(slab, offset);
		slab.setNext(offset, slab.cpuFree);
		slab.cpuFree = offset;
	}

	/** Everything behind `offset` is taken to be free, in ascending order. */
	#assumeFrom(slab: Slab, offset: number): void {
		const assumed = new Set<number>();
		const last = (slab.objects - 1) * slab.objectBytes;
		slab.cpuFree = END;
		for (let at = last; at > offset; at -= slab.objectBytes) {
			slab.setNext(at, slab.cpuFree);
			slab.setLive(at, false);
			slab.cpuFree = at;
			assumed.add(at);
		}
		this.#assumed.set(slab, assumed);
	}

	/** Nothing that was only taken to be free is. */
	#forget(slab: Slab): void {
		const assumed = this.#assumed.get(slab);
		if (!assumed) return;
		const firm: number[] = [];
		for (let at = slab.cpuFree; at !== END; at = slab.next(at)) if (!assumed.has(at)) firm.push(at);
		for (const at of assumed) slab.setLive(at, true);
		slab.cpuFree = END;
		for (const at of firm.reverse()) {
			if (slab.isLive[at / slab.objectBytes] === 1) continue;
			slab.setNext(at, slab.cpuFree);
			slab.cpuFree = at;
		}
		this.#assumed.delete(slab);
	}

	#unlink(slab: Slab, offset: number): void {
		slab.cpuFree = relink(slab, slab.cpuFree, offset);
		slab.ownFree = relink(slab, slab.ownFree, offset);
	}

	#makeCurrent(cache: SlabCache, slab: Slab): void {
		for (const list of [cache.partial, ...cache.cpuPartial]) {
			const at = list.indexOf(slab);
			if (at >= 0) list.splice(at, 1);
		}
		const before = cache.current[0];
		if (before) before.place = 'full';
		slab.cpuFree = slab.ownFree;
		slab.ownFree = END;
		slab.inUse = slab.objects;
		slab.place = 'cpu';
		cache.current[0] = slab;
	}
}

/** A free list without one of its objects. @returns its head. */
const relink = (slab: Slab, head: number, without: number): number => {
	const chain: number[] = [];
	for (let at = head; at !== END; at = slab.next(at)) if (at !== without) chain.push(at);
	let next = END;
	for (const at of chain.reverse()) {
		slab.setNext(at, next);
		next = at;
	}
	return next;
};
