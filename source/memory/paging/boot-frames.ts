import type { Layout } from '../../layout/layout.ts';
import { bootMemoryTop } from '../../layout/mem-map.ts';
import { alignDown, alignUp, PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';

/**
 * Pages that boot takes for page tables before there is a page allocator. They lie where recorded kernels have them, at
 * the top of lowmem above mem_map, from the top down; when that room is full the rest lie at the end of the kernel's
 * image, where nothing else of the image is modelled. All of them are reserved in the page allocator's eyes.
 */
export class BootFrames {
	#top: number;
	readonly #bottom: number;
	#image: number;
	readonly #imageStart: number;

	constructor(machine: Machine, layout: Layout) {
		const { memMap, memMapFirstPfn, maxPfn, pageOffset, physOffset } = layout;
		const toFrame = (address: number): number => (address - pageOffset + physOffset) / PAGE_SIZE;
		const structs = alignUp(maxPfn, 2 ** machine.maxOrder) - memMapFirstPfn;
		const memMapEnd = alignUp(memMap + structs * machine.structPageBytes, PAGE_SIZE);
		const top = alignDown(bootMemoryTop(machine, layout, layout.highMemory, memMapEnd - memMap), PAGE_SIZE);
		const hasRoom = memMap > pageOffset && memMapEnd < top;
		this.#top = toFrame(top);
		this.#bottom = hasRoom ? toFrame(memMapEnd) : this.#top;
		// The init sections are given back when the boot is over: what the linker places lies in data or bss.
		const { text, init, data, bss } = machine.sections;
		const imageEnd = Math.max(data[1], bss?.[1] ?? 0);
		this.#image = toFrame(alignDown(imageEnd, PAGE_SIZE));
		this.#imageStart = toFrame(alignUp(init[1] <= imageEnd ? Math.max(text[0], init[1]) : text[0], PAGE_SIZE));
	}

	/** The lowest page of the image that was taken, or its end. */
	get imageEnd(): number {
		return this.#image;
	}

	/** The next page from the top of lowmem, or of the image when that is full. @returns -1 when both are. */
	take(): number {
		return this.#top > this.#bottom ? --this.#top : this.takeOfImage();
	}

	/** `count` pages in a row that belong to the kernel's image: what the linker places. @returns the first. */
	takeOfImage(count = 1): number {
		if (this.#image - count < this.#imageStart) return -1;
		this.#image -= count;
		return this.#image;
	}
}
