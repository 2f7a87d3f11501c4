import { alignDown, PAGE_SIZE } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { otherArea } from '../probe-kernel/other-area.ts';
import { between, joined, type Range } from '../probe-kernel/ranges.ts';
import type { RecordedOperation } from '../recording.ts';

/** Ranges of the second probe's own areas, guard pages included. */
const shownRanges = (operations: readonly RecordedOperation[], hasCursor: boolean): Range[] => {
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
			// A cursor goes back for a hole only when that is larger than what is asked for.
			const series = operations.find(({ op: other }) => other === 'vmalloc_series_1to6_pages')
				?.addrs as readonly string[];
			add(operation.one, hasCursor && Number(operation.one) < Number(series?.[3] ?? 0) ? 2 : 1);
			add(operation.two, 2);
		}
		if (op === 'pte' && operation.what === 'ioremap page') add(operation.addr, 1);
	}
	return ranges;
};

/** One of the large areas, with its guard page. */
const CHUNK_BYTES = 256 * PAGE_SIZE;
const END = 2 ** 32;

/** Operations before the probe first purges. */
const BEFORE_PURGE = new Set(['kmap_and_vmap_alias', 'vmap_two_pages_in_array_order', 'vmalloc_vs_vmalloc_32']);

/**
 * The vmalloc space as the second probe found it. Free is where its areas lay; what they use only after its first purge
 * had been lazily freed by others until then.
 */
export class SecondVmallocState {
	readonly #taken: readonly Range[];
	/** Free only after the first purge. */
	readonly #lazy: readonly Range[];
	readonly #holes: Set<number>;
	#isStopped = false;

	/** @param first What the first probe showed to be taken. */
	constructor(operations: readonly RecordedOperation[], kernel: Kernel, first: readonly Range[]) {
		const { vmallocStart } = kernel.context.layout;
		const hasCursor = kernel.parts.vmalloc.rules.search === 'cursor';
		const shown = shownRanges(operations, hasCursor);
		const early = shownRanges(
			operations.filter(({ op }) => BEFORE_PURGE.has(op)),
			hasCursor,
		);
		const top = Number(operations.find(({ op }) => op === 'lazy_purge')?.first ?? vmallocStart);
		const end = Math.max(vmallocStart, ...early.map(range => range.end));
		const before = between(early, vmallocStart, end);
		const above = between([{ start: 0, end: top + CHUNK_BYTES }, ...between(first, 0, END)], 0, END);
		this.#taken = joined([...between(shown, vmallocStart, top), ...above, ...this.#stop(operations, above)]);
		this.#lazy = before.flatMap(range => between(this.#taken, range.start, range.end));
		this.#holes = new Set([...before, ...this.#taken].map(range => range.end));
	}

	place(kernel: Kernel): void {
		const { space } = kernel.parts.vmalloc;
		for (const range of this.#taken) space.place(otherArea(range));
		for (const range of this.#lazy) {
			const area = otherArea(range);
			space.place(area);
			space.free(area);
		}
	}

	/** Whether something that nothing else shows lies behind the first of the large areas. */
	get isStopped(): boolean {
		return this.#isStopped;
	}

	/** The large areas follow each other but for what is taken; the highest tells where the second must have begun. */
	#stop(operations: readonly RecordedOperation[], taken: readonly Range[]): Range[] {
		const purge = operations.find(({ op }) => op === 'lazy_purge');
		if (!purge) return [];
		const [first, highest, count] = [Number(purge.first), Number(purge.highest), Number(purge.alloc_no)];
		const holes = between(taken, first, END);
		const starts = holes.flatMap(({ start, end }) =>
			Array.from({ length: Math.floor((end - start) / CHUNK_BYTES) }, (_, index) => start + index * CHUNK_BYTES),
		);
		const second = highest - (count - 2) * CHUNK_BYTES;
		if (starts[count - 1] === highest || second <= first + CHUNK_BYTES) return [];
		this.#isStopped = true;
		return [{ start: first + CHUNK_BYTES, end: second }];
	}

	/** Whether an address is the start of a hole that nothing has shown before. */
	isFirstSight(address: number): boolean {
		return this.#holes.delete(address);
	}
}
