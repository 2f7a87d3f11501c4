import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { type ArmMachine, hasHighmem, type X86Machine } from '../../machine/machine.ts';
import type { ReportStyle } from './kernel-report.ts';
import type { TableEntries } from './table-entries.ts';

/** What the page tables say about an address that could not be reached; it shapes the fault status word. */
export interface FaultingAccess {
	readonly address: number;
	readonly isWrite: boolean;
	/** An instruction was to be fetched there. @default false */
	readonly isExecute?: boolean;
	/** Whether a last-level table covers the address. */
	readonly hasTable: boolean;
	/** Whether it lies in the fixmap, whose table is in domain 3 on ARM. */
	readonly isFixmap: boolean;
	/** Something is mapped there, but not for this kind of access. @default false */
	readonly isPresent?: boolean;
	/** The entries on the way, as the tables hold them; absent when nobody walked. */
	readonly entries?: TableEntries;
}

/** The lines from the first one to the one that numbers the oops, which comes without its number. */
export interface FaultLines {
	readonly before: readonly string[];
	/** `Oops: 0000`. */
	readonly oops: string;
	/** The line by which the fault is known. */
	readonly first: string;
}

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** First words of an oops (arch/x86/mm/fault.c: show_fault_oops). */
interface X86Words extends VersionRow {
	readonly nullPointer: string;
	readonly paging: string;
}

const OLD_X86 = {
	nullPointer: 'BUG: unable to handle kernel NULL pointer dereference at ',
	paging: 'BUG: unable to handle kernel paging request at ',
} as const;

const X86_WORDS: readonly [X86Words, ...X86Words[]] = [
	{ since: '2.6.24', ...OLD_X86 },
	{
		since: '5.1',
		nullPointer: 'BUG: kernel NULL pointer dereference, address: ',
		paging: 'BUG: unable to handle page fault for address: ',
	},
];

/** The first three lines of a page fault on x86 and its error code: bit 0 protection, 1 write, 4 instruction fetch. */
export const x86FaultLines = (machine: X86Machine, access: FaultingAccess, place: string): FaultLines => {
	const { kernel } = machine;
	const { address, isWrite, isExecute = false, isPresent = false } = access;
	const words = byVersion(kernel, X86_WORDS);
	// %p of a null pointer.
	const shown = address === 0 && !atLeast(kernel, '4.15') ? '  (null)' : digits(address);
	const first = `${address < 4096 ? words.nullPointer : words.paging}${shown}`;
	// Without no-execute pages the processor does not tell a fetch from a read.
	const isFetch = isExecute && machine.pae;
	const code = Number(isPresent) | (isWrite ? 2 : 0) | (isFetch ? 0x10 : 0);
	const error = code.toString(16).padStart(4, '0');
	const before = [first];
	if (atLeast(kernel, '5.1')) {
		const verb = isFetch ? 'instruction fetch' : `${isWrite ? 'write' : 'read'} access`;
		before.push(`#PF: supervisor ${verb} in kernel mode`);
		before.push(`#PF: error_code(0x${error}) - ${isPresent ? 'permissions violation' : 'not-present page'}`);
	}
	if (!atLeast(kernel, '4.14')) before.push(`IP: ${place}`);
	before.push(x86Entries(machine, access));
	return { before, oops: `Oops: ${error}`, first };
};

/** dump_pagetable. Each entry is followed by a blank. */
const x86Entries = (machine: X86Machine, { hasTable, entries, isPresent = false }: FaultingAccess): string => {
	const width = machine.pae ? 16 : 8;
	const value = (entry: number): string => entry.toString(16).padStart(width, '0');
	const directory = entries?.directory ?? (hasTable ? 0x067 : isPresent ? 0x1e3 : 0);
	const isLarge = (directory & 0x80) !== 0;
	const pdpt = machine.pae ? `*pdpt = ${value(0x001)} ` : '';
	const pte = hasTable && !isLarge ? `*pte = ${value(entries?.entry ?? 0)} ` : '';
	return `${pdpt}*pde = ${value(directory)} ${pte}`;
};

/** The kernel's and a user's domain in bits 4 to 7 of the fault status, and the fixmap's. */
const USER_DOMAIN = 0x10;
const IO_DOMAIN = 0x30;

/** A small static program's own table covers the first addresses. */
const USER_TABLE_END = 0x200000;

