import type { ImageSections } from '../machine/machine.ts';
import { address, type Border, border } from './border.ts';

/** Borders by name; the first of a name counts. */
export const borderTable = (borders: Iterable<Border | undefined>): ReadonlyMap<string, Border> => {
	const table = new Map<string, Border>();
	for (const found of borders) if (found && !table.has(found.name)) table.set(found.name, found);
	return table;
};

/** The linker's names of the borders between the parts of the kernel image. */
const SECTION_NAMES = {
	text: ['_text', '_etext'],
	init: ['__init_begin', '__init_end'],
	data: ['_sdata', '_edata'],
	bss: ['__bss_start', '__bss_stop'],
} as const satisfies Record<keyof ImageSections, readonly [string, string]>;

/** Borders of the kernel image: numbers of that very build, which no rule gives. */
export const imageBorders = (sections: ImageSections): Border[] =>
	(Object.keys(SECTION_NAMES) as (keyof ImageSections)[]).flatMap(part => {
		const range = sections[part];
		if (!range) return [];
		const [start, end] = SECTION_NAMES[part];
		return [border(start, 'image', [address(range[0])]), border(end, 'image', [address(range[1])])];
	});
