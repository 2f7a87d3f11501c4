import { MiB, physical } from './address.ts';
import { parseKernelVersion } from './kernel-version.ts';
import type { ArmMachine, ImageSections, Split } from './machine.ts';
import { PAGE_OFFSETS } from './split.ts';

/** The columns in which the ARM machines differ; everything else has the usual value of `armMachine`. */
interface ArmRow {
	readonly id: string;
	readonly title: string;
	readonly kernel: string;
	readonly cpu: string;
	readonly cpusOnline: number;
	readonly nrCpus: number;
	/** [base, MiB]. */
	readonly ram: readonly [number, number];
}

/** Parts of the image of an ARM kernel linked for 3G; another split moves them with PAGE_OFFSET. */
const imageSections = (split: Split): ImageSections => {
	const shift = PAGE_OFFSETS[split] - PAGE_OFFSETS['3G'];
	return {
		text: [0xc0008000 + shift, 0xc0a00000 + shift],
		init: [0xc0e00000 + shift, 0xc1000000 + shift],
		data: [0xc1000000 + shift, 0xc1074c00 + shift],
		bss: [0xc1076000 + shift, 0xc10e8eec + shift],
	};
};

const armMachine = (
	{ id, title, kernel, cpu, cpusOnline, nrCpus, ram }: ArmRow,
	special: Partial<ArmMachine> = {},
): ArmMachine => ({
	arch: 'arm',
	id,
	title,
	kernel: parseKernelVersion(kernel),
	cpu,
	cpusOnline,
	nrCpus,
	ram: [{ base: physical(ram[0]), sizeBytes: ram[1] * MiB }],
	split: '3G',
	parameters: {},
	cacheLineBytes: 64,
	kmallocMinBytes: special.cacheLineBytes ?? 64,
	maxOrder: 10,
	structPageBytes: 32,
	sections: imageSections(special.split ?? '3G'),
	debug: { highmem: false, atomicSleep: true, virtual: false, preemptCount: true },
	highmem: true,
	lpae: false,
	consistentDmaBytes: 2 * MiB,
	thumb2: false,
	errata798181: false,
	armVersion: 7,
	vivt: false,
	modules: true,
	...special,
});

const VERSATILE = {
	highmem: false,
	armVersion: 5,
	vivt: true,
	cacheLineBytes: 32,
	platformVmallocEnd: 0xd8000000,
} as const;

