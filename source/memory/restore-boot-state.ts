import { PAGE_SIZE, virtual } from '../machine/address.ts';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { BootState } from './boot-state.ts';
import { gfpBits } from './gfp.ts';
import type { KernelParts } from './kernel-parts.ts';
import { VmapArea } from './vmap-area.ts';

/**
 * Bring a freshly booted kernel into the state that a board was in.
 * @throws {UserError} when the state does not fit the machine.
 */
export const restoreBootState = (kernel: KernelParts, state: BootState): void => {
	restoreSlabs(kernel, state);
	restorePkmap(kernel, state);
	restoreAreas(kernel, state);
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

const restoreAreas = ({ context, vmalloc }: KernelParts, state: BootState): void => {
	const { vmallocStart, vmallocEnd } = context.layout;
	for (const { start, bytes, caller = '' } of state.vmallocAreas ?? []) {
		const { areas } = vmalloc.space;
		const isAligned = start % PAGE_SIZE === 0 && bytes % PAGE_SIZE === 0 && bytes > 0;
		const isInside = start >= vmallocStart && start + bytes <= vmallocEnd;
		const before = areas.lastBelow(start + bytes);
		if (!isAligned || !isInside || (before && before.end > start)) {
			throw new UserError(
				phrase('no vmalloc area can lie at 0x{start} with {bytes} bytes', { start: start.toString(16), bytes }),
				'boot state',
				'areas are whole pages inside VMALLOC_START..VMALLOC_END and do not overlap',
			);
		}
		const use = { kind: 'vmalloc' as const, caller, pages: bytes / PAGE_SIZE - 1, step: -1 };
		vmalloc.space.place(new VmapArea(virtual(start), bytes, use));
	}
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
