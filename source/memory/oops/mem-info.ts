import { atLeast } from '../../machine/kernel-version.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import type { Zone } from '../pages/zones.ts';

const kilobytes = (pages: number): string => `${pages * 4}kB`;

/**
 * show_mem (mm/page_alloc.c, later mm/show_mem.c): the state of the zones. User pages and caches are not simulated, so
 * what counts those reads 0.
 * @param topZone Index of the highest zone that the request could use; kernels from 6.0 on show no higher one.
 */
export const memInfo = (pages: PageAllocator, topZone: number): readonly string[] => {
	const { kernel } = pages.context.machine;
	const options = pages.context.machine.report?.memory ?? { swap: true };
	const populated = pages.zones.filter(({ present }) => present > 0);
	const isShown = (zone: Zone): boolean => !atLeast(kernel, '6.0') || pages.zones.indexOf(zone) <= topZone;
	const shown = populated.filter(isShown);
	const sum = (of: (zone: Zone) => number): number => populated.reduce((total, zone) => total + of(zone), 0);
	const high = sum(({ name, present }) => (name === 'HighMem' ? present : 0));
	const cma = sum(({ freeCma }) => freeCma);
	return [
		'Mem-Info:',
		...countLines(pages, sum),
		...(atLeast(kernel, '4.8') ? [nodeLine(pages)] : []),
		...shown.flatMap(zone => [zoneLine(pages, zone), `lowmem_reserve[]: ${reserves(pages, zone)}`]),
		...shown.map(zone => blocksLine(pages, zone)),
		...(options.hugePages ? ['Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=4096kB'] : []),
		'0 total pagecache pages',
		...(options.swap ? swapLines(pages) : []),
		`${sum(({ present }) => present)} pages RAM`,
		...(high > 0 ? [`${high} pages HighMem/MovableOnly`] : []),
		`${sum(({ present, managed }) => present - managed)} pages reserved`,
		...(cma > 0 ? [`${cma} pages cma reserved`] : []),
		...(options.poison ? ['0 pages hwpoisoned'] : []),
	];
};

const pcpPages = (zone: Zone): number => zone.perCpu.reduce((total, pcp) => total + pcp.count, 0);

/** The pages of the whole machine by use, several counts to a line. */
const countLines = (pages: PageAllocator, sum: (of: (zone: Zone) => number) => number): readonly string[] => {
	const { kernel } = pages.context.machine;
	const unstable = atLeast(kernel, '5.8') ? '' : ' unstable:0';
	const free = ` free:${sum(zone => zone.free)} free_pcp:${sum(pcpPages)} free_cma:${sum(zone => zone.freeCma)}`;
	const tables = atLeast(kernel, '6.0')
		? [' mapped:0 shmem:0 pagetables:0', ' sec_pagetables:0 bounce:0', ' kernel_misc_reclaimable:0']
		: [' mapped:0 shmem:0 pagetables:0 bounce:0'];
	return [
		'active_anon:0 inactive_anon:0 isolated_anon:0',
		' active_file:0 inactive_file:0 isolated_file:0',
		` unevictable:0 dirty:0 writeback:0${unstable}`,
		' slab_reclaimable:0 slab_unreclaimable:0',
		...tables,
		free,
	];
};

const LISTS = 'active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB';
const ISOLATED = 'isolated(anon):0kB isolated(file):0kB';

/** From 4.8 on user pages are counted by node. */
const nodeLine = ({ context }: PageAllocator): string => {
	const { kernel, report } = context.machine;
	const huge =
		report?.memory?.hugePages && atLeast(kernel, '5.0') ? ' shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB' : '';
	const unstable = atLeast(kernel, '5.8') ? '' : ' unstable:0kB';
	const stacks = atLeast(kernel, '5.9') ? ' kernel_stack:0kB' : '';
	const tables = atLeast(kernel, '6.0') ? ' pagetables:0kB sec_pagetables:0kB' : '';
	return (
		`Node 0 ${LISTS} ${ISOLATED} mapped:0kB dirty:0kB writeback:0kB shmem:0kB${huge} writeback_tmp:0kB` +
		`${unstable}${stacks}${tables} all_unreclaimable? no`
	);
};

