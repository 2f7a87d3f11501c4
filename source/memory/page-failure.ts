import { atLeast } from '../machine/kernel-version.ts';
import type { KernelContext } from './context.ts';
import { gfpText } from './gfp.ts';
import type { PageAllocator } from './page-allocator.ts';
import type { Zone } from './zones.ts';

const kilobytes = (pages: number): number => pages * 4;

/** warn_alloc: a request that could not be met, with the state of the zones. */
export const reportAllocationFailure = (pages: PageAllocator, gfp: number, order: number): void => {
	const { context } = pages;
	context.printk(failureLine(context, gfp, order), 4);
	context.printk('Mem-Info:', 4);
	for (const line of memInfo(pages)) context.printk(line, 4);
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

/** show_free_areas: what of it follows from the state of the simulation. */
const memInfo = (pages: PageAllocator): string[] => {
	const { zones } = pages;
	const onCpus = zones.reduce((sum, zone) => sum + pcpPages(zone), 0);
	const free = zones.reduce((sum, zone) => sum + zone.free, 0);
	const cma = zones.reduce((sum, zone) => sum + zone.freeCma, 0);
	const present = zones.reduce((sum, zone) => sum + zone.present, 0);
	const managed = zones.reduce((sum, zone) => sum + zone.managed, 0);
	const high = zones.reduce((sum, zone) => sum + (zone.name === 'HighMem' ? zone.present : 0), 0);
	return [
		` free:${free} free_pcp:${onCpus} free_cma:${cma}`,
		...zones.flatMap(zone => [zoneLine(pages, zone), `lowmem_reserve[]: ${zone.lowmemReserve.join(' ')}`]),
		...zones.map(zone => blocksLine(pages, zone)),
		`${present} pages RAM`,
		...(zones.some(({ name }) => name === 'HighMem') ? [`${high} pages HighMem/MovableOnly`] : []),
		`${present - managed} pages reserved`,
	];
};

const pcpPages = (zone: Zone): number => zone.perCpu.reduce((sum, pcp) => sum + pcp.count, 0);

const zoneLine = (pages: PageAllocator, zone: Zone): string => {
	const { kernel } = pages.context.machine;
	const { min, low, high } = zone.watermarks;
	const boost = atLeast(kernel, '6.0') ? ' boost:0kB' : '';
	const managed = atLeast(kernel, '3.8') ? ` managed:${kilobytes(zone.managed)}kB` : '';
	const local = zone.perCpu[pages.context.cpu.id]?.count ?? 0;
	const pcp = atLeast(kernel, '4.2')
		? ` free_pcp:${kilobytes(pcpPages(zone))}kB local_pcp:${kilobytes(local)}kB free_cma:${kilobytes(zone.freeCma)}kB`
		: '';
	return (
		`${zone.name} free:${kilobytes(zone.free)}kB${boost} min:${kilobytes(min)}kB low:${kilobytes(low)}kB ` +
		`high:${kilobytes(high)}kB present:${kilobytes(zone.present)}kB${managed}${pcp}`
	);
};

/** `Normal: 3*4kB (UM) 1*8kB (M) ... = 1332kB`. */
const blocksLine = (pages: PageAllocator, zone: Zone): string => {
	const hasLetters = atLeast(pages.context.machine.kernel, '3.9');
	const letters = atLeast(pages.context.machine.kernel, '4.4') ? ['U', 'M', 'E', 'C'] : ['U', 'E', 'M', 'C'];
	const types = atLeast(pages.context.machine.kernel, '4.4') ? [0, 1, 2, 3] : [0, 2, 1, 3];
	const blocks = Array.from(zone.freeBlocks, (count, order) => {
		const present = types.map((type, at) => ((zone.heads[zone.listOf(type, order)] ?? -1) === -1 ? '' : letters[at]));
		const suffix = hasLetters && count > 0 ? ` (${present.join('')})` : '';
		return `${count}*${kilobytes(1 << order)}kB${suffix}`;
	});
	return `${zone.name}: ${blocks.join(' ')} = ${kilobytes(zone.free)}kB`;
};

/** Where the allocator warns of an order above the limit, as running kernels printed it. */
const ORDER_WARNINGS = [
	{ since: '6.0', place: 'mm/page_alloc.c:5634 __alloc_pages+0x21e/0xf40' },
	{ since: '5.0', place: 'mm/page_alloc.c:4977 __alloc_pages_nodemask+0x209/0xdc0' },
	{ since: '4.10', place: 'mm/page_alloc.c:4377 __alloc_pages_nodemask+0x60/0x9d8' },
	{ since: '2.6.24', place: 'mm/page_alloc.c:3057 __alloc_pages_nodemask+0x11c/0x565()' },
] as const;

/** The one warning for a request above MAX_ORDER; later ones fail without a word. */
export const reportOrderTooLarge = (context: KernelContext): void => {
	const place = ORDER_WARNINGS.find(({ since }) => atLeast(context.machine.kernel, since))?.place ?? '';
	context.printk('------------[ cut here ]------------', 4);
	context.printk(`WARNING: CPU: ${context.cpu.id} PID: ${context.task.pid} at ${place}`, 4);
};
