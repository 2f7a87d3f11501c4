import { closest } from '../../machine/closest.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { SourceFile } from '../source-file.ts';
import type { Token } from './token.ts';

const names = (folder: string, list: string): string[] => list.split(' ').map(name => `${folder}/${name}.h`);

/** Headers that kernel modules include. Their names are built in, so that an #include only has to exist. */
const KNOWN = new Set([
	...names(
		'linux',
		'atomic bitmap bitfield bitops bits blkdev bootmem bottom_half bug build_bug cache cdev compiler completion cpu cpumask cred ctype cpu_pm debugfs delay device dma-mapping errno err export fs gfp hardirq hash hashtable hrtimer highmem highmem-internal idr init init_task interrupt io ioport iomap irqdomain irq irqflags irqreturn irq_work jiffies kallsyms kprobes ksm kconfig kdebug kernel kernel_stat kmemleak kobject kref kthread ktime limits list list_lru list_sort llist lockdep log2 math math64 memblock memory mempool minmax miscdevice mm mm_types mm_inline mmdebug mmu_notifier mmzone mod_devicetable module moduleparam mutex notifier oom of of_address of_irq of_platform once page-flags page_ref pagemap pagevec percpu percpu-defs poison pfn pgtable pid platform_device preempt printk proc_fs random ratelimit rbtree rculist rcupdate reboot refcount rmap rwlock rwsem sched semaphore seq_file signal sizes slab slab_def slub_def smp smpboot socket spinlock spinlock_types stacktrace stat stdarg stddef string swap swapops sysctl sysfs sysrq syscalls thread_info threads time timer timekeeping timex topology tracepoint tty types uaccess unistd utsname vermagic version vmalloc vmstat wait workqueue',
	),
	...names('linux/sched', 'clock mm signal task task_stack'),
	...names('generated', 'autoconf utsrelease'),
	...names(
		'asm',
		'asm atomic barrier bitops bug byteorder cache cacheflush cp15 cputype current delay div64 errno fixmap highmem io irq kmap_size kmap_types mach/map msr cpufeature desc e820 pgtable-2level pgtable-3level page_types memory mmu mmu_context module page pgalloc pgtable pgtable_32 pgtable-hwdef pgtable_types processor ptrace sections setup smp string system tlb tlbflush types uaccess unaligned unistd vsyscall',
	),
	...names('asm-generic', 'bug errno fixmap io kmap_types kmap_size memory_model page pgtable sections types'),
	...names('uapi/linux', 'types kernel version'),
]);

/** Check what follows `#include`. @throws {UserError} for a header that no kernel has, and for one of the user's own. */
export const checkInclude = (file: SourceFile, directive: Token, tokens: readonly Token[]): void => {
	const written = tokens.map(token => token.text).join('');
	const at = tokens[0] ?? directive;
	const match = /^(?:<([^<>]+)>|"([^"]+)")$/.exec(written);
	if (!match) throw file.error(at, '#include needs a header', 'for example #include <linux/highmem.h>');
	const name = match[1] ?? match[2] ?? '';
	if (KNOWN.has(name)) return;
	if (match[2] !== undefined) {
		throw file.error(
			at,
			phrase('"{name}" cannot be included: a module is one file here', { name }),
			'put its content into this file',
		);
	}
	const near = closest(name, KNOWN);
	throw file.error(
		at,
		phrase('no kernel header <{name}>', { name }),
		near === undefined
			? 'kernel modules include <linux/...> and <asm/...> only'
			: phrase('did you mean <{near}>?', { near }),
	);
};
