import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';

/** What one line gives: its value, its mistake, or what was logged, as a user sees it. */
const course = async (machine: string, lines: readonly (readonly [text: string, ...seen: readonly string[]])[]) => {
	const session = await Session.open({ machine: findMachine(machine) });
	for (const [text, ...seen] of lines) {
		const logged = session.view.log.length;
		const outcome = session.execute(text);
		const said: string[] = session.view.log.slice(logged).map(line => line.text);
		if (outcome.kind === 'error') said.push(`error: ${outcome.error.line}`);
		else if (outcome.kind === 'fault') said.splice(0, said.length, `fault: ${outcome.message}`);
		else if (outcome.kind === 'done' && outcome.value !== undefined) said.push(`= ${String(outcome.value)}`);
		expect(said, text).toEqual(seen);
	}
};

// i.MX6Q, 2 GB, 5.5: pkmap at 0xbfe00000, the first kmap takes slot 1; lowmem 0xc0000000 - 0xf0000000; PHYS_OFFSET 0x10000000.
describe('what is typed in a course on kernel memory', () => {
	it('pages, kmap and strings', async () => {
		await course('imx6q-2g', [
			['for (i = 0; i < 10; i++) kmap(alloc_page(GFP_HIGHUSER));'],
			['i', '= 10'],
			['pkmap_count[10]', '= 2'],
			['struct page *p = alloc_page(GFP_HIGHUSER), *q;', '= (struct page *) 0xeff72140'],
			['PageHighMem(p)', '= 1'],
			['char *v = kmap(p); strcpy(v, "hello"); printk("%s\\n", v);', 'hello', '= 5'],
			['v', '= 0xbfe0b000 "hello"'],
			['printk(KERN_INFO "%s has %zu\\n", v, strlen(v))', 'hello has 5', '= 11'],
			['pr_info("%px\\n", v)', 'bfe0b000', '= 8'],
			['pr_err("%08lx %#x %5d|%-5d|\\n", 0xbeefUL, 255, 42, 42)', '0000beef 0xff    42|42   |', '= 26'],
			["memset(v, 'A', 16); v[16] = 0; v", '= 0xbfe0b000 "AAAAAAAAAAAAAAAA"'],
			['memcpy(v + 8, "12345678", 8)', '= 0xbfe0b008'],
			[
				'print_hex_dump_bytes("v: ", DUMP_PREFIX_OFFSET, v, 20)',
				'v: 00000000: 41 41 41 41 41 41 41 41 31 32 33 34 35 36 37 38  AAAAAAAA12345678',
				'v: 00000010: 00 00 00 00                                      ....',
			],
			['*(u32 *)v', '= 0x41414141'],
			['char *w = kmap_atomic(p); w[0]', "= 65 'A'"],
			['kunmap_atomic(w)'],
			['kunmap(p); __free_page(p);'],
		]);
	});

	it('addresses and their arithmetic', async () => {
		await course('imx6q-2g', [
			['sizeof(struct page)', '= 32'],
			['sizeof(void *) + sizeof(unsigned long long)', '= 12'],
			['PAGE_OFFSET', '= 0xc0000000'],
			['high_memory', '= 0xf0000000'],
			['virt_to_phys((void *)PAGE_OFFSET)', '= 0x10000000'],
			['__va(0x10001000)', '= 0xc0001000'],
			['page_to_pfn(virt_to_page(PAGE_OFFSET))', '= 0x00010000'],
			['phys_addr_t pa = 0x10000000; printk("%pa\\n", &pa)', '0x10000000', '= 10'],
			['virt_addr_valid(PAGE_OFFSET) && !virt_addr_valid(VMALLOC_START)', '= 1'],
			['PKMAP_ADDR(3)', '= 0xbfe03000'],
			['PKMAP_NR(PKMAP_BASE + 5 * PAGE_SIZE)', '= 5'],
			['PAGE_ALIGN(0x1001)', '= 8192'],
			['DIV_ROUND_UP(10, 4) + ARRAY_SIZE(((int[]){1, 2, 3}))', '= 6'],
			['min(3, 4) + max(1, 2) + clamp(9, 0, 5)', '= 10'],
			['(u8)300 + (s8)200', '= -12'],
			['1 << 31', '= -2147483648'],
			['0xffffffff + 1', '= 0'],
			['u64 big = 1ULL << 40; big', '= 0x10000000000'],
			['~0UL', '= 0xffffffff'],
			['-5 % 3', '= -2'],
		]);
	});

	it('kmalloc, vmalloc and vmap', async () => {
		await course('imx6q-2g', [
			['void *m = kmalloc(100, GFP_KERNEL); ksize(m)', '= 128'],
			['kfree(m)'],
			['char *z = kzalloc(10, GFP_KERNEL); z[3]', '= 0'],
			['snprintf(z, 10, "%d-%s", 42, "abc")', '= 6'],
			['z', '= 0xee801000 "42-abc"'],
			['strcmp(z, "42-abc") == 0 && strncmp(z, "42xyz", 2) == 0', '= 1'],
			["char *buf = vmalloc(3 * PAGE_SIZE); buf[0] = 'x'; buf[0]", "= 120 'x'"],
			['is_vmalloc_addr(buf) && !is_vmalloc_addr(z)', '= 1'],
			['vfree(buf)'],
			['struct page *pages[3]; for (i = 0; i < 3; i++) pages[i] = alloc_page(GFP_KERNEL);'],
			['int *both = vmap(pages, 3, VM_MAP, PAGE_KERNEL); both[1024] = 7; *(int *)page_address(pages[1])', '= 7'],
			['vunmap(both)'],
			['unsigned long a = __get_free_pages(GFP_KERNEL, 2); free_pages(a, 2); a & (4 * PAGE_SIZE - 1)', '= 0'],
			['IS_ERR(ERR_PTR(-ENOMEM)) && PTR_ERR(ERR_PTR(-ENOMEM)) == -12', '= 1'],
		]);
	});

	it('control flow, functions, structs, unions, enums, typedefs', async () => {
		await course('imx6q-2g', [
			['int square(int x) { return x * x; }'],
			['square(7)', '= 49'],
			['int fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }'],
			['fact(10)', '= 3628800'],
			['int (*fn)(int); int n = 0; while (n < 5) n++; n', '= 5'],
			['do { n--; } while (n > 2); n', '= 2'],
			['switch (n) { case 2: pr_info("two\\n"); break; default: pr_info("other\\n"); }', 'two'],
			['if (n != 2) pr_info("no\\n"); else pr_info("yes\\n");', 'yes'],
			['{ int local = 3; printk("%d\\n", local); }', '3'],
			['int a[4] = {1, 2, [3] = 9}; a[0] + a[2] + a[3]', '= 10'],
			['int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}}; matrix[1][2]', '= 6'],
			['struct pt { int x, y; } pt = { .x = 1, .y = 2 }; pt.x + pt.y', '= 3'],
			['struct pt *pp = &pt; pp->y = 8; pt.y', '= 8'],
			['union u { int i; char c[4]; } un; un.i = 0x41424344; un.c[0]', "= 68 'D'"],
			['enum color { RED, GREEN = 5, BLUE }; BLUE', '= 6'],
			['typedef unsigned int myint; myint mi = 7; typeof(mi) mj = mi + 1; mj', '= 8'],
			['#define TWICE(x) ((x) * 2)'],
			['TWICE(mj)', '= 16'],
			['char s[] = "text"; s', '= 0xc1000038 "text"'],
			['offsetof(struct pt, y) + sizeof(pt)', '= 12'],
		]);
	});

	it('lists, bitmaps, atomic_t, the running task', async () => {
		await course('imx6q-2g', [
			['struct node { int value; struct list_head list; };'],
			['LIST_HEAD(head);'],
			[
				'struct node *n; for (i = 0; i < 3; i++) { n = kmalloc(sizeof(*n), GFP_KERNEL); n->value = i; list_add_tail(&n->list, &head); }',
			],
			['struct node *pos, *tmp; list_for_each_entry(pos, &head, list) printk("%d\\n", pos->value);', '0', '1', '2'],
			['list_first_entry(&head, struct node, list)->value', '= 0'],
			['container_of(head.prev, struct node, list)->value', '= 2'],
			['list_for_each_entry_safe(pos, tmp, &head, list) { list_del(&pos->list); kfree(pos); }'],
			['list_empty(&head)', '= 1'],
			['unsigned long flags = 0; set_bit(3, &flags); flags', '= 8'],
			['test_and_clear_bit(3, &flags) + flags', '= 1'],
			['ffs(8) + fls(8) + hweight32(0xff) + ilog2(4096)', '= 28'],
			['atomic_t users = ATOMIC_INIT(1); atomic_inc(&users); atomic_read(&users)', '= 2'],
			['atomic_dec_and_test(&users)', '= 0'],
			['printk("%s %d\\n", current->comm, current->pid)', 'sh 100', '= 6'],
			['BUG_ON(1 == 2)'],
		]);
	});

	it('a use of a deleted list entry faults at the poison of that kernel', async () => {
		const lines = [
			['LIST_HEAD(head); struct list_head entry;'],
			['list_add(&entry, &head); list_del(&entry)'],
			['entry.next', '= (struct list_head *) 0x00100100'],
		] as const;
		await course('versatilepb-128m', lines);
		await course('i386-6.1-8g-pae', [...lines.slice(0, 2), ['entry.prev', '= (struct list_head *) 0x00000122']]);
	});
});

