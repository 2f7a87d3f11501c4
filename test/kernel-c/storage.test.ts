import { describe, expect, it } from 'vitest';
import { Interpreter, loadC } from '../../source/kernel-c/interpreter.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';
import { openShell } from './shell.ts';

const LOCAL = `
static int __init local_init(void)
{
	unsigned long word = 7;
	unsigned long *at = &word;
	*at = 0;
	printk(KERN_INFO "%lu\\n", (unsigned long)at);
	return 0;
}
module_init(local_init);
`;

describe('kernel stacks', () => {
	it('lie below the page tables that boot put at the end of an image without .bss', async () => {
		await loadC();
		const machine = findMachine('debian10-pae-4g');
		const kernel = Kernel.boot(machine);
		const interpreter = new Interpreter(kernel);
		interpreter.insmod(interpreter.parseModule(LOCAL, 'local.c'), kernel.context.task).run();
		const address = Number(kernel.context.log.at(-1)?.text);
		const { paging } = kernel.view;
		expect(paging.root).toBeGreaterThanOrEqual(paging.imageTables);
		expect(address).toBeGreaterThan(machine.sections.data[0]);
		expect(address).toBeLessThan(kernel.physToVirt(paging.imageTables));
	});
});

describe('variables of the kernel', () => {
	it('have an address at which C reads what they are now', async () => {
		const { say } = await openShell();
		const before = Number(say('p = &jiffies; *p == jiffies'));
		expect(before).toBe(1);
		expect(say('old = *p; mdelay(50); *p - old')).toBe('5');
		expect(say('n = &last_pkmap_nr; was = *n; kmap(alloc_page(GFP_HIGHUSER)); *n - was')).toBe('1');
	});

	it('cannot be written to', async () => {
		const { mistake } = await openShell();
		expect(mistake('*(&jiffies) = 0')).toBe('jiffies of the kernel cannot be written to here');
	});
});

describe('compound literals', () => {
	it('of one word have an address too', async () => {
		const { say } = await openShell();
		expect(say('int seven(void) { return *(volatile int *)&(int){ 7 }; }', 'seven()')).toBe('7');
	});
});
