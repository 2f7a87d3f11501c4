import type { Machine } from '../../../../source/machine/machine.ts';

/** KERNEL.md H: size of what kmalloc hands out for a request; above 8192 bytes whole pages. */
export const kmallocClass = ({ kmallocMinBytes }: Machine, bytes: number): number => {
	if (bytes > 64 && bytes <= 96 && kmallocMinBytes <= 32) return 96;
	if (bytes > 128 && bytes <= 192 && kmallocMinBytes <= 64) return 192;
	let size = bytes > 8192 ? 4096 : kmallocMinBytes;
	while (size < bytes) size *= 2;
	return size;
};
