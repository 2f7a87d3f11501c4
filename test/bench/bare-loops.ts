/** What the engine does, written down bare in typed arrays: no objects, no checks, no machine but one. */

/** The newest 16384 events, six numbers each: who, when, four fields. */
const bareLog = (): ((code: number, first: number, second: number, third: number) => void) => {
	const ring = new Float64Array(6 << 14);
	let count = 0;
	return (code, first, second, third) => {
		const at = (count++ & 0x3fff) * 6;
		ring[at] = code;
		ring[at + 1] = 0;
		ring[at + 2] = first;
		ring[at + 3] = second;
		ring[at + 4] = third;
		ring[at + 5] = 0;
	};
};

const add = (numbers: Float64Array, at: number, by: number): void => {
	numbers[at] = (numbers[at] ?? 0) + by;
};

/**
 * The updates of kmap + kunmap of new pages: counts, the page of a slot, the slot of a page, the step of the last
 * change, Linux's and the hardware's PTE, an event for each and for each page of the flush once a turn, and what is
 * counted: calls, locks taken, entries written, changes of the window.
 */
export const barePairs = (slots: number, pages: readonly number[], count: number): (() => void) => {
	const counts = new Int32Array(slots);
	const pageOf = new Int32Array(slots).fill(-1);
	const slotOf = new Int32Array(1 << 20);
	const ptes = new Int32Array(1024);
	const changedAt = new Int32Array(slots);
	const counters = new Float64Array(8);
	const record = bareLog();
	const [kmaps, kunmaps, kmapLocks, kunmapLocks, entries, changes] = [0, 1, 2, 3, 4, 5];
	let last = 0;
	const flush = (): void => {
		for (let slot = 0; slot < slots; slot++) {
			if (counts[slot] !== 1) continue;
			const page = pageOf[slot] ?? 0;
			counts[slot] = 0;
			slotOf[page] = 0;
			pageOf[slot] = -1;
			ptes[slot] = 0;
			ptes[512 + slot] = 0;
			record(3, slot, page, 0);
		}
		add(counters, entries, slots);
	};
	const mask = pages.length - 1;
	return () => {
		for (let pair = 0; pair < count; pair++) {
			const page = (pages[pair & mask] ?? 0) & 0xfffff;
			add(counters, kmaps, 1);
			add(counters, kmapLocks, 1);
			last = (last + 1) & (slots - 1);
			if (last === 0) flush();
			pageOf[last] = page;
			slotOf[page] = last + 1;
			ptes[last] = (page << 12) | 0x5f;
			ptes[512 + last] = (page << 12) | 0x7e;
			counts[last] = 2;
			changedAt[last] = pair;
			add(counters, entries, 1);
			add(counters, changes, 1);
			record(1, last, page, 2);
			add(counters, kunmaps, 1);
			add(counters, kunmapLocks, 1);
			const slot = (slotOf[page] ?? 0) - 1;
			counts[slot] = (counts[slot] ?? 0) - 1;
			changedAt[slot] = pair;
			add(counters, changes, 1);
			record(2, slot, page, 1);
		}
	};
};

/**
 * vmalloc and vfree of one page beside `areas` others: the area in and out of a sorted list, its page and three records
 * of the kernel off their lists and back, two PTEs, and ten events.
 */
export const bareAreas = (areas: number, count: number): (() => void) => {
	const starts = new Int32Array(areas + 1);
	for (let area = 0; area < areas; area++) starts[area] = area;
	const lists = [0, 1, 2, 3].map(() => Int32Array.from({ length: 1024 }, (_, index) => index));
	const tops = new Int32Array(4).fill(1024);
	const ptes = new Int32Array(1024);
	const record = bareLog();
	return () => {
		for (let pair = 0; pair < count; pair++) {
			const at = pair % areas;
			starts.copyWithin(at + 1, at, areas);
			starts[at] = at;
			for (const [index, list] of lists.entries()) {
				const top = (tops[index] ?? 0) - 1;
				tops[index] = top;
				record(1, list[top] ?? 0, index, 0);
			}
			ptes[at & 511] = at;
			ptes[512 + (at & 511)] = at;
			record(2, at, 1, 0);
			starts.copyWithin(at, at + 1, areas + 1);
			ptes[at & 511] = 0;
			ptes[512 + (at & 511)] = 0;
			record(3, at, 1, 0);
			for (const [index, list] of lists.entries()) {
				const top = tops[index] ?? 0;
				list[top] = at;
				tops[index] = top + 1;
				record(4, at, index, 0);
			}
		}
	};
};

/** Something off a list and back, `count` times, an event for each. */
export const bareList = (count: number): (() => void) => {
	const list = Int32Array.from({ length: 1024 }, (_, index) => index);
	const record = bareLog();
	let top = list.length;
	return () => {
		for (let pair = 0; pair < count; pair++) {
			const taken = list[--top] ?? 0;
			record(1, taken, 0, 0);
			list[top++] = taken;
			record(2, taken, 0, 0);
		}
	};
};

/** Words of one page, `count` times, in an array. */
export const bareWords = (count: number): { readonly read: () => void; readonly write: () => void } => {
	const words = new Int32Array(1024);
	const record = bareLog();
	let sum = 0;
	return {
		read: () => {
			for (let at = 0; at < count; at++) sum = (sum + (words[at & 1023] ?? 0)) | 0;
			words[0] = sum;
		},
		write: () => {
			for (let at = 0; at < count; at++) {
				words[at & 1023] = at;
				record(1, at, 4, 0);
			}
		},
	};
};
