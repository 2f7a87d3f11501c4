import type { KernelPageTable } from '../paging/kernel-page-table.ts';

/** The kernel's page table entries for an address, as an oops shows them. */
export interface TableEntries {
	/** The entry of the directory: *pde, on ARM *pgd. */
	readonly directory: number;
	/** The last-level entry, when there is a table. On ARM that is Linux's own one. */
	readonly entry?: number;
	/** ARM: the entry that the hardware reads, *ppte. */
	readonly hardware?: number;
}

const TWO_MEGABYTES = 0x200000;

const wide = (low: number, high: number): number => high * 2 ** 32 + (low >>> 0);

/** Walk the kernel's tables as dump_pagetable and show_pte do. */
export const tableEntries = (table: KernelPageTable, address: number): TableEntries => {
	const { mmu, root, context } = table;
	const isArm = context.machine.arch === 'arm';
	const walked = mmu.walker.walk(root, address);
	const values = walked.map(({ low, high }) => wide(low, high));
	const isThreeLevels = context.machine.arch === 'arm' ? context.machine.lpae : context.machine.pae;
	// Linux on ARM takes two first-level entries for one; the first of the pair is shown.
	const [shown] = isArm && !isThreeLevels ? mmu.walker.walk(root, address - (address % TWO_MEGABYTES)) : [];
	const directory = shown ? shown.low >>> 0 : (values[isThreeLevels ? 1 : 0] ?? 0);
	const leaf = walked.length > (isThreeLevels ? 2 : 1) ? (values.at(-1) ?? 0) : undefined;
	if (leaf === undefined) return { directory };
	if (isArm && !isThreeLevels)
		return { directory, entry: linuxEntry(table, walked.at(-1)?.entry ?? 0), hardware: leaf };
	return { directory, entry: leaf };
};

/** Linux's own entry beside one of the hardware's. @param hardware Physical address of that. */
const linuxEntry = ({ writer, mmu }: KernelPageTable, hardware: number): number => {
	const { shape } = writer;
	return mmu.walker.bytes.word(hardware + (shape.linux - shape.hardware) * 4);
};
