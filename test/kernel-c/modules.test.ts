import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { openShell } from './shell.ts';

const fixture = (name: string): string =>
	readFileSync(new URL(`../fixtures/kernel-c/${name}`, import.meta.url), 'utf8');

const mistakeIn = async (text: string, fileName = 'bad.c'): Promise<string> => {
	const { interpreter } = await openShell();
	try {
		interpreter.parseModule(text, fileName);
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	return 'no mistake';
};

describe('a module', () => {
	it('runs its init function with structs, gotos, macros and printk levels, and its exit function', async () => {
		const { interpreter, kernel, insmod, log } = await openShell();
		expect(insmod(fixture('page_pool.c'), 'dir/page_pool.c').value?.value).toBe(0);
		expect(log()).toEqual([
			// 17 * 2654435761 mod 2^32 >> 1
			'page_pool: slot B of 4 has 40d78a60, name second',
			expect.stringMatching(/^checksum 0x[0-9a-f]+, sizeof slot 12$/),
		]);
		expect(kernel.context.log.map(({ level }) => level)).toEqual([6, 3]);
		expect(interpreter.modules).toEqual(['page_pool']);
		interpreter.rmmod('page_pool', kernel.context.task).run();
		expect(log().at(-1)).toBe('page_pool: gone');
		expect(interpreter.modules).toEqual([]);
	});

	it('starts afresh when it is loaded again', async () => {
		const { interpreter, kernel, insmod, log } = await openShell();
		const text =
			'static int runs;\nstatic int __init f(void) { printk("%d\\n", ++runs); return 0; }\nstatic void __exit g(void) {}\nmodule_init(f);\nmodule_exit(g);';
		insmod(text);
		interpreter.rmmod('test', kernel.context.task).run();
		insmod(text);
		expect(log()).toEqual(['1', '1']);
	});

	it('is not kept when its init function fails', async () => {
		const { interpreter, insmod } = await openShell();
		expect(insmod('static int __init f(void) { return -ENOMEM; }\nmodule_init(f);').value?.value).toBe(-12);
		expect(interpreter.modules).toEqual([]);
	});

	it('exports names to other modules and shows all of them to the command bar', async () => {
		const { insmod, say, interpreter } = await openShell();
		insmod(
			'int shared = 5;\nint own = 6;\nEXPORT_SYMBOL(shared);\nstatic int f(void) { return 0; }\nmodule_init(f);',
			'a.c',
		);
		expect(say('own + shared')).toBe('11');
		expect(() =>
			interpreter.parseModule('extern int shared;\nint f(void) { return shared; }\nmodule_init(f);', 'b.c'),
		).not.toThrow();
		expect(() => interpreter.parseModule('int f(void) { return own; }\nmodule_init(f);', 'b.c')).toThrow(
			'no variable or constant own',
		);
	});

	it('marks levels with <n> before 3.6 and with SOH after, and keeps them out of the log', async () => {
		const text =
			'static int f(void) { printk(KERN_CRIT "now %p\\n", (void *)0xc0100000); pr_debug("x\\n"); return 0; }\nmodule_init(f);';
		for (const machine of ['ubuntu904-2.5g', 'ubuntu1604-2g']) {
			const { kernel, insmod } = await openShell(machine);
			insmod(text);
			expect(kernel.context.log.map(({ level }) => level)).toEqual([2, 7]);
			expect(kernel.context.log[1]?.text).toBe('x');
		}
	});

	it('sees LINUX_VERSION_CODE, CONFIG_ names and conditions inside an argument list', async () => {
		const { insmod, log } = await openShell();
		insmod(`static int __init f(void)
{
	printk("%d %d"
#ifdef CONFIG_ARM
	       " arm"
#else
	       " other"
#endif
	       "\\n", LINUX_VERSION_CODE >= KERNEL_VERSION(5, 5, 0), IS_ENABLED(CONFIG_X86));
	return 0;
}
module_init(f);`);
		expect(log()).toEqual(['1 0 arm']);
	});
});

describe('mistakes in a module', () => {
	it.each([
		['int f(void)\n{\n\tint x = 1\n\treturn x;\n}', 'bad.c:3:11: expected ; after "1"'],
		['int f(void)\n{\n\treturn kmp(0);\n}', 'bad.c:3:9: this kernel has no function kmp (did you mean kmap?)'],
		['#include <linux/hihgmem.h>', 'bad.c:1:10: no kernel header <linux/hihgmem.h> (did you mean <linux/highmem.h>?)'],
		[
			'#include "mine.h"',
			'bad.c:1:10: "mine.h" cannot be included: a module is one file here (put its content into this file)',
		],
		['#ifdef X\nint a;', 'bad.c:1:2: this #ifdef has no #endif (add #endif)'],
		['#define F(a) a\nint x = F(1, 2);', 'bad.c:2:9: F takes 1 argument, not 2 (F(a))'],
		['int f(void) { void *p = 0; return *p; }', 'bad.c:1:36: p is a void * (cast it: *(unsigned int *)p)'],
		['int f(void) { x = 3; return 0; }', 'bad.c:1:15: no variable or constant x (declare it first)'],
		[
			'int f(void) { struct page *p = 5; return 0; }',
			'bad.c:1:32: p is of type struct page *, but 5 is of type int (cast it: (struct page *))',
		],
		['int f(int a) { return 0; }\nmodule_init(f);', 'bad.c:2:13: f must take no arguments (void)'],
		['module_init(f);', 'bad.c:1:13: module_init needs a function of this file (there is no function f)'],
		['printk("x");', 'bad.c:1:1: printk(...) stands outside of any function (calls belong into a function)'],
		['/* no end', 'bad.c:1:1: this comment has no end (add */)'],
		['\u007fELF\u0001\0\0', 'bad.c: this is not text (give the C source, not the compiled module)'],
		['int x; \ufffd', 'bad.c:1:8: this text is not valid UTF-8 (save the file as UTF-8)'],
		['', 'bad.c: this file holds no C (a module has functions, module_init and module_exit)'],
	])('%j', async (text, expected) => {
		expect(await mistakeIn(text)).toBe(expected);
	});

	it('points at the column behind an expanded macro', async () => {
		expect(await mistakeIn('#define LONG_NAME_FOR_ONE 1\nint f(void) { return LONG_NAME_FOR_ONE + y; }')).toBe(
			'bad.c:2:42: no variable or constant y (declare it first)',
		);
	});
});
