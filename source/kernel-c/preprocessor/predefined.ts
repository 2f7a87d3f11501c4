import type { Machine } from '../../machine/machine.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { HeaderItem } from '../headers/item.ts';
import { configurationMacros, isHeaderMacro, type KernelConstant } from '../kernel-names.ts';
import { SourceFile } from '../source-file.ts';
import { DATA_MACROS } from './data-macros.ts';
import { type Macro, type MacroTable, readDefine } from './macro.ts';
import type { Token } from './token.ts';
import { tokenize } from './tokenizer.ts';

/** Macros of the kernel's headers that are plain text, each with its line of help. */
const HEADER_MACROS: readonly (readonly [definition: string, help: Text])[] = [
	['ALIGN(x, a) (((x) + ((a) - 1)) & ~((a) - 1))', 'x rounded up to a multiple of a, a power of two'],
	['ALIGN_DOWN(x, a) ((x) & ~((a) - 1))', 'x rounded down to a multiple of a, a power of two'],
	['IS_ALIGNED(x, a) (((x) & ((a) - 1)) == 0)', 'whether x is a multiple of a, a power of two'],
	['PAGE_ALIGNED(addr) IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)', 'whether addr begins a page'],
	['DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))', 'n / d rounded up'],
	['roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))', 'x rounded up to a multiple of y'],
	['rounddown(x, y) ((x) - ((x) % (y)))', 'x rounded down to a multiple of y'],
	['PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)', 'number of the first page frame at or above x'],
	['PFN_DOWN(x) ((x) >> PAGE_SHIFT)', 'number of the page frame that holds x'],
	['PFN_PHYS(x) ((phys_addr_t)(x) << PAGE_SHIFT)', 'physical address of a page frame'],
	['PHYS_PFN(x) ((unsigned long)((x) >> PAGE_SHIFT))', 'page frame of a physical address'],
	['offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)', 'offset within the page'],
	['PKMAP_NR(virt) (((virt) - PKMAP_BASE) >> PAGE_SHIFT)', 'pkmap slot of an address'],
	['PKMAP_ADDR(nr) (PKMAP_BASE + ((nr) << PAGE_SHIFT))', 'address of a pkmap slot'],
	['min_t(type, x, y) min((type)(x), (type)(y))', 'the smaller of two, as that type'],
	['max_t(type, x, y) max((type)(x), (type)(y))', 'the larger of two, as that type'],
	['BIT(nr) (1UL << (nr))', 'bit nr'],
	['ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]))', 'elements of an array'],
	['container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))', 'the struct around a member'],
	['likely(x) (!!(x))', 'x, expected to be true'],
	['unlikely(x) (!!(x))', 'x, expected to be false'],
	['READ_ONCE(x) (x)', 'x, read once'],
	['WRITE_ONCE(x, val) ((x) = (val))', 'write x once'],
	['BUG() __bug(__LINE__)', 'stop this task: kernel BUG'],
	['BUG_ON(condition) do { if (condition) __bug(__LINE__); } while (0)', 'BUG when the condition holds'],
	['WARN_ON(condition) __warn(!!(condition), __LINE__)', 'warn when the condition holds'],
	['WARN_ON_ONCE(condition) __warn(!!(condition), __LINE__)', 'warn when the condition holds'],
	[
		'WARN(condition, fmt, ...) __warn_text(!!(condition), __LINE__, fmt, ##__VA_ARGS__)',
		'warn when the condition holds',
	],
	['pr_fmt(fmt) fmt', 'what pr_info and its kin put around their format'],
	...['emerg', 'alert', 'crit', 'err', 'warning', 'warn', 'notice', 'info', 'debug'].map(
		name =>
			[
				`pr_${name}(fmt, ...) printk(KERN_${name === 'warn' ? 'WARNING' : name.toUpperCase()} pr_fmt(fmt), ##__VA_ARGS__)`,
				phrase('printk at level {level}', { level: name }),
			] as const,
	),
	['pr_cont(fmt, ...) printk(fmt, ##__VA_ARGS__)', 'printk that goes on'],
	['printk_once(fmt, ...) printk(fmt, ##__VA_ARGS__)', 'printk'],
	['printk_ratelimited(fmt, ...) printk(fmt, ##__VA_ARGS__)', 'printk'],
	['THIS_MODULE ((void *)0)', 'this module'],
	['DEFINE_SPINLOCK(name) spinlock_t name', 'a spinlock, free'],
	['local_irq_save(flags) ((flags) = __local_irq_save())', 'switch hard interrupts off; flags takes what they were'],
	['spin_lock_irqsave(lock, flags) ((flags) = __spin_lock_irqsave(lock))', 'local_irq_save and spin_lock'],
	['might_sleep() __might_sleep_at(__LINE__)', 'say that this may sleep'],
];

