import { PAGE_SIZE, type VirtualAddress, virtual } from '../machine/address.ts';
import type { Kernel } from '../memory/kernel.ts';
import { gfpBits } from '../memory/pages/gfp.ts';
import { KMALLOC_MAX_CACHE_BYTES, orderOf } from '../memory/slab/slab-rules.ts';
import { ConversionProbe } from './conversion-probe.ts';
import { blockFacts, objectFacts } from './first-sight.ts';
import { asPfn, type Block, FreeBlocks, zoneOf } from './free-blocks.ts';
import { FreeObjects } from './free-objects.ts';
import type { Recording } from './recording.ts';
import type { Computed } from './tally.ts';
import type { Trail } from './trail.ts';
import { InPart, type InPartName } from './undetermined.ts';

const MiB = 1 << 20;

/** kmalloc sizes of the first probe, around the borders of the caches. */
const SIZES = [
	...[0, 1, 8, 9, 16, 24, 32, 33, 64, 65, 96, 97, 100, 128, 129, 192, 193, 200, 256, 257, 512, 1000, 1024, 1025],
	...[2048, 2049, 4096, 4097, 8192, 8193, 12288, 16384, 16385, 65536, 131072, MiB],
	...[4 * MiB, 4 * MiB + 1, 8 * MiB, 8 * MiB + 1],
];

/** The lowest set bit: to what an address is aligned. */
const alignment = (address: number): number => (address & -address) >>> 0;

/** kmalloc and __get_free_pages of a probe on a kernel of their own, whose free memory is what the trace shows. */
export class LowmemProbe {
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

	/** lowmem() of the first probe. */
	run(): void {
		for (const size of SIZES) this.#kmallocTwice(size);
		this.#kmallocAgain();
		for (let order = 0; order < 4; order++) this.#freePages(order);
		new ConversionProbe(this.kernel, this.trail).run();
		this.#kmapOfLowmem();
	}

	/** slabs() of the second probe. */
	runSecond(): void {
		for (const size of [8, 24, 64, 100, 200, 1000, 4096, 8192]) this.#eightObjects(size);
		this.#eightPages();
	}

