import type { Layout } from '../layout/layout.ts';
import { PAGE_SIZE } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import { hasHighmem, type Machine } from '../machine/machine.ts';
import { HZ, jiffiesAt } from '../memory/jiffies.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { KernelOperations } from '../memory/operations.ts';
import { gfpConstants } from '../memory/pages/gfp.ts';
import { KMALLOC_MAX_CACHE_BYTES } from '../memory/slab/slab-rules.ts';
import type { PlainPhrase } from '../phrases/phrase.ts';
import type { KernelGlobal } from './builtins/builtin.ts';
import { COST_CONSTANTS } from './builtins/costs.ts';
import { DUMP_PREFIXES } from './builtins/hex-dump.ts';
import { MAPPING_FLAGS } from './builtins/user-memory.ts';
import { type CType, INT, pointerTo, UNSIGNED_INT, UNSIGNED_LONG, VOID_POINTER } from './c-types.ts';
import type { Value } from './c-value.ts';
import type { TypeTable } from './type-table.ts';

/** A name of the kernel's headers that stands for a number. */
export interface KernelConstant {
	readonly type: CType;
	readonly value: Value;
}

/** asm-generic/errno-base.h and errno.h, as far as memory code uses them. */
const ERRORS: Readonly<Record<string, number>> = {
	EPERM: 1,
	ENOENT: 2,
	EINTR: 4,
	EIO: 5,
	ENXIO: 6,
	E2BIG: 7,
	EAGAIN: 11,
	ENOMEM: 12,
	EACCES: 13,
	EFAULT: 14,
	EBUSY: 16,
	EEXIST: 17,
	ENODEV: 19,
	EINVAL: 22,
	ENOSPC: 28,
	ERANGE: 34,
	ESPIPE: 29,
	EROFS: 30,
	EPIPE: 32,
	EDOM: 33,
	EDEADLK: 35,
	ENOSYS: 38,
	EPROTO: 71,
	EBADF: 9,
	ECHILD: 10,
	ENOTTY: 25,
	EFBIG: 27,
	EISDIR: 21,
	ENOTDIR: 20,
	EMFILE: 24,
	ERESTARTSYS: 512,
	EPROBE_DEFER: 517,
	EOVERFLOW: 75,
	EOPNOTSUPP: 95,
	ETIMEDOUT: 110,
};

/** The same on every machine. PAGE_KERNEL only says that the default is meant: no protection can be chosen here. */
const SAME_EVERYWHERE: Readonly<Record<string, KernelConstant>> = {
	INT_MAX: { type: INT, value: 0x7fffffff },
	INT_MIN: { type: INT, value: -0x80000000 },
	UINT_MAX: { type: UNSIGNED_INT, value: 0xffffffff },
	ULONG_MAX: { type: UNSIGNED_LONG, value: 0xffffffff },
	LONG_MAX: { type: INT, value: 0x7fffffff },
	PAGE_KERNEL: { type: UNSIGNED_LONG, value: 0 },
	MAP_FAILED: { type: VOID_POINTER, value: 0xffffffff },
	LONG_MIN: { type: INT, value: -0x80000000 },
	U32_MAX: { type: UNSIGNED_INT, value: 0xffffffff },
	SIZE_MAX: { type: UNSIGNED_INT, value: 0xffffffff },
	SLAB_HWCACHE_ALIGN: { type: UNSIGNED_LONG, value: 0x2000 },
	SLAB_PANIC: { type: UNSIGNED_LONG, value: 0x40000 },
	SLAB_RECLAIM_ACCOUNT: { type: UNSIGNED_LONG, value: 0x20000 },
	SLAB_POISON: { type: UNSIGNED_LONG, value: 0x800 },
	SLAB_RED_ZONE: { type: UNSIGNED_LONG, value: 0x400 },
	VM_MAP: { type: UNSIGNED_LONG, value: 4 },
};

/** Names of the slot types up to 2.6.36 (asm/kmap_types.h); the transition kept them as words without effect. */
const KM_COMMON =
	'KM_BOUNCE_READ KM_SKB_SUNRPC_DATA KM_SKB_DATA_SOFTIRQ KM_USER0 KM_USER1 KM_BIO_SRC_IRQ KM_BIO_DST_IRQ KM_PTE0 KM_PTE1 KM_IRQ0 KM_IRQ1 KM_SOFTIRQ0 KM_SOFTIRQ1';
const KM_ARM = `${KM_COMMON} KM_L1_CACHE KM_L2_CACHE KM_KDB`;
const KM_X86 = `${KM_COMMON} KM_SYNC_ICACHE KM_SYNC_DCACHE KM_UML_USERCOPY KM_IRQ_PTE KM_NMI KM_NMI_PTE KM_KDB`;

