import type { Architecture, Split } from './machine.ts';

/** PAGE_OFFSET of each CONFIG_VMSPLIT_* (arch/arm/Kconfig, arch/x86/Kconfig). */
export const PAGE_OFFSETS: Readonly<Record<Split, number>> = {
	'3G': 0xc0000000,
	'3G_opt': 0xb0000000,
	'2G': 0x80000000,
	'2G_opt': 0x78000000,
	'1G': 0x40000000,
};

/** Splits that an architecture's kernel can be built for, the commonest first. */
export const SPLITS: Readonly<Record<Architecture, readonly Split[]>> = {
	arm: ['3G', '3G_opt', '2G', '1G'],
	x86: ['3G', '3G_opt', '2G', '2G_opt', '1G'],
};
