import { walkFormat } from '../../layout/explain/entry-value.ts';
import type { Machine } from '../../machine/machine.ts';
import type { WalkStep } from './paging-view.ts';

/** A field of an entry: its lowest bit, how many it has, and its name in the architecture's manual. */
type Field = readonly [shift: number, bits: number, name: string];

/** Intel SDM vol. 3, 4.3 and 4.4. */
const X86_TABLE: readonly Field[] = [
	[0, 1, 'P'],
	[1, 1, 'RW'],
	[2, 1, 'US'],
	[3, 1, 'PWT'],
	[4, 1, 'PCD'],
	[5, 1, 'A'],
];
const X86_PAGE: readonly Field[] = [...X86_TABLE, [6, 1, 'D'], [7, 1, 'PAT'], [8, 1, 'G'], [63, 1, 'NX']];
const X86_BLOCK: readonly Field[] = [...X86_TABLE, [6, 1, 'D'], [7, 1, 'PS'], [8, 1, 'G'], [63, 1, 'NX']];
const PDPT: readonly Field[] = [
	[0, 1, 'P'],
	[3, 1, 'PWT'],
	[4, 1, 'PCD'],
];

/** ARM ARM B3.5.1. */
const ARM_TABLE: readonly Field[] = [
	[0, 1, 'table'],
	[2, 1, 'PXN'],
	[5, 4, 'domain'],
];
const ARM_SECTION: readonly Field[] = [
	[1, 1, 'section'],
	[10, 2, 'AP'],
	[15, 1, 'APX'],
	[12, 3, 'TEX'],
	[3, 1, 'C'],
	[2, 1, 'B'],
	[16, 1, 'S'],
	[17, 1, 'nG'],
	[4, 1, 'XN'],
	[5, 4, 'domain'],
];
const ARM_PAGE: readonly Field[] = [
	[1, 1, 'page'],
	[4, 2, 'AP'],
	[9, 1, 'APX'],
	[6, 3, 'TEX'],
	[3, 1, 'C'],
	[2, 1, 'B'],
	[10, 1, 'S'],
	[11, 1, 'nG'],
	[0, 1, 'XN'],
];
/** Before ARMv6 each quarter of the page has an access field. */
const OLD_ARM_PAGE: readonly Field[] = [
	[1, 1, 'page'],
	[4, 2, 'AP0'],
	[6, 2, 'AP1'],
	[8, 2, 'AP2'],
	[10, 2, 'AP3'],
	[3, 1, 'C'],
	[2, 1, 'B'],
];

/** ARM ARM B3.6.1 and B3.6.2; the bits from 55 on are Linux's own (asm/pgtable-3level-hwdef.h). */
const LPAE_TABLE: readonly Field[] = [
	[0, 1, 'valid'],
	[1, 1, 'table'],
];
const LPAE_ATTRIBUTES: readonly Field[] = [
	[2, 3, 'AttrIndx'],
	[6, 1, 'AP1'],
	[7, 1, 'AP2'],
	[8, 2, 'SH'],
	[10, 1, 'AF'],
	[11, 1, 'nG'],
	[53, 1, 'PXN'],
	[54, 1, 'XN'],
	[55, 1, 'dirty'],
	[58, 1, 'rdonly'],
];
const LPAE_BLOCK: readonly Field[] = [[0, 1, 'valid'], ...LPAE_ATTRIBUTES];
const LPAE_PAGE: readonly Field[] = [[0, 1, 'valid'], [1, 1, 'page'], ...LPAE_ATTRIBUTES];

const fieldsOf = (machine: Machine, { target, level }: Pick<WalkStep, 'target' | 'level'>): readonly Field[] => {
	switch (walkFormat(machine)) {
		case 'arm':
			if (target === 'table') return ARM_TABLE;
			if (target === 'block') return ARM_SECTION;
			return machine.arch === 'arm' && machine.armVersion >= 6 ? ARM_PAGE : OLD_ARM_PAGE;
		case 'lpae':
			return target === 'table' ? LPAE_TABLE : target === 'block' ? LPAE_BLOCK : LPAE_PAGE;
		case 'pae':
			if (level === 'PGD') return PDPT;
			break;
		case 'x86':
			break;
	}
	return target === 'table' ? X86_TABLE : target === 'block' ? X86_BLOCK : X86_PAGE;
};

/** The bits of an entry that are set, by the names of the architecture's manual: `P RW A D G NX`, `page AP=1 TEX=1 C B`. */
export const entryBitNames = (
	machine: Machine,
	step: Pick<WalkStep, 'target' | 'level' | 'value'>,
): readonly string[] =>
	fieldsOf(machine, step).flatMap(([shift, bits, name]) => {
		const value = Number((step.value >> BigInt(shift)) & BigInt((1 << bits) - 1));
		if (value === 0) return [];
		return bits === 1 ? [name] : [`${name}=${value}`];
	});
