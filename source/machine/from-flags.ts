import { phrase } from '../phrases/phrase.ts';
import { withKernel, withSplit } from './changes.ts';
import { checkMachine } from './check-machine.ts';
import { closest } from './closest.ts';
import { bootedWith } from './kernel-command-line.ts';
import type { KernelConfig } from './kernel-config/kernel-config.ts';
import { configArchitecture, machineWithConfig } from './kernel-config/with-config.ts';
import type { Architecture, ArmMachine, Machine, Split, X86Machine } from './machine.ts';
import { DEFAULT_MACHINE_ID, findMachine } from './machines.ts';
import { parseRam } from './ram-flag.ts';
import { parseSize } from './size.ts';
import { PAGE_OFFSETS } from './split.ts';
import { supportedKernel } from './supported-kernel.ts';
import { UserError } from './user-error.ts';

/** The flags that say which machine is meant; whatever is absent stays as the ready-made machine has it. */
export interface MachineFlags {
	/** A ready-made machine's id. @default 'imx6q-2g', or a PC with `arch: 'x86'` */
	readonly machine?: string | undefined;
	readonly arch?: string | undefined;
	readonly kernel?: string | undefined;
	/** A size, or banks: `512M@0x80000000,256M@0xa0000000`. */
	readonly ram?: string | undefined;
	readonly split?: string | undefined;
	readonly vmalloc?: string | undefined;
	readonly highmem?: boolean | undefined;
	readonly pae?: boolean | undefined;
	readonly lpae?: boolean | undefined;
	readonly nrCpus?: string | undefined;
	readonly cpus?: string | undefined;
	/** Kernel command line, read as the kernel reads it. */
	readonly cmdline?: string | undefined;
	/** The kernel's .config: it changes the machine, and the other flags change what it says. */
	readonly config?: KernelConfig | undefined;
}

/** Flags that change the machine; others may stand beside them (`--json`). */
export const MACHINE_CHANGES = [
	'arch',
	'kernel',
	'ram',
	'split',
	'vmalloc',
	'highmem',
	'pae',
	'lpae',
	'nrCpus',
	'cpus',
	'cmdline',
] as const satisfies readonly (keyof MachineFlags)[];

const DEFAULT_OF: Readonly<Record<Architecture, string>> = { arm: DEFAULT_MACHINE_ID, x86: 'laptop-2g-nopae' };
const DEFAULT_LPAE = 'vexpress-a15-lpae-4g';

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
	arm: 'arm',
	x86: 'x86',
	x86_32: 'x86',
	i386: 'x86',
	i686: 'x86',
};

/**
 * The machine that the flags describe: a ready-made one, changed by every flag that is given.
 * @throws {UserError} for what is not understood and for combinations that no kernel has; `where` is the flag.
 */
export const machineFromFlags = (flags: MachineFlags): Machine => {
	const base = baseMachine(flags);
	const machine = machineWithFlags(base, flags);
	if (machine === base || flags.machine !== undefined) return machine;
	return { ...machine, title: `custom ${machine.arch} machine`, origin: 'custom' };
};

/**
 * A machine with every flag applied that is given; the very same machine when none is. `machine` and `arch` only choose
 * where to begin and are not read here.
 * @throws {UserError} as `machineFromFlags` does.
 */
export const machineWithFlags = (base: Machine, flags: MachineFlags): Machine => {
	const { config } = flags;
	const configured = config ? machineWithConfig(base, config) : base;
	if (MACHINE_CHANGES.every(name => flags[name] === undefined)) {
		if (config) checkConfigured(configured, config);
		return configured;
	}
	let machine = configured;
	if (flags.kernel !== undefined) machine = withKernel(machine, supportedKernel(flags.kernel, '--kernel'));
	if (flags.split !== undefined) machine = withSplit(machine, parseSplit(flags.split));
	machine = machine.arch === 'arm' ? withArmOptions(machine, flags) : withX86Options(machine, flags);
	machine = withCpus(machine, flags);
	if (flags.ram !== undefined) machine = withRam(machine, flags.ram);
	if (flags.cmdline !== undefined) machine = bootedWith(machine, flags.cmdline);
	if (flags.vmalloc !== undefined) machine = withVmalloc(machine, flags.vmalloc);
	checkMachine(machine, flags);
	return { ...machine, id: 'custom', origin: machine.origin ?? 'changed' };
};

