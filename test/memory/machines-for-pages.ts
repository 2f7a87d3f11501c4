import { computeLayout } from '../../source/layout/compute-layout.ts';
import { parseKernelVersion } from '../../source/machine/kernel-version.ts';
import type { ArmMachine, Machine, X86Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { KernelContext } from '../../source/memory/context.ts';
import { PageAllocator } from '../../source/memory/pages/page-allocator.ts';
import { SlabAllocator } from '../../source/memory/slab/slab-allocator.ts';

type Changes = Partial<Omit<ArmMachine & Pick<X86Machine, 'zoneDma' | 'pae'>, 'kernel'>>;

/** A freshly booted page and slab allocator of a ready-made machine, some of whose properties may be changed. */
export const boot = (id: string, { kernel, ...changes }: Changes & { kernel?: string } = {}) => {
	const found = findMachine(id);
	const machine = { ...found, ...changes, ...(kernel ? { kernel: parseKernelVersion(kernel) } : {}) } as Machine;
	const context = new KernelContext(machine, computeLayout(machine));
	const pages = new PageAllocator(context);
	const slab = new SlabAllocator(context, pages);
	const log = () => context.log.map(({ text }) => text);
	return { machine, context, pages, slab, log, gfp: pages.gfp };
};
