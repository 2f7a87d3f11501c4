import type { Layout, ZoneName } from '../../../../source/layout/layout.ts';
import type { KernelEvent } from '../../../../source/memory/event-types.ts';

export interface PlainBlock {
	readonly pfn: number;
	readonly order: number;
	readonly gfp: number;
}

/** Who has which page and which object: every one that is handed out is free before, and every one that comes back was out. */
export class PlainPages {
	/** First page of each block to its order. */
	readonly blocks = new Map<number, number>();
	/** Objects of kmalloc by address. */
	readonly objects = new Map<number, { readonly bytes: number; readonly cache: string }>();
	readonly slabs = new Map<number, { readonly cache: string; readonly order: number }>();
	/** Pages that are out, by zone. */
	readonly out = new Map<ZoneName, number>();
	/** What does not fit together. */
	problems: string[] = [];
	/** Of the operation that runs. */
	taken: PlainBlock[] = [];
	failures = 0;
	/** Areas that were unmapped and mapped, by address. */
	released: number[] = [];
	mapped: number[] = [];
	/** Page faults that were handled, in order. */
	faults: { readonly pfn: number; readonly outcome: number }[] = [];
	/** Bad pages were reported, so that pages are out that nobody got. */
	hasLostPages = false;
	/** Told of memory in which the slab allocator may have written for itself: the page, its order; or the object. */
	whenSlabWrites: (pfn: number, order: number) => void = () => {};
	whenFreed: (address: number, bytes: number) => void = () => {};
	readonly #zones: Layout['zones'];
	readonly #mostOrder: number;

	constructor({ zones }: Layout, mostOrder: number) {
		this.#zones = zones;
		this.#mostOrder = mostOrder;
	}

	begin(): void {
		this.taken = [];
		this.failures = 0;
		this.released = [];
		this.mapped = [];
		this.faults = [];
	}

	readonly hear = (event: KernelEvent): void => {
		switch (event.type) {
			case 'page_alloc':
				this.#take(event);
				return;
			case 'page_free':
				this.#give(event.pfn, event.order);
				return;
			case 'page_alloc_failed':
				this.failures++;
				return;
			case 'vfree':
				this.released.push(event.address);
				return;
			case 'vmalloc':
				this.mapped.push(event.address);
				return;
			case 'page_fault':
				this.faults.push(event);
				return;
			case 'slab_new':
				this.slabs.set(event.pfn, event);
				this.whenSlabWrites(event.pfn, event.order);
				return;
			case 'slab_free':
				this.slabs.delete(event.pfn);
				return;
			case 'kmalloc':
				if (this.objects.has(event.address)) this.#wrong(`object ${event.address.toString(16)} was handed out twice`);
				this.objects.set(event.address, event);
				return;
			case 'kfree':
				this.#freeObject(event.address);
				return;
			case 'log':
				if (event.text.startsWith('BUG: Bad page state')) this.hasLostPages = true;
				return;
			default:
		}
	};

	zoneOf(pfn: number): ZoneName | undefined {
		return this.#zones.find(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn)?.name;
	}

	/** The block that holds a page. */
	holder(pfn: number): PlainBlock | undefined {
		for (let order = 0; order <= this.#mostOrder; order++) {
			const head = pfn - (pfn % 2 ** order);
			const found = this.blocks.get(head);
			if (found !== undefined && found >= order && head + 2 ** found > pfn) return { pfn: head, order: found, gfp: 0 };
		}
		return undefined;
	}

	/** Blocks that overlap, objects outside slabs or in each other's way. */
	check(sizeOf: (address: number) => number): string[] {
		const problems = [...this.problems];
		let end = 0;
		for (const [pfn, order] of [...this.blocks].sort(([a], [b]) => a - b)) {
			if (pfn < end) problems.push(`page ${pfn} is in two blocks`);
			end = pfn + 2 ** order;
		}
		end = 0;
		for (const address of [...this.objects.keys()].sort((a, b) => a - b)) {
			if (address < end) problems.push(`object ${address.toString(16)} lies in another`);
			end = address + sizeOf(address);
		}
		return problems;
	}

	#freeObject(address: number): void {
		const object = this.objects.get(address);
		if (!object) {
			this.#wrong(`object ${address.toString(16)} was not out`);
			return;
		}
		this.objects.delete(address);
		this.whenFreed(address, object.bytes);
	}

	/** Whether a page belongs to a slab. */
	isSlab(pfn: number): boolean {
		const head = this.holder(pfn)?.pfn;
		return head !== undefined && this.slabs.has(head);
	}

	#take({ pfn, order, gfp }: PlainBlock): void {
		if (pfn % 2 ** order !== 0) this.#wrong(`block ${pfn} of order ${order} is not aligned`);
		if (this.holder(pfn)) this.#wrong(`page ${pfn} was handed out twice`);
		this.blocks.set(pfn, order);
		this.#count(pfn, 2 ** order);
		this.taken.push({ pfn, order, gfp });
	}

	#give(pfn: number, order: number): void {
		if (this.blocks.get(pfn) !== order) this.#wrong(`block ${pfn} of order ${order} came back but was not out`);
		this.blocks.delete(pfn);
		this.#count(pfn, -(2 ** order));
	}

	#count(pfn: number, pages: number): void {
		const zone = this.zoneOf(pfn);
		if (zone) this.out.set(zone, (this.out.get(zone) ?? 0) + pages);
		else this.#wrong(`page ${pfn} is in no zone`);
	}

	#wrong(problem: string): void {
		this.problems.push(problem);
	}
}
