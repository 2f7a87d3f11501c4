import { describe, expect, it } from 'vitest';
import { Interpreter, loadC } from '../../source/kernel-c/interpreter.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';

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
