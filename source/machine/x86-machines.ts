import { PAGE_SIZE, physical } from './address.ts';
import { parseKernelVersion } from './kernel-version.ts';
import type { ImageSections, RamBank, Split, X86FixmapOptions, X86Machine } from './machine.ts';
import { PAGE_OFFSETS } from './split.ts';

/** The columns in which the PCs differ; everything else has the usual value of `x86Machine`. */
interface X86Row {
	readonly id: string;
	readonly title: string;
	readonly kernel: string;
	readonly cpu: string;
	readonly nrCpus: number;
	readonly cpusOnline: number;
	/** End of RAM as a page frame number. */
	readonly maxPfn: number;
	/** Build options that add pages to the permanent fixmap. */
	readonly fixmap: readonly (keyof X86FixmapOptions)[];
}

/** First byte behind the RAM below 640 KiB that a BIOS leaves free. */
export const BIOS_RAM_END = 0x9fc00;
/** Where RAM goes on behind the VGA and BIOS area. */
export const HIGH_RAM_START = 0x100000;
/** Devices take the addresses from here to 4 GiB on a PC with that much RAM. */
export const PCI_HOLE_START = 0xc0000000;
export const PCI_HOLE_END = 0x100000000;

/** The e820 map's usable ranges of a PC whose RAM ends at `end`, a physical address. */
export const pcRam = (end: number): RamBank[] => {
	const banks = [
		{ base: physical(0), sizeBytes: BIOS_RAM_END },
		{ base: physical(HIGH_RAM_START), sizeBytes: Math.min(end, PCI_HOLE_START) - HIGH_RAM_START },
	];
	if (end > PCI_HOLE_END) banks.push({ base: physical(PCI_HOLE_END), sizeBytes: end - PCI_HOLE_END });
	return banks;
};

const FIXMAP_OPTIONS: X86FixmapOptions = {
	ohci1394: false,
	localApic: false,
	ioApic: false,
	mcfg: false,
	paravirt: false,
	f00f: false,
	acpi: false,
	ghes: false,
	intelMid: false,
	intelTxt: false,
};

/** Parts of the image of a kernel whose text begins at `text` with the 3G split; another split moves them. */
const imageSections = (text: number, split: Split): ImageSections => {
	const start = text + PAGE_OFFSETS[split] - PAGE_OFFSETS['3G'];
	return {
		text: [start, start + 0x52193c],
		init: [start + 0x7de000, start + 0x86d000],
		data: [start + 0x52193c, start + 0x7cd6c0],
	};
};

/** Up to 2.6.30 the kernel is linked for 1 MiB instead of 16 MiB. */
const OLD_SECTIONS = imageSections(0xc0100000, '3G');

const x86Machine = (row: X86Row, special: Partial<X86Machine> = {}): X86Machine => ({
	arch: 'x86',
	id: row.id,
	title: row.title,
	kernel: parseKernelVersion(row.kernel),
	cpu: row.cpu,
	cpusOnline: row.cpusOnline,
	nrCpus: row.nrCpus,
	ram: pcRam(row.maxPfn * PAGE_SIZE),
	split: '3G',
	parameters: {},
	cacheLineBytes: 64,
	kmallocMinBytes: 8,
	maxOrder: 10,
	structPageBytes: 32,
	sections: imageSections(0xc1000000, special.split ?? '3G'),
	debug: { highmem: false, atomicSleep: true, virtual: false, preemptCount: true },
	highmem: '4G',
	pae: false,
	fixmap: { ...FIXMAP_OPTIONS, ...Object.fromEntries(row.fixmap.map(option => [option, true])) },
	zoneDma: true,
	pti: false,
	intelDebugStore: true,
	...special,
});

const PAE = { highmem: '64G', pae: true } as const;

