import { describe, expect, it } from 'vitest';
import { KernelFault } from '../../source/memory/kernel-fault.ts';
import { ARM, openShell, X86 } from './shell.ts';

describe('the command bar', () => {
	it('makes a variable of the first value and reads back through kmap_atomic what was written through kmap', async () => {
		const { say } = await openShell();
		expect(say('page = alloc_pages(__GFP_HIGHMEM, 0)')).toMatch(/^\(struct page \*\) 0x[0-9a-f]{8}$/);
		expect(say('p = kmap(page)')).toBe('0xbfe01000');
		expect(say('*p = 0xdeadbeef', 'q = kmap_atomic(page)', '*q')).toBe('0xdeadbeef');
	});

	it('accepts calls without parentheses, commas or semicolon', async () => {
		const { say, kernel } = await openShell();
		expect(say('page = alloc_pages GFP_HIGHUSER 0', 'kmap page')).toBe('0xbfe01000');
		say('kunmap page;', 'v = vmalloc 2*PAGE_SIZE', 'memset v 0xff 16');
		expect(say('v[3]')).toBe('0xffffffff');
		say('preempt_disable');
		expect(kernel.context.cpu.preemptCount).toBe(1);
	});

	it('shows the state of the kernel as variables', async () => {
		const { say } = await openShell();
		expect(say('kmap(alloc_page(GFP_HIGHUSER))', 'pkmap_count[1]')).toBe('2');
		expect(say('last_pkmap_nr')).toBe('1');
		expect(say('high_memory')).toBe('0xf0000000');
		expect(say('LAST_PKMAP')).toBe('512');
	});

	it('gives a variable a new type with a new value, but only one that it made itself', async () => {
		const { say, mistake } = await openShell();
		expect(say('x = 3', 'x = alloc_page(GFP_KERNEL)', 'x')).toContain('struct page *');
		say('struct page *mine = NULL');
		expect(mistake('mine = 5')).toContain('struct page *');
	});

	it('keeps variables, functions, structs and macros from line to line', async () => {
		const { say } = await openShell();
		say(
			'#define DOUBLE(x) ((x) * 2)',
			'struct pair { u8 a; u32 b; }',
			'int add(struct pair *p) { return p->a + p->b; }',
		);
		expect(say('struct pair both = { 1, .b = 2 }', 'DOUBLE(add(&both))')).toBe('6');
		expect(say('sizeof(struct pair)')).toBe('8');
	});

	it('runs loops, switches, goto and recursion', async () => {
		const { say } = await openShell();
		expect(say('int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }', 'f(15)')).toBe('610');
		expect(say('n = 0', 'for (int i = 0; i < 10; i++) { if (i == 3) continue; if (i == 6) break; n += i; }', 'n')).toBe(
			'12',
		);
		expect(
			say(
				'int g(int x) { switch (x) { case 1: x = 10; case 2: return x + 1; default: goto out; } out: return -1; }',
				'g(1)',
			),
		).toBe('11');
		expect(say('g(2)')).toBe('3');
		expect(say('g(7)')).toBe('-1');
		expect(say('do { n--; } while (n > 5)', 'n')).toBe('5');
	});

	it('keeps local arrays on the kernel stack, where pointers reach them', async () => {
		const { say } = await openShell();
		expect(say('int sum(int *v, int n) { int s = 0; while (n--) s += *v++; return s; }')).toBe('');
		expect(
			say(
				'int t(void) { int a[] = { 1, 2, 3, [5] = 10 }; int *p = &a[1]; *p = 20; return sum(a, ARRAY_SIZE(a)); }',
				't()',
			),
		).toBe('34');
		expect(say('void inc(int *x) { ++*x; }', 'int u(void) { int x = 4; inc(&x); return x; }', 'u()')).toBe('5');
	});

	it('calls through function pointers and copies structs', async () => {
		const { say, insmod } = await openShell();
		insmod(
			'static int twice(int x) { return 2 * x; }\nint (*op)(int);\nint go(void) { op = twice; return op(21); }\nmodule_init(go_init);\nstatic int go_init(void) { return 0; }',
		);
		expect(say('go()')).toBe('42');
		expect(
			say('struct s { int a; int b[2]; }', 'struct s one = { 1, { 2, 3 } }', 'struct s two', 'two = one', 'two.b[1]'),
		).toBe('3');
	});

	it('takes the CPU of an endless loop for lost, as the watchdog does, and says where the loop is', async () => {
		const { run, log } = await openShell('imx6q-2g', { maxStatements: 1000 });
		expect(() => run('for (;;) ;')).toThrow('watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [init:1]');
		expect(log()[0]).toBe('watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [init:1]');
	});

	it('has a stack of 8 KiB, whose end old kernels do not notice', async () => {
		const { run, mistake, log } = await openShell(ARM);
		expect(mistake('int f(int n) { return f(n + 1); }')).toBe('no mistake');
		expect(() => run('f(0)')).toThrow('the stack overflowed: the machine hangs');
		expect(log()).toEqual([]);
		const guarded = await openShell('vexpress-a15-6.1');
		guarded.run('int f(int n) { char large[4000]; large[0] = n; return f(large[0]); }');
		expect(() => guarded.run('f(0)')).toThrow('Insufficient stack space to handle exception!');
		expect(guarded.log()[2]).toBe('Internal error: kernel stack overflow: 0 [#1] SMP ARM');
	});

	it('passes faults of the simulated kernel on', async () => {
		const { run, log } = await openShell(X86);
		expect(() => run('*(int *)0')).toThrow(KernelFault);
		expect(log()[0]).toContain('NULL pointer dereference');
		expect(() => run('kunmap((struct page *)8)')).toThrow(KernelFault);
		expect(() => run('BUG()')).toThrow('kernel BUG at shell:1!');
		expect(() => run('int zero = 0; 5 / zero')).toThrow('divide error');
	});
});