const kmTypes = (machine: Machine, count: number): [string, number][] => {
	if (atLeast(machine.kernel, '3.4')) return [];
	const names = (machine.arch === 'arm' ? KM_ARM : KM_X86).split(' ');
	const isTyped = !atLeast(machine.kernel, '2.6.37');
	return names.slice(0, isTyped ? count : undefined).map((name, index) => [name, index]);
};

/** Symbols that are `int` or plain enum values; all others of a layout are `unsigned long`. */
const isCount = (name: string): boolean =>
	/^(?:FIX_|__end_of|KM_|NR_|CONFIG_NR|LAST_PKMAP|PTRS_|MAX_ORDER$|MAX_PAGE_ORDER)|_SHIFT$|_PAGES$/.test(name);

/** Every constant that C code may name on this machine, by name. */
export const kernelConstants = (machine: Machine, layout: Layout): ReadonlyMap<string, KernelConstant> => {
	const constants = new Map<string, KernelConstant>(Object.entries(SAME_EVERYWHERE));
	for (const [name, value] of kmTypes(machine, layout.fixmap.kmapPerCpu)) constants.set(name, { type: INT, value });
	for (const [name, value] of layout.symbols) {
		constants.set(name, isCount(name) ? { type: INT, value: value | 0 } : { type: UNSIGNED_LONG, value });
	}
	for (const [name, value] of gfpConstants(machine.kernel))
		constants.set(name, { type: UNSIGNED_INT, value: value >>> 0 });
	for (const [name, value] of Object.entries(ERRORS)) constants.set(name, { type: INT, value });
	for (const [name, constant] of kmallocConstants(machine)) constants.set(name, constant);
	constants.set('NULL', { type: VOID_POINTER, value: 0 });
	constants.set('HZ', { type: INT, value: HZ });
	for (const [name, value] of Object.entries(MAPPING_FLAGS)) constants.set(name, { type: INT, value });
	for (const [name, value] of COST_CONSTANTS) constants.set(name, { type: INT, value });
	for (const [name, value] of Object.entries(DUMP_PREFIXES)) constants.set(name, { type: INT, value });
	for (const name of ['high_memory', 'max_low_pfn', 'max_pfn']) constants.delete(name);
	return constants;
};

/** include/linux/slab.h */
const kmallocConstants = ({ kmallocMinBytes, maxOrder }: Machine): [string, KernelConstant][] => [
	['KMALLOC_MIN_SIZE', { type: INT, value: kmallocMinBytes }],
	['ARCH_KMALLOC_MINALIGN', { type: INT, value: kmallocMinBytes }],
	['KMALLOC_MAX_CACHE_SIZE', { type: UNSIGNED_LONG, value: KMALLOC_MAX_CACHE_BYTES }],
	['KMALLOC_MAX_SIZE', { type: UNSIGNED_LONG, value: Math.min(PAGE_SIZE << maxOrder, MOST_KMALLOC_BYTES) }],
];

/** KMALLOC_SHIFT_HIGH stops at 25. */
const MOST_KMALLOC_BYTES = 2 ** 25;

/** Variables of the kernel that C code and inspectors can read. */
export const kernelGlobals = (machine: Machine, layout: Layout, types: TypeTable): readonly KernelGlobal[] => {
	const variable = (
		signature: string,
		help: PlainPhrase,
		type: CType,
		read: (view: MemoryView) => Value,
	): KernelGlobal => ({
		name: /(\w+)$/.exec(signature)?.[1] ?? signature,
		signature,
		help,
		type,
		length: undefined,
		read: ({ view }) => read(view),
	});
	const sum = (view: MemoryView, name?: string): number =>
		view.pages.zones.reduce((pages, zone) => pages + (name === undefined || zone.name === name ? zone.managed : 0), 0);
	const globals = [
		variable('void *high_memory', 'first address behind lowmem', VOID_POINTER, view => view.layout.highMemory >>> 0),
		variable('unsigned long jiffies', 'timer ticks since boot', UNSIGNED_LONG, view => jiffiesAt(view.timeNs)),
		{
			...variable('struct task_struct *current', 'the running task', pointerTo(types.task), () => 0),
			read: ({ context, contexts }: KernelOperations) => contexts.taskAddress(context.task.pid),
		},
		variable('struct page *mem_map', 'the first struct page', pointerTo(types.page), view => view.layout.memMap),
		variable(
			'unsigned long max_low_pfn',
			'first page frame behind lowmem',
			UNSIGNED_LONG,
			view => view.layout.maxLowPfn,
		),
		variable('unsigned long max_pfn', 'first page frame behind all RAM', UNSIGNED_LONG, view => view.layout.maxPfn),
		variable('unsigned long num_physpages', 'pages of RAM', UNSIGNED_LONG, view =>
			view.layout.ramPages.reduce((pages, { startPfn, endPfn }) => pages + endPfn - startPfn, 0),
		),
		variable('unsigned long totalram_pages', 'pages that the page allocator manages', UNSIGNED_LONG, view => sum(view)),
		variable('unsigned long totalhigh_pages', 'pages of ZONE_HIGHMEM', UNSIGNED_LONG, view => sum(view, 'HighMem')),
	];
	if (!hasHighmem(machine) || !layout.pkmap) return globals;
	return [
		...globals,
		variable(
			'unsigned int last_pkmap_nr',
			'the pkmap slot that was taken last',
			UNSIGNED_INT,
			view => view.pkmap?.lastPkmapNr ?? 0,
		),
		{
			name: 'pkmap_count',
			signature: 'int pkmap_count[LAST_PKMAP]',
			help: '0: slot free; 1: still mapped, not in use; n: n - 1 users',
			type: INT,
			length: layout.pkmap.slots,
			read: ({ view }, index) => view.pkmap?.count(index) ?? 0,
		},
	];
};