describe('a long session', () => {
	it('has room for more strings than .data holds', async () => {
		const session = await Session.open({ machine: findMachine('imx6q-2g') });
		for (let turn = 0; turn < 12_000; turn++) {
			const outcome = session.execute(`printk("a line of the log, quite long, that never came before: ${turn}\\n")`);
			if (outcome.kind !== 'done') expect.fail(`act ${turn} ended as ${outcome.kind}`);
		}
		expect(session.view.log.at(-1)?.text).toBe('a line of the log, quite long, that never came before: 11999');
	});
});

describe('a line with a mistake says where it is and what was meant', () => {
	it.each([
		['kmap(q', '1:5: this ( is never closed (add ))'],
		['int x = ;', '1:8: a value is missing after "="'],
		['x = 3 +', '1:8: a value is missing after "+"'],
		['kmap(1))', '1:8: ")" closes nothing (take it out or open it before)'],
		['"unterminated', '1:1: this string has no closing quote (add " before the end of the line)'],
		['x = 08', '1:5: 08 is not an integer of C (a number that begins with 0 is octal)'],
		['0x12g', '1:1: 0x12g is not an integer of C'],
		['1.5', '1:1: 1.5 is not an integer of C (kernel code has no floating point)'],
		['float f = 1', '1:1: no type float (kernel code has no floating point)'],
		["'ab'", '1:1: \'ab\' is not one character (strings have "double quotes")'],
		['printf("hi")', '1:1: this kernel has no function printf (did you mean printk?)'],
		['malloc(10)', '1:1: this kernel has no function malloc (did you mean vmalloc?)'],
		['alloc_page(GFP_KERNL)', '1:12: no variable or constant GFP_KERNL (did you mean GFP_KERNEL?)'],
		[
			'alloc_pages(GFP_KERNEL)',
			'1:1: alloc_pages takes 2 arguments, not 1 (struct page *alloc_pages(gfp_t gfp_mask, unsigned int order))',
		],
		['kmap_atomic', '1:1: kmap_atomic takes 1 argument, not 0 (void *kmap_atomic(struct page *page))'],
		['5 = i', '1:1: 5 cannot be assigned to (only variables and *pointers can)'],
		['*5', '1:2: 5 is of type int, not a pointer (cast it: *(unsigned int *)5)'],
		['printk("%d %d\\n", 1)', '1:8: %d in the format has no argument'],
		['#include <stdio.h>', '1:10: no kernel header <stdio.h> (kernel modules include <linux/...> and <asm/...> only)'],
		[
			'kmap_local_page(NULL)',
			'1:1: this kernel has no function kmap_local_page (exists since 5.11; this kernel is 5.5.0; it has kmap_atomic, kmap)',
		],
		['current->nn', '1:10: struct task_struct has no member nn (here it has pid, tgid, comm, mm, active_mm)'],
		[
			'memset((void *)PAGE_OFFSET, 0, 0x30000000)',
			'memset of 805306368 bytes is more than is simulated at once (at most 16777216)',
		],
	])('%s', async (text, line) => {
		await course('imx6q-2g', [[text, `error: ${line}`]]);
	});
});

