import { type VirtualAddress, virtual } from '../../machine/address.ts';
import { type Environment, operation, query } from './builtin.ts';

/** Where a mm_struct would lie: address spaces are not simulated byte for byte, but their addresses differ. */
const SPACES_OFFSET = 0x60000;
const SPACE_BYTES = 0x40;
/** PG_LEVEL_4K and PG_LEVEL_2M, which is that of 4 MiB pages too. */
const SMALL_LEVEL = 1;
const LARGE_LEVEL = 2;
/** Linux's PGD on ARM's short descriptors: pairs of first-level entries. */
const PAIR_SHIFT = 21;

const lowmem = ({ kernel }: Environment, physical: number): VirtualAddress => kernel.physToVirt(physical);

const isShort = ({ kernel }: Environment): boolean => {
	const { machine } = kernel.view;
	return machine.arch === 'arm' && !machine.lpae;
};

/** The entry of the topmost table for an address, as pgd_offset finds it. */
const rootEntry = (env: Environment, address: number): number => {
	const [first] = env.kernel.view.paging.walk(virtual(address));
	if (!first) return 0;
	return lowmem(env, isShort(env) ? first.table + (address >>> PAIR_SHIFT) * 8 : first.entry);
};

/** The entry of the middle level, where there is one; else the upper one serves. */
const middleEntry = (env: Environment, upper: number, address: number): number => {
	const { machine, paging } = env.kernel.view;
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	if (!isWide) return upper;
	const step = paging.walk(virtual(address))[1];
	return step ? lowmem(env, step.entry) : 0;
};

const lastEntry = (env: Environment, address: number): number => {
	const step = env.kernel.view.paging.walk(virtual(address)).findLast(({ level }) => level === 'PTE');
	return step ? lowmem(env, step.linux?.entry ?? step.entry) : 0;
};

/** Of a process, or 0 for init_mm. */
export const spaceAddress = ({ kernel }: Environment, pid: number): number =>
	(kernel.view.layout.pageOffset + SPACES_OFFSET + pid * SPACE_BYTES) >>> 0;

/** The process whose mm_struct lies there, 0 for init_mm. */
export const spaceAt = ({ kernel }: Environment, address: number): number | undefined => {
	const pid = (address - kernel.view.layout.pageOffset - SPACES_OFFSET) / SPACE_BYTES;
	return Number.isInteger(pid) && pid >= 0 ? pid : undefined;
};

/** asm/pgtable.h: the tables that this CPU walks, which are in memory. */
export const pageTableBuiltins = [
	query(
		'pgd_t *pgd_offset(struct mm_struct *mm, unsigned long addr)',
		'entry of the topmost page table for an address',
		(env, _, address = 0) => rootEntry(env, address),
	),
	query(
		'pgd_t *pgd_offset_k(unsigned long addr)',
		'entry of the topmost page table for an address',
		(env, address = 0) => rootEntry(env, address),
	),
	query(
		'pmd_t *pmd_offset(address pud, unsigned long addr)',
		'entry of the middle page table; the upper one where there are two levels',
		(env, upper = 0, address = 0) => middleEntry(env, upper, address),
	),
	query(
		'pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)',
		'entry of the last page table, or NULL under a section or large page',
		(env, _, address = 0) => lastEntry(env, address),
	),
	operation(
		'pte_t *lookup_address(unsigned long address, unsigned int *level)',
		'the entry that maps an address, and at which level it stands',
		(env, address = 0, level = 0) => {
			const step = env.kernel.view.paging.walk(virtual(address)).at(-1);
			if (!step || step.target === 'none') return 0;
			env.kernel.write(virtual(level), 4, BigInt(step.level === 'PTE' ? SMALL_LEVEL : LARGE_LEVEL));
			return lowmem(env, step.entry);
		},
		{ arch: 'x86' },
	),
	query('struct mm_struct *__init_mm(void)', 'the address space of the kernel itself', env => spaceAddress(env, 0)),
];
