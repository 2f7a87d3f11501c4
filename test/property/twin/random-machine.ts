import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { type MachineFlags, machineFromFlags } from '../../../source/machine/from-flags.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { Random } from './random.ts';

/** Releases on both sides of everything that changed in these kernels' memory management. */
const KERNELS = [
	...(['2.6.24', '2.6.27', '2.6.28', '2.6.32', '2.6.35', '2.6.36', '2.6.37', '2.6.38', '2.6.39'] as const),
	...(['3.0.0', '3.2.0', '3.4.0', '3.6.0', '3.10.0', '3.13.0', '3.15.0', '3.16.0', '3.19.0'] as const),
	...(['4.1.0', '4.2.0', '4.4.0', '4.9.0', '4.14.0', '4.17.0', '4.19.0', '5.0.0', '5.2.0', '5.4.0', '5.5.0'] as const),
	...([
		'5.7.0',
		'5.8.0',
		'5.10.0',
		'5.11.0',
		'5.13.0',
		'5.15.0',
		'5.17.0',
		'6.1.0',
		'6.3.0',
		'6.6.0',
		'6.12.0',
	] as const),
] as const;

const ARM = [
	...(['imx6q-2g', 'imx6ull-512m', 'bbb-512m-4.19', 'rpi1-512m', 'rpi3-1g-multi', 'a20-1g-3gopt'] as const),
	...(['versatilepb-256m', 'exynos4412-2g', 'vexpress-a15-lpae-4g', 'vexpress-a15-6.1'] as const),
] as const;
const X86 = [
	...(['old-pc-64m', 'ubuntu904-2.5g', 'laptop-2g-nopae', 'qemu-i386-512m', 'debian10-pae-4g'] as const),
	...(['ubuntu1204-pae-16g', 'vmsplit-3gopt-1g', 'i386-6.1-8g-pae'] as const),
] as const;
const RAM = ['96M', '128M', '200M', '256M', '512M', '700M', '1G', '1G', '1500M', '2G', '2G', '3G', '4G', '6G'] as const;
const SPLITS = [undefined, undefined, undefined, '3G', '2G', '1G', '3G_opt', '2G_opt'] as const;
const VMALLOC = [undefined, undefined, undefined, '64M', '160M', '320M'] as const;

/** The machine of that number: any kernel that can be built for any of the ready-made boards and PCs. */
export const randomMachine = (seed: number): Machine => {
	const random = new Random(seed * 7919 + 17);
	for (;;) {
		const machine = tryMachine(random);
		if (machine && computeLayout(machine).bootFailure === undefined) return withDebugging(machine, random);
	}
};

const tryMachine = (random: Random): Machine | undefined => {
	const isArm = random.once(2);
	const cpus = random.pick([1, 1, 2, 2, 3, 4, 6, 8]);
	const flags: MachineFlags = {
		machine: isArm ? random.pick(ARM) : random.pick(X86),
		kernel: random.pick(KERNELS),
		cpus: String(cpus),
		nrCpus: String(cpus + random.pick([0, 0, 0, 2, 8])),
		...(random.once(4) ? {} : { ram: random.pick(RAM) }),
		split: random.pick(SPLITS),
		vmalloc: random.pick(VMALLOC),
		...(random.once(8) ? { highmem: false } : random.once(2) ? { highmem: true } : {}),
		...(isArm || random.once(2) ? {} : { pae: random.once(2) }),
		...(isArm && random.once(3) ? { lpae: random.once(2) } : {}),
	};
	try {
		return machineFromFlags(flags);
	} catch (error) {
		if (error instanceof UserError) return undefined;
		throw error;
	}
};

const withDebugging = (machine: Machine, random: Random): Machine => ({
	...machine,
	debug: {
		highmem: random.once(3),
		atomicSleep: random.once(3),
		virtual: random.once(4),
		preemptCount: random.once(2),
		slabHardened: random.once(2),
	},
	...(machine.arch === 'arm' ? { errata798181: random.once(8) } : {}),
});

/** A machine in one line, for whoever wants to make it again. */
export const describeMachine = (machine: Machine): string => {
	const { arch, kernel, cpusOnline, nrCpus, split, ram, debug, parameters } = machine;
	const megabytes = ram.reduce((sum, bank) => sum + bank.sizeBytes, 0) / 2 ** 20;
	const wide = machine.arch === 'arm' ? (machine.lpae ? ' LPAE' : '') : machine.pae ? ' PAE' : '';
	const highmem = machine.highmem === false || machine.highmem === 'off' ? ' without highmem' : '';
	const options = Object.entries(debug).flatMap(([name, isOn]) => (isOn ? [name] : []));
	const vmalloc = parameters.vmalloc === undefined ? '' : ` vmalloc=${parameters.vmalloc / 2 ** 20}M`;
	return `${machine.title}: ${arch}${wide}${highmem} ${kernel.text}, ${cpusOnline} of ${nrCpus} CPUs, ${split}, ${Math.round(megabytes)} MB${vmalloc} (${options.join(' ')})`;
};