	/**
	 * kmalloc of the recorded object.
	 * @param isLater Nothing else ran since the call before, so that what it left is firm.
	 * @returns what to compare with it.
	 */
	#kmalloc(size: number, recorded: number, isLater = true): { address: VirtualAddress; value: Computed } {
		const isSmall = size <= KMALLOC_MAX_CACHE_BYTES;
		const learned = recorded > 16 ? this.#learn(size, recorded, isLater) : undefined;
		const address = this.kernel.kmalloc(size, this.gfp | gfpBits(this.kernel.context.machine.kernel).nowarn);
		if (isSmall && address > 16) this.#held.add(address);
		return { address, value: partOf(learned, address, recorded) };
	}

	#kfree(address: VirtualAddress): void {
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
		return !part.isPossible || this.#prepareBlock(pfn, order, isLater) ? part : undefined;
	}

	#prepareBlock(pfn: number, order: number, isLater = false): boolean {
		const next = this.blocks.next(order);
		const isOnCpu = order <= this.kernel.parts.pages.rules.pcpMaxOrder;
		if (next && (next.pfn === pfn || (next.isFirm && isOnCpu && (isLater || this.kernel.context.cpus.length === 1))))
			return false;
		this.blocks.learn(pfn, order);
		return true;
	}

	#kmallocTwice(size: number): void {
		const { kernel, trail } = this;
		const first = this.#kmalloc(size, trail.number('result'), false);
		const second = this.#kmalloc(size, trail.number('result2'));
		const { address } = first;
		trail.expect('kmalloc', {
			size,
			result: first.value,
			result2: second.value,
			ksize: address === 0 ? 0 : kernel.ksize(address),
			align: alignment(address),
			phys: address <= 16 ? 0 : kernel.virtToPhys(address),
		});
		this.#kfree(first.address);
		this.#kfree(second.address);
	}

	#kmallocAgain(): void {
		const { trail } = this;
		const first = this.#kmalloc(100, trail.number('first'), false);
		this.#kfree(first.address);
		const second = this.#kmalloc(100, trail.number('second'));
		trail.expect('kmalloc_free_kmalloc', {
			size: 100,
			first: first.value,
			second: second.value,
			same: first.address === second.address ? 1 : 0,
		});
		this.#kfree(second.address);
	}

	#getPages(order: number, recorded: number, isLater = false): { address: VirtualAddress; value: Computed } {
		const pfn = this.kernel.virtToPfn(virtual(recorded));
		const learned = this.#learnBlock(pfn, order, isLater);
		const address = this.kernel.getFreePages(this.gfp, order);
		return { address, value: partOf(learned, address, recorded) };
	}

	#freePages(order: number): void {
		const { kernel, trail } = this;
		const { address, value } = this.#getPages(order, trail.number('result'));
		const pfn = kernel.virtToPfn(address);
		trail.expect('get_free_pages', {
			order,
			result: value,
			pfn,
			phys: kernel.virtToPhys(address),
			page_address: kernel.pageAddress(pfn),
		});
		kernel.freePagesAt(address, order);
	}

	#kmapOfLowmem(): void {
		const { kernel, trail } = this;
		const recorded = trail.number('pfn');
		const facts = blockFacts(kernel, this.gfp, recorded, 0);
		const isLearned = this.#prepareBlock(recorded, 0);
		const pfn = asPfn(kernel.allocPages(this.gfp, 0));
		const mapped = kernel.kmap(pfn);
		kernel.kunmap(pfn);
		const atomic = kernel.kmapAtomic(pfn);
		kernel.kunmapAtomic(atomic);
		const pkmap = kernel.view.pkmap;
		const slot = pkmap && mapped >= pkmap.address(0) && mapped < pkmap.address(0) + pkmap.slots * PAGE_SIZE ? 0 : -1;
		trail.expect('kmap_lowmem', {
			pfn: isLearned && pfn === recorded ? new InPart('page frame', facts) : pfn,
			highmem: kernel.isHighmemPage(pfn) ? 1 : 0,
			kmap: mapped,
			slot,
			kmap_atomic: atomic,
			page_address: kernel.pageAddress(pfn),
			phys_to_virt: kernel.physToVirt(pfn * PAGE_SIZE),
		});
		kernel.freePages(pfn, 0);
	}

	#eightObjects(size: number): void {
		const { trail } = this;
		const recorded = (trail.peek?.addrs ?? []) as readonly string[];
		const got = recorded.map((text, index) => this.#kmalloc(size, Number(text), index > 0));
		trail.expect('kmalloc_x8', { size, addrs: got.map(({ value }) => value) });
		const objects = got.map(({ address }) => address);
		const [third, sixth] = [objects[2] ?? virtual(0), objects[5] ?? virtual(0)];
		this.#kfree(third);
		this.#kfree(sixth);
		const first = this.#kmalloc(size, trail.number('got1'));
		const second = this.#kmalloc(size, trail.number('got2'));
		trail.expect('kfree_3rd_then_6th_then_kmalloc_x2', {
			size,
			freed1: third,
			freed2: sixth,
			got1: first.value,
			got2: second.value,
			lifo: first.address === sixth && second.address === third ? 1 : 0,
		});
		objects[2] = first.address;
		objects[5] = second.address;
		for (const object of objects) this.#kfree(object);
	}

	#eightPages(): void {
		const { kernel, trail } = this;
		const recorded = ((trail.peek?.addrs ?? []) as readonly string[]).map(Number);
		const got = recorded.map((address, index) => {
			// What one refill of the CPU's list brings lies side by side, ascending.
			const isRun = index > 0 && address === (recorded[index - 1] ?? 0) + PAGE_SIZE;
			const pfn = kernel.virtToPfn(virtual(address));
			const facts = blockFacts(kernel, this.gfp, pfn, 0);
			if (!isRun) this.blocks.learnRun(pfn, runLength(recorded, index));
			const page = kernel.getFreePages(this.gfp, 0);
			return { address: page, value: isRun || page !== address ? page : new InPart('free block', facts) };
		});
		trail.expect('get_free_page_x8', { addrs: got.map(({ value }) => value) });
		const fourth = got[3]?.address ?? virtual(0);
		kernel.freePagesAt(fourth, 0);
		const again = this.#getPages(0, trail.number('got'), true);
		trail.expect('free_page_then_get_free_page', {
			freed: fourth,
			got: again.value,
			same: again.address === fourth ? 1 : 0,
		});
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

/** How many of the pages from `index` on lie side by side. */
const runLength = (addresses: readonly number[], index: number): number => {
	let end = index + 1;
	while (addresses[end] === (addresses[end - 1] ?? 0) + PAGE_SIZE) end++;
	return end - index;
};
