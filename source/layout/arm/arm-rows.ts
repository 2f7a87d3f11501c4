import { PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import type { FixmapLayout, LayoutRow, PkmapLayout } from '../layout.ts';
import { layoutRow, type RowStyle } from '../row-text.ts';

/** Addresses of the things above the fixmap window. */
export const VECTORS_BASE = 0xffff0000;
export const ITCM_OFFSET = 0xfffe0000;
export const DTCM_OFFSET = 0xfffe8000;
/** CONSISTENT_END: behind the DMA row of the kernels up to 3.0. */
export const CONSISTENT_END = 0xffe00000;

type RowName = keyof typeof STYLES;

const STYLES = {
	vector: { label: '    vector  :', unit: 'kB' },
	DTCM: { label: '    DTCM    :', unit: 'kB' },
	ITCM: { label: '    ITCM    :', unit: 'kB' },
	fixmap: { label: '    fixmap  :', unit: 'kB' },
	DMA: { label: '    DMA     :', unit: 'MB' },
	vmalloc: { label: '    vmalloc :', unit: 'MB' },
	lowmem: { label: '    lowmem  :', unit: 'MB' },
	pkmap: { label: '    pkmap   :', unit: 'MB' },
	modules: { label: '    modules :', unit: 'MB' },
	text: { label: '      .text :', unit: 'kB', isRoundedUp: true },
	init: { label: '      .init :', unit: 'kB', isRoundedUp: true },
	data: { label: '      .data :', unit: 'kB', isRoundedUp: true },
	bss: { label: '       .bss :', unit: 'kB', isRoundedUp: true },
} as const satisfies Record<string, RowStyle>;

const SECTIONS: ReadonlySet<RowName> = new Set(['text', 'init', 'data', 'bss']);

/** Which rows a version prints, in its order (arch/arm/mm/init.c: mem_init). */
interface PrintRules extends VersionRow {
	readonly rows: readonly RowName[];
	/** Whether the modules row stands there without CONFIG_MODULES too. */
	readonly hasModulesAlways: boolean;
	/** Whether %p hides the section addresses. */
	readonly hidesSections: boolean;
}

const AREAS = ['vmalloc', 'lowmem', 'pkmap', 'modules'] as const;
const TOP: readonly RowName[] = ['vector', 'DTCM', 'ITCM', 'fixmap'];

const RULES: readonly [PrintRules, ...PrintRules[]] = [
	{
		since: '2.6.24',
		rows: ['vector', 'fixmap', 'DMA', ...AREAS, 'init', 'text', 'data'],
		hasModulesAlways: true,
		hidesSections: false,
	},
	{
		since: '2.6.39',
		rows: [...TOP, 'DMA', ...AREAS, 'init', 'text', 'data', 'bss'],
		hasModulesAlways: true,
		hidesSections: false,
	},
	{
		since: '3.1',
		rows: [...TOP, 'DMA', ...AREAS, 'text', 'init', 'data', 'bss'],
		hasModulesAlways: true,
		hidesSections: false,
	},
	{
		since: '3.2',
		rows: [...TOP, ...AREAS, 'text', 'init', 'data', 'bss'],
		hasModulesAlways: true,
		hidesSections: false,
	},
	{
		since: '3.3',
		rows: [...TOP, ...AREAS, 'text', 'init', 'data', 'bss'],
		hasModulesAlways: false,
		hidesSections: false,
	},
	{
		since: '4.15',
		rows: [...TOP, ...AREAS, 'text', 'init', 'data', 'bss'],
		hasModulesAlways: false,
		hidesSections: true,
	},
];

export const ARM_HEADING = 'Virtual kernel memory layout:';

/** First and last release that prints the table at all. */
const FIRST_PRINTED = '2.6.34';
const FIRST_SILENT = '5.1';

export const armPrints = ({ kernel }: ArmMachine): boolean =>
	atLeast(kernel, FIRST_PRINTED) && !atLeast(kernel, FIRST_SILENT);

/** The borders that the rows show. */
export interface ArmRowBorders {
	readonly fixmap: FixmapLayout;
	readonly vmallocStart: number;
	readonly vmallocEnd: number;
	readonly pageOffset: number;
	readonly highMemory: number;
	readonly pkmap: PkmapLayout | null;
	readonly modulesStart: number;
	readonly modulesEnd: number;
}

/** The rows of mem_init's table, with the text as printed. */
export const armRows = (machine: ArmMachine, borders: ArmRowBorders): LayoutRow[] => {
	const { rows, hasModulesAlways, hidesSections } = byVersion(machine.kernel, RULES);
	const { fixmap, pkmap } = borders;
	const range = (name: RowName): readonly [number, number] | undefined => {
		switch (name) {
			case 'vector':
				return [VECTORS_BASE, VECTORS_BASE + PAGE_SIZE];
			case 'DTCM':
				return machine.tcm && [DTCM_OFFSET, machine.tcm.dtcmEnd];
			case 'ITCM':
				return machine.tcm && [ITCM_OFFSET, machine.tcm.itcmEnd];
			case 'fixmap':
				return [fixmap.start, fixmap.end];
			case 'DMA':
				return [CONSISTENT_END - machine.consistentDmaBytes, CONSISTENT_END];
			case 'vmalloc':
				return [borders.vmallocStart, borders.vmallocEnd];
			case 'lowmem':
				return [borders.pageOffset, borders.highMemory];
			case 'pkmap':
				return pkmap ? [pkmap.base, pkmap.base + pkmap.slots * PAGE_SIZE] : undefined;
			case 'modules':
				return machine.modules || hasModulesAlways ? [borders.modulesStart, borders.modulesEnd] : undefined;
			default:
				return machine.sections[name];
		}
	};
	return rows.flatMap(name => {
		const found = range(name);
		const style = { ...STYLES[name], isHidden: hidesSections && SECTIONS.has(name) };
		return found ? [layoutRow(style, ...found)] : [];
	});
};

/** Whether that version has the DMA window below CONSISTENT_END. */
export const hasConsistentWindow = ({ kernel }: ArmMachine): boolean => byVersion(kernel, RULES).rows.includes('DMA');
