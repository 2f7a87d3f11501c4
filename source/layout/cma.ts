import { alignDown, MiB, PAGE_SIZE, physicalToPfn } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import type { Machine } from '../machine/machine.ts';
import type { Layout } from './layout.ts';

/** Page frames `[start, end)`. */
interface FrameRange {
	readonly start: number;
	readonly end: number;
}

/**
 * Where the contiguous memory area lies. Up to 3.16 below the lowmem limit; later at the top of HighMem when it fits
 * there (drivers/base/dma-contiguous.c, mm/cma.c). null without one.
 */
export const cmaPlace = (
	machine: Machine,
	layout: Pick<Layout, 'ramPages' | 'maxPfn' | 'maxLowPfn'>,
): FrameRange | null => {
	if (machine.arch !== 'arm' || !machine.cma) return null;
	const pages = (machine.parameters.cma ?? machine.cma.sizeBytes) / PAGE_SIZE;
	if (pages < 1) return null;
	if (machine.cma.base !== undefined && machine.parameters.cma === undefined) {
		const start = physicalToPfn(machine.cma.base);
		return { start, end: start + pages };
	}
	const alignment = Math.max(1 << machine.maxOrder, (4 * MiB) / PAGE_SIZE);
	const place = (limit: number, floor: number): FrameRange | null => {
		for (const bank of [...layout.ramPages].reverse()) {
			const start = alignDown(Math.min(bank.endPfn, limit) - pages, alignment);
			if (start >= Math.max(bank.startPfn, floor)) return { start, end: start + pages };
		}
		return null;
	};
	const high = atLeast(machine.kernel, '3.17') ? place(Math.min(layout.maxPfn, 2 ** 20), layout.maxLowPfn) : null;
	return high ?? place(layout.maxLowPfn, 0);
};
