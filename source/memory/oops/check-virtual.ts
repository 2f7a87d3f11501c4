import type { KernelWords } from '../kernel-words.ts';

/** __phys_addr of x86 with DEBUG_VIRTUAL: BUG for what the kernel's own mapping of lowmem does not hold. */
export const checkVirtual = (words: KernelWords, address: number): void => {
	const { machine, layout } = words.context;
	if (!machine.debug.virtual || machine.arch === 'arm') return;
	const isBelow = address < layout.pageOffset;
	if (!isBelow && (address < layout.vmallocStart || address >= layout.vmallocEnd)) return;
	const where = `arch/x86/mm/physaddr.c:${isBelow ? 75 : 76}`;
	words.bug(where, 'the physical address of what is not in lowmem', '__phys_addr');
};
