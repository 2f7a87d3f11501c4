import { alignUp } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';
import type { VmapArea } from './vmap-area.ts';

/** Heap order of the treap: scrambled from the address, so that the same areas always make the same tree. */
const priority = (area: VmapArea): number => Math.imul(area.start >>> 12, 0x9e3779b1) >>> 0;

const update = (area: VmapArea): void => {
	let maxGap = area.gap;
	if (area.left && area.left.maxGap > maxGap) maxGap = area.left.maxGap;
	if (area.right && area.right.maxGap > maxGap) maxGap = area.right.maxGap;
	area.maxGap = maxGap;
};

/**
 * All areas in ascending order: a list, and over it a treap in which every node knows the largest gap below it, so that
 * the lowest gap of a size is found without walking the areas. The kernel's two trees (vmap_area_root and, from 5.2,
 * free_vmap_area_root) in one.
 */
export class VmapAreas {
	#root: VmapArea | null = null;
	/** Upper part of the last cut. */
	#above: VmapArea | null = null;
	first: VmapArea | null = null;
	last: VmapArea | null = null;
	size = 0;

	keep(recorder: Recorder): void {
		recorder.value(this.#root, root => {
			this.#root = root;
		});
	}

	*[Symbol.iterator](): Generator<VmapArea> {
		for (let area = this.first; area; area = area.next) yield area;
	}

	insert(area: VmapArea): void {
		const { last } = this;
		const before = last && last.start < area.start ? last : this.lastBelow(area.start + 1);
		area.previous = before;
		area.next = before ? before.next : this.first;
		if (before) before.next = area;
		else this.first = area;
		if (area.next) area.next.previous = area;
		else this.last = area;
		area.left = null;
		area.right = null;
		// The next area, whose gap shrinks, lies on the way to the new one and is updated with it.
		this.#root = this.#put(this.#root, area);
		this.size++;
	}

	remove(area: VmapArea): void {
		const { next } = area;
		this.#unlink(area);
		// The next area, whose gap grows, lies on the way here, or else in the subtree above this one.
		if (next && area.right) this.#refresh(area.right, next);
		this.#root = this.#take(this.#root, area);
	}

	/**
	 * Remove one area of many: only from the list. `rebuild` is due when the last of them is gone, and the tree must not be
	 * asked before.
	 */
	removeOfMany(area: VmapArea): void {
		this.#unlink(area);
	}

	/** Make the tree anew from the list: cheaper than to take many areas out one by one. */
	rebuild(): void {
		const spine: VmapArea[] = [];
		let below: VmapArea | null = null;
		const close = (): void => {
			below = spine.pop() ?? null;
			if (below) update(below);
		};
		for (let area = this.first; area; area = area.next) {
			below = null;
			while (priority(spine.at(-1) ?? area) < priority(area)) close();
			area.left = below;
			area.right = null;
			const above = spine.at(-1);
			if (above) above.right = area;
			spine.push(area);
		}
		while (spine.length > 0) close();
		this.#root = below;
	}

	/** The last area that starts below `address`. */
	lastBelow(address: number): VmapArea | null {
		let found: VmapArea | null = null;
		let node = this.#root;
		while (node) {
			if (node.start < address) {
				found = node;
				node = node.right;
			} else node = node.left;
		}
		return found;
	}

	/** The area that contains `address`. */
	containing(address: number): VmapArea | null {
		const area = this.lastBelow(address + 1);
		return area && address < area.end ? area : null;
	}

	/**
	 * The lowest address at which `bytes` fit between areas.
	 * @param align Power of two.
	 * @param room Gaps smaller than this are not looked at.
	 * @returns -1 when nothing fits in `[from, to)`.
	 */
	lowestFit(bytes: number, align: number, from: number, to: number, room = bytes): number {
		const between = this.#fit(this.#root, bytes, align, from, room);
		const at = between >= 0 ? between : alignUp(Math.max(this.last ? this.last.end : 0, from), align);
		return at + bytes <= to ? at : -1;
	}

	#fit(node: VmapArea | null, bytes: number, align: number, from: number, room: number): number {
		if (!node || node.maxGap < room) return -1;
		if (node.start > from) {
			const lower = this.#fit(node.left, bytes, align, from, room);
			if (lower >= 0) return lower;
			const at = alignUp(Math.max(node.start - node.gap, from), align);
			if (node.gap >= room && at + bytes <= node.start) return at;
		}
		return this.#fit(node.right, bytes, align, from, room);
	}

	#unlink({ previous, next }: VmapArea): void {
		if (previous) previous.next = next;
		else this.first = next;
		if (next) next.previous = previous;
		else this.last = previous;
		this.size--;
	}

	#put(node: VmapArea | null, area: VmapArea): VmapArea {
		if (!node) {
			update(area);
			return area;
		}
		if (priority(area) > priority(node)) {
			area.left = this.#cut(node, area.start);
			area.right = this.#above;
			update(area);
			return area;
		}
		if (area.start < node.start) node.left = this.#put(node.left, area);
		else node.right = this.#put(node.right, area);
		update(node);
		return node;
	}

	/** Cut a subtree at `start`; returns the lower part and leaves the upper one in `#above`. */
	#cut(node: VmapArea | null, start: number): VmapArea | null {
		if (!node) {
			this.#above = null;
			return null;
		}
		if (node.start < start) {
			node.right = this.#cut(node.right, start);
			update(node);
			return node;
		}
		const lower = this.#cut(node.left, start);
		node.left = this.#above;
		update(node);
		this.#above = node;
		return lower;
	}

	#take(node: VmapArea | null, area: VmapArea): VmapArea | null {
		if (!node) return null;
		if (node === area) return this.#merge(node.left, node.right);
		if (area.start < node.start) node.left = this.#take(node.left, area);
		else node.right = this.#take(node.right, area);
		update(node);
		return node;
	}

	#merge(low: VmapArea | null, high: VmapArea | null): VmapArea | null {
		if (!low) return high;
		if (!high) return low;
		if (priority(low) > priority(high)) {
			low.right = this.#merge(low.right, high);
			update(low);
			return low;
		}
		high.left = this.#merge(low, high.left);
		update(high);
		return high;
	}

	/** Recompute the gaps on the way down to `area`, whose neighbour changed. */
	#refresh(node: VmapArea | null, area: VmapArea): void {
		if (!node) return;
		if (node !== area) this.#refresh(area.start < node.start ? node.left : node.right, area);
		update(node);
	}
}
