import { PAGE_SIZE, type VirtualAddress, virtual } from '../machine/address.ts';
import { gfpBits } from '../memory/gfp.ts';
import type { Kernel } from '../memory/kernel.ts';
import { KMALLOC_MAX_CACHE_BYTES, orderOf } from '../memory/slab-rules.ts';
import { asPfn, type Block, FreeBlocks, zoneOf } from './free-blocks.ts';
import { FreeObjects } from './free-objects.ts';
import { pageEntry } from './page-entry.ts';
import type { Recording } from './recording.ts';
import { type Skipped, skip, type Value } from './tally.ts';
import type { Trail } from './trail.ts';

const MiB = 1 << 20;
const SIZES = [
	0,
	1,
	8,
	9,
	16,
	24,
	32,
	33,
	64,
	65,
	96,
	97,
	100,
	128,
	129,
	192,
	193,
	200,
	256,
	257,
	512,
	1000,
	1024,
	1025,
	2048,
	2049,
	4096,
	4097,
	8192,
	8193,
	12288,
	16384,
	16385,
	65536,
	131072,
	MiB,
	4 * MiB,
	4 * MiB + 1,
	8 * MiB,
	8 * MiB + 1,
] as const;

/** The lowest set bit: to what an address is aligned. */
const alignment = (address: number): number => (address & -address) >>> 0;

/** kmalloc and __get_free_pages of a probe on a kernel of their own, whose free memory is what the trace shows. */
export class LowmemProbe {
	readonly kernel: Kernel;
	readonly gfp: number;
	readonly objects: FreeObjects;
	readonly blocks: FreeBlocks;
	readonly unknownObject: Skipped;

	constructor(
		readonly recording: Recording,
		kernel: Kernel,
		readonly trail: Trail,
	) {
		this.kernel = kernel;
		this.gfp = gfpBits(kernel.context.machine.kernel).kernel;
		const isShuffled = recording.config.CONFIG_SLAB_FREELIST_RANDOM === 'y';
		this.unknownObject = skip(isShuffled ? 'object of a random free list' : 'object of a used slab');
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
		this.#conversions();
		this.#boundary();
		this.#zones();
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
	#kmalloc(size: number, recorded: number, isLater = true): { address: VirtualAddress; value: Value | Skipped } {
		let isLearned = false;
		const isSmall = size <= KMALLOC_MAX_CACHE_BYTES;
		if (recorded > 16) {
			if (isSmall) isLearned = this.objects.prepare(size, this.gfp, recorded, isLater);
			else isLearned = this.#prepareBlock(this.kernel.virtToPfn(virtual(recorded)), orderOf(size), isLater);
		}
		const address = this.kernel.kmalloc(size, this.gfp | gfpBits(this.kernel.context.machine.kernel).nowarn);
		const isWhole = isLearned && address === recorded;
		return { address, value: isWhole ? (isSmall ? this.unknownObject : skip('free block')) : address };
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
		kernel.kfree(first.address);
		kernel.kfree(second.address);
	}

