import { describe, expect, it } from 'vitest';
import { virtual } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { faultMachine } from '../../../source/oracle/faults/fault-machines.ts';

const boot = (name: string): Kernel => Kernel.boot(faultMachine(name));
const entries = (kernel: Kernel, address: number) =>
	kernel.view.paging.walk(virtual(address)).map(({ value }) => value.toString(16));

// What the kernels printed of the entries for text_write, rodata_write, modtext_write, modro_write.
describe('a kernel with STRICT_KERNEL_RWX', () => {
	it('maps its code by read-only sections on ARM, its constants without execution', () => {
		const kernel = boot('deb510-armmp');
		expect(entries(kernel, 0xc0500000)).toEqual(['4051940e']);
		expect(entries(kernel, 0xc0e00000)).toEqual(['40e1941e']);
	});

	it('maps its code by a read-only large page on x86, and splits the page where constants end', () => {
		const kernel = boot('deb510-686');
		expect(entries(kernel, 0xc1000000)).toEqual(['10001e1']);
		const [table, page] = entries(kernel, 0xc1900000);
		expect(table?.slice(-3)).toBe('063');
		expect(page).toBe('1900161');
		expect(entries(kernel, 0xc1b00000).at(-1)).toBe('1b00163');
	});

	it('says of a write to it that the page was there', () => {
		const kernel = boot('deb510-686');
		expect(() => kernel.write(virtual(0xc1001000), 4, 1n)).toThrow(
			'BUG: unable to handle page fault for address: c1001000',
		);
		expect(kernel.view.log.map(({ text }) => text)).toContain('#PF: error_code(0x0003) - permissions violation');
	});

	it('protects code and constants of a module, not its variables', () => {
		const kernel = boot('deb510-armmp');
		const core = kernel.loadModule('m', 9000, 100);
		kernel.protectModule('m', 4097, 10);
		const bits = [0, 1, 2, 3].map(page =>
			entries(kernel, core + page * 4096)
				.at(-1)
				?.slice(-3),
		);
		expect(bits).toEqual(['65e', '65e', '65f', '45e']);
	});
});

describe('a kernel without it', () => {
	it('lets everybody write to its code', () => {
		const kernel = boot('arm-419');
		kernel.write(virtual(0xc0100000), 4, 7n);
		expect(kernel.read(virtual(0xc0100000), 4)).toBe(7n);
		expect(kernel.view.log).toEqual([]);
	});
});
