import { byVersion, type VersionRow } from '../machine/by-version.ts';
import type { KernelVersion } from '../machine/kernel-version.ts';

interface FileRow extends VersionRow {
	readonly file: string;
}
type Files = string | readonly [FileRow, ...FileRow[]];

const LOWMEM_FILES: Files = [
	{ since: '2.6.24', file: 'arch/arm/mm/mmu.c: sanity_check_meminfo' },
	{ since: '4.11', file: 'arch/arm/mm/mmu.c: adjust_lowmem_bounds' },
];
const X86_AREAS: Files = [
	{ since: '2.6.24', file: 'arch/x86/include/asm/pgtable_32_types.h' },
	{ since: '5.11', file: 'arch/x86/include/asm/pgtable_32_areas.h' },
];
const PFN_RANGE: Files = [
	{ since: '2.6.24', file: 'arch/x86/kernel/setup_32.c: find_max_low_pfn' },
	{ since: '2.6.28', file: 'arch/x86/mm/init_32.c: find_low_pfn_range' },
];

/** Every rule that can give a border, with the kernel file that holds it. */
const RULE_FILES = {
	split: 'arch/arm/Kconfig: PAGE_OFFSET',
	'split-x86': 'arch/x86/Kconfig: PAGE_OFFSET',
	'task-size': 'arch/arm/include/asm/memory.h: TASK_SIZE',
	'task-size-x86': 'arch/x86/include/asm/processor.h: TASK_SIZE',
	'phys-offset': 'arch/arm/kernel/phys2virt.S: __fixup_pv_table',
	modules: 'arch/arm/include/asm/memory.h: MODULES_VADDR',
	'modules-thumb2': 'arch/arm/include/asm/memory.h: MODULES_VADDR',
	'modules-end-pkmap': 'arch/arm/include/asm/memory.h: MODULES_END',
	'modules-end-kernel': 'arch/arm/include/asm/memory.h: MODULES_END',
	'modules-in-vmalloc': X86_AREAS,
	'pkmap-below-kernel': 'arch/arm/include/asm/highmem.h: PKMAP_BASE',
	'pkmap-end': 'mm/highmem.c: LAST_PKMAP',
	'lowmem-to-vmalloc': LOWMEM_FILES,
	'lowmem-to-limited-vmalloc': LOWMEM_FILES,
	'lowmem-to-ram-end': LOWMEM_FILES,
	'lowmem-to-hole': LOWMEM_FILES,
	'lowmem-cut': LOWMEM_FILES,
	'vmalloc-start': 'arch/arm/include/asm/pgtable.h: VMALLOC_START',
	'vmalloc-end-platform': 'arch/arm/mach-*/include/mach/vmalloc.h: VMALLOC_END',
	'vmalloc-end': 'arch/arm/include/asm/pgtable.h: VMALLOC_END',
	'reserve-default': 'arch/arm/mm/mmu.c: vmalloc_min',
	'reserve-asked': 'arch/arm/mm/mmu.c: early_vmalloc',
	'reserve-too-small': 'arch/arm/mm/mmu.c: early_vmalloc',
	'reserve-too-big': 'arch/arm/mm/mmu.c: early_vmalloc',
	'fixmap-window': 'arch/arm/include/asm/fixmap.h: FIXADDR_START',
	'fixmap-window-stable': 'arch/arm/include/asm/fixmap.h: FIXADDR_START',
	'fixmap-last-page': 'arch/arm/include/asm/fixmap.h: FIXADDR_TOP',
	vectors: 'arch/arm/mm/mmu.c: devicemaps_init',
	'vectors-end': 'arch/arm/mm/mmu.c: devicemaps_init',
	'dma-window': 'arch/arm/include/asm/memory.h: CONSISTENT_BASE',
	tcm: 'arch/arm/include/asm/memory.h: ITCM_OFFSET, DTCM_OFFSET',
	'tcm-end': 'arch/arm/kernel/tcm.c: tcm_init',
	'fixaddr-top': 'arch/x86/include/asm/fixmap.h: FIXADDR_TOP',
	'fixaddr-top-reserved': 'arch/x86/mm/pgtable.c: reserve_top_address',
	'fixaddr-start': 'arch/x86/include/asm/fixmap.h: FIXADDR_START',
	'fixaddr-total': 'arch/x86/include/asm/fixmap.h: __end_of_fixed_addresses',
	'pkmap-below-fixmap': X86_AREAS,
	'pkmap-below-area': X86_AREAS,
	'cpu-entry': X86_AREAS,
	'cpu-entry-end': 'arch/x86/include/asm/cpu_entry_area.h: CPU_ENTRY_AREA_MAP_SIZE',
	ldt: X86_AREAS,
	'ldt-end': X86_AREAS,
	'vmalloc-end-below': X86_AREAS,
	'vmalloc-start-x86': X86_AREAS,
	'vmalloc-start-rounded': X86_AREAS,
	'lowmem-to-maxmem': PFN_RANGE,
	'lowmem-to-ram-end-x86': PFN_RANGE,
	'lowmem-minus-highmem': PFN_RANGE,
	image: 'arch/*/kernel/vmlinux.lds.S',
} as const satisfies Record<string, Files>;

export type RuleId = keyof typeof RULE_FILES;

/** The file, and where it helps the function or macro, that holds a rule in this kernel. */
export const ruleFile = (rule: RuleId, kernel: KernelVersion): string => {
	const files: Files = RULE_FILES[rule];
	return typeof files === 'string' ? files : byVersion(kernel, files).file;
};
