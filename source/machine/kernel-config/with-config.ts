import { phrase, verbatim } from '../../phrases/phrase.ts';
import { hex, MiB, physical } from '../address.ts';
import { withKernel, withSplit } from '../changes.ts';
import { atLeast } from '../kernel-version.ts';
import type {
	Architecture,
	ArmMachine,
	DebugOptions,
	Machine,
	Split,
	X86FixmapOptions,
	X86Machine,
} from '../machine.ts';
import { PAGE_OFFSETS } from '../split.ts';
import { supportedKernel } from '../supported-kernel.ts';
import { UserError } from '../user-error.ts';
import type { KernelConfig } from './kernel-config.ts';
import type { OptionName } from './options.ts';

/** The architecture that the configuration is for; undefined when a fragment does not say. */
export const configArchitecture = (config: KernelConfig): Architecture | undefined => {
	if (config.has('X86_64')) {
		throw new UserError('is for a 64-bit kernel', config.where('X86_64'), 'the layouts here are of 32-bit kernels');
	}
	if (config.has('ARM')) return 'arm';
	return config.has('X86_32') ? 'x86' : undefined;
};

/**
 * The machine with its kernel built from this configuration.
 * @throws {UserError} for a configuration of another architecture, and for values that no kernel has.
 */
export const machineWithConfig = (machine: Machine, config: KernelConfig): Machine => {
	const arch = configArchitecture(config);
	if (arch !== undefined && arch !== machine.arch) {
		const where = config.where(arch === 'arm' ? 'ARM' : 'X86_32');
		throw new UserError(
			phrase('is for {arch}, the machine is {arch2}', { arch, arch2: machine.arch }),
			where,
			'another --machine or --config',
		);
	}
	const { release } = config;
	let changed = release ? withKernel(machine, supportedKernel(release.text, release.where)) : machine;
	changed = withSplit(changed, splitOf(config) ?? changed.split);
	changed = withCommonOptions(changed, config);
	changed = changed.arch === 'arm' ? withArmOptions(changed, config) : withX86Options(changed, config);
	return { ...changed, id: 'custom', origin: 'configured' };
};

const SPLITS: readonly (readonly [OptionName, Split])[] = [
	['VMSPLIT_3G', '3G'],
	['VMSPLIT_3G_OPT', '3G_opt'],
	['VMSPLIT_2G', '2G'],
	['VMSPLIT_2G_OPT', '2G_opt'],
	['VMSPLIT_1G', '1G'],
];

const splitOf = (config: KernelConfig): Split | undefined => {
	const chosen = SPLITS.find(([option]) => config.has(option));
	if (chosen) return chosen[1];
	const pageOffset = config.number('PAGE_OFFSET');
	if (pageOffset === undefined) return undefined;
	const split = SPLITS.map(([, name]) => name).find(name => PAGE_OFFSETS[name] === pageOffset);
	if (split) return split;
	const known = Object.values(PAGE_OFFSETS).map(offset => hex(offset));
	throw new UserError('no split has that CONFIG_PAGE_OFFSET', config.where('PAGE_OFFSET'), verbatim(known.join(', ')));
};

const withCommonOptions = (machine: Machine, config: KernelConfig): Machine => {
	const nrCpus = nrCpusOf(config) ?? machine.nrCpus;
	const hasGroups = atLeast(machine.kernel, '3.19') ? config.has('MEMCG') : undefined;
	const structPageBytes = hasGroups === undefined ? machine.structPageBytes : hasGroups ? GROUPED[machine.arch] : PLAIN;
	return {
		...machine,
		nrCpus,
		cpusOnline: Math.min(machine.cpusOnline, nrCpus),
		maxOrder: maxOrderOf(machine, config),
		structPageBytes,
		debug: debugOf(machine.debug, config),
	};
};

/** sizeof(struct page), and with the pointer to its memory cgroup. */
const PLAIN = 32;
const GROUPED: Readonly<Record<Architecture, number>> = { arm: 36, x86: 40 };

const nrCpusOf = (config: KernelConfig): number | undefined => {
	if (config.has('SMP') === false) return 1;
	const nrCpus = config.number('NR_CPUS');
	if (nrCpus === 0)
		throw new UserError('CONFIG_NR_CPUS is at least 1', config.where('NR_CPUS'), verbatim('CONFIG_NR_CPUS=4'));
	return nrCpus;
};

/** The option counted one more than the largest order until the kernel itself stopped doing so in 6.4. */
const maxOrderOf = ({ kernel, maxOrder }: Machine, config: KernelConfig): number => {
	const name = config.number('ARCH_FORCE_MAX_ORDER') === undefined ? 'FORCE_MAX_ZONEORDER' : 'ARCH_FORCE_MAX_ORDER';
	const value = config.number(name);
	if (value === undefined) return maxOrder;
	const order = name === 'ARCH_FORCE_MAX_ORDER' && atLeast(kernel, '6.4') ? value : value - 1;
	if (order < 1 || order > MOST_ORDER) {
		throw new UserError(
			phrase('no kernel has CONFIG_{name}={value}', { name, value }),
			config.where(name),
			'11 is usual',
		);
	}
	return order;
};

const MOST_ORDER = 15;

