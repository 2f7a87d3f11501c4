import { cmaPlace } from '../../layout/cma.ts';
import type { Layout } from '../../layout/layout.ts';
import { alignDown, PAGE_SIZE, physicalToPfn } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';

/** Pages `[start, end)`. */
export interface PageRange {
	readonly start: number;
	readonly end: number;
}

/** What the page allocator gets at boot. */
export interface BootPages {
	/** RAM that is there. */
	readonly present: readonly PageRange[];
	/** What memblock hands to the buddy lists: present and not reserved, ascending. */
	readonly free: readonly PageRange[];
	/** The contiguous memory area: freed later than the rest, as CMA pages. */
	readonly cma: PageRange | null;
	/** The kernel's init sections, freed when the boot is over. */
	readonly init: PageRange | null;
}

const X86_BIOS: readonly PageRange[] = [
	{ start: 0, end: 1 },
	{ start: 0x9f, end: 0x100 },
];

/** `from` without the pages of `holes`. Both ascending. */
export const without = (from: readonly PageRange[], holes: readonly PageRange[]): PageRange[] =>
	holes.reduce<PageRange[]>(
		(ranges, hole) =>
			ranges.flatMap(range =>
				[
					{ start: range.start, end: Math.min(range.end, hole.start) },
					{ start: Math.max(range.start, hole.end), end: range.end },
				].filter(({ start, end }) => start < end),
			),
		[...from],
	);

/** Which pages the kernel keeps to itself at boot, and which it hands out. */
export const bootPages = (machine: Machine, layout: Layout): BootPages => {
	const ram = layout.ramPages.map(({ startPfn, endPfn }) => ({ start: startPfn as number, end: endPfn as number }));
	const present = machine.arch === 'x86' ? without(ram, X86_BIOS) : ram;
	const toPages = (start: number, end: number): PageRange => ({
		start: physicalToPfn(start - layout.pageOffset + layout.physOffset),
		end: Math.ceil((end - layout.pageOffset + layout.physOffset) / PAGE_SIZE),
	});
	const { text, init, data, bss } = machine.sections;
	const [firstByte, lastByte] = [
		Math.min(text[0], init[0], data[0], bss?.[0] ?? text[0]),
		Math.max(text[1], init[1], data[1], bss?.[1] ?? text[1]),
	];
	const image = toPages(firstByte, lastByte);
	const cma = cmaPlace(machine, layout);
	// mem_map and what boot took above it: page tables, the vectors. A CMA above that was there first.
	const { start: memMap, end: lowmemEnd } = toPages(layout.memMap, alignDown(layout.highMemory, PAGE_SIZE));
	const bootTop = cma && cma.start > memMap ? Math.min(cma.start, lowmemEnd) : lowmemEnd;
	const reserved = [
		image,
		// swapper_pg_dir: 16 KiB below the text on ARM, 20 KiB with LPAE; within the image on x86.
		...(machine.arch === 'arm'
			? [toPages(alignDown(text[0], 0x8000) - (machine.lpae ? 0x5000 : 0x4000), text[0])]
			: []),
		...(layout.memMap > layout.pageOffset ? [{ start: memMap, end: bootTop }] : []),
		...(cma ? [cma] : []),
	];
	const initPages = { start: toPages(init[0], init[0]).end, end: toPages(init[1], init[1]).start };
	return {
		present,
		free: without(present, reserved),
		cma,
		init: initPages.start < initPages.end ? initPages : null,
	};
};
