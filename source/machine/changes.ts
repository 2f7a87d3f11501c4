import { MiB } from './address.ts';
import { atLeast, type KernelVersion } from './kernel-version.ts';
import type { ImageSections, Machine, Split } from './machine.ts';
import { PAGE_OFFSETS } from './split.ts';

/**
 * The machine with another kernel. Facts that belong to the very release of a ready-made machine go with it; x86 was
 * linked for 1 MiB up to 2.6.30.
 */
export const withKernel = (machine: Machine, kernel: KernelVersion): Machine => {
	if (machine.arch === 'arm') {
		const { fixaddrStart: _, ...rest } = machine;
		return { ...rest, kernel };
	}
	const { cpuEntryGeneration: _, ...rest } = machine;
	const linkedAt = (release: KernelVersion): number => (atLeast(release, '2.6.31') ? 16 : 1) * MiB;
	return { ...rest, kernel, sections: movedSections(machine.sections, linkedAt(kernel) - linkedAt(machine.kernel)) };
};

/** The machine with its kernel built for another split: the image moves with PAGE_OFFSET. */
export const withSplit = (machine: Machine, split: Split): Machine => {
	const shift = PAGE_OFFSETS[split] - PAGE_OFFSETS[machine.split];
	return { ...machine, split, sections: movedSections(machine.sections, shift) };
};

/** The image of a kernel, linked so many bytes further up. */
export const movedSections = ({ text, init, data, bss }: ImageSections, bytes: number): ImageSections => {
	const move = ([start, end]: readonly [number, number]): [number, number] => [start + bytes, end + bytes];
	return { text: move(text), init: move(init), data: move(data), ...(bss ? { bss: move(bss) } : {}) };
};