describe('a kmap that sleeps', () => {
	it('goes on, with the same call, when its task has been woken', async () => {
		const { interpreter, kernel, run, say } = await openShell();
		run('struct page *held[600]; for (int i = 0; i < 511; i++) { held[i] = alloc_page(GFP_HIGHUSER); kmap(held[i]); }');
		// Slot 0 is the last to be given: with it the pkmap is full.
		run('held[511] = alloc_page(GFP_HIGHUSER); kmap(held[511]); extra = alloc_page(GFP_HIGHUSER)');
		const sleeper = kernel.context.addTask(100, 'sleeper');
		const execution = interpreter.start(interpreter.parseStatements('got = 1 + (unsigned long)kmap(extra)'), sleeper);
		expect(execution.run()).toBe('sleeping');
		expect(sleeper.state).toBe('uninterruptible');
		expect(execution.run()).toBe('sleeping');
		const shell = [...kernel.context.tasks.values()].find(task => task.pid === 1);
		if (!shell) throw new Error('init is gone');
		kernel.context.switchTask(shell);
		say('kunmap(held[7])');
		expect(execution.run()).toBe('done');
		expect(say('got')).toBe('0xbfe08001');
	});
});

describe('evaluate', () => {
	it('reads memory and state and refuses to change either', async () => {
		const { interpreter, say, log } = await openShell();
		say('page = alloc_page(GFP_HIGHUSER)', 'p = kmap(page)', '*p = 7');
		expect(interpreter.evaluate('*p + pkmap_count[1]').value).toBe(9);
		expect(interpreter.evaluate('page_address(page) == p').value).toBe(1);
		expect(() => interpreter.evaluate('kunmap(page)')).toThrow('would change something');
		expect(() => interpreter.evaluate('*p = 3')).toThrow('would change something');
		expect(() => interpreter.evaluate('*(int *)0')).toThrow('nothing is mapped at 0x00000000');
		expect(() => interpreter.evaluate('pkmap_count[512]')).toThrow('pkmap_count has 512 elements');
		expect(() => interpreter.evaluate('5 / (*p - *p)')).toThrow('division by zero');
		expect(() => interpreter.evaluate('PageHighMem((struct page *)high_memory)')).toThrow();
		expect(log()).toEqual([]);
	});
});

describe('completion', () => {
	it('offers what this kernel has, with its signature', async () => {
		const { interpreter, say } = await openShell();
		say('kilo = 1000');
		const names = interpreter.complete('x = k', 5).map(({ name }) => name);
		expect(names[0]).toBe('kilo');
		expect(names).toContain('kmap_atomic');
		expect(names).not.toContain('kmap_local_page');
		expect(interpreter.complete('kunm', 4).find(({ name }) => name === 'kunmap')).toMatchObject({
			detail: 'void kunmap(struct page *page)',
			start: 0,
		});
		expect(interpreter.complete('printk("km', 10)).toEqual([]);
	});
});
