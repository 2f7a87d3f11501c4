import { atLeast } from '../machine/kernel-version.ts';
import type { Machine } from '../machine/machine.ts';
import {
	BOOL,
	type CType,
	INT,
	type IntegerType,
	LONG,
	LONG_LONG,
	plainChar,
	pointerTo,
	SHORT,
	SIGNED_CHAR,
	type StructType,
	UNSIGNED_CHAR,
	UNSIGNED_INT,
	UNSIGNED_LONG,
	UNSIGNED_LONG_LONG,
	UNSIGNED_SHORT,
	VOID,
} from './c-types.ts';
import { completeStruct } from './struct-layout.ts';

/** A struct whose insides are not modelled; pointers to it can be passed around. */
const opaque = (tag: string, bytes = 0): StructType => ({
	kind: 'struct',
	keyword: 'struct',
	tag,
	fields: undefined,
	bytes,
	align: 4,
});

/** What a struct zone takes in the array node_zones; zones are not simulated byte for byte. */
export const ZONE_BYTES = 0x400;

/** The members of struct page that its user may fill, and where they lie (linux/mm_types.h). */
const pageFields = (machine: Machine): readonly (readonly [name: string, offset: number])[] =>
	atLeast(machine.kernel, '4.18')
		? [
				['lru', 4],
				['mapping', 12],
				['index', 16],
				['private', 20],
			]
		: atLeast(machine.kernel, '3.1')
			? [
					['mapping', 4],
					['index', 8],
					['lru', 20],
					['private', 28],
				]
			: [
					['private', 12],
					['mapping', 16],
					['index', 20],
					['lru', 24],
				];

/** The types that exist before any line of a module is read: C's own and those of linux/types.h. */
export class TypeTable {
	readonly char: IntegerType;
	/** phys_addr_t is eight bytes with PAE and LPAE. */
	readonly physical: IntegerType;
	/** Alignment of eight-byte integers in structs. */
	readonly longLongAlign: number;
	readonly page: StructType;
	readonly spinlock: StructType;
	readonly task: StructType;
	readonly names: ReadonlyMap<string, CType>;
	readonly structs: ReadonlyMap<string, StructType>;

	constructor(machine: Machine) {
		// `char` is unsigned on ARM, and everywhere from 6.2 on (-funsigned-char).
		this.char = plainChar(machine.arch === 'x86' && !atLeast(machine.kernel, '6.2'));
		const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
		this.physical = isWide ? UNSIGNED_LONG_LONG : UNSIGNED_INT;
		this.longLongAlign = machine.arch === 'arm' ? 8 : 4;
		this.page = opaque('page', machine.structPageBytes);
		this.spinlock = opaque('spinlock', 4);
		this.task = opaque('task_struct');
		this.structs = new Map(
			[
				this.page,
				this.spinlock,
				this.task,
				opaque('zone', ZONE_BYTES),
				...['vm_struct', 'mm_struct', 'pglist_data', 'kmem_cache', 'notifier_block'].map(tag => opaque(tag)),
			].map(type => [type.tag, type]),
		);
		const listHead: StructType = { ...opaque('list_head'), bytes: 0 };
		const link = pointerTo(listHead);
		completeStruct(
			listHead,
			[
				{ name: 'next', type: link },
				{ name: 'prev', type: link },
			],
			this.longLongAlign,
		);
		this.page.fields = pageFields(machine).map(([name, offset]) => ({
			name,
			offset,
			type: name === 'lru' ? listHead : name === 'mapping' ? pointerTo(VOID) : UNSIGNED_LONG,
		}));
		const atomic: StructType = { ...opaque('atomic_t'), bytes: 0 };
		completeStruct(atomic, [{ name: 'counter', type: INT }], this.longLongAlign);
		this.structs = new Map(this.structs).set(listHead.tag, listHead);
		const entries: [string, CType][] = [
			['atomic_t', atomic],
			['va_list', pointerTo(this.char)],
			['void', VOID],
			['char', this.char],
			['bool', BOOL],
			['_Bool', BOOL],
			['int', INT],
			['spinlock_t', this.spinlock],
			['raw_spinlock_t', this.spinlock],
		];
		for (const name of ['__u8', 'u8', 'uint8_t', 'u_char', 'unchar']) entries.push([name, UNSIGNED_CHAR]);
		for (const name of ['__s8', 's8', 'int8_t']) entries.push([name, SIGNED_CHAR]);
		for (const name of ['__u16', 'u16', 'uint16_t', 'ushort', '__le16', '__be16', 'umode_t'])
			entries.push([name, UNSIGNED_SHORT]);
		for (const name of ['__s16', 's16', 'int16_t']) entries.push([name, SHORT]);
		for (const name of ['__u32', 'u32', 'uint32_t', 'uint', '__le32', '__be32', 'gfp_t', 'fmode_t']) {
			entries.push([name, UNSIGNED_INT]);
		}
		for (const name of ['__s32', 's32', 'int32_t', 'pid_t', 'ptrdiff_t', 'ssize_t']) entries.push([name, INT]);
		for (const name of ['__u64', 'u64', 'uint64_t', '__le64', '__be64', 'sector_t'])
			entries.push([name, UNSIGNED_LONG_LONG]);
		for (const name of ['__s64', 's64', 'int64_t', 'loff_t', 'ktime_t']) entries.push([name, LONG_LONG]);
		for (const name of ['ulong', 'uintptr_t', 'pgoff_t']) entries.push([name, UNSIGNED_LONG]);
		for (const name of ['intptr_t', 'off_t']) entries.push([name, LONG]);
		// size_t is unsigned int on both architectures.
		for (const name of ['size_t', '__kernel_size_t']) entries.push([name, UNSIGNED_INT]);
		for (const name of ['phys_addr_t', 'resource_size_t', 'dma_addr_t']) entries.push([name, this.physical]);
		// Entries of page tables are plain integers here.
		for (const name of ['pte_t', 'pmd_t', 'pud_t', 'p4d_t', 'pgd_t', 'pteval_t', 'pgprot_t'])
			entries.push([name, isWide ? UNSIGNED_LONG_LONG : UNSIGNED_LONG]);
		this.names = new Map(entries);
	}

	/** The integer type that a row of C's words names (`long unsigned int`), in any order. */
	fromWords(words: readonly string[]): CType | undefined {
		const [first] = words;
		if (words.length === 1 && first !== undefined && this.names.has(first)) return this.names.get(first);
		const count = (word: string): number => words.filter(candidate => candidate === word).length;
		const isUnsigned = count('unsigned') > 0;
		const longs = count('long');
		const known = ['unsigned', 'signed', 'long', 'short', 'int', 'char', '__signed__'];
		if (words.length === 0 || words.some(word => !known.includes(word)) || longs > 2) return undefined;
		if (isUnsigned && count('signed') > 0) return undefined;
		if (count('char') > 0) return isUnsigned ? UNSIGNED_CHAR : count('signed') > 0 ? SIGNED_CHAR : this.char;
		if (count('short') > 0) return isUnsigned ? UNSIGNED_SHORT : SHORT;
		if (longs === 2) return isUnsigned ? UNSIGNED_LONG_LONG : LONG_LONG;
		if (longs === 1) return isUnsigned ? UNSIGNED_LONG : LONG;
		return isUnsigned ? UNSIGNED_INT : INT;
	}
}
