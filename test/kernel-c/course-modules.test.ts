import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openShell, X86 } from './shell.ts';

const load = async (name: string, machine?: string) => {
	const shell = await openShell(machine);
	const text = readFileSync(new URL(`../fixtures/kernel-c/${name}`, import.meta.url), 'utf8');
	const { value } = shell.insmod(text, name);
	return { ...shell, result: value?.value };
};

describe('modules as a kernel course writes them', () => {
	it('use the whole of C: tables, function pointers, ranges of cases, statement expressions, static counters', async () => {
		const { log, result } = await load('language.c');
		expect(result).toBe(0);
		expect(log()).toEqual([
			'1 3 5 9',
			'busy 6 1',
			// fib(10) takes 2 * fib(11) - 1 calls.
			'fib 55 calls 177',
			'1 2 0',
			'44 18',
			'bits 5 31 200 size 4',
			'1 2 z',
			'trace 15',
			'tok hello',
			'tok world',
			'world 3 orld',
			'4 21 5',
			'13',
			'22 31',
			'9',
			'4 8',
		]);
	});

	it('keep operations in constant tables, with holes', async () => {
		const { log } = await load('shape_ops.c', X86);
		expect(log()).toEqual([
			'rect(6, 7) = 42',
			'tri(6, 7) = 21',
			'slot 2 (none) has no area',
			'slot 3 (hole) has no area',
		]);
	});

	it('search and rebalance trees', async () => {
		const { log, result } = await load('search_tree.c');
		expect(result).toBe(0);
		// A red-black tree of n nodes is at most 2 * log2(n + 1) high: 13 and 12 here.
		const [, first] = /^100 in order 1, height (\d+)$/.exec(log()[0] ?? '') ?? [];
		const [, second] = /^66 left, height (\d+), last \d+$/.exec(log()[1] ?? '') ?? [];
		expect(Number(first)).toBeLessThanOrEqual(13);
		expect(Number(second)).toBeLessThanOrEqual(12);
	});

	it.each([
		// i.MX6Q, 5.5: kmap_atomic of a page that pkmap still maps gives the pkmap address (CONFIG_ARM_ERRATA_798181 off).
		['imx6q-2g', 'bfe01000', 'bfe01000'],
		// 4.4 on x86: FIX_KMAP_BEGIN is 69, below FIXADDR_TOP.
		['laptop-2g-nopae', 'fffba000', 'ff801000'],
	])('fill highmem pages through kmap and read them through kmap_atomic on %s', async (machine, atomic, pkmap) => {
		const { log } = await load('high_pages.c', machine);
		expect(log()).toHaveLength(8);
		const [first = '', second = ''] = log();
		expect(first).toMatch(/^0: pfn [0-9a-f]+ high 1 zone \d addr /);
		expect(first).toContain(` mapped ${pkmap}`);
		expect(first).toContain(` addr ${atomic} `);
		expect(second).toMatch(/: page number 1 \[b\]$/);
	});

	it('print in all formats', async () => {
		const { log } = await load('formats.c');
		expect(log().slice(0, 5)).toEqual([
			'formats: 123456789abcdef 81985529216486895 -5 0x123456789abcdef 0123456789abcdef',
			'formats: 40 -1    ab| left    | +5 beef BEEF 10 %',
			'formats: 0x80001000 c0000000 6ee8af46',
			'formats:     42 abc ok',
			expect.stringMatching(/^formats: t_init\+0x0\/0x\w+ \[formats\]$/),
		]);
		expect(log().slice(10, 13)).toEqual([
			'formats: 00 07 0e 15 1c 23',
			'formats: 00:07:0e:15:1c:23',
			'formats: 0.7.14.21',
		]);
		expect(log()).toContain('formats: t_init [formats] t_init [formats]');
	});

	it('take variable arguments of their own', async () => {
		const { insmod, log } = await openShell();
		insmod(`#include <linux/module.h>
static char text[64];
static int sum(int count, ...)
{
	va_list ap; int total = 0;
	va_start(ap, count);
	while (count--) total += va_arg(ap, int);
	va_end(ap);
	return total;
}
static __printf(1, 2) void out(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vscnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pr_info("<%s>\\n", text);
}
static int __init go(void) { out("%s %llx %d", "a", 0x123456789ULL, sum(3, 1, 2, 39)); return 0; }
module_init(go)`);
		expect(log()).toEqual(['<a 123456789 42>']);
	});

	it('pack bit fields as the compiler does, and leave their neighbours alone', async () => {
		const { say, mistake } = await openShell();
		say(
			'struct flags { unsigned int ready : 1, mode : 3; int level : 4; unsigned int : 0; u8 count : 5; u8 rest : 4; }',
		);
		expect(say('sizeof(struct flags)')).toBe('8');
		say('struct flags f = { .ready = 1, .mode = 9, .level = -3 }');
		// 9 keeps its three lowest bits.
		expect(say('f.mode')).toBe('1');
		expect(say('f.level')).toBe('-3');
		expect(say('*(u32 *)&f')).toBe('211');
		expect(say('f.mode += 4; f.ready--; *(u32 *)&f')).toBe('218');
		expect(say('f.count = 31; f.rest = 15; f.count++; f.count')).toBe('0');
		expect(say('((u8 *)&f)[5]')).toBe('15');
		expect(say('f.mode - 6')).toBe('-1');
		expect(mistake('&f.mode')).toBe('1:2: f.mode is a bit field and has no address');
	});

	it('read the products of parenthesised constants as the kernel’s own sources write them', async () => {
		const { say } = await openShell();
		expect(say('(PKMAP_BASE) + (LAST_PKMAP) * (PAGE_SIZE)')).toBe('0xc0000000');
		expect(say('(PAGE_SIZE) - (1) - (2)')).toBe('4093');
		expect(say('(unsigned long)(high_memory) - (PAGE_OFFSET)')).toBe('0x30000000');
	});
});

describe('what a kernel lacks', () => {
	it.each([
		[
			'imx6q-2g',
			'memcpy_to_page(page, 0, "a", 1)',
			'exists since 5.12; this kernel is 5.5.0; it has kmap_atomic, memcpy',
		],
		['i386-6.1-8g-pae', 'memcpy_to_page(page, 0, "a", 1)', 'no mistake'],
		['ubuntu904-2.5g', 'vzalloc(4096)', 'exists since 2.6.37; this kernel is 2.6.28; it has vmalloc, memset'],
		['ubuntu904-2.5g', 'zero_user(page, 0, 1)', 'no mistake'],
		[
			'ubuntu904-2.5g',
			'zero_user_page(page, 0, 1, KM_USER0)',
			'gone since 2.6.25; this kernel is 2.6.28; it has zero_user',
		],
		['vexpress-a15-6.1', 'KM_TYPE_NR', 'gone since 5.11; this kernel is 6.1.0; it has KM_MAX_IDX'],
		['laptop-2g-nopae', 'FIXADDR_END', 'only arm kernels have it; it has FIXADDR_TOP'],
		['i386-6.1-8g-pae', 'kmap_atomic_pfn(0x50000)', 'gone since 5.11; this kernel is 6.1.0; it has kmap_local_pfn'],
	])('%s: %s', async (machine, text, said) => {
		const { run, mistake } = await openShell(machine);
		run('page = alloc_page(GFP_HIGHUSER)');
		expect(mistake(text)).toContain(said);
	});
});