/** Words that mean something to the compiler or the linker and nothing here. */
const BLANKS =
	'__init __exit __initdata __initconst __exitdata __devinit __devexit __user __kernel __iomem __force __percpu __rcu __must_check __maybe_unused __always_unused __used __cold __hot __read_mostly __ro_after_init __always_inline __inline __inline__ noinline notrace __weak __pure __packed asmlinkage fastcall __ref __refdata __sched __visible __restrict __volatile__ __extension__';

/** Functions of ours that the kernel's headers define as macros. */
const FUNCTION_MACROS = [
	...['alloc_page', '__free_page', 'free_page', '__get_free_page', 'virt_to_page', 'pfn_to_page', 'page_to_pfn'],
	...['page_to_phys', 'phys_to_page', '__pa', '__va', 'virt_addr_valid', 'min', 'max', 'clamp', 'swap'],
];

const FUNCTION_BLANKS = [
	'__attribute__(x)',
	'__aligned(x)',
	'__section(x)',
	'__printf(a, b)',
	'__acquires(x)',
	'__releases(x)',
];

/**
 * The macros that stand before the first line of a module.
 * @param constants Names of the kernel's headers that the compiler knows by itself; those that are macros count for #ifdef.
 */
export const predefinedMacros = (
	machine: Machine,
	moduleName: string,
	constants: ReadonlyMap<string, KernelConstant>,
	headers: readonly HeaderItem[],
): MacroTable => {
	const table: MacroTable = new Map();
	const know = (name: string, value = 0n): void => {
		table.set(name, { name, parameters: undefined, rest: undefined, body: [], value });
	};
	for (const [name, { value }] of constants) if (isHeaderMacro(name, machine)) know(name, BigInt(value));
	for (const name of FUNCTION_MACROS) know(name);
	const define = (definition: string, help?: Text): void => {
		const macro = readOnce(definition);
		table.set(macro.name, help === undefined ? macro : { ...macro, help });
	};
	for (const { kind, text } of headers) if (kind === 'macro') define(text);
	for (const definition of configurationMacros(machine, moduleName)) define(definition);
	for (const [definition, help] of [...HEADER_MACROS, ...DATA_MACROS]) define(definition, help);
	for (const name of BLANKS.split(' ')) define(name);
	for (const definition of FUNCTION_BLANKS) define(definition);
	return table;
};

const firstOf = (tokens: readonly Token[], definition: string): Token => {
	const [first] = tokens;
	if (!first) throw new Error(`no macro: ${definition}`);
	return first;
};

const known = new Map<string, Macro>();

/** A definition of ours. They are the same for all kernels, so each is read once. */
const readOnce = (definition: string): Macro => {
	const read = known.get(definition);
	if (read) return read;
	const file = new SourceFile(definition, '<kernel>');
	const tokens = tokenize(file);
	const macro = readDefine(file, firstOf(tokens, definition), tokens);
	known.set(definition, macro);
	return macro;
};

/** Predefined macros without a line of help are the compiler's, not the user's: completion leaves them out. */
export const isOffered = (help: Text | undefined, name: string): boolean =>
	help !== undefined || name.startsWith('KERN_');
