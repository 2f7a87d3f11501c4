import { alignDown, PAGE_SIZE, virtual } from '../machine/address.ts';
import type { Kernel } from '../memory/kernel.ts';
import { VmapArea } from '../memory/vmap-area.ts';
import { between, joined, type Range } from './ranges.ts';
import type { RecordedOperation } from './recording.ts';

/** Ranges of the second probe's own areas, guard pages included. */
const shownRanges = (operations: readonly RecordedOperation[]): Range[] => {
	const ranges: Range[] = [];
	const add = (address: unknown, pages: number) => {
		const start = alignDown(Number(address ?? 0), PAGE_SIZE);
		if (start > 0) ranges.push({ start, end: start + (pages + 1) * PAGE_SIZE });
	};
	for (const operation of operations) {
		const { op } = operation;
		if (op === 'kmap_and_vmap_alias') add(operation.vmap, 1);
		if (op === 'vmap_two_pages_in_array_order') add(operation.result, 2);
		if (op === 'vmalloc_vs_vmalloc_32')
			for (const address of [operation.vmalloc, operation.vmalloc_32]) add(address, 1);
		if (op === 'lazy_purge') add(operation.first, 255);
		if (op === 'vmalloc_series_1to6_pages') {
			for (const [index, address] of (operation.addrs as readonly string[]).entries()) add(address, index + 1);
		}
		if (op === 'free_4th_purge_then_1page_then_2pages') {
			add(operation.one, 1);
			add(operation.two, 2);
		}
		if (op === 'pte' && operation.what === 'ioremap page') add(operation.addr, 1);
	}
	return ranges;
};

/** The vmalloc space as the second probe found it: free where its areas lay, and above the first of the large ones. */
export class SecondVmallocState {
	readonly #taken: readonly Range[];
	readonly #holes: Set<number>;

	constructor(operations: readonly RecordedOperation[], kernel: Kernel, hasDevice: boolean) {
		const { vmallocStart } = kernel.context.layout;
		const shown = shownRanges(operations);
		const large = operations.find(({ op }) => op === 'lazy_purge');
		const top = Number(large?.first ?? vmallocStart);
		const ends = shown.filter(({ start }) => start < top || hasDevice);
		this.#taken = joined(between(ends, vmallocStart, top));
		this.#holes = new Set(this.#taken.map(({ end }) => end));
	}

	place(kernel: Kernel): void {
		for (const { start, end } of this.#taken) {
			const use = { kind: 'vmalloc' as const, caller: '', pages: 0, step: -1 };
			kernel.parts.vmalloc.space.place(new VmapArea(virtual(start), end - start, use));
		}
	}

	/** Whether an address is the start of a hole that nothing has shown before. */
	isFirstSight(address: number): boolean {
		return this.#holes.delete(address);
	}
}
