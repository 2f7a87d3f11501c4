import type { Pfn } from '../../../../source/machine/address.ts';
import { virtual } from '../../../../source/machine/address.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Program, Undo } from '../program.ts';
import type { Step } from '../step.ts';
import { KILLED } from '../twin.ts';
import { undoContext } from './context-steps.ts';
import { checkWoken } from './kmap-steps.ts';

/** Deeper is where the neighbour's slots begin. */
const MOST_NESTED = 12;
/** Slots that are forgotten at most, and by careless programs. */
const LEAKED = 4;
const LEAKED_BEYOND = 3;

const somePage = (
	{ holdings, kmaps, pick }: Pick<Program, 'holdings' | 'kmaps' | 'pick'>,
	{ a, b }: Step,
): Pfn | undefined => {
	if (b % 4 === 0 && kmaps.length > 0) return pick(kmaps, a);
	return pick(holdings, a)?.pfn;
};

export const kmapAtomic = (program: Program, step: Step): void => {
	const { twin, undo } = program;
	const { kernel, model } = twin;
	const { fixmap } = model.layout;
	const pfn = somePage(program, step);
	if (pfn === undefined || undo.length > MOST_NESTED) return;
	const used = undo.flatMap(one => (one.kind === 'atomic' ? [one.type] : []));
	const type = step.c % Math.max(1, fixmap.kmapPerCpu);
	if (model.windows.generation === 'typed' && used.includes(type)) return;
	const got = twin.do(
		`kmap_atomic(${pfn}, ${type})`,
		() => kernel.kmapAtomic(pfn, type) as number,
		() => model.kmapAtomic(pfn, type),
	);
	if (got === KILLED) return;
	undo.push({ kind: 'atomic', address: got, type });
	program.remember(got);
};

export const kmapLocal = (program: Program, step: Step): void => {
	const { twin, undo } = program;
	const { kernel, model } = twin;
	const pfn = somePage(program, step);
	if (pfn === undefined || undo.length > MOST_NESTED || model.windows.generation !== 'local') return;
	const got = twin.do(
		`kmap_local_page(${pfn})`,
		() => kernel.kmapLocalPage(pfn) as number,
		() => (model.isHighmem(pfn) ? model.windows.map(pfn, 0) : model.lowmemAddress(pfn)),
	);
	if (got === KILLED) return;
	undo.push({ kind: 'local', address: got });
	program.remember(got);
};

/** kmap_atomic_idx_push, as code that fills the slot by itself has it (2.6.37 to 5.10). */
export const pushIndex = ({ twin, undo }: Program): void => {
	const { kernel, model } = twin;
	if (model.windows.generation !== 'stack' || undo.length > MOST_NESTED || !model.hasHighmem) return;
	const got = twin.do(
		'kmap_atomic_idx_push()',
		() => kernel.kmapAtomicIdxPush(),
		() => model.windows.push(),
	);
	if (got !== KILLED) undo.push({ kind: 'index' });
};

/** Undo the newest of what is mapped or switched off. */
export const leave = (program: Program): void => {
	const one = program.undo.pop();
	if (one) undoOne(program, one);
	// What was never undone stays so until the task ends.
	else if (program.twin.model.cpus.isAtomic && !program.interruptUndo) program.end();
};

const undoOne = (program: Program, one: Undo): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	model.windows.whenWoken = pids => checkWoken(program, pids);
	switch (one.kind) {
		case 'atomic':
			twin.do(
				`kunmap_atomic(0x${one.address.toString(16)}, ${one.type})`,
				() => {
					kernel.kunmapAtomic(virtual(one.address), one.type);
					return undefined;
				},
				() => {
					model.kunmapAtomic(one.address, one.type);
					return undefined;
				},
			);
			return;
		case 'local':
			twin.do(
				`kunmap_local(0x${one.address.toString(16)})`,
				() => {
					kernel.kunmapLocal(virtual(one.address));
					return undefined;
				},
				() => {
					model.windows.unmap(one.address, 0);
					return undefined;
				},
			);
			return;
		case 'index':
			twin.do(
				'kmap_atomic_idx_pop()',
				() => {
					kernel.kmapAtomicIdxPop();
					return undefined;
				},
				() => {
					model.windows.pop();
					return undefined;
				},
			);
			return;
		default:
			undoContext(program, one);
	}
};

/** Unmap in the wrong order. */
export const swapUnmaps = (program: Program): void => {
	const { undo } = program;
	const [below, top] = undo.slice(-2);
	if (below?.kind !== 'atomic' || top?.kind !== 'atomic') return;
	undo.splice(-2);
	undoOne(program, below);
	if (!program.twin.isKilled) undoOne(program, top);
};

/** Forget to unmap. Beyond its own slots a CPU uses its neighbour's, and beyond the last one's something else altogether. */
export const leak = ({ undo, twin, isCareless }: Program): void => {
	const { windows, cpus, machine, layout } = twin.model;
	const hasNeighbour = cpus.id < machine.nrCpus - 1;
	const most = isCareless && hasNeighbour ? layout.fixmap.kmapPerCpu + LEAKED_BEYOND : LEAKED;
	if (undo.at(-1)?.kind === 'atomic' && windows.depth <= most) undo.pop();
};

/** set_fixmap or clear_fixmap of any index, seldom one of kmap_atomic's or one that does not exist. */
export const fixmap = (program: Program, { a, b, c }: Step): void => {
	const { twin, fixmaps } = program;
	const { kernel, model } = twin;
	const { machine, layout } = model;
	if (machine.arch === 'arm' && !atLeast(machine.kernel, '3.19')) return;
	const { kmapBegin, kmapPerCpu, endOfPermanent } = layout.fixmap;
	const kmapEnd = kmapBegin < 0 ? -1 : kmapBegin + kmapPerCpu * machine.nrCpus;
	// Those behind the permanent ones are for the boot; from 3.19 to 4.14 x86 has its pkmap over them.
	const free = Array.from({ length: endOfPermanent }, (_, index) => index).filter(
		index => index < kmapBegin || index >= kmapEnd,
	);
	if (c % 3 === 0) {
		const index = program.take(fixmaps, a);
		if (index === undefined) return;
		twin.do(
			`clear_fixmap(${index})`,
			() => {
				kernel.clearFixmap(index);
				return undefined;
			},
			() => {
				model.windows.set(index, -1);
				return undefined;
			},
		);
		return;
	}
	const index = program.pick(free, a);
	const pfn = program.pick(program.holdings, b)?.pfn;
	if (index === undefined || pfn === undefined || fixmaps.includes(index)) return;
	fixmaps.push(index);
	twin.do(
		`set_fixmap(${index}, ${pfn})`,
		() => {
			kernel.setFixmap(index, pfn * 4096);
			return kernel.fixToVirt(index) as number;
		},
		() => {
			model.windows.set(index, pfn);
			return model.windows.address(index);
		},
	);
	program.remember(model.windows.address(index));
};
