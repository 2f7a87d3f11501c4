import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { type MachineFlags, machineFromFlags } from '../../source/machine/from-flags.ts';
import { KernelConfig } from '../../source/machine/kernel-config/kernel-config.ts';
import type { ArmMachine, X86Machine } from '../../source/machine/machine.ts';
import { UserError } from '../../source/machine/user-error.ts';

const config = (...lines: string[]): KernelConfig => new KernelConfig(lines.join('\n'), '.config');
const arm = (flags: MachineFlags): ArmMachine => {
	const machine = machineFromFlags(flags);
	if (machine.arch !== 'arm') throw new Error('not an ARM machine');
	return machine;
};
const x86 = (flags: MachineFlags): X86Machine => {
	const machine = machineFromFlags(flags);
	if (machine.arch !== 'x86') throw new Error('not a PC');
	return machine;
};
const errorOf = (action: () => unknown): string => {
	try {
		action();
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	return '';
};

const ARM_CONFIG = [
	'#',
	'# Automatically generated file; DO NOT EDIT.',
	'# Linux/arm 4.19.94 Kernel Configuration',
	'#',
	'CONFIG_ARM=y',
	'CONFIG_SMP=y',
	'CONFIG_NR_CPUS=8',
	'# CONFIG_VMSPLIT_3G is not set',
	'CONFIG_VMSPLIT_2G=y',
	'CONFIG_PAGE_OFFSET=0x80000000',
	'CONFIG_HIGHMEM=y',
	'CONFIG_THUMB2_KERNEL=y',
	'CONFIG_ARM_ERRATA_798181=y',
	'CONFIG_ARM_MODULE_PLTS=y',
	'CONFIG_MODULES=y',
	'CONFIG_CMA=y',
	'CONFIG_DMA_CMA=y',
	'CONFIG_CMA_SIZE_MBYTES=48',
	'CONFIG_FORCE_MAX_ZONEORDER=12',
	'CONFIG_ARM_L1_CACHE_SHIFT=6',
	'CONFIG_DEBUG_HIGHMEM=y',
	'CONFIG_LOCALVERSION="-ti"',
];

describe('a whole .config', () => {
	const machine = arm({ config: config(...ARM_CONFIG) });

	it('gives release, split and CPUs', () => {
		expect(machine.kernel.text).toBe('4.19.94');
		expect(machine.split).toBe('2G');
		expect(machine.nrCpus).toBe(8);
	});

	it('gives the options of an ARM kernel', () => {
		expect(machine).toMatchObject({
			highmem: true,
			lpae: false,
			thumb2: true,
			errata798181: true,
			modulePlts: true,
			cma: { sizeBytes: 48 << 20 },
			maxOrder: 11,
			cacheLineBytes: 64,
			structPageBytes: 32,
		});
		expect(machine.debug).toMatchObject({ highmem: true, atomicSleep: false });
	});

	it('takes what it leaves out for off', () => {
		expect(machine.debug.virtual).toBe(false);
		expect(machine.dmaZone).toBeUndefined();
	});

	it('moves the borders: 2G split, 6 MB of Thumb-2 modules', () => {
		const { symbols } = computeLayout(machine);
		expect(symbols.get('PAGE_OFFSET')).toBe(0x80000000);
		expect(symbols.get('MODULES_VADDR')).toBe(0x7f800000);
	});

	it('gives way to the flags, and overrides the machine', () => {
		const changed = arm({ machine: 'imx6q-2g', config: config(...ARM_CONFIG), split: '3G' });
		expect(changed.split).toBe('3G');
		expect(changed.kernel.text).toBe('4.19.94');
		expect(changed.ram[0]).toEqual({ base: 0x10000000, sizeBytes: 2048 * 2 ** 20 });
	});
});

describe('a fragment', () => {
	it('changes only what it names', () => {
		const machine = arm({ machine: 'imx6q-2g', config: config('# CONFIG_HIGHMEM is not set') });
		expect(machine.highmem).toBe(false);
		expect(machine.kernel.text).toBe('5.5.0');
		expect(machine.cma).toEqual({ sizeBytes: 64 << 20 });
	});

	it('ignores options that it does not know, and DOS line ends', () => {
		const machine = arm({
			config: new KernelConfig('CONFIG_NET=y\r\nCONFIG_FOO=bar baz\r\nCONFIG_VMSPLIT_1G=y\r\n', 'f'),
		});
		expect(machine.split).toBe('1G');
	});

	it('moves RAM to where a kernel without run-time patching is linked', () => {
		const machine = arm({ machine: 'imx6q-1g', config: config('CONFIG_PHYS_OFFSET=0x80000000') });
		expect(computeLayout(machine).physOffset).toBe(0x80000000);
	});
});

describe('a .config of x86', () => {
	const lines = ['CONFIG_X86_32=y', 'CONFIG_SMP=y', 'CONFIG_NR_CPUS=32', 'CONFIG_VMSPLIT_3G=y'];

	it('chooses PAE, HIGHMEM64G and the pages of the fixmap', () => {
		const machine = x86({
			config: config(...lines, '# Linux/x86 4.19.0 Kernel Configuration', 'CONFIG_HIGHMEM64G=y', 'CONFIG_X86_PAE=y'),
		});
		expect(machine).toMatchObject({ pae: true, highmem: '64G', nrCpus: 32, pti: false });
		expect(machine.fixmap.localApic).toBe(false);
	});

	it('has no highmem without HIGHMEM4G and HIGHMEM64G', () => {
		expect(x86({ config: config(...lines, 'CONFIG_NOHIGHMEM=y') }).highmem).toBe('off');
	});
});

describe('what cannot be used is told at its line', () => {
	const cases: readonly [string, string[], string][] = [
		[
			'no number',
			['CONFIG_NET=y', 'CONFIG_NR_CPUS=many'],
			'.config:2: CONFIG_NR_CPUS cannot be read (CONFIG_NR_CPUS=4)',
		],
		['no value', ['CONFIG_HIGHMEM'], '.config:1: CONFIG_HIGHMEM cannot be read (CONFIG_HIGHMEM=y)'],
		['indented', [' CONFIG_HIGHMEM=y'], '.config:1: CONFIG_HIGHMEM cannot be read (CONFIG_HIGHMEM=y)'],
		['no CPU', ['CONFIG_NR_CPUS=0'], '.config:1: CONFIG_NR_CPUS is at least 1 (CONFIG_NR_CPUS=4)'],
		[
			'another file',
			['hello', 'world'],
			'.config: is not a kernel configuration (a .config has lines like CONFIG_HIGHMEM=y)',
		],
		['64 bit', ['CONFIG_X86_64=y'], '.config:1: is for a 64-bit kernel (the layouts here are of 32-bit kernels)'],
		[
			'a release that is not known',
			['# Linux/arm 7.1.0 Kernel Configuration', 'CONFIG_ARM=y'],
			'.config:1: kernel 7.1.0 is not known here (2.6.24 to 6.12)',
		],
	];
	it.each(cases)('%s', (_, lines, line) => {
		expect(errorOf(() => machineFromFlags({ config: config(...lines) }))).toBe(line);
	});

	it('an impossible cache line', () => {
		expect(errorOf(() => machineFromFlags({ config: config('CONFIG_ARM_L1_CACHE_SHIFT=60') }))).toBe(
			'.config:1: no ARM has CONFIG_ARM_L1_CACHE_SHIFT=60 (5 or 6)',
		);
	});

	it('another architecture than the machine', () => {
		expect(errorOf(() => machineFromFlags({ machine: 'debian10-pae-4g', config: config('CONFIG_ARM=y') }))).toBe(
			'.config:1: is for arm, the machine is x86 (another --machine or --config)',
		);
	});

	it('a combination that no kernel has', () => {
		expect(
			errorOf(() =>
				machineFromFlags({ config: config('CONFIG_ARM=y', 'CONFIG_ARM_LPAE=y', 'CONFIG_VMSPLIT_3G_OPT=y') }),
			),
		).toBe('.config: 3G_opt excludes LPAE (3G, 2G or 1G)');
	});
});
