import { PAGE_SIZE, physical } from './address.ts';
import { parseKernelVersion } from './kernel-version.ts';
import type { RamBank, X86FixmapOptions, X86Machine } from './machine.ts';

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
	vdso: false,
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
	sections: {
		text: [0xc1000000, 0xc152193c],
		init: [0xc17de000, 0xc186d000],
		data: [0xc152193c, 0xc17cd6c0],
	},
	debug: { highmem: false, atomicSleep: true, virtual: false, preemptCount: true },
	highmem: '4G',
	pae: false,
	fixmap: { ...FIXMAP_OPTIONS, ...Object.fromEntries(row.fixmap.map(option => [option, true])) },
	zoneDma: true,
	pti: false,
	intelDebugStore: true,
	...special,
});

export const X86_MACHINES: readonly X86Machine[] = [
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
];
