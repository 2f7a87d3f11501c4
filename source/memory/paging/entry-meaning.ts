import { walkFormat } from '../../layout/explain/entry-value.ts';
import type { Machine } from '../../machine/machine.ts';

/** What an entry of a page table leads to. */
export type EntryTarget = 'none' | 'table' | 'block' | 'page';

/** What the hardware reads in an entry. */
export interface EntryMeaning {
	readonly target: EntryTarget;
	/** Where the table, block or page begins; 0 for none. */
	readonly physical: number;
	readonly isWritable: boolean;
	/** Whether user mode may use it. */
	readonly isUser: boolean;
	readonly isExecutable: boolean;
	/** Valid in every address space: stays in the TLB when another process runs. */
	readonly isGlobal: boolean;
	readonly isCached: boolean;
}

/** How the entries of one level are read, from their two words. */
export type EntryReader = (low: number, high: number) => EntryMeaning;

/** One level of the tables, from the root down. */
export interface TableLevel {
	readonly name: 'PGD' | 'PMD' | 'PTE';
	/** Address bits below the index. */
	readonly shift: number;
	readonly bits: number;
	/** Size of an entry. */
	readonly bytes: 4 | 8;
	readonly read: EntryReader;
}

const NOTHING: EntryMeaning = {
	target: 'none',
	physical: 0,
	isWritable: false,
	isUser: false,
	isExecutable: false,
	isGlobal: false,
	isCached: false,
};

const has = (word: number, bit: number): boolean => ((word >>> bit) & 1) === 1;

const table = (physical: number): EntryMeaning => ({ ...NOTHING, target: 'table', physical });

/** The base in an entry: its low word under a mask, the high word as far as physical addresses go (40 bits). */
const baseOf = (low: number, high: number, mask: number): number => ((low & mask) >>> 0) + (high & 0xff) * 2 ** 32;

/** Section or table of the first level (ARM ARM B3.5.1). Domains keep nothing out. */
const armFirst: EntryReader = low => {
	const type = low & 3;
	if (type === 0) return NOTHING;
	if (type === 1) return table((low & ~0x3ff) >>> 0);
	return {
		target: 'block',
		physical: (low & ~0xfffff) >>> 0,
		isWritable: !has(low, 15),
		isUser: has(low, 11),
		isExecutable: !has(low, 4),
		isGlobal: !has(low, 17),
		isCached: has(low, 3),
	};
};

/** Small page of the second level. Before ARMv6 it has four access fields and no XN. */
const armSecond =
	(isExtended: boolean): EntryReader =>
	low => {
		if ((low & 3) === 0) return NOTHING;
		const physical = (low & ~0xfff) >>> 0;
		const isCached = has(low, 3);
		if (!isExtended) {
			const access = (low >>> 4) & 3;
			const rest = {
				isWritable: access === 1 || access === 3,
				isUser: access >= 2,
				isExecutable: true,
				isGlobal: true,
				isCached,
			};
			return { target: 'page', physical, ...rest };
		}
		return {
			target: 'page',
			physical,
			isWritable: !has(low, 9),
			isUser: has(low, 5),
			isExecutable: !has(low, 0),
			isGlobal: !has(low, 11),
			isCached: isCached || (low & 0x1cc) === 0x40,
		};
	};

const lpae =
	(isLast: boolean): EntryReader =>
	(low, high) => {
		if (!has(low, 0)) return NOTHING;
		if (!isLast && has(low, 1)) return table(baseOf(low, high, ~0xfff));
		if (isLast && !has(low, 1)) return NOTHING;
		const attribute = (low >>> 2) & 7;
		return {
			target: isLast ? 'page' : 'block',
			physical: baseOf(low, high, isLast ? ~0xfff : ~0x1fffff),
			isWritable: !has(low, 7),
			isUser: has(low, 6),
			isExecutable: !has(high, 22),
			isGlobal: !has(low, 11),
			isCached: attribute === 7 || attribute === 3 || attribute === 2,
		};
	};

const x86 =
	(isLast: boolean, blockMask: number): EntryReader =>
	(low, high) => {
		if (!has(low, 0)) return NOTHING;
		const isBlock = !isLast && has(low, 7);
		if (!isLast && !isBlock) return table(baseOf(low, high, ~0xfff));
		return {
			target: isBlock ? 'block' : 'page',
			physical: baseOf(low, high, isBlock ? blockMask : ~0xfff),
			isWritable: has(low, 1),
			isUser: has(low, 2),
			isExecutable: !has(high, 31),
			isGlobal: has(low, 8),
			isCached: !has(low, 4),
		};
	};

/** An entry of the PDPT only says where the next table lies. */
const pdpt: EntryReader = (low, high) => (has(low, 0) ? table(baseOf(low, high, ~0xfff)) : NOTHING);

/** The levels of a machine's page tables, as the hardware walks them. */
export const tableLevels = (machine: Machine): readonly TableLevel[] => {
	const isExtended = machine.arch === 'arm' && machine.armVersion >= 6;
	switch (walkFormat(machine)) {
		case 'arm':
			return [
				{ name: 'PGD', shift: 20, bits: 12, bytes: 4, read: armFirst },
				{ name: 'PTE', shift: 12, bits: 8, bytes: 4, read: armSecond(isExtended) },
			];
		case 'lpae':
			return [
				{ name: 'PGD', shift: 30, bits: 2, bytes: 8, read: lpae(false) },
				{ name: 'PMD', shift: 21, bits: 9, bytes: 8, read: lpae(false) },
				{ name: 'PTE', shift: 12, bits: 9, bytes: 8, read: lpae(true) },
			];
		case 'x86':
			return [
				{ name: 'PGD', shift: 22, bits: 10, bytes: 4, read: x86(false, ~0x3fffff) },
				{ name: 'PTE', shift: 12, bits: 10, bytes: 4, read: x86(true, 0) },
			];
		case 'pae':
			return [
				{ name: 'PGD', shift: 30, bits: 2, bytes: 8, read: pdpt },
				{ name: 'PMD', shift: 21, bits: 9, bytes: 8, read: x86(false, ~0x1fffff) },
				{ name: 'PTE', shift: 12, bits: 9, bytes: 8, read: x86(true, 0) },
			];
	}
};

/** Bytes that one entry of a level covers. */
export const coveredBytes = (level: TableLevel): number => 2 ** level.shift;
