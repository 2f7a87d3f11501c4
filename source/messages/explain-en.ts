import type { RuleId } from '../layout/border-rules.ts';
import type { WalkFormat } from '../layout/explain/entry-value.ts';
import type { SymbolKind } from '../layout/explain/explain-border.ts';
import type { LowmemPart } from '../layout/explain/place.ts';
import type { RegionName } from '../layout/layout.ts';

/** The words of `explain` and `compare` in one language; names from the kernel stay as they are. */
export interface ExplainWords {
	/** How a sentence about a border begins, by the border's name. */
	readonly subjects: Readonly<Record<string, string>>;
	readonly otherSubject: (name: string) => string;
	/** Why the border lies there, by rule. */
	readonly reasons: Readonly<Record<RuleId, string>>;
	readonly roundedDown: (size: string) => string;
	readonly pages: (count: number) => string;
	readonly span: {
		readonly between: (first: string, last: string) => string;
		readonly from: (first: string) => string;
		readonly upTo: (last: string) => string;
	};
	/** Between the parts of a sentence. */
	readonly comma: string;
	readonly semicolon: string;
	readonly colon: string;
	readonly inParentheses: (text: string) => string;
	readonly labels: {
		readonly source: string;
		readonly start: string;
		readonly end: string;
		readonly moves: string;
		readonly noMoves: string;
		readonly region: string;
		readonly place: string;
		readonly frame: string;
		readonly walk: string;
		readonly conversion: string;
		readonly below: string;
		readonly above: string;
	};
	readonly meanings: Readonly<Record<SymbolKind, string>>;
	readonly fixAddress: (address: string) => string;
	readonly regions: Readonly<Record<RegionName, string>>;
	readonly parts: Readonly<Record<LowmemPart, string>>;
	readonly pkmapSlot: (slot: number, slots: number) => string;
	readonly fixIndex: (index: number, name: string) => string;
	readonly kmapSlot: (cpu: number, depth: number, type: string | undefined) => string;
	readonly bootOnly: string;
	readonly noUse: string;
	readonly area: (kind: string, range: string, caller: string) => string;
	readonly guard: string;
	readonly noArea: string;
	readonly entryArea: (cpu: number, page: number) => string;
	readonly idt: string;
	readonly vectorPages: readonly [string, string];
	readonly frame: (pfn: string, physical: string) => string;
	readonly zone: (zone: string, structPage: string) => string;
	readonly noRam: string;
	readonly formats: Readonly<Record<WalkFormat, string>>;
	readonly inImage: string;
	readonly entryAt: (address: string) => string;
	readonly entryOffset: (offset: string) => string;
	readonly targets: {
		readonly table: string;
		readonly block: (size: string, physical: string) => string;
		readonly page: (physical: string) => string;
		readonly none: string;
		readonly noneBelow: string;
		readonly unknown: string;
		readonly undetermined: string;
	};
	readonly hardware: (value: string) => string;
	readonly mappings: {
		readonly boot: string;
		readonly process: string;
		readonly image: string;
		readonly low: string;
		readonly none: string;
	};
	readonly valid: (physical: string) => string;
	readonly invalid: (gives: string) => string;
	readonly hitsRam: (zone: string) => string;
	readonly hitsNothing: string;
	readonly trulyAt: (physical: string) => string;
	readonly away: (name: string, range: string, distance: string) => string;
	readonly compare: {
		readonly row: string;
		readonly size: string;
		readonly moved: string;
		readonly same: string;
		readonly onlyIn: (name: string) => string;
		readonly moves: (start: string, end: string) => string;
		readonly quantities: {
			readonly ram: string;
			readonly lowmem: string;
			readonly highmem: string;
			readonly vmalloc: string;
			readonly pkmap: string;
			readonly modules: string;
			readonly unused: string;
		};
		readonly identical: string;
		readonly wouldNotBoot: (name: string, why: string) => string;
		readonly facts: Readonly<
			Record<'kernel' | 'ram' | 'split' | 'highmem' | 'tables' | 'nrCpus' | 'parameters', string>
		>;
	};
}

