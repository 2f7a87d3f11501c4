import { alignDown, MiB, PAGE_SIZE, physicalToPfn } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import type { Machine } from '../machine/machine.ts';
import type { Layout } from './layout.ts';

/** Page frames `[start, end)`. */
interface FrameRange {
	readonly start: number;
	readonly end: number;
}

/** What of a layout says where RAM and lowmem lie. */
export type RamLayout = Pick<Layout, 'ramPages' | 'maxPfn' | 'maxLowPfn' | 'pageOffset' | 'physOffset'>;

/**
 * Where the contiguous memory area lies. Up to 3.16 below the lowmem limit; later at the top of HighMem when it fits
 * there (drivers/base/dma-contiguous.c, mm/cma.c). null without one, and when there is no room for it beside the kernel.
 */
export const cmaPlace = (machine: Machine, layout: RamLayout): FrameRange | null => {
	if (machine.arch !== 'arm' || !machine.cma) return null;
	const pages = (machine.parameters.cma ?? machine.cma.sizeBytes) / PAGE_SIZE;
	if (pages < 1) return null;
	const image = imageFrames(machine, layout);
	if (machine.cma.base !== undefined && machine.parameters.cma === undefined) {
		const start = physicalToPfn(machine.cma.base);
		const end = start + pages;
		const isRam = layout.ramPages.some(bank => start >= bank.startPfn && end <= bank.endPfn);
		return isRam && (end <= image.start || start >= image.end) ? { start, end } : null;
	}
	const alignment = Math.max(1 << machine.maxOrder, (4 * MiB) / PAGE_SIZE);
	const place = (limit: number, floor: number): FrameRange | null => {
		for (const bank of [...layout.ramPages].reverse()) {
			const lowest = Math.max(bank.startPfn, floor);
			let start = alignDown(Math.min(bank.endPfn, limit) - pages, alignment);
			if (start < image.end && start + pages > image.start) start = alignDown(image.start - pages, alignment);
			if (start >= lowest) return { start, end: start + pages };
		}
		return null;
	};
	const high = atLeast(machine.kernel, '3.17') ? place(Math.min(layout.maxPfn, 2 ** 20), layout.maxLowPfn) : null;
	return high ?? place(layout.maxLowPfn, 0);
};

/** The kernel's image with the page tables in front of it: reserved before anything else is. */
const imageFrames = ({ sections }: Machine, { pageOffset, physOffset }: RamLayout): FrameRange => {
	const { text, init, data, bss } = sections;
	const frame = (address: number): number => (address - pageOffset + physOffset) / PAGE_SIZE;
	return {
		start: Math.floor(frame(alignDown(text[0], MiB))),
		end: Math.ceil(frame(Math.max(text[1], init[1], data[1], bss?.[1] ?? 0))),
	};
};
