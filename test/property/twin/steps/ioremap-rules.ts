import type { Layout } from '../../../../source/layout/layout.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Machine } from '../../../../source/machine/machine.ts';

const PAGE = 4096;

/** Whether any of those pages is memory that the kernel uses. */
export const isRam = ({ ramPages }: Layout, physical: number, pages: number): boolean => {
	const first = physical / PAGE;
	return ramPages.some(({ startPfn, endPfn }) => first < endPfn && first + pages > startPfn);
};

/** KERNEL.md F: the power of two for the size, from a page to IOREMAP_MAX_ORDER. */
export const ioremapAlign = (machine: Machine, bytes: number): number => {
	const since = (text: string) => atLeast(machine.kernel, text);
	let order = 0;
	while (2 ** order < bytes) order++;
	// fls(), to 4.4, is one more for a power of two.
	if (!since('4.9') && 2 ** order === bytes) order++;
	return 2 ** Math.min(Math.max(order, 12), mostOrder(machine, since));
};

const GENERIC = 19;

const mostOrder = (machine: Machine, since: (text: string) => boolean): number => {
	if (machine.arch === 'arm') return !since('4.4') || (machine.nrCpus === 1 && !machine.lpae) ? 24 : GENERIC;
	if (!since('3.11')) return GENERIC;
	return machine.pae ? 21 : 22;
};
