import { PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';

/** KMALLOC_MAX_CACHE_SIZE: larger requests take whole pages. */
export const KMALLOC_MAX_CACHE_BYTES = 2 * PAGE_SIZE;

/** slub_max_order and the part of a slab that may be lost at its end. */
const SLUB_MAX_ORDER = 3;

/** What the slab allocator (mm/slub.c) does differently from release to release. */
export interface SlabRules extends VersionRow {
	/** Where BUG_ON(object == fp) of set_freepointer stands; absent before CONFIG_SLAB_FREELIST_HARDENED. */
	readonly doubleFree?: string;
	/** The function that finds it. @default kfree */
	readonly doubleFreeIn?: string;
	/** kfree of a page that is no slab: BUG at that line, or a warning after which the page is freed. */
	readonly nonSlab: { readonly bug: string } | { readonly warning: string };
}

/** Lines of 4.19, 5.10 and 6.1 as running kernels printed them; those of others differ a little from tree to tree. */
const ROWS: readonly [SlabRules, ...SlabRules[]] = [
	{ since: '2.6.24', nonSlab: { bug: 'mm/slub.c:3352' } },
	{ since: '3.10', nonSlab: { bug: 'mm/slub.c:3338' } },
	{ since: '4.4', nonSlab: { bug: 'mm/slub.c:3513' } },
	{ since: '4.14', doubleFree: 'mm/slub.c:294', nonSlab: { bug: 'mm/slub.c:3901' } },
	{ since: '4.19', doubleFree: 'mm/slub.c:294', nonSlab: { bug: 'mm/slub.c:3904' } },
	{ since: '5.1', doubleFree: 'mm/slub.c:305', nonSlab: { bug: 'mm/slub.c:3952' } },
	{ since: '5.10', doubleFree: 'mm/slub.c:305', nonSlab: { bug: 'mm/slub.c:4118' } },
	{ since: '5.11', doubleFree: 'mm/slub.c:321', nonSlab: { bug: 'mm/slub.c:4118' } },
	{ since: '5.17', doubleFree: 'mm/slub.c:379', nonSlab: { warning: 'mm/slub.c:3550 free_large_kmalloc' } },
	{
		since: '6.1',
		doubleFree: 'mm/slub.c:419',
		doubleFreeIn: '__kmem_cache_free',
		nonSlab: { warning: 'mm/slab_common.c:904 free_large_kmalloc+0x58/0x90' },
	},
	{
		since: '6.4',
		doubleFree: 'mm/slub.c:435',
		nonSlab: { warning: 'mm/slab_common.c:904 free_large_kmalloc+0x58/0x90' },
	},
	{
		since: '6.9',
		doubleFree: 'mm/slub.c:547',
		nonSlab: { warning: 'mm/slub.c:4779 free_large_kmalloc+0xd0/0xf0' },
	},
];

/**
 * The row of a machine. CONFIG_SLAB_FREELIST_HARDENED is taken to be set where the kernel has it, as in the kernels of
 * distributions, unless the machine says otherwise.
 */
export const slabRules = (machine: Machine): SlabRules => {
	const row = byVersion(machine.kernel, ROWS);
	if (machine.debug.slabHardened !== false) return row;
	return { since: row.since, nonSlab: row.nonSlab };
};

/** Sizes of the kmalloc caches, ascending (mm/slab_common.c: kmalloc_index). 96 and 192 fill the widest gaps. */
export const kmallocSizes = (minBytes: number): readonly number[] => {
	const sizes: number[] = [];
	for (let size = minBytes; size <= KMALLOC_MAX_CACHE_BYTES; size *= 2) sizes.push(size);
	if (minBytes <= 32) sizes.push(96);
	if (minBytes <= 64) sizes.push(192);
	return sizes.sort((a, b) => a - b);
};

/** `kmalloc-1024`, from 5.0 on `kmalloc-1k`; caches of another kind have it in their name. */
export const kmallocName = (machine: Machine, bytes: number, kind: 'normal' | 'dma' | 'reclaim'): string => {
	const isShort = atLeast(machine.kernel, '5.0');
	const size = isShort && bytes >= 1024 ? `${bytes / 1024}k` : String(bytes);
	return { normal: `kmalloc-${size}`, dma: `dma-kmalloc-${size}`, reclaim: `kmalloc-rcl-${size}` }[kind];
};

/** From 5.4 on an object whose size is a power of two lies at a multiple of it. */
export const kmallocAlignment = ({ kernel, kmallocMinBytes }: Machine, bytes: number): number =>
	atLeast(kernel, '5.4') && (bytes & (bytes - 1)) === 0 ? Math.max(kmallocMinBytes, bytes) : kmallocMinBytes;

const fls = (value: number): number => 32 - Math.clz32(value);

/** get_order: smallest order whose block holds that many bytes. */
export const orderOf = (bytes: number): number => {
	let order = 0;
	while (PAGE_SIZE * 2 ** order < bytes) order++;
	return order;
};

/** calculate_order: pages of a slab, so that it holds enough objects and little is left over. */
export const slabOrder = (machine: Machine, bytes: number): number => {
	const isOld = !atLeast(machine.kernel, '2.6.26');
	const maxOrder = isOld ? 1 : SLUB_MAX_ORDER;
	const wanted = isOld ? 4 : 4 * (fls(machine.cpusOnline) + 1);
	let objects = Math.min(wanted, Math.floor((PAGE_SIZE << maxOrder) / bytes));
	for (; objects > 1; objects--) {
		for (let fraction = 16; fraction >= 4; fraction /= 2) {
			const order = fittingOrder(bytes, objects, maxOrder, fraction);
			if (order <= maxOrder) return order;
		}
	}
	return fittingOrder(bytes, 1, machine.maxOrder, 1);
};

const fittingOrder = (bytes: number, objects: number, maxOrder: number, fraction: number): number => {
	let order = orderOf(objects * bytes);
	while (order <= maxOrder && (PAGE_SIZE << order) % bytes > (PAGE_SIZE << order) / fraction) order++;
	return order;
};

/** Slabs that may wait on a CPU's partial list (set_cpu_partial), as objects before 5.16 and as slabs since. */
export const cpuPartial = (
	machine: Machine,
	bytes: number,
	objectsPerSlab: number,
): { readonly objects: number; readonly slabs: number } => {
	if (machine.nrCpus === 1 || !atLeast(machine.kernel, '3.2')) return { objects: 0, slabs: 0 };
	const isNew = atLeast(machine.kernel, '5.16');
	const objects =
		bytes >= PAGE_SIZE
			? isNew
				? 6
				: 2
			: bytes >= 1024
				? isNew
					? 24
					: 6
				: bytes >= 256
					? isNew
						? 52
						: 13
					: isNew
						? 120
						: 30;
	return isNew ? { objects: 0, slabs: Math.ceil((objects * 2) / objectsPerSlab) } : { objects, slabs: 0 };
};
