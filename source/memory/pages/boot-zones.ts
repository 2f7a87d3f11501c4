import { type BootPages, bootPages, type PageRange } from '../boot/boot-pages.ts';
import type { KernelContext } from '../context.ts';
import type { BadPages } from './bad-page.ts';
import { Buddy } from './buddy.ts';
import { FrameState, MigrateType, PageFrames, SECTION_FRAMES, SECTION_ORDER } from './page-frames.ts';
import type { PageRules } from './page-rules.ts';
import { PerCpuPages, perCpuLimits } from './per-cpu-pages.ts';
import { lowmemReserves, minFreeKilobytes, zoneWatermarks } from './watermarks.ts';
import { Zone } from './zones.ts';

/** Page blocks are 2 MiB where huge pages of that size exist, else the largest buddy block. */
const HUGE_PAGE_ORDER = 9;

/**
 * The zones as they are when the boot is over: memory handed to the buddy lists, CMA pages set apart, watermarks and
 * per-CPU limits set, the init sections given back.
 */
export const setUpZones = (
	context: KernelContext,
	rules: PageRules,
	bad: BadPages,
): { readonly zones: readonly Zone[]; readonly frames: PageFrames; readonly buddy: Buddy } => {
	const { machine, layout, events } = context;
	const pages = bootPages(machine, layout);
	const ranges = layout.zones.filter(({ startPfn, endPfn }) => endPfn > startPfn);
	const first = Math.min(...ranges.map(({ startPfn }) => startPfn));
	const last = Math.max(...ranges.map(({ endPfn }) => endPfn));
	const frames = new PageFrames(first, last, machine.maxOrder);
	const hasHugePages = machine.arch === 'arm' ? machine.lpae : machine.pae;
	const pageblockOrder = hasHugePages ? HUGE_PAGE_ORDER : machine.maxOrder;
	const zones = ranges.map(
		(range, index) => new Zone(range, index, machine.maxOrder, events.textId(range.name), pageblockOrder),
	);
	const buddy = new Buddy(frames, rules, events);
	bad.watch(frames);
	for (const zone of zones) zone.present = pagesWithin(zone, pages.present).reduce(sumPages, 0);
	freeBootMemory(zones, buddy, rules, pages);
	setLimits(context, zones, buddy, rules, bad);
	claimForBoot(zones, buddy);
	if (pages.init) release(zones, buddy, [pages.init], false);
	return { zones, frames, buddy };
};

const sumPages = (sum: number, { start, end }: PageRange): number => sum + end - start;

const pagesWithin = (zone: Zone, ranges: readonly PageRange[]): PageRange[] =>
	ranges
		.map(({ start, end }) => ({ start: Math.max(start, zone.startPfn), end: Math.min(end, zone.endPfn) }))
		.filter(({ start, end }) => start < end);

const freeBootMemory = (zones: readonly Zone[], buddy: Buddy, rules: PageRules, pages: BootPages): void => {
	release(zones, buddy, pages.free, rules.isBootFreedToTail);
	if (!pages.cma) return;
	for (const zone of zones) {
		const size = 1 << zone.blocks.order;
		for (const area of pagesWithin(zone, [pages.cma])) {
			for (let pfn = Math.ceil(area.start / size) * size; pfn + size <= area.end; pfn += size) {
				zone.blocks.setRange(pfn, zone.blocks.order, MigrateType.cma);
				release([zone], buddy, [{ start: pfn, end: pfn + size }], false);
			}
		}
	}
};

/** __free_pages_memory: each range is cut into the largest aligned blocks, from its start. */
const release = (zones: readonly Zone[], buddy: Buddy, ranges: readonly PageRange[], toTail: boolean): void => {
	for (const zone of zones) {
		for (const range of pagesWithin(zone, ranges)) {
			for (let pfn = range.start; pfn < range.end; ) {
				let order = zone.maxOrder;
				while (pfn % 2 ** order !== 0 || pfn + 2 ** order > range.end) order--;
				makeFrames(buddy.frames, pfn, order);
				const type = zone.blocks.type(pfn);
				if (toTail) buddy.add(zone, pfn, order, type, true);
				else buddy.give(zone, pfn, order, type);
				zone.managed += 1 << order;
				pfn += 1 << order;
			}
		}
	}
};

/** Frames of a section are reserved until they are given to the buddy lists. */
const makeFrames = (frames: PageFrames, pfn: number, order: number): void => {
	if (order < SECTION_ORDER) {
		frames.touch(pfn, FrameState.reserved);
		const at = frames.index(pfn);
		frames.state.fill(FrameState.tail, at, at + (1 << order));
		return;
	}
	for (let section = pfn; section < pfn + (1 << order); section += SECTION_FRAMES) {
		if (!frames.isTouched(section)) continue;
		const at = frames.index(section);
		frames.state.fill(FrameState.tail, at, at + SECTION_FRAMES);
	}
};

/** The kernel's own allocations while it boots make the first pageblock of lowmem an unmovable one. */
const claimForBoot = (zones: readonly Zone[], buddy: Buddy): void => {
	const zone = zones.filter(({ name }) => name !== 'HighMem').at(-1);
	if (!zone) return;
	const pfn = buddy.take(zone, 0, MigrateType.unmovable, false);
	if (pfn >= 0) buddy.give(zone, pfn, 0, zone.blocks.type(pfn));
};

const setLimits = (
	context: KernelContext,
	zones: readonly Zone[],
	buddy: Buddy,
	rules: PageRules,
	bad: BadPages,
): void => {
	const lowmem = zones.reduce((sum, zone) => sum + (zone.name === 'HighMem' ? 0 : zone.managed), 0);
	const watermarks = zoneWatermarks(zones, minFreeKilobytes(lowmem, rules), rules);
	const reserves = lowmemReserves(zones, rules);
	for (const zone of zones) {
		zone.watermarks = watermarks[zone.index] ?? zone.watermarks;
		zone.lowmemReserve = reserves[zone.index] ?? [];
		zone.fairBatch = zone.watermarks.high - zone.watermarks.low;
		const { batch, high } = perCpuLimits(zone.managed, zone.watermarks.low, context.cpus.length, rules);
		zone.perCpu = context.cpus.map(() => {
			const pcp = new PerCpuPages(zone, buddy, rules, bad.isSound);
			pcp.batch = batch;
			pcp.high = high;
			return pcp;
		});
	}
};
