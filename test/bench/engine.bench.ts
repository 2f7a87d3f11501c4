import { type Pfn, pfn } from '../../source/machine/address.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';
import { bestRate, type Figure, millions } from './figure.ts';

const PAIRS = 2_000_000;
const ROUNDS = 5;

/**
 * The same updates as kmap + kunmap of new pages, written down bare: counts, the page of a slot, the slot of a page, the
 * PTE, the step of the last change, a flush each turn, and an event for each.
 */
const barePairs = (slots: number, pages: readonly number[]): number => {
	const counts = new Int32Array(slots);
	const pageOf = new Int32Array(slots).fill(-1);
	const slotOf = new Int32Array(1 << 20);
	const ptes = new Int32Array(slots);
	const changedAt = new Int32Array(slots);
	const ring = new Float64Array(1 << 17);
	let seq = 0;
	let last = 0;
	const record = (code: number, slot: number, page: number, count: number): void => {
		const at = (seq++ & 0x3fff) << 3;
		ring[at] = code;
		ring[at + 1] = 0;
		ring[at + 2] = 0;
		ring[at + 3] = 1;
		ring[at + 4] = slot;
		ring[at + 5] = page;
		ring[at + 6] = count;
		ring[at + 7] = 0;
	};
	const flush = (): void => {
		for (let slot = 0; slot < slots; slot++) {
			if (counts[slot] !== 1) continue;
			const page = pageOf[slot] ?? 0;
			counts[slot] = 0;
			slotOf[page] = 0;
			pageOf[slot] = -1;
			ptes[slot] = 0;
			record(3, slot, page, 0);
		}
	};
	const mask = pages.length - 1;
	return bestRate(PAIRS, ROUNDS, () => {
		for (let pair = 0; pair < PAIRS; pair++) {
			const page = (pages[pair & mask] ?? 0) & 0xfffff;
			last = (last + 1) & (slots - 1);
			if (last === 0) flush();
			pageOf[last] = page;
			slotOf[page] = last + 1;
			ptes[last] = page;
			counts[last] = 2;
			changedAt[last] = pair;
			record(1, last, page, 2);
			const slot = (slotOf[page] ?? 0) - 1;
			counts[slot] = (counts[slot] ?? 0) - 1;
			changedAt[slot] = pair;
			record(2, slot, page, 1);
		}
	});
};

const highmemPages = (kernel: Kernel, count: number): Pfn[] =>
	Array.from({ length: count }, () => pfn(kernel.allocPages(HIGHMEM, 0)));

const HIGHMEM = 2; // __GFP_HIGHMEM, the same bit in every version.

const pairsRate = (kernel: Kernel, pages: readonly Pfn[]): number =>
	bestRate(PAIRS, ROUNDS, () => {
		const last = pages.length - 1;
		for (let pair = 0; pair < PAIRS; pair++) {
			const page = pages[pair & last] as Pfn;
			kernel.kmap(page);
			kernel.kunmap(page);
		}
	});

export const measure = (): Figure[] => {
	const figures: Figure[] = [];
	const boot = (): Kernel => Kernel.boot(findMachine('imx6q-2g'));

	const kernel = boot();
	// Twice as many pages as slots, so that every kmap takes a new slot and every turn flushes.
	const pages = highmemPages(kernel, 1024);
	const bare = barePairs(512, pages);
	const empty = pairsRate(kernel, pages);
	const same = pairsRate(kernel, pages.slice(0, 1));
	figures.push({
		what: 'kmap + kunmap pairs of one page, event log on',
		value: millions(same),
		budget: '20 M/s',
		isMet: same >= 20e6,
	});
	figures.push({
		what: 'the same, a new page each time',
		value: `${millions(empty)} (bare array ${millions(bare)}, ratio ${(bare / empty).toFixed(1)})`,
		budget: 'within 4 x of the bare array',
		isMet: bare / empty <= 4,
	});

	const full = boot();
	for (const page of highmemPages(full, 508)) full.kmap(page);
	const nearlyFull = pairsRate(full, highmemPages(full, 1024));
	figures.push({
		what: 'the same, 508 of 512 slots held',
		value: `${millions(nearlyFull)} (${(empty / nearlyFull).toFixed(1)} x slower than empty)`,
		budget: 'within 10 x of empty',
		isMet: empty / nearlyFull <= 10,
	});

	const listened = boot();
	let heard = 0;
	listened.context.events.subscribe(() => heard++);
	const withListener = pairsRate(listened, highmemPages(listened, 1024));
	figures.push({
		what: 'the same with one listener',
		value: `${millions(withListener)} (${heard} events)`,
		budget: 'none set',
		isMet: true,
	});
	return figures;
};
