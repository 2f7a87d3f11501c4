import { MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { address, type Border, border, from, minus, plus, plusPages, roundedDown } from '../border.ts';
import { armPageTable } from '../common-symbols.ts';
import { CONSISTENT_END, DTCM_OFFSET, hasConsistentWindow, ITCM_OFFSET, VECTORS_BASE } from './arm-rows.ts';
import { VMALLOC_OFFSET } from './arm-vmalloc.ts';

/** User space ends this far below the kernel, whatever part of it modules take. */
const TASK_GAP = 16 * MiB;
/** MODULES_VADDR below PAGE_OFFSET: a Thumb-2 branch reaches half as far. */
const MODULES_GAP = { arm: 16 * MiB, thumb2: 8 * MiB } as const;

export interface ArmBorders {
	readonly pageOffset: Border;
	readonly taskSize: Border;
	readonly modulesStart: Border;
	readonly modulesEnd: Border;
	/** Absent without CONFIG_HIGHMEM. */
	readonly pkmapBase?: Border;
	readonly pkmapEnd?: Border;
	readonly vmallocStart: Border;
}

/** The borders around PAGE_OFFSET, and the start of vmalloc space above lowmem. */
export const armBorders = (machine: ArmMachine, highMemory: Border): ArmBorders => {
	const { entries, pmdShift } = armPageTable(machine);
	const pageOffset = border('PAGE_OFFSET', 'split', [address(PAGE_OFFSETS[machine.split])]);
	const base = from(pageOffset);
	const modules = machine.thumb2
		? border('MODULES_VADDR', 'modules-thumb2', [base, minus(MODULES_GAP.thumb2)])
		: border('MODULES_VADDR', 'modules', [base, minus(MODULES_GAP.arm)]);
	const common = {
		pageOffset,
		taskSize: border('TASK_SIZE', 'task-size', [base, minus(TASK_GAP)]),
		modulesStart: modules,
		vmallocStart: border('VMALLOC_START', 'vmalloc-start', [
			from(highMemory),
			plus(VMALLOC_OFFSET, 'VMALLOC_OFFSET'),
			roundedDown(VMALLOC_OFFSET, 'VMALLOC_OFFSET'),
		]),
	};
	if (!machine.highmem) return { ...common, modulesEnd: border('MODULES_END', 'modules-end-kernel', [base]) };
	const pkmapBase = border('PKMAP_BASE', 'pkmap-below-kernel', [base, minus(2 ** pmdShift, 'PMD_SIZE')]);
	return {
		...common,
		modulesEnd: border('MODULES_END', 'modules-end-pkmap', [from(pkmapBase)]),
		pkmapBase,
		pkmapEnd: border('PKMAP_END', 'pkmap-end', [from(pkmapBase), plusPages(entries * PAGE_SIZE, 'LAST_PKMAP')]),
	};
};

/** Borders of what lies above the fixmap window. */
export const armTopBorders = (machine: ArmMachine): Border[] => {
	const vectors = border('VECTORS_BASE', 'vectors', [address(VECTORS_BASE)]);
	const borders = [vectors, border('VECTORS_END', 'vectors-end', [from(vectors), plusPages(PAGE_SIZE)])];
	if (hasConsistentWindow(machine)) {
		const end = border('CONSISTENT_END', 'dma-window', [address(CONSISTENT_END)]);
		const size = minus(machine.consistentDmaBytes, 'CONSISTENT_DMA_SIZE');
		borders.push(end, border('CONSISTENT_BASE', 'dma-window', [from(end), size]));
	}
	if (machine.tcm) {
		const { dtcmEnd, itcmEnd } = machine.tcm;
		borders.push(
			border('DTCM_OFFSET', 'tcm', [address(DTCM_OFFSET)]),
			border('dtcm_end', 'tcm-end', [address(dtcmEnd)]),
			border('ITCM_OFFSET', 'tcm', [address(ITCM_OFFSET)]),
			border('itcm_end', 'tcm-end', [address(itcmEnd)]),
		);
	}
	return borders;
};
