import { atLeast } from '../../machine/kernel-version.ts';
import { gfpText } from '../pages/gfp.ts';
import type { SlabCache } from './slab-cache.ts';
import { orderOf } from './slab-rules.ts';

/** slab_out_of_memory (mm/slub.c): no page could be had for a new slab. */
export const reportNoSlab = (cache: SlabCache, gfp: number): void => {
	const { context, name, objectBytes, order } = cache;
	const { stride } = cache.spacing;
	const { kernel } = context.machine;
	const hex = `0x${(gfp >>> 0).toString(16)}`;
	const flags = atLeast(kernel, '4.6') ? `, gfp=${hex}(${gfpText(kernel, gfp)})` : ` (gfp=${hex})`;
	const slabs = [...cache.slabs.values()];
	const objects = slabs.reduce((sum, slab) => sum + slab.objects, 0);
	const free = slabs.reduce((sum, slab) => sum + slab.objects - slab.inUse, 0);
	context.printk(`SLUB: Unable to allocate memory on node -1${flags}`, 4);
	context.printk(
		`  cache: ${name}, object size: ${objectBytes}, buffer size: ${stride}, ` +
			`default order: ${order}, min order: ${orderOf(stride)}`,
		4,
	);
	context.printk(`  node 0: slabs: ${slabs.length}, objs: ${objects}, free: ${free}`, 4);
};