const zoneLine = ({ context }: PageAllocator, zone: Zone): string => {
	const { kernel } = context.machine;
	const { min, low, high } = zone.watermarks;
	const boost = atLeast(kernel, '6.0') ? ' boost:0kB' : '';
	const marks = `min:${kilobytes(min)} low:${kilobytes(low)} high:${kilobytes(high)}`;
	const managed = atLeast(kernel, '3.8') ? ` managed:${kilobytes(zone.managed)}` : '';
	const size = `present:${kilobytes(zone.present)}${managed} mlocked:0kB`;
	const local = zone.perCpu[context.cpu.id]?.count ?? 0;
	const pcp = atLeast(kernel, '4.2')
		? ` free_pcp:${kilobytes(pcpPages(zone))} local_pcp:${kilobytes(local)} free_cma:${kilobytes(zone.freeCma)}`
		: '';
	const head = `${zone.name} free:${kilobytes(zone.free)}${boost} ${marks}`;
	if (!atLeast(kernel, '4.8')) {
		const slabs = 'shmem:0kB slab_reclaimable:0kB slab_unreclaimable:0kB kernel_stack:0kB pagetables:0kB unstable:0kB';
		return (
			`${head} ${LISTS} ${ISOLATED} ${size} dirty:0kB writeback:0kB mapped:0kB ${slabs} bounce:0kB${pcp} ` +
			'writeback_tmp:0kB pages_scanned:0 all_unreclaimable? yes'
		);
	}
	const reserved = atLeast(kernel, '5.5') ? ' reserved_highatomic:0KB' : '';
	const stacks = atLeast(kernel, '5.9') ? '' : ' kernel_stack:0kB';
	const tables = atLeast(kernel, '6.0') ? '' : ' pagetables:0kB';
	return `${head}${reserved} ${LISTS} writepending:0kB ${size}${stacks}${tables} bounce:0kB${pcp}`;
};

/** One number a zone, ZONE_MOVABLE included. */
const reserves = ({ context }: PageAllocator, { lowmemReserve }: Zone): string => {
	const count = hasDmaZone(context.machine) ? 4 : 3;
	const last = lowmemReserve.at(-1) ?? 0;
	return Array.from({ length: count }, (_, at) => lowmemReserve[at] ?? last).join(' ');
};

const hasDmaZone = (machine: PageAllocator['context']['machine']): boolean =>
	machine.arch === 'arm' ? machine.dmaZone !== undefined : machine.zoneDma;

const swapLines = ({ context }: PageAllocator): readonly string[] => [
	'0 pages in swap cache',
	...(atLeast(context.machine.kernel, '6.0') ? [] : ['Swap cache stats: add 0, delete 0, find 0/0']),
	'Free swap  = 0kB',
	'Total swap = 0kB',
];

/** `Normal: 3*4kB (UM) 1*8kB (M) ... = 1332kB`. */
const blocksLine = (pages: PageAllocator, zone: Zone): string => {
	const { kernel } = pages.context.machine;
	const hasLetters = atLeast(kernel, '3.9');
	const letters = atLeast(kernel, '4.4') ? ['U', 'M', 'E', 'C'] : ['U', 'E', 'M', 'C'];
	const types = atLeast(kernel, '4.4') ? [0, 1, 2, 3] : [0, 2, 1, 3];
	const blocks = Array.from(zone.freeBlocks, (count, order) => {
		const present = types.map((type, at) => ((zone.heads[zone.listOf(type, order)] ?? -1) === -1 ? '' : letters[at]));
		const suffix = hasLetters && count > 0 ? ` (${present.join('')})` : '';
		return `${count}*${kilobytes(1 << order)}${suffix}`;
	});
	return `${zone.name}: ${blocks.join(' ')} = ${kilobytes(zone.free)}`;
};
