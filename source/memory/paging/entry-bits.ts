import { hardwarePteValue, type MappingKind, pteValue } from '../../layout/explain/entry-value.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine, Machine } from '../../machine/machine.ts';

/** What a last-level entry of the kernel allows, as an index into the bits of a machine's entries. */
export const PageKind = {
	/** Cached memory, not executable: PAGE_KERNEL. */
	memory: 1,
	/** Executable memory: PAGE_KERNEL_EXEC. */
	code: 2,
	/** Device memory: ioremap. */
	device: 3,
	/** A process's page, readable and writable, not executable. */
	user: 4,
	/** The same while it may only be read: shared after a fork, or the page of zeroes. */
	userReadOnly: 5,
	/** Code that nobody may write: PAGE_KERNEL_ROX. */
	readOnlyCode: 6,
	/** Data that nobody may write: PAGE_KERNEL_RO. */
	readOnly: 7,
} as const;

export type PageKind = (typeof PageKind)[keyof typeof PageKind];

/**
 * The bits beside the page's address as 32-bit words, at `kind * KIND_WORDS`: Linux's entry, its high word where entries
 * have 64 bits, and the hardware's own entry beside it (ARM's short descriptors).
 */
export type EntryBits = Int32Array;

export const KIND_WORDS = 4;
export const HIGH_WORD = 1;
export const HARDWARE_WORD = 2;

const KINDS: readonly MappingKind[] = ['memory', 'code', 'device'];

export const entryBits = (machine: Machine): EntryBits => {
	const bits = new Int32Array((PageKind.readOnly + 1) * KIND_WORDS);
	setUserBits(machine, bits);
	for (const [index, kind] of KINDS.entries()) {
		const at = (index + 1) * KIND_WORDS;
		const value = pteValue(machine, 0, kind) ?? unrecorded(machine, kind);
		bits[at] = Number(BigInt.asIntN(32, value));
		bits[at + HIGH_WORD] = Number(BigInt.asIntN(32, value >> 32n));
		if (machine.arch !== 'arm' || machine.lpae) continue;
		const known = hardwarePteValue(machine, 0, kind);
		bits[at + HARDWARE_WORD] = known === undefined ? hardwareBits(machine, Number(value)) : Number(known);
	}
	setReadOnly(machine, bits, PageKind.code, PageKind.readOnlyCode);
	setReadOnly(machine, bits, PageKind.memory, PageKind.readOnly);
	return bits;
};

/** set_memory_ro: the bits of a kind without the right to write. */
const setReadOnly = (machine: Machine, bits: Int32Array, from: PageKind, to: PageKind): void => {
	const at = to * KIND_WORDS;
	for (let word = 0; word < KIND_WORDS; word++) bits[at + word] = bits[from * KIND_WORDS + word] ?? 0;
	const low = bits[at] ?? 0;
	if (machine.arch === 'x86') {
		bits[at] = low & ~X86_WRITE;
	} else if (machine.lpae) {
		bits[at] = low | LPAE_READ_ONLY;
		bits[at + HIGH_WORD] = (bits[at + HIGH_WORD] ?? 0) | LPAE_LINUX_READ_ONLY;
	} else if (machine.armVersion >= 6) {
		bits[at] = low | ARM_LINUX_READ_ONLY;
		bits[at + HARDWARE_WORD] = (bits[at + HARDWARE_WORD] ?? 0) | ARM_APX;
	}
};

const X86_WRITE = 2;
const X86_USER = 0x67;
const X86_USER_READ_ONLY = 0x65;
const X86_NX_HIGH = 1 << 31;
const LPAE_USER = 0x40;
const LPAE_READ_ONLY = 0x80;
const LPAE_NOT_GLOBAL = 0x800;
/** Bit 58, L_PTE_RDONLY of the high word. */
const LPAE_LINUX_READ_ONLY = 1 << 26;
const ARM_LINUX_USER = 0x100;
const ARM_LINUX_READ_ONLY = 0x80;
const ARM_USER = 0x20;
const ARM_APX = 0x200;
const ARM_NOT_GLOBAL = 0x800;
/** Read-only for user mode in all four fields of a small page before ARMv6, and writable. */
const AP_USER_V5 = { user: 0xff0, userReadOnly: 0xaa0 } as const;

