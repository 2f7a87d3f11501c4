import { type Phrase, phrase, verbatim } from '../phrases/phrase.ts';
import type { PhysicalAddress } from './address.ts';
import type { KernelVersion } from './kernel-version.ts';

export type Architecture = 'arm' | 'x86';

/** CONFIG_VMSPLIT_*: where user space ends and the kernel begins. */
export type Split = '3G' | '3G_opt' | '2G' | '2G_opt' | '1G';

/** One contiguous range of RAM that the kernel may use. */
export interface RamBank {
	readonly base: PhysicalAddress;
	readonly sizeBytes: number;
}

/** Contiguous memory area. `base` absent: the kernel places it (KERNEL.md A9). */
export interface CmaRegion {
	readonly sizeBytes: number;
	readonly base?: PhysicalAddress;
}

/** `[start, end)` of the kernel image's parts as virtual addresses, for the last rows of the mem_init table. */
export interface ImageSections {
	readonly text: readonly [number, number];
	readonly init: readonly [number, number];
	readonly data: readonly [number, number];
	/** Not printed on x86. */
	readonly bss?: readonly [number, number];
}

/** Kernel parameters that move a border or change the RAM, in bytes. Absent: not given. */
export interface KernelParameters {
	readonly vmalloc?: number;
	readonly highmem?: number;
	readonly mem?: number;
	readonly cma?: number;
	readonly reservetop?: number;
}

/** Debug options of the kernel configuration that change what it does or prints. */
export interface DebugOptions {
	readonly highmem: boolean;
	readonly atomicSleep: boolean;
	readonly virtual: boolean;
	readonly preemptCount: boolean;
	/** CONFIG_DEBUG_VM: giving back a page that is free already is a BUG at once. @default false */
	readonly vm?: boolean;
	/** CONFIG_SLAB_FREELIST_HARDENED (4.14 and later), which sees an object freed twice. @default true */
	readonly slabHardened?: boolean;
	/** CONFIG_INIT_ON_ALLOC_DEFAULT_ON (5.3 and later): all memory is handed out zeroed. @default false */
	readonly initOnAlloc?: boolean;
	/**
	 * The kernel parameter slub_debug, as it was given: `FZPU`, `P,kmalloc-64`, empty for what is usual. Absent: the slab
	 * allocator keeps nothing of its objects.
	 */
	readonly slub?: string;
	/** CONFIG_STACKTRACE: slub_debug keeps stacks. @default true */
	readonly stackTrace?: boolean;
}

/** What a kernel's build and board add to its reports of BUGs and oopses. Absent fields have the usual value. */
export interface ReportOptions {
	/** Behind the release in the CPU line: `#1 Debian 5.10.223-1`. @default '#1' */
	readonly build?: string;
	/** The `Hardware name:` line. @default the title of an ARM board; none on a PC */
	readonly hardwareName?: string;
	/** Whether modules carry a signature; absent without CONFIG_MODULE_SIG. */
	readonly isModuleSigned?: boolean;
	/** CONFIG_DEBUG_BUGVERBOSE. @default true */
	readonly isBugVerbose?: boolean;
	/** CONFIG_PREEMPT or PREEMPT_DYNAMIC. @default false */
	readonly isPreemptible?: boolean;
	/** CONFIG_CPU_SW_DOMAIN_PAN (ARM). @default true from 4.3 on without LPAE */
	readonly hasDomainPan?: boolean;
	/** The kernel parameter `oops=panic`: an oops stops the machine. @default false */
	readonly isPanicOnOops?: boolean;
	/** CONFIG_STRICT_KERNEL_RWX. @default true from 4.11 on */
	readonly isStrict?: boolean;
	/** Parts of the Mem-Info block that options add: CONFIG_SWAP, TRANSPARENT_HUGEPAGE, MEMORY_FAILURE. @default swap */
	readonly memory?: { readonly swap?: boolean; readonly hugePages?: boolean; readonly poison?: boolean };
}

interface MachineBase {
	/** Short name: `imx6q-2g`; `custom` for one made from flags. */
	readonly id: string;
	/** One line for people: `i.MX6Q 2 GB`. */
	readonly title: string;
	/** Where one comes from that is not ready-made; `machineTitle` says it. */
	readonly origin?: 'changed' | 'configured' | 'custom' | 'log';
	readonly kernel: KernelVersion;
	/** CPU as people name it: `Cortex-A9`. */
	readonly cpu: string;
	readonly cpusOnline: number;
	/** CONFIG_NR_CPUS. */
	readonly nrCpus: number;
	/** RAM as the kernel sees it, ascending, not overlapping. */
	readonly ram: readonly RamBank[];
	readonly split: Split;
	readonly parameters: KernelParameters;
	/** L1_CACHE_BYTES. */
	readonly cacheLineBytes: number;
	/** KMALLOC_MIN_SIZE: 8 on x86, L1_CACHE_BYTES on ARM. */
	readonly kmallocMinBytes: number;
	/** Largest buddy order: 10, or 11 where CONFIG_FORCE_MAX_ZONEORDER is 12. */
	readonly maxOrder: number;
	/** sizeof(struct page). */
	readonly structPageBytes: number;
	readonly sections: ImageSections;
	readonly debug: DebugOptions;
	/** CONFIG_HIGHPTE: page tables of processes are reached through kmap_atomic. @default false */
	readonly highPte?: boolean;
	readonly report?: ReportOptions;
}

