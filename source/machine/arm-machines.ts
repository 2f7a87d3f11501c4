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

export const ARM_MACHINES: readonly ArmMachine[] = [
	armMachine(
		{
			id: 'imx6q-2g',
			title: 'i.MX6Q 2 GB (document 0)',
			kernel: '5.5.0',
			cpu: 'Cortex-A9',
			cpusOnline: 4,
			nrCpus: 4,
			ram: [0x10000000, 2048],
		},
		{ cma: { sizeBytes: 64 * MiB }, platformVmallocEnd: 0xf4000000 },
	),
];
