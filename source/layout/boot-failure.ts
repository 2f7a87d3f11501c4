import { hex, MiB, PAGE_SIZE } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/** Borders as computed, before they wrap at 4 GiB. */
export interface FailureBorders {
	readonly pageOffset: number;
	readonly highMemory: number;
	readonly vmallocStart: number;
	readonly vmallocEnd: number;
	/** mem_map as placed, and its size. */
	readonly memMapStart: number;
	readonly memMapBytes: number;
}

/**
 * Why a kernel with these borders dies while it boots: the checks of mem_init (arch/x86/mm/init_32.c), and mem_map, which
 * must lie in lowmem above the kernel's image.
 */
export const bootFailure = (machine: Machine, borders: FailureBorders): Text | undefined => {
	const { highMemory, vmallocStart, vmallocEnd, memMapStart, memMapBytes } = borders;
	if (vmallocStart + PAGE_SIZE > vmallocEnd) {
		return phrase('no vmalloc space: lowmem ends at {highMemory}, VMALLOC_END is {vmallocEnd}', {
			highMemory: hex(highMemory),
			vmallocEnd: hex(vmallocEnd),
		});
	}
	const { init, data, bss } = machine.sections;
	const imageEnd = Math.max(init[1], data[1], bss?.[1] ?? 0);
	if (memMapStart < imageEnd) {
		const lowmem = Math.floor((highMemory - borders.pageOffset) / MiB);
		return phrase('mem_map needs {memMap} MB, which {lowmem} MB of lowmem do not hold beside the kernel', {
			memMap: Math.ceil(memMapBytes / MiB),
			lowmem,
		});
	}
	return undefined;
};