export interface ArmMachine extends MachineBase {
	readonly arch: 'arm';
	readonly highmem: boolean;
	readonly lpae: boolean;
	readonly cma?: CmaRegion;
	/** ZONE_DMA: absent without CONFIG_ZONE_DMA; `lowmem` when the machine sets no size, so that all lowmem is DMA. */
	readonly dmaZone?: number | 'lowmem';
	/** PHYS_OFFSET where the platform fixes it at build time and it does not follow from the first bank. */
	readonly physOffset?: PhysicalAddress;
	/** VMALLOC_END of the platform; only kernels before 3.3 have one of their own (KERNEL.md A4). */
	readonly platformVmallocEnd?: number;
	/** CONSISTENT_DMA_SIZE in bytes, printed as the DMA row up to 3.0 (KERNEL.md A6). */
	readonly consistentDmaBytes: number;
	readonly thumb2: boolean;
	/** CONFIG_ARM_ERRATA_798181: then kmap_high_get is compiled out (KERNEL.md C, oracle C5). */
	readonly errata798181: boolean;
	/** Architecture version of the CPU the kernel is built for. */
	readonly armVersion: 5 | 6 | 7;
	/** Virtually indexed, virtually tagged data cache (ARM926 and older). */
	readonly vivt: boolean;
	/** CONFIG_HAVE_TCM with the ends set at run time; absent: no rows. */
	readonly tcm?: { readonly dtcmEnd: number; readonly itcmEnd: number };
	/** CONFIG_MODULES. */
	readonly modules: boolean;
	/** CONFIG_ARM_MODULE_PLTS: a module that finds no room below the kernel goes to vmalloc space. @default false */
	readonly modulePlts?: boolean;
	/** Late stable trees moved FIXADDR_START to 0xffc80000 before 5.11 (KERNEL.md A5); absent: by version. */
	readonly fixaddrStart?: number;
}

/** Build options that add pages to the permanent fixmap (KERNEL.md B4). */
export interface X86FixmapOptions {
	readonly ohci1394: boolean;
	readonly localApic: boolean;
	readonly ioApic: boolean;
	readonly mcfg: boolean;
	readonly paravirt: boolean;
	readonly f00f: boolean;
	readonly acpi: boolean;
	readonly ghes: boolean;
	readonly intelMid: boolean;
	readonly intelTxt: boolean;
}

export interface X86Machine extends MachineBase {
	readonly arch: 'x86';
	/** CONFIG_NOHIGHMEM, HIGHMEM4G or HIGHMEM64G. */
	readonly highmem: 'off' | '4G' | '64G';
	readonly pae: boolean;
	readonly fixmap: X86FixmapOptions;
	/** CONFIG_ZONE_DMA. */
	readonly zoneDma: boolean;
	/** Page-table isolation: kernel entries lose the global bit, and SHARED_KERNEL_PMD is off. */
	readonly pti: boolean;
	/** Which cpu_entry_area generation where the release alone does not tell (KERNEL.md B2); absent: by version. */
	readonly cpuEntryGeneration?: 0 | 1 | 2 | 3;
	/** Intel CPU support, for the size of struct cpu_entry_area from 5.7 on. */
	readonly intelDebugStore: boolean;
}

/** A computer with its kernel: everything from which the layout and the engine's behaviour follow. Plain data. */
export type Machine = ArmMachine | X86Machine;

/** One line for people: the product's name, and what became of it. */
export const machineTitle = ({ title, origin, arch }: Machine): Phrase => {
	switch (origin) {
		case 'changed':
			return phrase('{title}, changed', { title });
		case 'configured':
			return phrase('{title}, configured', { title });
		case 'custom':
			return phrase('custom {arch} machine', { arch });
		case 'log':
			return phrase(arch === 'arm' ? 'ARM machine of a boot log' : 'PC of a boot log');
		default:
			return verbatim(title);
	}
};

/** What a machine is called: a changed one has no id of its own. */
export const machineName = (machine: Machine): Phrase =>
	machine.id === 'custom' ? machineTitle(machine) : verbatim(machine.id);

/** All RAM that the kernel is told of, in bytes. */
export const ramBytesOf = ({ ram }: Machine): number => ram.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

export const hasHighmem = (machine: Machine): boolean =>
	machine.arch === 'arm' ? machine.highmem : machine.highmem !== 'off';
