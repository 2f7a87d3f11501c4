import { phrase, verbatim } from '../phrases/phrase.ts';
import { FOUR_GIB, hex, KiB, MiB, PAGE_SIZE } from './address.ts';
import { atLeast, type KernelVersion } from './kernel-version.ts';
import type { Architecture, ArmMachine, Machine, X86Machine } from './machine.ts';
import { physOffsetOf } from './phys-offset.ts';
import { PAGE_OFFSETS } from './split.ts';
import { UserError } from './user-error.ts';

/** Which of the flags were given: the error stands at the one that the user can mend. */
export interface GivenFlags {
	readonly kernel?: unknown;
	readonly split?: unknown;
	readonly lpae?: unknown;
	readonly pae?: unknown;
	readonly nrCpus?: unknown;
	readonly cpus?: unknown;
}

/** Largest CONFIG_NR_CPUS: of ARM's configuration, and of a PC with BIGSMP. */
const MOST_CPUS = { arm: 32, x86: 64 } as const;
/** The fixmap before 3.16 has 224 pages, 16 for each CPU. */
const MOST_CPUS_OLD_ARM = 14;

/** CPUs whose page tables can have 64-bit entries on ARM. */
const LPAE_CPUS = ['Cortex-A7', 'Cortex-A15', 'Cortex-A17', 'Cortex-A53', 'Cortex-A72'];

/**
 * Refuse what no kernel can be built or booted as.
 * @throws {UserError} one line, at the flag that brings it about.
 */
export const checkMachine = (machine: Machine, flags: GivenFlags): void => {
	if (machine.arch === 'arm') checkArm(machine, flags);
	else checkX86(machine, flags);
	checkCpus(machine, flags);
	checkImage(machine);
	checkMemMap(machine);
};

/** The most CPUs that this release can be built for. */
export const mostCpus = (arch: Architecture, kernel: KernelVersion): number =>
	arch === 'arm' && !atLeast(kernel, '3.16') ? MOST_CPUS_OLD_ARM : MOST_CPUS[arch];

const checkCpus = ({ arch, kernel, nrCpus }: Machine, flags: GivenFlags): void => {
	const most = mostCpus(arch, kernel);
	if (nrCpus <= most) return;
	const where = flags.nrCpus !== undefined ? '--nr-cpus' : flags.cpus !== undefined ? '--cpus' : '--kernel';
	const hint = where === '--kernel' ? verbatim(`--nr-cpus ${most}`) : phrase('at most {most}', { most });
	throw new UserError(
		phrase('kernel {text} cannot be built for {nrCpus} CPUs', { text: kernel.text, nrCpus }),
		where,
		hint,
	);
};

const checkArm = ({ kernel, split, lpae, cpu }: ArmMachine, flags: GivenFlags): void => {
	if (split === '2G_opt') throw new UserError('2G_opt is a split of x86', '--split', '3G, 3G_opt, 2G or 1G');
	if (split === '3G_opt' && !atLeast(kernel, '4.4')) {
		const where = flags.split === undefined ? '--kernel' : '--split';
		throw new UserError('3G_opt came to ARM with 4.4', where, 'another --split or a newer --kernel');
	}
	if (!lpae) return;
	if (!atLeast(kernel, '3.3')) {
		const where = flags.lpae === undefined ? '--kernel' : '--lpae';
		throw new UserError('LPAE came with 3.3', where, 'a newer --kernel, or no --lpae');
	}
	if (split === '3G_opt') {
		throw new UserError('3G_opt excludes LPAE', flags.split === undefined ? '--lpae' : '--split', '3G, 2G or 1G');
	}
	if (!LPAE_CPUS.some(name => cpu.startsWith(name))) {
		throw new UserError(phrase('a {cpu} has no LPAE', { cpu }), '--lpae', '--machine vexpress-a15-lpae-4g has');
	}
};

const checkX86 = ({ pae, split }: X86Machine, flags: GivenFlags): void => {
	if (pae && split.endsWith('_opt')) {
		const where = flags.split === undefined ? '--pae' : '--split';
		throw new UserError(phrase('{split} excludes PAE', { split }), where, '3G, 2G or 1G, or --no-pae');
	}
};

/** The kernel itself must lie in RAM, and so in lowmem. */
const checkImage = (machine: Machine): void => {
	const { sections, split } = machine;
	const physOffset = physOffsetOf(machine);
	const toPhysical = (address: number): number => address - PAGE_OFFSETS[split] + physOffset;
	const start = toPhysical(sections.text[0]);
	const end = toPhysical(Math.max(sections.init[1], sections.data[1], sections.bss?.[1] ?? 0));
	const limit =
		machine.arch === 'x86' ? (machine.parameters.mem ?? Number.POSITIVE_INFINITY) : armMemEnd(machine, physOffset);
	const isThere = machine.ram.some(({ base, sizeBytes }) => base <= start && Math.min(base + sizeBytes, limit) >= end);
	if (isThere) return;
	const needed = Math.ceil((end - start) / KiB);
	const where = machine.parameters.mem === undefined ? '--ram' : '--cmdline';
	throw new UserError(
		phrase('no lowmem for the kernel itself: its {needed} kB lie from {start} on', { needed, start: hex(start) }),
		where,
		machine.arch === 'x86' ? 'a PC needs RAM from 0x00100000 on' : 'a larger first bank',
	);
};

const armMemEnd = ({ parameters }: ArmMachine, physOffset: number): number =>
	parameters.mem === undefined ? Number.POSITIVE_INFINITY : physOffset + parameters.mem;

/** One struct page for each frame from the first bank to the last must fit between PAGE_OFFSET and 4 GiB. */
const checkMemMap = (machine: Machine): void => {
	const { ram, structPageBytes, split } = machine;
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	const last = ram.at(-1);
	const end = last ? last.base + last.sizeBytes : 0;
	const spanned = Math.min(end, isWide ? end : FOUR_GIB) - physOffsetOf(machine);
	const bytes = (spanned / PAGE_SIZE) * structPageBytes;
	if (bytes < FOUR_GIB - PAGE_OFFSETS[split]) return;
	throw new UserError(
		phrase('the page descriptors of that RAM, {size} MB, leave no lowmem', { size: Math.ceil(bytes / MiB) }),
		'--ram',
		'less RAM, or banks closer together',
	);
};