/** Pages of processes: as the kernel's cached memory, but for user mode and of one address space only. */
const setUserBits = (machine: Machine, bits: Int32Array): void => {
	const memory = pteValue(machine, 0, 'memory') ?? unrecorded(machine, 'memory');
	const low = Number(BigInt.asIntN(32, memory));
	const high = Number(BigInt.asIntN(32, memory >> 32n));
	for (const kind of ['user', 'userReadOnly'] as const) {
		const isReadOnly = kind === 'userReadOnly';
		const at = PageKind[kind] * KIND_WORDS;
		if (machine.arch === 'x86') {
			bits[at] = isReadOnly ? X86_USER_READ_ONLY : X86_USER;
			bits[at + HIGH_WORD] = machine.pae ? X86_NX_HIGH : 0;
		} else if (machine.lpae) {
			bits[at] = low | LPAE_USER | LPAE_NOT_GLOBAL | (isReadOnly ? LPAE_READ_ONLY : 0);
			bits[at + HIGH_WORD] = high | (isReadOnly ? LPAE_LINUX_READ_ONLY : 0);
		} else {
			// Before 2.6.38 the bit grants writing.
			const isOld = !atLeast(machine.kernel, '2.6.38');
			const protection = isReadOnly === isOld ? low & ~ARM_LINUX_READ_ONLY : low | ARM_LINUX_READ_ONLY;
			bits[at] = protection | ARM_LINUX_USER;
			bits[at + HARDWARE_WORD] =
				machine.armVersion < 6
					? TYPE_SMALL | (low & 0x0c) | AP_USER_V5[kind]
					: hardwareBits(machine, low) | ARM_USER | ARM_NOT_GLOBAL | (isReadOnly ? ARM_APX : 0);
		}
	}
};

/** Before 2.6.38 a set bit of a Linux entry on ARM grants writing and execution; afterwards one forbids them. */
const OLD_WRITE = 0x80;
const OLD_EXEC = 0x200;
const OLD_PAGE = 0x43;
const OLD_TYPES = { memory: 0x0c, code: 0x0c, device: 0x10 } as const;

const X86_KERNEL_EXEC = 0x63n;
const X86_GLOBAL = 0x100n;
const X86_UNCACHED = 0x10n;

/** What no recording shows: page table bits of the oldest kernels, and of module text on x86, writable and executable. */
const unrecorded = (machine: Machine, kind: MappingKind): bigint => {
	if (machine.arch === 'x86') {
		const global = machine.pae && machine.pti ? 0n : X86_GLOBAL;
		return X86_KERNEL_EXEC | global | (kind === 'device' ? X86_UNCACHED : 0n);
	}
	return BigInt(OLD_PAGE | OLD_WRITE | OLD_TYPES[kind] | (kind === 'code' ? OLD_EXEC : 0));
};

const TYPE_SMALL = 2;
const AP_KERNEL = 0x10;
const XN = 1;
const TEX_1 = 0x40;
const LINUX_TYPE_BIT_2 = 0x10;
const LINUX_XN = 0x200;
/** Four access fields, one a kilobyte, as the small pages up to ARMv5 have them. */
const AP_KERNEL_V5 = 0x550;

/** What cpu_set_pte_ext writes for a Linux entry (arch/arm/mm/proc-v7-2level.S, proc-macros.S). */
const hardwareBits = (machine: ArmMachine, linux: number): number => {
	const isOld = !atLeast(machine.kernel, '2.6.38');
	const cache = linux & 0x0c;
	if (machine.armVersion < 6) return AP_KERNEL_V5 | TYPE_SMALL | cache;
	const isExecutable = ((linux & LINUX_XN) !== 0) === isOld;
	const shared = linux & 0x400;
	const type = (linux & LINUX_TYPE_BIT_2) !== 0 ? TEX_1 : 0;
	return AP_KERNEL | TYPE_SMALL | cache | shared | type | (isExecutable ? 0 : XN);
};
