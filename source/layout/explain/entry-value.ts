import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine, Machine, X86Machine } from '../../machine/machine.ts';

/** What a page of the kernel is mapped for: PAGE_KERNEL, PAGE_KERNEL_EXEC, ioremap. */
export type MappingKind = 'memory' | 'code' | 'device';

/** Page table formats of 32-bit kernels. */
export type WalkFormat = 'arm' | 'lpae' | 'x86' | 'pae';

export const walkFormat = (machine: Machine): WalkFormat =>
	machine.arch === 'arm' ? (machine.lpae ? 'lpae' : 'arm') : machine.pae ? 'pae' : 'x86';

/** The page tables of the kernels before 2.6.38 number the bits of a Linux entry otherwise. */
const FIRST_LINUX_BITS = '2.6.38';
/** From here on lowmem outside the kernel image is not executable on ARM. */
const FIRST_XN_LOWMEM = '3.14';
/** ioremap's uncached pages have PWT clear: recorded from here on. */
const FIRST_RECORDED_IOREMAP = '4.4';

/**
 * Whether the kernel maps memory as shared between CPUs: built for several, on a CPU that takes part in coherency. A
 * Cortex-A8 never does; a kernel for both patches itself at boot (arch/arm/kernel/head.S: __fixup_smp).
 */
const isShared = ({ nrCpus, armVersion, cpu }: ArmMachine): boolean =>
	nrCpus > 1 && armVersion === 7 && !cpu.startsWith('Cortex-A8');

/** Present, young, dirty, and no execution where that is wanted (arch/arm/include/asm/pgtable-2level.h). */
const ARM_PTE = 0x43;
const ARM_XN = 0x200;
const ARM_SHARED = 0x400;
/** Memory types: write-allocate, write-back, shared device. */
const ARM_TYPES = { shared: 0x1c, plain: 0x0c, device: 0x10 } as const;

const armPte = (machine: ArmMachine, kind: MappingKind): bigint | undefined => {
	if (!atLeast(machine.kernel, FIRST_LINUX_BITS)) return undefined;
	if (kind === 'device') return BigInt(ARM_PTE | ARM_XN | ARM_SHARED | ARM_TYPES.device);
	const type = isShared(machine) ? ARM_TYPES.shared | ARM_SHARED : ARM_TYPES.plain;
	return BigInt(ARM_PTE | type | (kind === 'memory' ? ARM_XN : 0));
};

/** Access flag, inner shareable, attribute index 7, page; device memory has index 4. */
const LPAE_MEMORY = 0x71fn;
const LPAE_DEVICE = 0x713n;
const LPAE_DIRTY = 1n << 55n;
const LPAE_XN = 1n << 54n;

const lpaePte = (kind: MappingKind): bigint => {
	if (kind === 'device') return LPAE_DEVICE | LPAE_DIRTY | LPAE_XN;
	return LPAE_MEMORY | LPAE_DIRTY | (kind === 'memory' ? LPAE_XN : 0n);
};

/** Present, writable, accessed, dirty. */
const X86_PTE = 0x63n;
const X86_GLOBAL = 0x100n;
const X86_UNCACHED = 0x10n;
const X86_LARGE = 0x80n;
const X86_NX = 1n << 63n;

const x86Bits = ({ pae, pti }: X86Machine, isCode: boolean): bigint =>
	X86_PTE | (pae && !isCode ? X86_NX : 0n) | (pae && pti ? 0n : X86_GLOBAL);

const x86Pte = (machine: X86Machine, kind: MappingKind): bigint | undefined => {
	if (kind !== 'device') return kind === 'memory' ? x86Bits(machine, false) : undefined;
	return atLeast(machine.kernel, FIRST_RECORDED_IOREMAP) ? x86Bits(machine, false) | X86_UNCACHED : undefined;
};

/**
 * The last-level entry that maps the page at `physical`, as Linux reads it; undefined where its bits are not determined
 * by what is known of the machine (module text on x86 is made read-only or not by the configuration).
 */
export const pteValue = (machine: Machine, physical: number, kind: MappingKind): bigint | undefined => {
	const bits = machine.arch === 'x86' ? x86Pte(machine, kind) : machine.lpae ? lpaePte(kind) : armPte(machine, kind);
	return bits === undefined ? undefined : BigInt(physical) | bits;
};

/** The hardware's own entry beside Linux's on ARM: Linux keeps both, 2048 bytes apart (pgtable-2level.h). */
export const hardwarePteValue = (machine: Machine, physical: number, kind: MappingKind): bigint | undefined => {
	if (machine.arch !== 'arm' || machine.lpae || machine.armVersion !== 7 || !isShared(machine)) return undefined;
	if (kind === 'device') return undefined;
	return BigInt(physical) | (kind === 'memory' ? 0x45fn : 0x45en);
};

/** Section: writable for the kernel, cached, domain 0. Bit 4 is XN from ARMv6 on and must be one before. */
const SECTION = 0x40e;
const SECTION_BIT4 = 0x10;
const SECTION_SHARED = 0x11000;

/** The entry that maps a whole section, block or large page of lowmem outside the kernel image. */
export const blockValue = (machine: Machine, physical: number): bigint => {
	const base = BigInt(physical);
	if (machine.arch === 'x86') return base | x86Bits(machine, false) | X86_LARGE;
	const isXn = atLeast(machine.kernel, FIRST_XN_LOWMEM);
	if (machine.lpae) return base | 0x71dn | (isXn ? LPAE_XN : 0n);
	const bit4 = isXn || machine.armVersion < 6 ? SECTION_BIT4 : 0;
	return base | BigInt(SECTION | bit4 | (isShared(machine) ? SECTION_SHARED : 0));
};

/** The kind of a 4 kB page of lowmem outside the image. */
export const lowmemPageKind = (machine: Machine): MappingKind =>
	machine.arch === 'x86' || atLeast(machine.kernel, FIRST_XN_LOWMEM) ? 'memory' : 'code';