/** With no other flag to blame, what is wrong is wrong in the file. */
const checkConfigured = (machine: Machine, { fileName }: KernelConfig): void => {
	try {
		checkMachine(machine, {});
	} catch (error) {
		throw error instanceof UserError ? new UserError(error.text, fileName, error.hint) : error;
	}
};

const baseMachine = ({ machine: id, arch: archName, lpae, config }: MachineFlags): Machine => {
	const arch = archName === undefined ? undefined : ARCHITECTURES[archName.toLowerCase()];
	if (archName !== undefined && arch === undefined) {
		throw new UserError(phrase('"{text}" is not an architecture', { text: archName }), '--arch', 'arm or x86');
	}
	if (id === undefined) {
		const wanted = arch ?? (config && configArchitecture(config)) ?? 'arm';
		const isLpae = lpae ?? config?.has('ARM_LPAE') ?? false;
		return findMachine(isLpae && wanted === 'arm' ? DEFAULT_LPAE : DEFAULT_OF[wanted]);
	}
	const machine = findMachine(id);
	if (arch !== undefined && arch !== machine.arch) {
		throw new UserError(
			phrase('{id} is an {arch} machine', { id, arch: machine.arch }),
			'--arch',
			'leave --arch or --machine out',
		);
	}
	return machine;
};

const parseSplit = (text: string): Split => {
	const names = Object.keys(PAGE_OFFSETS) as Split[];
	const split = names.find(name => name.toLowerCase() === text.toLowerCase());
	if (split) return split;
	const meant = closest(text, names);
	throw new UserError(
		phrase('"{text}" is not a split', { text }),
		'--split',
		meant === undefined
			? phrase('one of {names}', { names: names.join(', ') })
			: phrase('did you mean {meant}? One of {names}', { meant, names: names.join(', ') }),
	);
};

const withArmOptions = (machine: ArmMachine, { highmem, lpae, pae }: MachineFlags): ArmMachine => {
	if (pae !== undefined) throw new UserError('PAE is for x86', '--pae', 'ARM has --lpae');
	return { ...machine, highmem: highmem ?? machine.highmem, lpae: lpae ?? machine.lpae };
};

const withX86Options = (machine: X86Machine, flags: MachineFlags): X86Machine => {
	if (flags.lpae !== undefined) throw new UserError('LPAE is for ARM', '--lpae', 'x86 has --pae');
	const pae = flags.pae ?? machine.pae;
	const isHighmem = flags.highmem ?? machine.highmem !== 'off';
	return { ...machine, pae, highmem: isHighmem ? (pae ? '64G' : '4G') : 'off', pti: machine.pti && pae };
};

const parseCount = (text: string, where: string): number => {
	const count = Number(text);
	if (!/^\d+$/.test(text.trim()) || count === 0) {
		throw new UserError(phrase('"{text}" is not a number of CPUs', { text }), where, 'a whole number from 1 on');
	}
	return count;
};

const withCpus = (machine: Machine, flags: MachineFlags): Machine => {
	const cpus = flags.cpus === undefined ? undefined : parseCount(flags.cpus, '--cpus');
	if (flags.nrCpus === undefined) {
		const cpusOnline = cpus ?? machine.cpusOnline;
		return { ...machine, cpusOnline, nrCpus: Math.max(machine.nrCpus, cpusOnline) };
	}
	const nrCpus = parseCount(flags.nrCpus, '--nr-cpus');
	if (cpus !== undefined && cpus > nrCpus) {
		throw new UserError(
			phrase('{cpus} CPUs, but the kernel is built for {nrCpus}', { cpus, nrCpus }),
			'--cpus',
			phrase('at most {nrCpus}, or a larger --nr-cpus', { nrCpus }),
		);
	}
	return { ...machine, nrCpus, cpusOnline: Math.min(cpus ?? machine.cpusOnline, nrCpus) };
};

/** A CMA region at an address of the old RAM is placed by the kernel again. */
const withRam = (machine: Machine, text: string): Machine => {
	const ram = parseRam(text, machine);
	if (machine.arch === 'x86') return { ...machine, ram };
	const { cma, ...rest } = machine;
	return { ...rest, ram, ...(cma ? { cma: { sizeBytes: cma.sizeBytes } } : {}) };
};

const withVmalloc = (machine: Machine, text: string): Machine => {
	const vmalloc = parseSize(text, '--vmalloc');
	if (vmalloc === 0 || vmalloc >= 2 ** 32) {
		throw new UserError(phrase('{text} of vmalloc space is impossible', { text }), '--vmalloc', 'for example 256M');
	}
	return { ...machine, parameters: { ...machine.parameters, vmalloc } };
};
