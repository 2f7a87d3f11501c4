import { PAGE_SIZE, virtual } from '../../machine/address.ts';
import { byVersion, spanOf, type VersionRow } from '../../machine/by-version.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import { address, type Border, border, from, minusPages } from '../border.ts';
import { kmapSymbols, kmapTypeNames } from '../kmap-slots.ts';
import type { FixmapLayout } from '../layout.ts';

/** Names of the enum besides the kmap slots, in order; `kmap` stands for those. */
type EnumEntry = 'kmap' | 'FIX_EARLYCON_MEM_BASE' | 'FIX_TEXT_POKE0' | 'FIX_TEXT_POKE1';

/** What changed in the fixmap window (arch/arm/include/asm/fixmap.h). */
interface FixmapRules extends VersionRow {
	readonly start: number;
	/** Exclusive end as printed. */
	readonly end: number;
	/** Whether indices count down from the last page, which FIXADDR_TOP then names; else up from FIXADDR_START. */
	readonly isDescending: boolean;
	/** Whether FIX_KMAP_BEGIN is a name of that version. */
	readonly hasKmapNames: boolean;
	readonly order: readonly EnumEntry[];
	/** Boot-time indices of early_ioremap, which share their place with the kmap slots. */
	readonly bootMaps: number;
}

const OLD = { isDescending: false, order: ['kmap'], bootMaps: 0 } as const;
const NEW = {
	end: 0xfff00000,
	isDescending: true,
	hasKmapNames: true,
	order: ['FIX_EARLYCON_MEM_BASE', 'kmap', 'FIX_TEXT_POKE0', 'FIX_TEXT_POKE1'],
} as const;

const RULES: readonly [FixmapRules, ...FixmapRules[]] = [
	{ since: '2.6.24', start: 0xfff00000, end: 0xfffe0000, hasKmapNames: true, ...OLD },
	{ since: '3.16', start: 0xffc00000, end: 0xffe00000, hasKmapNames: false, ...OLD },
	{ ...NEW, since: '3.19', start: 0xffc00000, order: ['kmap', 'FIX_TEXT_POKE0', 'FIX_TEXT_POKE1'], bootMaps: 0 },
	{ ...NEW, since: '4.3', start: 0xffc00000, bootMaps: 0 },
	{ ...NEW, since: '4.5', start: 0xffc00000, bootMaps: 224 },
	// The move that makes room for the device tree at 0xff800000 reached two stable series before 5.11.
	{ ...NEW, since: '5.4.118', start: 0xffc80000, bootMaps: 224 },
	{ ...NEW, since: '5.5', start: 0xffc00000, bootMaps: 224 },
	{ ...NEW, since: '5.10.36', start: 0xffc80000, bootMaps: 224 },
	{ ...NEW, since: '5.11', start: 0xffc80000, bootMaps: 224 },
];

export interface ArmFixmap {
	readonly fixmap: FixmapLayout;
	readonly borders: readonly Border[];
	readonly symbols: readonly (readonly [string, number])[];
}

/** The fixmap window with its indices and the names that C code knows. */
export const armFixmap = (machine: ArmMachine): ArmFixmap => {
	const rules = byVersion(machine.kernel, RULES);
	const { isDescending } = rules;
	const borders = windowBorders(machine, rules);
	const { perCpu } = kmapTypeNames(machine);
	const names: { name: string; index: number; pages: number }[] = [];
	let index = 0;
	let kmapBegin = 0;
	for (const entry of rules.order) {
		const pages = entry === 'kmap' ? perCpu * machine.nrCpus : 1;
		if (entry === 'kmap') kmapBegin = index;
		else names.push({ name: entry, index, pages });
		index += pages;
	}
	const endOfFixed = isDescending
		? Math.max(index, kmapBegin + rules.bootMaps)
		: (rules.end - borders.start.value) / PAGE_SIZE;
	const fixmap: FixmapLayout = {
		start: virtual(borders.start.value),
		end: rules.end,
		top: virtual(borders.top.value),
		isDescending,
		kmapBegin,
		kmapPerCpu: perCpu,
		endOfPermanent: isDescending ? index : endOfFixed,
		endOfFixed,
		names,
	};
	return { fixmap, borders: Object.values(borders), symbols: fixmapSymbols(machine, rules, fixmap, borders.top.value) };
};

/** The kernels whose indices rise have no enum, only the size of the window. */
const fixmapSymbols = (
	machine: ArmMachine,
	{ hasKmapNames, bootMaps }: FixmapRules,
	{ start, end, isDescending, kmapBegin, endOfFixed, names }: FixmapLayout,
	top: number,
): [string, number][] => {
	const symbols: [string, number][] = [
		['FIXADDR_START', start],
		['FIXADDR_TOP', top],
		...names.map(({ name, index }): [string, number] => [name, index]),
		...kmapSymbols(machine, kmapBegin, hasKmapNames),
	];
	if (isDescending) symbols.push(['FIXADDR_END', end], ['__end_of_fixed_addresses', endOfFixed]);
	else symbols.push(['FIXADDR_SIZE', end - start], [hasKmapNames ? 'FIX_KMAP_END' : 'FIX_KMAP_NR_PTES', endOfFixed]);
	if (kmapBegin > 0) symbols.push(['__end_of_permanent_fixed_addresses', kmapBegin]);
	if (bootMaps > 0) symbols.push(['FIX_BTMAP_END', kmapBegin], ['FIX_BTMAP_BEGIN', kmapBegin + bootMaps - 1]);
	return symbols;
};

const windowBorders = (
	{ kernel, fixaddrStart }: ArmMachine,
	rules: FixmapRules,
): Record<'start' | 'end' | 'top', Border> => {
	const startSpan = spanOf(kernel, RULES, row => row.start);
	const endSpan = spanOf(kernel, RULES, row => [row.end, row.isDescending]);
	const start =
		fixaddrStart === undefined
			? border('FIXADDR_START', 'fixmap-window', [address(rules.start)], startSpan)
			: border('FIXADDR_START', 'fixmap-window-stable', [address(fixaddrStart)]);
	const end = border(
		rules.isDescending ? 'FIXADDR_END' : 'FIXADDR_TOP',
		'fixmap-window',
		[address(rules.end)],
		endSpan,
	);
	const top = rules.isDescending
		? border('FIXADDR_TOP', 'fixmap-last-page', [from(end), minusPages(PAGE_SIZE)], endSpan)
		: end;
	return { start, end, top };
};