const BELOW_FIXMAP = 'the next whole page table below what lies above it';
const LOWMEM = 'as all RAM fits below what vmalloc space needs';

export const explainEn: ExplainWords = {
	subjects: {
		PAGE_OFFSET: 'the kernel, and with it lowmem, begins at',
		TASK_SIZE: 'user space ends at',
		PHYS_OFFSET: 'lowmem stands for RAM from physical address',
		MODULES_VADDR: 'modules begin at',
		MODULES_END: 'modules end at',
		PKMAP_BASE: 'pkmap begins at',
		PKMAP_END: 'pkmap ends at',
		high_memory: 'lowmem ends at',
		VMALLOC_START: 'vmalloc space begins at',
		VMALLOC_END: 'vmalloc space ends at',
		vmalloc_min: 'lowmem may reach up to',
		FIXADDR_START: 'the fixmap begins at',
		FIXADDR_END: 'the fixmap ends at',
		FIXADDR_BOOT_START: 'the fixmap with its boot-time part begins at',
		FIXADDR_TOT_START: 'the fixmap with its boot-time part begins at',
		VECTORS_BASE: 'the exception vectors lie at',
		VECTORS_END: 'the page of the exception vectors ends at',
		CONSISTENT_BASE: 'the window of coherent DMA memory begins at',
		CONSISTENT_END: 'the window of coherent DMA memory ends at',
		DTCM_OFFSET: 'the tightly coupled data memory begins at',
		dtcm_end: 'the tightly coupled data memory ends at',
		ITCM_OFFSET: 'the tightly coupled instruction memory begins at',
		itcm_end: 'the tightly coupled instruction memory ends at',
		LDT_BASE_ADDR: 'the window of local descriptor tables begins at',
		LDT_END_ADDR: 'the window of local descriptor tables ends at',
		CPU_ENTRY_AREA_BASE: 'the cpu_entry_area begins at',
		CPU_ENTRY_AREA_END: 'the mapped part of the cpu_entry_area ends at',
		_text: 'the text of the kernel begins at',
		_etext: 'the text of the kernel ends at',
		__init_begin: 'what is freed after boot begins at',
		__init_end: 'what is freed after boot ends at',
		_sdata: 'the data of the kernel begins at',
		_edata: 'the data of the kernel ends at',
		__bss_start: 'the zeroed data of the kernel begins at',
		__bss_stop: 'the zeroed data of the kernel ends at',
	},
	otherSubject: name => `${name} is`,
	reasons: {
		split: 'chosen by the split of the address space between user and kernel',
		'split-x86': 'chosen by the split of the address space between user and kernel',
		'task-size': 'a gap of 16 MB below the kernel is left for modules and pkmap',
		'task-size-x86': 'user space reaches up to the kernel',
		'phys-offset': 'where the first bank of RAM begins, rounded down to what the kernel can patch itself for',
		modules: 'so that a branch from a module reaches the kernel',
		'modules-thumb2': 'as a Thumb-2 branch reaches only half as far',
		'modules-end-pkmap': 'as pkmap takes the room between modules and the kernel',
		'modules-end-kernel': 'as there is no pkmap without CONFIG_HIGHMEM',
		'modules-in-vmalloc': 'as x86 loads modules into vmalloc space',
		'pkmap-below-kernel': 'one page table below the kernel',
		'pkmap-end': 'one page for each slot',
		'lowmem-to-vmalloc': 'since RAM reaches further',
		'lowmem-to-ram-end': LOWMEM,
		'lowmem-to-hole': 'since the next RAM begins only behind what vmalloc space needs',
		'lowmem-cut': 'since RAM above was cut off in whole steps of the page tables',
		'vmalloc-start': 'so that at most 8 MB of hole catch what runs over the end of lowmem',
		'vmalloc-end-platform': 'a constant of that platform, as all had before 3.3',
		'vmalloc-end': 'the same for all machines',
		'reserve-default': 'what vmalloc space needs when vmalloc= is not given',
		'reserve-asked': 'as vmalloc= asks',
		'reserve-too-small': 'as vmalloc= asks for less than the least',
		'reserve-too-big': 'as vmalloc= must leave 32 MB of lowmem',
		'fixmap-window': 'a constant',
		'fixmap-window-stable': 'a constant that this stable release took over from a newer kernel',
		'fixmap-last-page': 'the last page itself, from which the indices count down',
		vectors: 'the high vectors of the architecture',
		'vectors-end': 'one page',
		'dma-window': 'a constant of that platform',
		tcm: 'a constant',
		'tcm-end': 'as much as the chip has',
		'fixaddr-top': 'the last page of the address space, from which the indices count down',
		'fixaddr-top-reserved': 'as reservetop= keeps the top for a hypervisor',
		'fixaddr-start': 'one page for each index that stays after boot',
		'fixaddr-total': 'one page for each index, boot-time maps included',
		'pkmap-below-fixmap': 'the first page table that holds all slots below the fixmap',
		'pkmap-below-area': BELOW_FIXMAP,
		'cpu-entry': 'room for the entry pages of every CPU the kernel is built for',
		'cpu-entry-end': 'one page of IDT, and the entry pages of every CPU',
		ldt: BELOW_FIXMAP,
		'ldt-end': 'one page table',
		'vmalloc-end-below': 'two guard pages below what lies above it',
		'vmalloc-start-x86': 'so that a hole catches what runs over the end of lowmem',
		'vmalloc-start-rounded': 'so that 8 to 16 MB of hole catch what runs over the end of lowmem',
		'lowmem-to-maxmem': 'since RAM reaches further',
		'lowmem-to-ram-end-x86': LOWMEM,
		'lowmem-minus-highmem': 'as highmem= takes some of it for highmem',
		image: 'a number of this build of the kernel, set by its linker',
	},
	roundedDown: size => `rounded down to ${size}`,
	pages: count => `${count} page${count === 1 ? '' : 's'}`,
	span: {
		between: (first, last) => (first === last ? `kernel ${first}` : `kernel ${first} to ${last}`),
		from: first => `kernel ${first} and later`,
		upTo: last => `kernel up to ${last}`,
	},
	comma: ', ',
	semicolon: '; ',
	colon: ': ',
	inParentheses: text => ` (${text})`,
	labels: {
		source: 'in the kernel',
		start: 'start',
		end: 'end',
		moves: 'what moves it',
		noMoves: 'none of the usual changes',
		region: 'region',
		place: 'there',
		frame: 'page frame',
		walk: 'page walk',
		conversion: 'virt_to_phys',
		below: 'below',
		above: 'above',
	},
	meanings: {
		'fix-index': 'an index of the fixmap: each stands for one page whose address is known when the kernel is built',
		'km-type': 'a slot of kmap_atomic, by what it is meant for',
		'kmap-count': 'kmap_atomic slots of each CPU',
		config: 'an option of the kernel configuration',
		frame: 'a page frame number: a physical address divided by 4096',
		page: 'a number of the 4 kB page',
		'page-table': 'a number of the page tables as Linux sees them',
		'pkmap-count': 'slots of pkmap: as many as a page table has entries',
		'fixmap-size': 'a size of the fixmap, in indices or bytes',
		cpus: 'CPUs that the kernel is built for',
		buddy: 'the largest blocks that the page allocator keeps',
		'vmalloc-hole': 'bytes of hole between lowmem and vmalloc space',
		'vmalloc-reserve': 'bytes that lowmem leaves below VMALLOC_END, the hole included',
		cache: 'bytes of a cache line',
		'dma-limit': 'the first page frame that an ISA device cannot reach',
		section: 'bytes that one entry of the first table maps at once',
		'cpu-entry-pages': 'pages reserved for the entry areas of all CPUs',
	},
	fixAddress: address => `it stands for the page at ${address}`,
	regions: {
		user: 'user space, another one for each process',
		modules: 'the code and data of loaded modules',
		pkmap: 'windows that kmap() opens onto highmem pages',
		lowmem: 'RAM that the kernel always sees, at a fixed distance from its physical address',
		gap: 'a hole: whoever runs over the end of lowmem faults here',
		vmalloc: 'memory of vmalloc() and windows onto devices of ioremap()',
		ldt: 'local descriptor tables of the running process',
		cpu_entry: 'entry stacks and tables of each CPU',
		fixmap: 'pages whose address is known when the kernel is built',
		dma: 'coherent DMA memory',
		tcm: 'tightly coupled memory of the chip',
		vectors: 'the exception vectors',
		unused: 'nothing of the running kernel lies here',
	},
	parts: {
		text: 'the text of the kernel',
		init: 'code and data of boot, freed after it',
		data: 'the data of the kernel',
		bss: 'the zeroed data of the kernel',
		mem_map: 'mem_map: the struct page of every page frame',
		'page-tables': 'swapper_pg_dir: the first page tables of the kernel',
		cma: 'the contiguous memory area (CMA)',
		ram: 'RAM',
		hole: 'no RAM: a hole between two banks',
	},
	pkmapSlot: (slot, slots) => `slot ${slot} of ${slots}`,
	fixIndex: (index, name) => (name === '' ? `index ${index}` : `index ${index}, ${name}`),
	kmapSlot: (cpu, depth, type) =>
		type === undefined ? `kmap_atomic on CPU ${cpu}, depth ${depth}` : `kmap_atomic on CPU ${cpu}, ${type}`,
	bootOnly: 'used while booting only',
	noUse: 'not used',
	area: (kind, range, caller) => `${kind} area ${range} of ${caller}`,
	guard: 'its guard page',
	noArea: 'no area',
	entryArea: (cpu, page) => `page ${page} of CPU ${cpu}`,
	idt: 'the read-only IDT',
	vectorPages: ['the vectors', 'the stubs'],
	frame: (pfn, physical) => `pfn ${pfn}, physical ${physical}`,
	zone: (zone, structPage) => `zone ${zone}, struct page at ${structPage}`,
	noRam: 'no RAM',
	formats: {
		arm: 'ARM short descriptors, 2 levels of 4-byte entries',
		lpae: 'ARM LPAE, 3 levels of 8-byte entries',
		x86: 'x86, 2 levels of 4-byte entries',
		pae: 'x86 PAE, 3 levels of 8-byte entries',
	},
	inImage: 'inside the kernel image',
	entryAt: address => `at ${address}`,
	entryOffset: offset => `at +${offset}`,
	targets: {
		table: 'a table that boot placed',
		block: (size, physical) => `${size} at once, from physical ${physical}`,
		page: physical => `the page at physical ${physical}`,
		none: 'nothing',
		noneBelow: 'nothing, or a table that has nothing there',
		unknown: 'not known without the running kernel',
		undetermined: 'bits by configuration',
	},
	hardware: value => `for the hardware ${value}`,
	mappings: {
		boot: 'mapped by boot, to a page that it chose',
		process: 'mapped as the running process has it',
		image: 'the image of the kernel: read-only or not by configuration',
		low: 'the first block of RAM: by pages, as its parts are cached in different ways',
		none: 'not mapped: an access faults',
	},
	valid: physical => `${physical}, as it should`,
	invalid: gives => `must not be used here: it would give ${gives}`,
	hitsRam: zone => `and the RAM there, in zone ${zone}, belongs to something else`,
	hitsNothing: 'where there is no RAM',
	trulyAt: physical => `the page is really at ${physical}`,
	away: (name, range, distance) => `${name} ${range}, ${distance} away`,
	compare: {
		row: 'row',
		size: 'size',
		moved: 'what moved',
		same: 'same',
		onlyIn: name => `only in ${name}`,
		moves: (start, end) => `start ${start}, end ${end}`,
		quantities: {
			ram: 'RAM in use',
			lowmem: 'lowmem',
			highmem: 'highmem',
			vmalloc: 'vmalloc',
			pkmap: 'pkmap',
			modules: 'modules',
			unused: 'RAM left out',
		},
		identical: 'The two layouts are the same.',
		wouldNotBoot: (name, why) => `${name} would not boot: ${why}`,
		facts: {
			kernel: 'kernel',
			ram: 'RAM',
			split: 'split',
			highmem: 'HIGHMEM',
			tables: 'page tables',
			nrCpus: 'NR_CPUS',
			parameters: 'parameters',
		},
	},
};