/** The first lines of a fault on ARM and its status word (arch/arm/mm/fault.c). */
export const armFaultLines = (
	machine: ArmMachine,
	style: ReportStyle,
	access: FaultingAccess,
	isKernelTask: boolean,
): FaultLines => {
	const { kernel } = machine;
	const { address, isWrite, isExecute = false } = access;
	const before = atLeast(kernel, '5.1') ? ['8<--- cut here ---'] : [];
	const isUserTable = !machine.lpae && address < USER_TABLE_END;
	const isDomainFault = isUserTable && style.hasDomainPan;
	const first = isDomainFault ? domainFault(access) : unableToHandle(machine, access);
	before.push(first);
	if (isDomainFault && isExecute) {
		// do_PrefetchAbort() shows no table, and to 5.10 nothing before its line.
		return { before: atLeast(kernel, '5.11') ? before : [first], oops: 'Internal error: : 1b', first };
	}
	if (!atLeast(kernel, '5.11')) before.push(`pgd = ${atLeast(kernel, '4.15') ? '(ptrval)' : digits(0xc0004000)}`);
	before.push(`[${digits(address)}] ${armEntries(machine, access, isUserTable, isKernelTask)}`);
	if (isDomainFault) return { before, oops: `Internal error: : ${isWrite ? '81b' : '1b'}`, first };
	return { before, oops: `Internal error: Oops: ${armStatus(machine, access, isUserTable)}`, first };
};

const domainFault = ({ address, isWrite, isExecute }: FaultingAccess): string =>
	isExecute
		? `Unhandled prefetch abort: page domain fault (0x01b) at 0x${digits(address)}`
		: `Unhandled fault: page domain fault (0x${isWrite ? '8' : '0'}1b) at 0x${digits(address)}`;

const unableToHandle = ({ kernel }: ArmMachine, access: FaultingAccess): string => {
	const { address, isWrite, isExecute = false, isPresent = false, hasTable } = access;
	const verb = isExecute ? 'execute' : isWrite ? 'write' : 'read';
	const what =
		address < 4096
			? 'NULL pointer dereference'
			: isExecute && isPresent && atLeast(kernel, hasTable ? '5.11' : '6.4')
				? 'execution of memory'
				: 'paging request';
	const ending = atLeast(kernel, '6.4') ? ` when ${verb}` : '';
	return `Unable to handle kernel ${what} at virtual address ${digits(address)}${ending}`;
};

/** show_pte: a table in highmem is not looked into. */
const armEntries = (
	machine: ArmMachine,
	access: FaultingAccess,
	isUserTable: boolean,
	isKernelTask: boolean,
): string => {
	// A kernel thread borrows a program's tables, but it is the kernel's own that are shown.
	if (isUserTable && isKernelTask) return '*pgd=00000000';
	const { hasTable, entries, isPresent = false } = access;
	const directory = isUserTable ? 0x835 : (entries?.directory ?? (hasTable ? 0x811 : 0));
	if (isUserTable && hasHighmem(machine)) return `*pgd=${digits(directory)}`;
	if (!hasTable && !isUserTable) return isPresent ? `*pgd=${digits(directory)}(bad)` : `*pgd=${digits(directory)}`;
	return `*pgd=${digits(directory)}, *pte=${digits(entries?.entry ?? 0)}, *ppte=${digits(entries?.hardware ?? 0)}`;
};

/**
 * The fault status register in hex: 5 and 7 translation (no table, no page), d and f permission, domain in bits 4 to 7,
 * 0x800 for a write, bit 31 for an instruction fetch.
 */
const armStatus = (machine: ArmMachine, access: FaultingAccess, isUserTable: boolean): string => {
	const { hasTable, isWrite, isFixmap, isExecute = false, isPresent = false } = access;
	const isPage = hasTable || isUserTable;
	const kind = isPresent ? (isPage ? 0xf : 0xd) : isPage ? 7 : 5;
	const lpaeKind = isPresent ? (isPage ? 0x20f : 0x20e) : isPage ? 0x207 : 0x206;
	const domain = machine.lpae ? 0 : isFixmap ? IO_DOMAIN : isUserTable ? USER_DOMAIN : 0;
	const status = (machine.lpae ? lpaeKind : kind) | domain | (isWrite ? 0x800 : 0) | (isExecute ? 0x80000000 : 0);
	return (status >>> 0).toString(16);
};
