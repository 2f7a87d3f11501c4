import { machineFromFlags } from '../../machine/from-flags.ts';
import type { DebugOptions, Machine, ReportOptions } from '../../machine/machine.ts';

/** What a kernel of the fault recordings was built and run with, as far as it shows. */
interface FaultKernel {
	readonly kernel: string;
	readonly isArm: boolean;
	readonly nrCpus: number;
	readonly structPageBytes: number;
	readonly isDistribution: boolean;
	readonly debug?: Partial<DebugOptions>;
	/** CONFIG_HIGHPTE. @default in distributions */
	readonly hasHighTables?: boolean;
	/** Where the image lies, when it is unlike that of the ready-made machine. */
	readonly sections?: Machine['sections'];
	readonly report: ReportOptions;
}

const OWN_ARM = {
	kernel: '4.19.44',
	isArm: true,
	hasHighTables: true,
	nrCpus: 4,
	structPageBytes: 32,
	isDistribution: false,
	report: { memory: {}, build: '#2', isBugVerbose: false, hasDomainPan: false, isStrict: false },
} as const;
const OWN_X86 = {
	kernel: '4.19.44',
	isArm: false,
	nrCpus: 8,
	structPageBytes: 32,
	isDistribution: false,
	// All of it in one large page.
	sections: { text: [0xc1000000, 0xc1123000], data: [0xc11b2000, 0xc1262000], init: [0xc1262000, 0xc12a0000] },
	report: { memory: {}, build: '#1', isBugVerbose: false, isStrict: true },
} as const;
const ARMMP = {
	isArm: true,
	nrCpus: 8,
	structPageBytes: 36,
	isDistribution: true,
	sections: { text: [0xc0008000, 0xc0e00000], init: [0xc1200000, 0xc1400000], data: [0xc1400000, 0xc14e0000] },
} as const;
const PC = 'QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014';
const I686 = { isArm: false, nrCpus: 32, structPageBytes: 40, isDistribution: true } as const;

const ALL_DEBUG = { vm: true, highmem: true, atomicSleep: true, virtual: true, preemptCount: true } as const;

const KERNELS: Readonly<Record<string, FaultKernel>> = {
	'arm-419': OWN_ARM,
	'arm-419-debug': { ...OWN_ARM, debug: { highmem: true }, report: { ...OWN_ARM.report, build: '#1' } },
	'x86-44-4g': { ...OWN_X86, kernel: '4.4.155', report: { ...OWN_X86.report, isStrict: false } },
	'x86-419-4g': OWN_X86,
	'x86-419-debug': { ...OWN_X86, debug: { highmem: true } },
	'x86-419-dbgall': { ...OWN_X86, debug: ALL_DEBUG, report: { ...OWN_X86.report, isBugVerbose: true } },
	'deb510-686': {
		...I686,
		sections: { text: [0xc1000000, 0xc1600000], data: [0xc1a66000, 0xc1b60000], init: [0xc1b60000, 0xc1c20000] },
		kernel: '5.10.0-32-686',
		report: {
			build: '#1 Debian 5.10.223-1',
			hardwareName: PC,
			memory: { swap: true, hugePages: true, poison: true },
			isModuleSigned: false,
		},
	},
	'deb61-686': {
		...I686,
		sections: { text: [0xc1000000, 0xc1600000], data: [0xc1c40000, 0xc1d40000], init: [0xc1d40000, 0xc1e20000] },
		kernel: '6.1.0-50-686',
		debug: { preemptCount: true },
		report: {
			build: '#1  Debian 6.1.176-1',
			hardwareName: PC,
			memory: { swap: true, hugePages: true, poison: true },
			isModuleSigned: false,
			isPreemptible: true,
		},
	},
	'deb510-armmp': { ...ARMMP, kernel: '5.10.0-32-armmp', report: { build: '#1 Debian 5.10.223-1' } },
	'deb61-armmp': {
		...ARMMP,
		kernel: '6.1.0-50-armmp',
		report: { build: '#1  Debian 6.1.176-1', isModuleSigned: false },
	},
	'deb612-armmp': {
		...ARMMP,
		kernel: '6.12.107+deb13-armmp',
		sections: { text: [0xc0008000, 0xc0f00000], init: [0xc1400000, 0xc1600000], data: [0xc1600000, 0xc16e0000] },
		report: { build: '#1  Debian 6.12.107-1', isModuleSigned: false },
	},
};

/** Ends the name of a kernel that was started with slub_debug=FZPU. */
const SLUB_DEBUG = '+slub';

/** Without those that were started with a further option. */
export const faultKernelNames: readonly string[] = Object.keys(KERNELS);

/**
 * The machine on which a kernel's faults were recorded: 1 GiB, two CPUs, QEMU's board or PC.
 * @throws {RangeError} for a kernel that is not among them.
 */
export const faultMachine = (name: string): Machine => {
	const isWatched = name.endsWith(SLUB_DEBUG);
	const row = KERNELS[isWatched ? name.slice(0, -SLUB_DEBUG.length) : name];
	if (!row) throw new RangeError(`no kernel of the fault recordings is called ${name}`);
	const { kernel, isArm, nrCpus, structPageBytes, isDistribution, sections, report } = row;
	const machine = machineFromFlags({
		machine: isArm ? 'vexpress-a15-6.1' : 'qemu-i386-512m',
		kernel,
		ram: isArm ? '1024M@0x40000000' : '1024M',
		highmem: true,
		nrCpus: String(nrCpus),
		cpus: '2',
	});
	const debug = {
		highmem: false,
		atomicSleep: false,
		virtual: false,
		preemptCount: false,
		slabHardened: isDistribution,
		initOnAlloc: isDistribution,
		stackTrace: isDistribution,
		...(isWatched ? { slub: 'FZPU' } : {}),
		...row.debug,
	};
	const common = {
		structPageBytes,
		debug,
		highPte: row.hasHighTables ?? isDistribution,
		...(sections ? { sections } : {}),
	};
	if (machine.arch === 'x86') {
		return {
			...machine,
			...common,
			report,
			zoneDma: isDistribution,
			fixmap: { ...machine.fixmap, ghes: isDistribution },
		};
	}
	const { cma, ...withoutCma } = machine;
	return {
		...withoutCma,
		...common,
		...(isDistribution ? { cma: { sizeBytes: 16 << 20 } } : {}),
		report: { hardwareName: 'Generic DT based system', ...report },
		errata798181: isDistribution,
		maxOrder: isDistribution ? 11 : 10,
		...(isDistribution ? { dmaZone: 'lowmem' as const } : {}),
	};
};