/** The ready-made ARM machines. Board settings are the usual ones; DEBUG_ATOMIC_SLEEP is on so that misuse is told. */
export const ARM_MACHINES: readonly ArmMachine[] = [
	armMachine(
		{
			id: 'imx6ull-512m',
			title: 'NXP i.MX6ULL 14x14',
			kernel: '4.9.88',
			cpu: 'Cortex-A7',
			cpusOnline: 1,
			nrCpus: 4,
			ram: [0x80000000, 512],
		},
		{ cma: { sizeBytes: 64 * MiB }, platformVmallocEnd: 0xf4000000 },
	),
	armMachine(
		{
			id: 'imx6q-1g',
			title: 'i.MX6Q SabreSD / Wandboard',
			kernel: '4.1.15',
			cpu: 'Cortex-A9',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x10000000, 1024],
		},
		{ cma: { sizeBytes: 320 * MiB, base: physical(0x2b800000) }, platformVmallocEnd: 0xf4000000 },
	),
	armMachine(
		{
			id: 'imx6q-2g',
			title: 'i.MX6Q 2 GB',
			kernel: '5.5.0',
			cpu: 'Cortex-A9',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x10000000, 2048],
		},
		{ cma: { sizeBytes: 64 * MiB }, platformVmallocEnd: 0xf4000000 },
	),
	armMachine(
		{
			id: 'bbb-512m-3.8',
			title: 'BeagleBone Black',
			kernel: '3.8.13',
			cpu: 'Cortex-A8',
			cpusOnline: 1,
			nrCpus: 1,
			ram: [0x80000000, 512],
		},
		{ cma: { sizeBytes: 16 * MiB }, maxOrder: 11 },
	),
	armMachine(
		{
			id: 'bbb-512m-4.19',
			title: 'BeagleBone Black',
			kernel: '4.19.94',
			cpu: 'Cortex-A8',
			cpusOnline: 1,
			nrCpus: 2,
			ram: [0x80000000, 512],
		},
		{ cma: { sizeBytes: 48 * MiB }, maxOrder: 11 },
	),
	armMachine(
		{
			id: 'rpi1-512m',
			title: 'Raspberry Pi 1 B (64 MB to GPU)',
			kernel: '3.6.11',
			cpu: 'ARM1176',
			cpusOnline: 1,
			nrCpus: 1,
			ram: [0x0, 448],
		},
		{
			highmem: false,
			cma: { sizeBytes: 16 * MiB, base: physical(0x1b000000) },
			platformVmallocEnd: 0xd8000000,
			armVersion: 6,
			cacheLineBytes: 32,
		},
	),
	armMachine(
		{
			id: 'rpi2-1g',
			title: 'Raspberry Pi 2/3 (bcm2709 config)',
			kernel: '4.9.80',
			cpu: 'Cortex-A7/A53',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x0, 948],
		},
		{ split: '2G', highmem: false, cma: { sizeBytes: 8 * MiB } },
	),
	armMachine(
		{
			id: 'rpi3-1g-multi',
			title: 'Raspberry Pi 3, multi_v7 mainline',
			kernel: '5.10.0',
			cpu: 'Cortex-A53',
			cpusOnline: 4,
			nrCpus: 16,
			ram: [0x0, 948],
		},
		{ cma: { sizeBytes: 64 * MiB }, dmaZone: 'lowmem' },
	),
	armMachine({
		id: 'a10-1g',
		title: 'Allwinner A10 Cubieboard',
		kernel: '3.4.113',
		cpu: 'Cortex-A8',
		cpusOnline: 1,
		nrCpus: 1,
		ram: [0x40000000, 1024],
	}),
	armMachine(
		{
			id: 'a20-1g',
			title: 'Allwinner A20 Cubieboard2',
			kernel: '4.19.0',
			cpu: 'Cortex-A7',
			cpusOnline: 2,
			nrCpus: 8,
			ram: [0x40000000, 1024],
		},
		{ cma: { sizeBytes: 16 * MiB } },
	),
	armMachine(
		{
			id: 'a20-1g-3gopt',
			title: 'Allwinner A20, VMSPLIT_3G_OPT',
			kernel: '5.15.0',
			cpu: 'Cortex-A7',
			cpusOnline: 2,
			nrCpus: 8,
			ram: [0x40000000, 1024],
		},
		{ split: '3G_opt', cma: { sizeBytes: 16 * MiB } },
	),
	armMachine(
		{
			id: 'versatilepb-256m',
			title: 'QEMU versatilepb',
			kernel: '4.14.0',
			cpu: 'ARM926',
			cpusOnline: 1,
			nrCpus: 1,
			ram: [0x0, 256],
		},
		{ ...VERSATILE },
	),
	armMachine(
		{
			id: 'versatilepb-128m',
			title: 'QEMU versatilepb, old kernel',
			kernel: '2.6.35',
			cpu: 'ARM926',
			cpusOnline: 1,
			nrCpus: 1,
			ram: [0x0, 128],
		},
		{ ...VERSATILE },
	),
	armMachine(
		{
			id: 'vexpress-a15-lpae-4g',
			title: 'QEMU vexpress-a15, LPAE',
			kernel: '4.19.0',
			cpu: 'Cortex-A15',
			cpusOnline: 2,
			nrCpus: 4,
			ram: [0x80000000, 4096],
		},
		{ lpae: true, cma: { sizeBytes: 16 * MiB } },
	),
	armMachine(
		{
			id: 'vexpress-a15-6.1',
			title: 'QEMU vexpress-a15',
			kernel: '6.1.0',
			cpu: 'Cortex-A15',
			cpusOnline: 2,
			nrCpus: 4,
			ram: [0x80000000, 2048],
		},
		{ cma: { sizeBytes: 16 * MiB } },
	),
	armMachine(
		{
			id: 'tegra3-1g',
			title: 'Tegra 3 tablet (vendor kernel)',
			kernel: '3.1.10',
			cpu: 'Cortex-A9',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x80000000, 1022],
		},
		{ consistentDmaBytes: 14 * MiB, cacheLineBytes: 32 },
	),
	armMachine(
		{
			id: 'exynos4412-2g',
			title: 'ODROID-U2/U3',
			kernel: '3.8.13',
			cpu: 'Cortex-A9',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x40000000, 2047],
		},
		{ platformVmallocEnd: 0xf6000000 },
	),
	armMachine(
		{
			id: 'zynq-1g',
			title: 'Xilinx Zynq-7000',
			kernel: '4.19.0',
			cpu: 'Cortex-A9',
			cpusOnline: 2,
			nrCpus: 4,
			ram: [0x0, 1024],
		},
		{ cma: { sizeBytes: 16 * MiB, base: physical(0x3f000000) } },
	),
];
