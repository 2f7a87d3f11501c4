import { PAGE_SIZE, type Pfn, pfn } from '../../source/machine/address.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';
import { bestRate, bestRates, type Figure, median, millions } from './figure.ts';

const PAIRS = 1_000_000;
const ROUNDS = 12;

/**
 * The same updates as kmap + kunmap of new pages, written down bare: counts, the page of a slot, the slot of a page, the
 * PTE, the step of the last change, a flush each turn, and an event for each.
 */
const barePairs = (slots: number, pages: readonly number[]): (() => void) => {
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
	return () => {
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
	};
};

const boot = (): Kernel => Kernel.boot(findMachine('imx6q-2g'));

const highmemPages = (kernel: Kernel, count: number): Pfn[] =>
	Array.from({ length: count }, () => pfn(kernel.allocPages(HIGHMEM, 0)));

const HIGHMEM = 2; // __GFP_HIGHMEM, the same bit in every version.

const pairs = (kernel: Kernel, pages: readonly Pfn[]) => (): void => {
	const last = pages.length - 1;
	for (let pair = 0; pair < PAIRS; pair++) {
		const page = pages[pair & last] as Pfn;
		kernel.kmap(page);
		kernel.kunmap(page);
	}
};

/** The window of permanent mappings. */
const measurePkmap = (): Figure[] => {
	const figures: Figure[] = [];
	const kernel = boot();
	// Twice as many pages as slots, so that every kmap takes a new slot and every turn flushes.
	const pages = highmemPages(kernel, 1024);
	const full = boot();
	for (const page of highmemPages(full, 508)) full.kmap(page);
	const [bare = 0, empty = 0, same = 0, nearlyFull = 0] = bestRates(PAIRS, ROUNDS, [
		barePairs(512, pages),
		pairs(kernel, pages),
		pairs(kernel, pages.slice(0, 1)),
		pairs(full, highmemPages(full, 1024)),
	]);
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

	figures.push({
		what: 'the same, 508 of 512 slots held',
		value: `${millions(nearlyFull)} (${(empty / nearlyFull).toFixed(1)} x slower than empty)`,
		budget: 'within 10 x of empty',
		isMet: empty / nearlyFull <= 10,
	});

	const listened = boot();
	let heard = 0;
	listened.context.events.subscribe(() => heard++);
	const withListener = bestRate(PAIRS, 2, pairs(listened, highmemPages(listened, 1024)));
	figures.push({
		what: 'the same with one listener',
		value: `${millions(withListener)} (${heard} events)`,
		budget: 'none set',
		isMet: true,
	});
	return figures;
};

const GFP_KERNEL = 0xd0; // of that machine's kernel
const AREAS = 1_000;
const ALLOCATIONS = 300_000;

/** The allocators, each call with the one that takes it back. */
const measureAllocators = (): Figure[] => {
	const rate = (run: () => void) => bestRate(ALLOCATIONS, ROUNDS, run);
	const kernel = boot();
	for (let area = 0; area < AREAS; area++) kernel.vmalloc(PAGE_SIZE);
	const vmalloc = rate(() => {
		for (let pair = 0; pair < ALLOCATIONS; pair++) kernel.vfree(kernel.vmalloc(PAGE_SIZE));
	});
	const pages = (order: number) =>
		rate(() => {
			for (let pair = 0; pair < ALLOCATIONS; pair++) kernel.freePages(pfn(kernel.allocPages(GFP_KERNEL, order)), order);
		});
	const kmalloc = rate(() => {
		for (let pair = 0; pair < ALLOCATIONS; pair++) kernel.kfree(kernel.kmalloc(100, GFP_KERNEL));
	});
	return [
		{
			what: `vmalloc + vfree of a page beside ${AREAS} areas`,
			value: millions(vmalloc),
			budget: '1 M/s',
			isMet: vmalloc >= 1e6,
		},
		{ what: 'alloc_pages + __free_pages, order 0', value: millions(pages(0)), budget: 'none set', isMet: true },
		{ what: 'the same, order 4: through the buddy lists', value: millions(pages(4)), budget: 'none set', isMet: true },
		{ what: 'kmalloc + kfree of 100 bytes', value: millions(kmalloc), budget: 'none set', isMet: true },
	];
};

const OPENINGS = 7;
// The hole for devices below 4 GiB leaves 63 GiB of RAM in the 64 GiB that PAE addresses.
const MIB = 1024 * 1024;

/** What memory of any size costs before it is used, and what it costs when it is. */
const measureSizes = (): Figure[] => {
	const open = (ram: string): Kernel => Kernel.boot(machineFromFlags({ machine: 'debian10-pae-4g', ram }));
	const times: Record<string, number[]> = { '1G': [], '63G': [] };
	for (let opening = 0; opening < OPENINGS; opening++) {
		for (const [ram, list] of Object.entries(times)) {
			const start = process.hrtime.bigint();
			open(ram);
			list.push(Number(process.hrtime.bigint() - start) / 1e6);
		}
	}
	const bytesOf = (make: () => Kernel): { readonly kernel: Kernel; readonly bytes: number } => {
		const used = () => {
			globalThis.gc?.();
			const { heapUsed, arrayBuffers } = process.memoryUsage();
			return heapUsed + arrayBuffers;
		};
		const before = used();
		const kernel = make();
		return { kernel, bytes: used() - before };
	};
	const small = bytesOf(() => open('1G'));
	const large = bytesOf(() => open('63G'));
	const moreTime = median(times['63G'] ?? []) - median(times['1G'] ?? []);
	const moreBytes = large.bytes - small.bytes;
	let frames = 0;
	const touched = bytesOf(() => {
		while (small.kernel.allocPages(HIGHMEM, 0) >= 0) frames++;
		return small.kernel;
	});
	const idle = large.bytes / (63 * 2 ** 18);
	return [
		{
			what: 'opening 64 GiB of PAE addresses, more than 1 GiB: time',
			value: `${moreTime.toFixed(1)} ms (${median(times['1G'] ?? []).toFixed(1)} and ${median(times['63G'] ?? []).toFixed(1)} ms)`,
			budget: '150 ms',
			isMet: moreTime <= 150,
		},
		{
			what: 'the same: memory',
			value: `${(moreBytes / MIB).toFixed(1)} MiB (${(small.bytes / MIB).toFixed(1)} and ${(large.bytes / MIB).toFixed(1)})`,
			budget: '100 MiB',
			isMet: moreBytes <= 100 * MIB,
		},
		{
			what: 'memory for a page frame',
			value: `${idle.toFixed(2)} bytes untouched, ${(touched.bytes / frames).toFixed(1)} more when allocated`,
			budget: 'none set',
			isMet: true,
		},
	];
};

export const measure = (): Figure[] => [...measurePkmap(), ...measureAllocators(), ...measureSizes()];