const debugOf = (debug: DebugOptions, config: KernelConfig): DebugOptions => {
	const either = (a: OptionName, b: OptionName): boolean | undefined => config.has(a) || config.has(b);
	const slabHardened = config.has('SLAB_FREELIST_HARDENED') ?? debug.slabHardened;
	const stackTrace = config.has('STACKTRACE') ?? debug.stackTrace;
	const slub = debug.slub ?? (config.has('SLUB_DEBUG_ON') ? '' : undefined);
	return {
		highmem: either('DEBUG_HIGHMEM', 'DEBUG_KMAP_LOCAL') ?? debug.highmem,
		atomicSleep: either('DEBUG_ATOMIC_SLEEP', 'DEBUG_SPINLOCK_SLEEP') ?? debug.atomicSleep,
		virtual: config.has('DEBUG_VIRTUAL') ?? debug.virtual,
		preemptCount: either('PREEMPT_COUNT', 'PREEMPT') ?? debug.preemptCount,
		...((config.has('DEBUG_VM') ?? debug.vm) ? { vm: true } : {}),
		...((config.has('INIT_ON_ALLOC_DEFAULT_ON') ?? debug.initOnAlloc) ? { initOnAlloc: true } : {}),
		...(slabHardened === undefined ? {} : { slabHardened }),
		...(slub === undefined ? {} : { slub }),
		...(stackTrace === undefined ? {} : { stackTrace }),
	};
};

const withArmOptions = (machine: ArmMachine, config: KernelConfig): ArmMachine => {
	const { cma: _, dmaZone: __, ...rest } = machine;
	const lineBytes = cacheLineOf(config);
	const cma = cmaOf(machine, config);
	const dmaZone =
		config.has('ZONE_DMA') === false ? undefined : (machine.dmaZone ?? (config.has('ZONE_DMA') ? 'lowmem' : undefined));
	return {
		...rest,
		highmem: config.has('HIGHMEM') ?? machine.highmem,
		lpae: config.has('ARM_LPAE') ?? machine.lpae,
		thumb2: config.has('THUMB2_KERNEL') ?? machine.thumb2,
		errata798181: config.has('ARM_ERRATA_798181') ?? machine.errata798181,
		modules: config.has('MODULES') ?? machine.modules,
		modulePlts: config.has('ARM_MODULE_PLTS') ?? machine.modulePlts ?? false,
		...(lineBytes === undefined ? {} : { cacheLineBytes: lineBytes, kmallocMinBytes: lineBytes }),
		...(cma ? { cma } : {}),
		...(dmaZone === undefined ? {} : { dmaZone }),
		ram: ramOf(machine, config),
	};
};

/** Bytes of a cache line: 32 or 64 on every ARM so far, 16 and 128 being thinkable. */
const cacheLineOf = (config: KernelConfig): number | undefined => {
	const shift = config.number('ARM_L1_CACHE_SHIFT');
	if (shift === undefined || (shift >= 4 && shift <= 7)) return shift === undefined ? undefined : 2 ** shift;
	throw new UserError(
		phrase('no ARM has CONFIG_ARM_L1_CACHE_SHIFT={shift}', { shift }),
		config.where('ARM_L1_CACHE_SHIFT'),
		'5 or 6',
	);
};

/** The region keeps its place only if its size stays. */
const cmaOf = ({ cma }: ArmMachine, config: KernelConfig): ArmMachine['cma'] => {
	if (config.has('CMA') === false) return undefined;
	const megabytes = config.number('CMA_SIZE_MBYTES');
	if (megabytes === undefined) return cma;
	const sizeBytes = megabytes * MiB;
	if (sizeBytes === 0) return undefined;
	return cma?.sizeBytes === sizeBytes ? cma : { sizeBytes };
};

/** A kernel linked for one physical address runs only where RAM begins there. */
const ramOf = ({ ram }: ArmMachine, config: KernelConfig): ArmMachine['ram'] => {
	const offset = config.has('ARM_PATCH_PHYS_VIRT') ? undefined : config.number('PHYS_OFFSET');
	const first = ram[0]?.base;
	if (offset === undefined || first === undefined) return ram;
	return ram.map(({ base, sizeBytes }) => ({ base: physical(base - first + offset), sizeBytes }));
};

const FIXMAP_OPTIONS: Readonly<Record<keyof X86FixmapOptions, OptionName>> = {
	ohci1394: 'PROVIDE_OHCI1394_DMA_INIT',
	localApic: 'X86_LOCAL_APIC',
	ioApic: 'X86_IO_APIC',
	mcfg: 'PCI_MMCONFIG',
	paravirt: 'PARAVIRT',
	f00f: 'X86_F00F_BUG',
	acpi: 'ACPI',
	ghes: 'ACPI_APEI_GHES',
	intelMid: 'X86_INTEL_MID',
	intelTxt: 'INTEL_TXT',
};

const withX86Options = (machine: X86Machine, config: KernelConfig): X86Machine => {
	const pae = config.has('X86_PAE') ?? machine.pae;
	const isIsolated = config.has('PAGE_TABLE_ISOLATION') || config.has('MITIGATION_PAGE_TABLE_ISOLATION');
	const fixmap = { ...machine.fixmap };
	for (const [name, option] of Object.entries(FIXMAP_OPTIONS) as [keyof X86FixmapOptions, OptionName][]) {
		fixmap[name] = config.has(option) ?? fixmap[name];
	}
	return {
		...machine,
		pae,
		highmem: highmemOf(config) ?? machine.highmem,
		pti: pae && (isIsolated ?? machine.pti),
		zoneDma: config.has('ZONE_DMA') ?? machine.zoneDma,
		intelDebugStore: config.has('CPU_SUP_INTEL') ?? machine.intelDebugStore,
		fixmap,
	};
};

const highmemOf = (config: KernelConfig): X86Machine['highmem'] | undefined => {
	if (config.has('HIGHMEM64G')) return '64G';
	if (config.has('HIGHMEM4G')) return '4G';
	return config.has('NOHIGHMEM') || config.isComplete ? 'off' : undefined;
};