/**
 * Whether a constant is a macro in that kernel's headers, so that #ifdef sees it, and not an enumerator: the indices of
 * the fixmap are, but for ARM up to 3.18, and so were the types of kmap_atomic slots up to 3.3.
 */
export const isHeaderMacro = (name: string, { arch, kernel }: Machine): boolean => {
	if (name.startsWith('ZONE_') || name.startsWith('__end_of_') || name.startsWith('DUMP_')) return false;
	if (name.startsWith('FIX_')) return arch === 'arm' && !atLeast(kernel, '3.19');
	if (name === 'KM_TYPE_NR') return atLeast(kernel, '3.4');
	return name === 'KM_MAX_IDX' || !name.startsWith('KM_');
};

/** Constants of a machine that are macros of its configuration: they count for #ifdef. */
export const configurationMacros = (machine: Machine, moduleName: string): readonly string[] => {
	const { major, minor, patch } = machine.kernel;
	// LINUX_VERSION_CODE holds the stable number up to 255.
	const versionCode = (major << 16) + (minor << 8) + Math.min(patch, 255);
	const isArm = machine.arch === 'arm';
	const switches = [
		[isArm, 'CONFIG_ARM', '__arm__'],
		[!isArm, 'CONFIG_X86', 'CONFIG_X86_32', '__i386__'],
		[hasHighmem(machine), 'CONFIG_HIGHMEM'],
		[isArm && machine.lpae, 'CONFIG_ARM_LPAE', 'CONFIG_PHYS_ADDR_T_64BIT'],
		[!isArm && machine.pae, 'CONFIG_X86_PAE', 'CONFIG_PHYS_ADDR_T_64BIT'],
		[!isArm && machine.highmem === '4G', 'CONFIG_HIGHMEM4G'],
		[!isArm && machine.highmem === '64G', 'CONFIG_HIGHMEM64G'],
		[isArm && machine.thumb2, 'CONFIG_THUMB2_KERNEL'],
		[isArm && machine.errata798181, 'CONFIG_ARM_ERRATA_798181'],
		[machine.nrCpus > 1, 'CONFIG_SMP'],
		[machine.debug.highmem, 'CONFIG_DEBUG_HIGHMEM'],
		[machine.debug.atomicSleep, 'CONFIG_DEBUG_ATOMIC_SLEEP'],
		[machine.debug.virtual, 'CONFIG_DEBUG_VIRTUAL'],
		[machine.debug.preemptCount, 'CONFIG_PREEMPT_COUNT'],
		[true, 'CONFIG_MMU', 'CONFIG_MODULES', 'CONFIG_32BIT', 'CONFIG_FLATMEM', '__KERNEL__', 'MODULE', '__GNUC__'],
		[true, `CONFIG_VMSPLIT_${machine.split.toUpperCase()}`, 'CONFIG_SLUB', 'CONFIG_PRINTK', 'CONFIG_BUG'],
	] as const;
	const level = (digit: number): string => (atLeast(machine.kernel, '3.6') ? `"\\001" "${digit}"` : `"<${digit}>"`);
	const levels = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'];
	return [
		...switches.flatMap(([isOn, ...names]) => (isOn ? names.map(name => `${name} 1`) : [])),
		`LINUX_VERSION_CODE ${versionCode}`,
		'KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))',
		...levels.map((name, digit) => `KERN_${name} ${level(digit)}`),
		`KERN_DEFAULT ""`,
		`KERN_CONT ""`,
		`KBUILD_MODNAME "${moduleName}"`,
		`UTS_RELEASE "${machine.kernel.text.replace(/[^\w.+-]/g, '')}"`,
		`PAGE_ALIGN(addr) ALIGN(addr, ${PAGE_SIZE}UL)`,
		`CONFIG_HZ ${HZ}`,
	];
};