	#kmallocAgain(): void {
		const { kernel, trail } = this;
		const first = this.#kmalloc(100, trail.number('first'), false);
		kernel.kfree(first.address);
		const second = this.#kmalloc(100, trail.number('second'));
		trail.expect('kmalloc_free_kmalloc', {
			size: 100,
			first: first.value,
			second: second.value,
			same: first.address === second.address ? 1 : 0,
		});
		kernel.kfree(second.address);
	}

	#getPages(order: number, recorded: number, isLater = false): { address: VirtualAddress; value: Value | Skipped } {
		const pfn = this.kernel.virtToPfn(virtual(recorded));
		const isLearned = this.#prepareBlock(pfn, order, isLater);
		const address = this.kernel.getFreePages(this.gfp, order);
		return { address, value: isLearned && address === recorded ? skip('free block') : address };
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

	#conversions(): void {
		const { kernel, trail } = this;
		const { pageOffset } = kernel.context.layout;
		const physical = kernel.virtToPhys(pageOffset);
		trail.expect('virt_to_phys', { virt: pageOffset, result: physical });
		const inside = physical + 0x123456;
		trail.expect('phys_to_virt', { phys: inside, result: kernel.physToVirt(inside) });
	}

	#boundary(): void {
		const { kernel, trail } = this;
		const last = Math.floor(kernel.virtToPhys(virtual(kernel.context.layout.highMemory - 1)) / PAGE_SIZE);
		const of = (pfn: number) => {
			const isValid = this.#isValid(pfn);
			return [
				isValid ? 1 : 0,
				isValid ? (kernel.isHighmemPage(asPfn(pfn)) ? 1 : 0) : -1,
				isValid ? kernel.pageAddress(asPfn(pfn)) : 0,
			] as const;
		};
		const [lastValid, lastHigh, lastAddress] = of(last);
		const [nextValid, nextHigh, nextAddress] = of(last + 1);
		trail.expect('lowmem_boundary', {
			last_lowmem_pfn: last,
			last_valid: lastValid,
			last_PageHighMem: lastHigh,
			last_page_address: lastAddress,
			next_valid: nextValid,
			next_PageHighMem: nextHigh,
			next_page_address: nextAddress,
		});
		for (const pfn of [last, last + 1]) {
			if (this.#isValid(pfn)) trail.expect('zone_of', { pfn, zone: kernel.parts.pages.zoneOf(asPfn(pfn)) });
		}
		const beyond = virtual(kernel.context.layout.highMemory);
		trail.expect('pte', { addr: beyond, pte: pageEntry(kernel, beyond) });
	}

	/** pfn_valid with FLATMEM. ARM asks memblock, x86 whether it is below max_pfn. */
	#isValid(pfn: number): boolean {
		const { machine, layout } = this.kernel.context;
		if (machine.arch === 'x86') return pfn < layout.maxPfn;
		return layout.ramPages.some(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn);
	}

	/** The zones once more, where the trace has them here. */
	#zones(): void {
		while (this.trail.isNext('zone')) this.trail.expect('zone', {});
	}

	#kmapOfLowmem(): void {
		const { kernel, trail } = this;
		const recorded = trail.number('pfn');
		const isLearned = this.#prepareBlock(recorded, 0);
		const pfn = asPfn(kernel.allocPages(this.gfp, 0));
		const mapped = kernel.kmap(pfn);
		kernel.kunmap(pfn);
		const atomic = kernel.kmapAtomic(pfn);
		kernel.kunmapAtomic(atomic);
		const pkmap = kernel.view.pkmap;
		const slot = pkmap && mapped >= pkmap.address(0) && mapped < pkmap.address(0) + pkmap.slots * PAGE_SIZE ? 0 : -1;
		trail.expect('kmap_lowmem', {
			pfn: isLearned && pfn === recorded ? skip('page frame') : pfn,
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
		const { kernel, trail } = this;
		const recorded = (trail.peek?.addrs ?? []) as readonly string[];
		const got = recorded.map((text, index) => this.#kmalloc(size, Number(text), index > 0));
		trail.expect('kmalloc_x8', { size, addrs: got.map(({ value }) => value) });
		const objects = got.map(({ address }) => address);
		const [third, sixth] = [objects[2] ?? virtual(0), objects[5] ?? virtual(0)];
		kernel.kfree(third);
		kernel.kfree(sixth);
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
		for (const object of objects) kernel.kfree(object);
	}

	#eightPages(): void {
		const { kernel, trail } = this;
		const recorded = ((trail.peek?.addrs ?? []) as readonly string[]).map(Number);
		const got = recorded.map((address, index) => {
			// What one refill of the CPU's list brings lies side by side, ascending.
			const isRun = index > 0 && address === (recorded[index - 1] ?? 0) + PAGE_SIZE;
			const pfn = kernel.virtToPfn(virtual(address));
			if (!isRun) this.blocks.learnRun(pfn, runLength(recorded, index));
			const page = kernel.getFreePages(this.gfp, 0);
			return { address: page, value: isRun || page !== address ? page : skip('free block') };
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

/** How many of the pages from `index` on lie side by side. */
const runLength = (addresses: readonly number[], index: number): number => {
	let end = index + 1;
	while (addresses[end] === (addresses[end - 1] ?? 0) + PAGE_SIZE) end++;
	return end - index;
};
