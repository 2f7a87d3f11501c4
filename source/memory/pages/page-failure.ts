import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import { memInfo } from '../oops/mem-info.ts';
import { gfpText } from './gfp.ts';
import type { PageAllocator } from './page-allocator.ts';

/** warn_alloc: a request that could not be met, with the state of the zones. */
export const reportAllocationFailure = (pages: PageAllocator, gfp: number, order: number): void => {
	const { context } = pages;
	context.printk(failureLine(context, gfp, order), 4);
	pages.words.dumpStack();
	showMem(pages, pages.topZone(gfp));
};

/** show_mem. @param topZone Index of the highest zone that the failed request could use. */
export const showMem = (pages: PageAllocator, topZone: number): void => {
	for (const line of memInfo(pages, topZone)) pages.context.printk(line, 4);
};

/** The first line of the report, without the back trace that follows in a real log. */
const failureLine = (context: KernelContext, gfp: number, order: number): string => {
	const { kernel } = context.machine;
	const mode = `0x${(gfp >>> 0).toString(16)}`;
	const head = `${context.task.comm}: page allocation failure`;
	if (!atLeast(kernel, '2.6.39')) return `${head}. order:${order}, mode:${mode}`;
	if (!atLeast(kernel, '4.6')) return `${head}: order:${order}, mode:${mode}`;
	const named = `${head}: order:${order}, mode:${mode}(${gfpText(kernel, gfp)})`;
	if (!atLeast(kernel, '4.10')) return named;
	return `${named}, nodemask=(null)${atLeast(kernel, '5.0') ? ',cpuset=/,mems_allowed=0' : ''}`;
};

/** Where the allocator warns of an order above the limit, as running kernels printed it. */
const ORDER_WARNINGS = [
	{ since: '6.10', place: 'mm/page_alloc.c:4817 __alloc_pages_noprof' },
	{ since: '6.0', place: 'mm/page_alloc.c:5634 __alloc_pages' },
	{ since: '5.0', place: 'mm/page_alloc.c:4977 __alloc_pages_nodemask' },
	{ since: '4.10', place: 'mm/page_alloc.c:4377 __alloc_pages_nodemask' },
	{ since: '2.6.24', place: 'mm/page_alloc.c:3057 __alloc_pages_nodemask' },
] as const;

/** The one warning for a request above MAX_ORDER; later ones fail without a word. */
export const reportOrderTooLarge = ({ context, words }: PageAllocator): void => {
	const place = ORDER_WARNINGS.find(({ since }) => atLeast(context.machine.kernel, since))?.place ?? '';
	words.warn(place);
};