/** The ready-made PCs. Build options that profiles leave open are the distributions' usual ones. */
export const X86_MACHINES: readonly X86Machine[] = [
	x86Machine(
		{
			id: 'old-pc-64m',
			title: '64 MB Pentium PC',
			kernel: '2.6.24',
			cpu: 'Pentium',
			nrCpus: 1,
			cpusOnline: 1,
			maxPfn: 0x3ff0,
			fixmap: ['f00f', 'acpi'],
		},
		{ highmem: 'off', cacheLineBytes: 32, sections: OLD_SECTIONS },
	),
	x86Machine(
		{
			id: 'ubuntu904-2.5g',
			title: 'PC, Ubuntu 9.04',
			kernel: '2.6.28',
			cpu: 'Core 2 Quad',
			nrCpus: 64,
			cpusOnline: 4,
			maxPfn: 0x9fef0,
			fixmap: ['localApic', 'ioApic', 'mcfg', 'paravirt', 'f00f'],
		},
		{ sections: OLD_SECTIONS },
	),
	x86Machine({
		id: 'laptop-2g-nopae',
		title: '2 GB laptop, i386_defconfig like',
		kernel: '4.4.0',
		cpu: 'Core 2 Duo',
		nrCpus: 8,
		cpusOnline: 2,
		maxPfn: 0x7f6f0,
		fixmap: ['localApic', 'ioApic', 'mcfg'],
	}),
	x86Machine(
		{
			id: 'ubuntu1604-2g',
			title: 'PC, Ubuntu 16.04 i386',
			kernel: '4.15.0-39',
			cpu: 'Core i5',
			nrCpus: 8,
			cpusOnline: 2,
			maxPfn: 0x7ffe0,
			fixmap: ['localApic', 'ioApic', 'mcfg', 'paravirt', 'ghes', 'intelTxt'],
		},
		{ ...PAE, structPageBytes: 40, pti: true, cpuEntryGeneration: 3 },
	),
	x86Machine(
		{
			id: 'qemu-i386-512m',
			title: 'QEMU pc, 512 MB',
			kernel: '5.4.0',
			cpu: 'qemu32',
			nrCpus: 8,
			cpusOnline: 1,
			maxPfn: 0x1ffe0,
			fixmap: ['localApic', 'ioApic', 'mcfg'],
		},
		{ structPageBytes: 40 },
	),
	x86Machine(
		{
			id: 'debian10-pae-4g',
			title: '4 GB server, Debian 10 686-pae',
			kernel: '4.19.0',
			cpu: 'Xeon',
			nrCpus: 32,
			cpusOnline: 4,
			maxPfn: 0x140000,
			fixmap: ['localApic', 'ioApic', 'mcfg', 'paravirt', 'ghes'],
		},
		{ ...PAE, structPageBytes: 40, pti: true },
	),
	x86Machine(
		{
			id: 'ubuntu1204-pae-16g',
			title: '16 GB PC, Ubuntu 12.04 generic-pae',
			kernel: '3.2.0',
			cpu: 'Core i7',
			nrCpus: 8,
			cpusOnline: 8,
			maxPfn: 0x440000,
			fixmap: ['localApic', 'ioApic', 'mcfg', 'paravirt', 'f00f', 'intelTxt'],
		},
		{ ...PAE },
	),
	x86Machine(
		{
			id: 'vmsplit-2g-3g',
			title: '3 GB PC, VMSPLIT_2G',
			kernel: '5.10.0',
			cpu: 'Core i5',
			nrCpus: 4,
			cpusOnline: 4,
			maxPfn: 0xbffe0,
			fixmap: ['localApic', 'ioApic', 'mcfg'],
		},
		{ split: '2G', structPageBytes: 40 },
	),
	x86Machine(
		{
			id: 'vmsplit-3gopt-1g',
			title: '1 GB PC, VMSPLIT_3G_OPT',
			kernel: '4.9.0',
			cpu: 'Core 2 Duo',
			nrCpus: 4,
			cpusOnline: 2,
			maxPfn: 0x3ffe0,
			fixmap: ['localApic', 'ioApic', 'mcfg'],
		},
		{ split: '3G_opt' },
	),
	x86Machine(
		{
			id: 'i386-6.1-8g-pae',
			title: '8 GB PC, Debian 12 like',
			kernel: '6.1.0',
			cpu: 'Core i5',
			nrCpus: 8,
			cpusOnline: 4,
			maxPfn: 0x240000,
			fixmap: ['localApic', 'ioApic', 'mcfg', 'ghes'],
		},
		{ ...PAE, structPageBytes: 40, pti: true },
	),
];
