import { closest } from '../../machine/closest.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { SourceFile } from '../source-file.ts';
import type { Token } from './token.ts';

const names = (folder: string, list: string): string[] => list.split(' ').map(name => `${folder}/${name}.h`);

/** Headers that kernel modules include. Their names are built in, so that an #include only has to exist. */
const KNOWN = new Set([
	...names(
		'linux',
		'atomic bitops bits bootmem bug build_bug cache cdev compiler completion cpu cpumask cred debugfs delay device dma-mapping errno err export fs gfp hardirq highmem highmem-internal idr init interrupt io ioport irq jiffies kallsyms kconfig kdebug kernel kobject kref kthread ktime limits list list_lru log2 math math64 memblock memory minmax miscdevice mm mm_types mm_inline mmdebug mmu_notifier mmzone module moduleparam mutex notifier of page-flags page_ref pagemap percpu pfn pgtable pid platform_device preempt printk proc_fs random ratelimit rbtree rcupdate rwsem sched seq_file signal slab slab_def slub_def smp socket spinlock stacktrace stat stddef string swap sysfs syscalls thread_info threads time timer timex tty types uaccess unistd utsname vermagic version vmalloc vmstat wait workqueue',
	),
	...names('linux/sched', 'mm signal task task_stack'),
	...names('generated', 'autoconf utsrelease'),
	...names(
		'asm',
		'atomic barrier bitops bug byteorder cache cacheflush cputype current delay div64 errno fixmap highmem io irq kmap_types mach/map memory mmu mmu_context module page pgalloc pgtable pgtable_32 pgtable-hwdef pgtable_types processor ptrace sections setup smp string system tlb tlbflush types uaccess unaligned unistd vsyscall',
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
