import { MiB, PAGE_SIZE, virtual } from '../machine/address.ts';
import { byVersion, spanOf, type VersionRow } from '../machine/by-version.ts';
import { atLeast, type KernelVersion } from '../machine/kernel-version.ts';
import { hasHighmem, type X86FixmapOptions, type X86Machine } from '../machine/machine.ts';
import { address, type Border, border, from, minus, minusPages, roundedDown } from './border.ts';
import { kmapSymbols, kmapTypeNames } from './kmap-slots.ts';
import type { FixmapLayout } from './layout.ts';

/** FIXADDR_TOP unless reservetop= or a hypervisor lowers it; index 0 (FIX_HOLE) lies exactly there. */
export const USUAL_FIXADDR_TOP = 0xfffff000;

const MAX_IO_APICS = 64;
const FOUR_GIB = 0x1_0000_0000;

/** One entry of enum fixed_addresses, with the releases and the build option that have it. */
interface EnumEntry {
	readonly name: string;
	readonly pages: number;
	readonly option?: keyof X86FixmapOptions;
	/** First release. */
	readonly since?: string;
	/** First release that lacks it again. */
	readonly until?: string;
	/** Name of the entry's last index, where the enum has one. */
	readonly lastName?: string;
}

/** enum fixed_addresses before the kmap slots, in order (arch/x86/include/asm/fixmap.h). */
const BEFORE_KMAP: readonly EnumEntry[] = [
	{ name: 'FIX_HOLE', pages: 1 },
	{ name: 'FIX_VDSO', pages: 1, until: '3.15' },
	{ name: 'FIX_DBGP_BASE', pages: 1, since: '2.6.22' },
	{ name: 'FIX_EARLYCON_MEM_BASE', pages: 1, since: '2.6.22' },
	{ name: 'FIX_OHCI1394_BASE', pages: 1, option: 'ohci1394', since: '2.6.28' },
	{ name: 'FIX_APIC_BASE', pages: 1, option: 'localApic' },
	{ name: 'FIX_IO_APIC_BASE_0', pages: MAX_IO_APICS, option: 'ioApic', lastName: 'FIX_IO_APIC_BASE_END' },
	{ name: 'FIX_F00F_IDT', pages: 1, option: 'f00f', until: '3.10' },
	{ name: 'FIX_RO_IDT', pages: 1, since: '3.10', until: '4.15' },
];

/** What follows the kmap slots up to __end_of_permanent_fixed_addresses. */
const AFTER_KMAP: readonly EnumEntry[] = [
	{ name: 'FIX_ACPI_BEGIN', pages: 4, option: 'acpi', until: '2.6.27', lastName: 'FIX_ACPI_END' },
	{ name: 'FIX_PCIE_MCFG', pages: 1, option: 'mcfg' },
	{ name: 'FIX_PARAVIRT_BOOTMAP', pages: 1, option: 'paravirt', until: '5.10' },
	{ name: 'FIX_TEXT_POKE1', pages: 1, since: '2.6.30', until: '5.2' },
	{ name: 'FIX_TEXT_POKE0', pages: 1, since: '2.6.30', until: '5.2' },
	{ name: 'FIX_LNW_VRTC', pages: 1, option: 'intelMid', since: '3.0', until: '5.15' },
	{ name: 'FIX_APEI_GHES_IRQ', pages: 1, option: 'ghes', since: '4.15' },
	{ name: 'FIX_APEI_GHES_NMI', pages: 1, option: 'ghes', since: '4.15' },
];

/** When the kmap slots are in the enum. */
interface KmapRules extends VersionRow {
	readonly isAlways: boolean;
}

const KMAP_RULES: readonly [KmapRules, ...KmapRules[]] = [
	{ since: '2.6.24', isAlways: false },
	{ since: '2.6.31', isAlways: true },
	{ since: '5.11', isAlways: false },
];

/** Boot-time maps of early_ioremap: how many indices, and how they are kept inside one page table. */
interface BootMapRules extends VersionRow {
	readonly total: number;
	/** First index, from the end of the permanent ones and the entries of a page table. */
	readonly first: (permanent: number, total: number, entries: number) => number;
}

const roundIfTorn = (permanent: number, total: number, entries: number): number =>
	((permanent ^ (permanent + total - 1)) & -entries) === 0 ? permanent : permanent + total - (permanent & (total - 1));

const BOOT_MAP_RULES: readonly [BootMapRules, ...BootMapRules[]] = [
	{ since: '2.6.24', total: 16, first: permanent => permanent },
	{ since: '2.6.25', total: 256, first: permanent => permanent + 256 - (permanent & 255) },
	{ since: '2.6.35', total: 256, first: roundIfTorn },
	{ since: '3.18', total: 512, first: roundIfTorn },
];

/** How far reservetop= lowers the fixmap (arch/x86/mm/pgtable.c: reserve_top_address). */
interface ReserveTopRules extends VersionRow {
	readonly isRoundedToPmd: boolean;
}

