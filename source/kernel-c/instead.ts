import type { Availability } from './builtins/builtin.ts';

/** What kernels that lack a name have in its place, in C. */
export const INSTEAD: ReadonlyMap<string, string> = new Map([
	['memcpy_to_page', 'kmap_atomic, memcpy'],
	['memcpy_from_page', 'kmap_atomic, memcpy'],
	['memset_page', 'kmap_atomic, memset'],
	['memzero_page', 'zero_user'],
	['memcpy_page', 'kmap_atomic, memcpy'],
	['kmap_local_page', 'kmap_atomic, kmap'],
	['kunmap_local', 'kunmap_atomic, kunmap'],
	['kmap_local_pfn', 'kmap_atomic_pfn'],
	['kmap_atomic_pfn', 'kmap_local_pfn'],
	['kmap_atomic_idx_push', 'kmap_local_page'],
	['kmap_atomic_idx_pop', 'kunmap_local'],
	['memclear_highpage_flush', 'zero_user'],
	['zero_user_page', 'zero_user'],
	['zero_user', 'zero_user_page'],
	['vzalloc', 'vmalloc, memset'],
	['kvmalloc', 'kmalloc, vmalloc'],
	['kvzalloc', 'kzalloc, vmalloc'],
	['kvfree', 'is_vmalloc_addr(p) ? vfree(p) : kfree(p)'],
	['kmalloc_array', 'kmalloc(n * size, flags)'],
	['kfree_sensitive', 'kzfree'],
	['reinit_completion', 'INIT_COMPLETION(x)'],
	['INIT_COMPLETION', 'reinit_completion(&x)'],
	['timer_setup', 'setup_timer(timer, function, data)'],
	['from_timer', 'timer->data'],
	['setup_timer', 'timer_setup(timer, callback, 0)'],
	['init_timer', 'timer_setup(timer, callback, 0)'],
	['tasklet_setup', 'tasklet_init(t, function, data)'],
	['pagefault_disabled', 'in_atomic()'],
	['ktime_get_ns', 'ktime_to_ns(ktime_get())'],
	['usleep_range', 'msleep, udelay'],
	['in_hardirq', 'in_irq'],
	['KM_TYPE_NR', 'KM_MAX_IDX'],
	['KM_MAX_IDX', 'KM_TYPE_NR'],
	['FIXADDR_END', 'FIXADDR_TOP'],
	['strscpy', 'strlcpy'],
	['strlcpy', 'strscpy'],
]);

/** Functions that real kernels have and that nothing here does the work of. */
export const NOT_SIMULATED: ReadonlySet<string> = new Set(
	'remap_pfn_range io_remap_pfn_range vm_iomap_memory vm_insert_page vm_insert_pfn vmf_insert_pfn dma_map_single dma_map_page dma_map_sg dma_pool_create kallsyms_lookup_name register_kretprobe register_jprobe set_memory_ro set_memory_rw'.split(
		' ',
	),
);

/** Which kernels have a constant, where people know it from others. */
export const KNOWN_CONSTANTS: readonly { readonly name: string; readonly when: Availability }[] = [
	{ name: 'KM_TYPE_NR', when: { before: '5.11' } },
	{ name: 'KM_MAX_IDX', when: { since: '5.11' } },
	{ name: 'FIXADDR_END', when: { arch: 'arm', since: '3.19' } },
	...['KM_USER0', 'KM_USER1', 'KM_IRQ0', 'KM_IRQ1', 'KM_SOFTIRQ0'].map(name => ({ name, when: { before: '3.4' } })),
];
