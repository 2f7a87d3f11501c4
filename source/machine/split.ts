import type { Split } from './machine.ts';

/** PAGE_OFFSET of each CONFIG_VMSPLIT_* (arch/arm/Kconfig, arch/x86/Kconfig). */
export const PAGE_OFFSETS: Readonly<Record<Split, number>> = {
	'3G': 0xc0000000,
	'3G_opt': 0xb0000000,
	'2G': 0x80000000,
	'2G_opt': 0x78000000,
	'1G': 0x40000000,
};