const RESERVE_TOP_RULES: readonly [ReserveTopRules, ...ReserveTopRules[]] = [
	{ since: '2.6.24', isRoundedToPmd: false },
	{ since: '3.15', isRoundedToPmd: true },
];

const fixaddrTop = ({ kernel, pae, parameters }: X86Machine): Border => {
	if (!parameters.reservetop) return border('FIXADDR_TOP', 'fixaddr-top', [address(USUAL_FIXADDR_TOP)]);
	const step = byVersion(kernel, RESERVE_TOP_RULES).isRoundedToPmd ? (pae ? 2 : 4) * MiB : PAGE_SIZE;
	const steps = [
		address(FOUR_GIB),
		minus(parameters.reservetop, 'reservetop='),
		roundedDown(step),
		minusPages(PAGE_SIZE),
	];
	return border(
		'FIXADDR_TOP',
		'fixaddr-top-reserved',
		steps,
		spanOf(kernel, RESERVE_TOP_RULES, row => row),
	);
};

const isThere = ({ option, since, until }: EnumEntry, kernel: KernelVersion, options: X86FixmapOptions): boolean =>
	(option === undefined || options[option]) &&
	(since === undefined || atLeast(kernel, since)) &&
	(until === undefined || !atLeast(kernel, until));

export interface X86Fixmap {
	readonly fixmap: FixmapLayout;
	/** FIXADDR_BOOT_START or FIXADDR_TOT_START: below the boot-time maps too. */
	readonly totalStart: Border;
	readonly start: Border;
	readonly top: Border;
	readonly symbols: readonly (readonly [string, number])[];
}

/** The permanent fixmap, which is printed, and the boot-time maps below it. */
export const x86Fixmap = (machine: X86Machine): X86Fixmap => {
	const { kernel, nrCpus, fixmap: options, pae } = machine;
	const topBorder = fixaddrTop(machine);
	const top = topBorder.value;
	const names: { name: string; index: number; pages: number }[] = [];
	const symbols: [string, number][] = [];
	let index = 0;
	const add = ({ name, pages, lastName }: EnumEntry): void => {
		names.push({ name, index, pages });
		symbols.push([name, index]);
		index += pages;
		if (lastName !== undefined) symbols.push([lastName, index - 1]);
	};
	const addAll = (entries: readonly EnumEntry[]): void => {
		for (const entry of entries) if (isThere(entry, kernel, options)) add(entry);
	};
	addAll(BEFORE_KMAP);
	const hasKmap = hasHighmem(machine) || byVersion(kernel, KMAP_RULES).isAlways;
	const { perCpu } = kmapTypeNames(machine);
	const kmapBegin = hasKmap ? index : -1;
	if (hasKmap) {
		symbols.push(...kmapSymbols(machine, index, true));
		index += perCpu * nrCpus;
	}
	addAll(AFTER_KMAP);
	const permanent = index;
	const bootMaps = byVersion(kernel, BOOT_MAP_RULES);
	index = bootMaps.first(permanent, bootMaps.total, pae ? 512 : 1024);
	add({ name: 'FIX_BTMAP_END', pages: bootMaps.total, lastName: 'FIX_BTMAP_BEGIN' });
	add({ name: 'FIX_WP_TEST', pages: 1 });
	if (options.intelTxt) add({ name: 'FIX_TBOOT_BASE', pages: 1 });
	const startBorder = border('FIXADDR_START', 'fixaddr-start', [
		from(topBorder),
		minusPages(permanent * PAGE_SIZE, '__end_of_permanent_fixed_addresses'),
	]);
	const start = startBorder.value;
	const totalName = atLeast(kernel, '3.19') ? 'FIXADDR_TOT_START' : 'FIXADDR_BOOT_START';
	const totalBorder = border(totalName, 'fixaddr-total', [
		from(topBorder),
		minusPages(index * PAGE_SIZE, '__end_of_fixed_addresses'),
	]);
	const totalStart = totalBorder.value;
	symbols.push(
		['FIXADDR_TOP', top],
		['FIXADDR_START', start],
		['FIXADDR_SIZE', permanent * PAGE_SIZE],
		['__end_of_permanent_fixed_addresses', permanent],
		['__end_of_fixed_addresses', index],
	);
	if (!atLeast(kernel, '3.19'))
		symbols.push(['FIXADDR_BOOT_START', totalStart], ['FIXADDR_BOOT_SIZE', index * PAGE_SIZE]);
	if (atLeast(kernel, '4.15')) symbols.push(['FIXADDR_TOT_START', totalStart], ['FIXADDR_TOT_SIZE', index * PAGE_SIZE]);
	return {
		fixmap: {
			start: virtual(start),
			end: top,
			top: virtual(top),
			isDescending: true,
			kmapBegin,
			kmapPerCpu: perCpu,
			endOfPermanent: permanent,
			endOfFixed: index,
			names,
		},
		totalStart: totalBorder,
		start: startBorder,
		top: topBorder,
		symbols,
	};
};
