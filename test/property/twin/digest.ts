import { createHash } from 'node:crypto';
import type { Kernel } from '../../../source/memory/kernel.ts';

/** The state of a kernel, down to page tables, TLBs, free lists and bytes, as one hash. */
export const digestOf = ({ parts, view, context }: Kernel): string => {
	const { pkmap } = view;
	const hash = createHash('sha256');
	const add = (value: unknown): void => {
		hash.update(JSON.stringify(value) ?? '');
	};
	add([context.timeNs, context.cpu.id, context.task.pid, context.cpus, [...context.tasks.values()], context.log]);
	add([context.revisions, context.advices.length, context.events.count]);
	if (pkmap) {
		add([pkmap.lastPkmapNr, pkmap.wraps, pkmap.flushes, pkmap.slotsScanned, pkmap.waiters]);
		for (let slot = 0; slot < pkmap.slots; slot++) add([pkmap.count(slot), pkmap.pfn(slot), pkmap.changedAt(slot)]);
	}
	for (let index = 0; index < view.fixmap.slots; index++) add(view.fixmap.slot(index));
	for (const { start, end, isLazy, pages, ownPages, structObject, pageArray } of view.vmalloc.areas() as ReturnType<
		typeof parts.vmalloc.areas
	>) {
		add([start, end, isLazy, pages, ownPages, structObject, pageArray]);
	}
	add([...parts.table.entries()]);
	for (const { entries } of parts.table.mmu.tlbs) add([...entries.values()]);
	for (const [pid, space] of parts.users.spaces) add([pid, space.areas, [...space.pages(() => true)]]);
	for (const { name, free, freeBlocks, heads, tails, perCpu } of parts.pages.zones)
		add([name, free, [...freeBlocks], [...heads], [...tails], perCpu.map(({ count }) => count)]);
	for (const cache of parts.slab.caches) {
		const slabs = [...cache.slabs.values()];
		add([
			cache.name,
			slabs.map(({ pfn, cpuFree, ownFree, inUse, liveObjects }) => [pfn, cpuFree, ownFree, inUse, liveObjects]),
		]);
	}
	return hash.digest('hex');
};
