import { MiB, PAGE_SIZE, virtual } from '../../machine/address.ts';
import { UserError } from '../../machine/user-error.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { KernelParts } from '../kernel-parts.ts';
import { NO_PAGE } from '../operations.ts';
import { gfpBits } from '../pages/gfp.ts';
import { PageKind } from '../paging/entry-bits.ts';
import { VmapArea } from '../vmalloc/vmap-area.ts';
import type { BootArea, BootState } from './boot-state.ts';
import { type OwnedPages, restoreZones, type UsedPages } from './restore-zones.ts';

/**
 * Bring a freshly booted kernel into the state that a board was in.
 * @throws {UserError} when the state does not fit the machine.
 */
export const restoreBootState = (kernel: KernelParts, state: BootState): void => {
	const used = restoreZones(kernel.pages, state, ownedBy(state.vmallocAreas ?? []));
	restoreSlabs(kernel, state);
	restorePkmap(kernel, state);
	restoreAreas(kernel, state, used);
	restoreAtomicStacks(kernel, state);
};

const restoreSlabs = ({ slab }: KernelParts, state: BootState): void => {
	for (const { cache, slab: address, used } of state.slabs ?? []) {
		const problem = slab.seedCache(cache, address, used);
		if (problem !== undefined) throw new UserError(problem, 'boot state');
	}
};

const restorePkmap = ({ context, pkmap, pages }: KernelParts, state: BootState): void => {
	const counts = Object.entries(state.pkmapCounts ?? {}).map(([slot, count]) => [Number(slot), count] as const);
	if (state.lastPkmapNr === undefined && counts.length === 0) return;
	if (!pkmap) throw new UserError('this machine has no pkmap', 'boot state', 'choose a kernel with CONFIG_HIGHMEM');
	const isSlot = (slot: number) => Number.isInteger(slot) && slot >= 0 && slot < pkmap.slots;
	const bad = [state.lastPkmapNr ?? 0, ...counts.map(([slot]) => slot)].find(slot => !isSlot(slot));
	if (bad !== undefined)
		throw new UserError(
			phrase('pkmap has no slot {bad}', { bad }),
			'boot state',
			phrase('slots are 0 to {slots}', { slots: pkmap.slots - 1 }),
		);
	pkmap.lastPkmapNr = state.lastPkmapNr ?? 0;
	const { kernel: gfpKernel, highmem } = gfpBits(context.machine.kernel);
	for (const [slot, count] of counts) {
		if (count < 1) continue;
		const pfn = pages.allocPages(gfpKernel | highmem, 0);
		if (pfn >= context.layout.maxLowPfn) pkmap.restore(slot, pfn, count);
	}
};

/** Pages that belong to an area itself: those of a vmap are somebody else's, an ioremap has none. */
const ownPages = ({ kind = 'vmalloc', pages = 0, isLazy }: BootArea): number =>
	isLazy || (kind !== 'vmalloc' && kind !== 'module') ? 0 : pages;

/** The least that one last-level page table maps. */
const TABLE_SPAN = 2 * MiB;

const ownedBy = (areas: readonly BootArea[]): OwnedPages => {
	const tables = new Set<number>();
	for (const { start, bytes } of areas) {
		for (let at = Math.floor(start / TABLE_SPAN); at * TABLE_SPAN < start + bytes; at++) tables.add(at);
	}
	return { areas: areas.map(ownPages).reduce((sum, pages) => sum + pages, 0), tables: tables.size };
};

const restoreAreas = (kernel: KernelParts, state: BootState, used: UsedPages): void => {
	const { context, vmalloc, table } = kernel;
	const { newFrame } = table;
	// The board's own tables are among its pages in use.
	table.newFrame = () => used.forTable() ?? newFrame();
	const { vmallocStart, vmallocEnd, modulesStart, modulesEnd } = context.layout;
	for (const boot of state.vmallocAreas ?? []) {
		const { start, bytes } = boot;
		const { areas } = vmalloc.space;
		const isAligned = start % PAGE_SIZE === 0 && bytes % PAGE_SIZE === 0 && bytes > 0;
		const isIn = (from: number, to: number): boolean => start >= from && start + bytes <= to;
		const isInside = isIn(vmallocStart, vmallocEnd) || isIn(modulesStart, modulesEnd);
		const before = areas.lastBelow(start + bytes);
		if (!isAligned || !isInside || (before && before.end > start)) {
			throw new UserError(
				phrase('no vmalloc area can lie at 0x{start} with {bytes} bytes', { start: start.toString(16), bytes }),
				'boot state',
				'areas are whole pages inside VMALLOC_START..VMALLOC_END and do not overlap',
			);
		}
		placeArea(kernel, boot, used);
	}
	table.newFrame = newFrame;
};

const placeArea = ({ context, vmalloc, table, pages }: KernelParts, boot: BootArea, used: UsedPages): void => {
	const { start, bytes, caller = '', kind = 'vmalloc', physical, isLazy } = boot;
	const count = boot.pages ?? bytes / PAGE_SIZE - 1;
	const use = { kind, caller, pages: count, step: -1, ...(physical === undefined ? {} : { physical }) };
	const area = new VmapArea(virtual(start), bytes, use);
	vmalloc.space.place(area);
	if (isLazy) vmalloc.space.free(area);
	if (isLazy || boot.pages === undefined || count === 0) return;
	if (!table.makeTables(start, start + count * PAGE_SIZE)) return;
	if (physical !== undefined) {
		const first = Math.floor(physical / PAGE_SIZE);
		for (let page = 0; page < count; page++) table.set(start + page * PAGE_SIZE, first + page, PageKind.device);
		return;
	}
	if (ownPages(boot) === 0) return;
	const { kernel: gfpKernel, highmem } = gfpBits(context.machine.kernel);
	const own: number[] = [];
	for (let page = 0; page < count; page++) {
		const pfn = used.forArea() ?? pages.allocPages(gfpKernel | highmem, 0);
		if (pfn === NO_PAGE) break;
		own.push(pfn);
		table.set(start + page * PAGE_SIZE, pfn, kind === 'module' ? PageKind.code : PageKind.memory);
	}
	area.ownPages = own;
};

const restoreAtomicStacks = ({ context, atomic }: KernelParts, state: BootState): void => {
	const first = context.cpu.id;
	for (const [id, depth] of (state.kmapAtomicIdx ?? []).entries()) {
		if (id >= context.cpus.length) break;
		context.switchCpu(id);
		for (let pushed = 0; pushed < depth; pushed++) atomic.push();
	}
	context.switchCpu(first);
};
