import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';

/**
 * %p (lib/vsprintf.c), without `0x`: the address itself before 4.15; afterwards a hash, which reads (ptrval) until the
 * kernel has entropy. From 5.14 on slub_debug switches the hashing off.
 */
export const pointerText = ({ kernel, debug }: Machine, address: number): string => {
	if (address === 0) return atLeast(kernel, '4.20') ? '00000000' : '  (null)';
	const isPlain = !atLeast(kernel, '4.15') || (debug.slub !== undefined && atLeast(kernel, '5.14'));
	return isPlain ? (address >>> 0).toString(16).padStart(8, '0') : '(ptrval)';
};