describe('#ifdef in the command bar and in modules', () => {
	it.each([
		['imx6q-2g', 'LAST_PKMAP', '= 1'],
		['imx6q-2g', 'FIXADDR_END', '= 1'],
		['imx6q-2g', 'CONFIG_HIGHMEM', '= 1'],
		['imx6q-2g', 'CONFIG_SMP', '= 1'],
		['imx6q-2g', 'CONFIG_X86_PAE', '= 0'],
		['imx6q-2g', 'FIX_EARLYCON_MEM_BASE', '= 0'],
		['imx6q-2g', 'KM_USER0', '= 0'],
		['imx6q-2g', 'GFP_KERNEL', '= 1'],
		['imx6q-2g', 'alloc_page', '= 1'],
		['imx6q-2g', 'kmap', '= 0'],
		['i386-6.1-8g-pae', 'CONFIG_X86_PAE', '= 1'],
		['versatilepb-256m', 'LAST_PKMAP', '= 0'],
	])('on %s sees whether %s is defined', async (machine, name, seen) => {
		await course(machine, [
			[`int known = 0;\n#ifdef ${name}\nknown = 1;\n#endif\nknown`, seen],
			[`#if defined(${name})\n1\n#else\n0\n#endif`, seen],
		]);
	});

	it('and #if takes their values', async () => {
		await course('imx6q-2g', [
			['#if LAST_PKMAP == 512 && PAGE_OFFSET == 0xc0000000\n1\n#else\n0\n#endif', '= 1'],
			['#undef LAST_PKMAP'],
			['#ifdef LAST_PKMAP\n1\n#else\n0\n#endif', '= 0'],
			['IS_ENABLED(CONFIG_HIGHMEM)', '= 1'],
		]);
	});
});
