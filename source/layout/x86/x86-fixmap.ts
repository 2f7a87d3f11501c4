import { FOUR_GIB, PAGE_SIZE, virtual } from '../../machine/address.ts';
import { byVersion, spanOf, type VersionRow } from '../../machine/by-version.ts';
import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';
import { hasHighmem, type X86FixmapOptions, type X86Machine } from '../../machine/machine.ts';
import { address, type Border, border, from, minus, minusPages, roundedDown } from '../border.ts';
import { x86PageTable } from '../common-symbols.ts';
import { kmapSymbols, kmapTypeNames } from '../kmap-slots.ts';
import type { FixmapLayout } from '../layout.ts';

/** FIXADDR_TOP unless reservetop= or a hypervisor lowers it; index 0 (FIX_HOLE) lies exactly there. */
const USUAL_FIXADDR_TOP = 0xfffff000;

const MAX_IO_APICS = 64;

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

const fixaddrTop = (machine: X86Machine): Border => {
	const { kernel, parameters } = machine;
	if (!parameters.reservetop) return border('FIXADDR_TOP', 'fixaddr-top', [address(USUAL_FIXADDR_TOP)]);
	const step = byVersion(kernel, RESERVE_TOP_RULES).isRoundedToPmd ? 2 ** x86PageTable(machine).pmdShift : PAGE_SIZE;
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

/** enum fixed_addresses of a kernel: what stands in it, and where its parts end. */
interface FixedAddresses {
	readonly names: FixmapLayout['names'];
	readonly symbols: readonly (readonly [string, number])[];
	/** -1 without kmap slots. */
	readonly kmapBegin: number;
	/** __end_of_permanent_fixed_addresses. */
	readonly permanent: number;
	/** __end_of_fixed_addresses. */
	readonly total: number;
}

const fixedAddresses = (machine: X86Machine): FixedAddresses => {
	const { kernel, nrCpus, fixmap: options } = machine;
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
	const kmapBegin = hasKmap ? index : -1;
	if (hasKmap) {
		symbols.push(...kmapSymbols(machine, index, true));
		index += kmapTypeNames(machine).perCpu * nrCpus;
	}
	addAll(AFTER_KMAP);
	const permanent = index;
	const bootMaps = byVersion(kernel, BOOT_MAP_RULES);
	index = bootMaps.first(permanent, bootMaps.total, x86PageTable(machine).entries);
	add({ name: 'FIX_BTMAP_END', pages: bootMaps.total, lastName: 'FIX_BTMAP_BEGIN' });
	add({ name: 'FIX_WP_TEST', pages: 1 });
	if (options.intelTxt) add({ name: 'FIX_TBOOT_BASE', pages: 1 });
	return { names, symbols, kmapBegin, permanent, total: index };
};

/** The permanent fixmap, which is printed, and the boot-time maps below it. */
export const x86Fixmap = (machine: X86Machine): X86Fixmap => {
	const { kernel } = machine;
	const { names, symbols, kmapBegin, permanent, total } = fixedAddresses(machine);
	const top = fixaddrTop(machine);
	const start = border('FIXADDR_START', 'fixaddr-start', [
		from(top),
		minusPages(permanent * PAGE_SIZE, '__end_of_permanent_fixed_addresses'),
	]);
	const totalName = atLeast(kernel, '3.19') ? 'FIXADDR_TOT' : 'FIXADDR_BOOT';
	const totalStart = border(`${totalName}_START`, 'fixaddr-total', [
		from(top),
		minusPages(total * PAGE_SIZE, '__end_of_fixed_addresses'),
	]);
	// Between 3.19 and 4.14 the headers have no name for it.
	const hasTotal = !atLeast(kernel, '3.19') || atLeast(kernel, '4.15');
	return {
		fixmap: {
			start: virtual(start.value),
			end: top.value,
			top: virtual(top.value),
			isDescending: true,
			kmapBegin,
			kmapPerCpu: kmapTypeNames(machine).perCpu,
			endOfPermanent: permanent,
			endOfFixed: total,
			names,
		},
		totalStart,
		start,
		top,
		symbols: [
			...symbols,
			['FIXADDR_TOP', top.value],
			['FIXADDR_START', start.value],
			['FIXADDR_SIZE', permanent * PAGE_SIZE],
			['__end_of_permanent_fixed_addresses', permanent],
			['__end_of_fixed_addresses', total],
			...(hasTotal
				? ([
						[`${totalName}_START`, totalStart.value],
						[`${totalName}_SIZE`, total * PAGE_SIZE],
					] as const)
				: []),
		],
	};
};
