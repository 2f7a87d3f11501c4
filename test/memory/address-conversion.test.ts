import { describe, expect, it } from 'vitest';
import type { Pfn, PhysicalAddress, VirtualAddress } from '../../source/machine/address.ts';
import { withSplit } from '../../source/machine/changes.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';
import { NO_PAGE } from '../../source/memory/operations.ts';
import { boot, highmemPage } from './boot-kernel.ts';
import { oracleMachine } from './oracle-machine.ts';

const LPAE = 'vexpress-a15-lpae-4g';
const at = (address: number) => address as VirtualAddress;
const x86 = () =>
	Kernel.boot(
		oracleMachine({
			machine: 'qemu-i386-512m',
			kernel: '4.19.44',
			ram: '1024M',
			highmem: true,
			nrCpus: '8',
			cpus: '2',
			pae: false,
		}),
	);
const arm = () =>
	Kernel.boot(
		oracleMachine({
			machine: 'vexpress-a15-6.1',
			kernel: '4.19.44',
			ram: '1024M@0x40000000',
			highmem: true,
			nrCpus: '4',
			cpus: '2',
		}),
	);

// Recorded: case `values` of x86-419-4g and arm-419.
describe('address conversions', () => {
	it('are the arithmetic of the direct mapping, also where it means nothing', () => {
		expect(x86().virtToPhys(at(0xf7824000))).toBe(0x37824000);
		expect(x86().virtToPhys(at(0))).toBe(0x40000000);
		expect(x86().physToVirt(0x3f80f000)).toBe(0xff80f000);
		expect(arm().virtToPhys(at(0xf081d000))).toBe(0x7081d000);
		expect(arm().virtToPhys(at(0))).toBe(0x80000000);
		expect(arm().physToVirt(0x7f827000)).toBe(0xff827000);
		expect(arm().virtToPfn(at(0xf081d000))).toBe(0x7081d);
	});

	// arch/arm/include/asm/memory.h: __virt_to_phys gives a phys_addr_t, which is 64 bits wide with LPAE.
	it('reach lowmem above 4 GiB with LPAE, where the split leaves room for it', () => {
		const machine = { kernel: '5.0.0', split: '1G' as const, sections: withSplit(findMachine(LPAE), '1G').sections };
		const kernel = boot(LPAE, machine);
		expect(kernel.virtToPhys(at(0xec800005))).toBe(0x12c800005);
		expect(kernel.physToVirt(0x12c800005)).toBe(0xec800005);
		const block = kernel.kmalloc(4096, 0);
		kernel.write(block, 4, 5n);
		expect(kernel.view.peek(kernel.virtToPhys(block) as PhysicalAddress, 1)).toEqual(Uint8Array.of(5));
	});

	it('virt_addr_valid passes kmap addresses and high_memory on x86 only', () => {
		const valid = (kernel: Kernel, ...addresses: number[]) =>
			addresses.map(address => kernel.virtAddrValid(at(address)));
		expect(valid(x86(), 0xf7824000, 0xf6ffe000, 0xf6ffdfff, 0xff010000, 0x1000)).toEqual([
			false,
			true,
			true,
			true,
			false,
		]);
		expect(valid(arm(), 0xf081d000, 0xf0000000, 0xefffffff, 0xbfe10000, 0x1000)).toEqual([
			false,
			false,
			true,
			false,
			false,
		]);
	});

	it('struct page and pfn lead to each other for every page', () => {
		const kernel = boot();
		for (const pfn of [0x10000, 0x3ffff, 0x40000, 0x8ffff] as Pfn[])
			expect(kernel.pfnOfStruct(kernel.structPage(pfn))).toBe(pfn);
		expect(kernel.structPage(0x10001 as Pfn) - kernel.structPage(0x10000 as Pfn)).toBe(
			kernel.context.machine.structPageBytes,
		);
	});

	it('page_address of a highmem page is 0 until it is kmapped; kmap_atomic does not count', () => {
		const kernel = x86();
		const page = highmemPage(kernel);
		kernel.kmapAtomic(page);
		expect(kernel.pageAddress(page)).toBe(0);
		const address = kernel.kmap(page);
		expect(kernel.pageAddress(page)).toBe(address);
		expect(kernel.kmapToPage(address)).toBe(page);
	});

	it('the page below high_memory is the last with a linear address', () => {
		const kernel = x86();
		expect([kernel.isHighmemPage(225277 as Pfn), kernel.isHighmemPage(225278 as Pfn)]).toEqual([false, true]);
		expect(kernel.pageAddress(225277 as Pfn)).toBe(0xf6ffd000);
		expect(kernel.pageAddress(225278 as Pfn)).toBe(0);
		expect(kernel.view.translate(at(0xf6ffe000))).toBeNull();
	});

	it('vmalloc_to_page finds nothing behind the area', () => {
		const kernel = boot();
		const area = kernel.vmalloc(4096);
		expect([kernel.vmallocToPfn(at(area + 4096)), kernel.isVmallocAddress(area)]).toEqual([NO_PAGE, true]);
		expect(kernel.isVmallocAddress(at(0xc0000000))).toBe(false);
	});
});
