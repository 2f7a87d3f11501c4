import { describe, expect, it } from 'vitest';
import { virtual } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { faultMachine } from '../../../source/oracle/faults/fault-machines.ts';

const GFP_KERNEL = 0xcc0;
const boot = (name: string): Kernel => Kernel.boot(faultMachine(name));
const word = (kernel: Kernel, address: number): number => Number(kernel.read(virtual(address), 4));

// oracle: uaf_kfree, kfree_twice, kfree_twice_between.
describe('a free object', () => {
	it('holds the address of the next one in its first word', () => {
		const kernel = boot('x86-419-4g');
		const [a, b] = [kernel.kmalloc(64, GFP_KERNEL), kernel.kmalloc(64, GFP_KERNEL)];
		kernel.kfree(a);
		kernel.kfree(b);
		expect(word(kernel, b)).toBe(a);
	});

	it('holds it in its middle from 5.7 on, and unreadable where the list is hardened', () => {
		const kernel = boot('deb510-686');
		const [a, b] = [kernel.kmalloc(64, GFP_KERNEL), kernel.kmalloc(64, GFP_KERNEL)];
		kernel.write(b, 4, 0x11111111n);
		kernel.kfree(a);
		kernel.kfree(b);
		expect(word(kernel, b)).toBe(0x11111111);
		expect([0, a]).not.toContain(word(kernel, b + 32));
		expect([kernel.kmalloc(64, GFP_KERNEL), kernel.kmalloc(64, GFP_KERNEL)]).toEqual([b, a]);
	});

	it('that was written to leads the kernel astray at the second kmalloc from there', () => {
		const kernel = boot('x86-419-4g');
		const object = kernel.kmalloc(64, GFP_KERNEL);
		kernel.kfree(object);
		kernel.write(object, 4, 0x33333333n);
		expect(kernel.kmalloc(64, GFP_KERNEL)).toBe(object);
		expect(() => kernel.kmalloc(64, GFP_KERNEL)).toThrow('BUG: unable to handle kernel paging request at 33333333');
		expect(kernel.view.log.map(({ text }) => text)).toContain('EIP: kmem_cache_alloc');
	});

	it('freed twice with another between comes back for ever, unless memory is handed out zeroed', () => {
		const twice = (kernel: Kernel): (() => number) => {
			const [p, q] = [kernel.kmalloc(64, GFP_KERNEL), kernel.kmalloc(64, GFP_KERNEL)];
			for (const each of [p, q, p]) kernel.kfree(each);
			return () => (kernel.kmalloc(64, GFP_KERNEL) === p ? 0 : 1);
		};
		const plain = twice(boot('x86-419-4g'));
		expect([plain(), plain(), plain(), plain(), plain()]).toEqual([0, 1, 0, 1, 0]);
		const zeroed = twice(boot('deb510-686'));
		expect([zeroed(), zeroed(), zeroed()]).toEqual([0, 1, 0]);
		expect(zeroed).toThrow('BUG: unable to handle page fault for address');
	});
});
