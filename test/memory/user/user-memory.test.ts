import { describe, expect, it } from 'vitest';
import { type VirtualAddress, virtual } from '../../../source/machine/address.ts';
import type { Task } from '../../../source/memory/context.ts';
import type { EventType } from '../../../source/memory/event-types.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { boot, type Changes } from '../boot-kernel.ts';

/** A process that has just been started, running. */
const startProcess = (kernel: Kernel, pid = 100): Task => {
	const task = kernel.context.addTask(pid, 'sh');
	kernel.context.switchTask(task);
	return task;
};

const bootWithProcess = (id?: string, changes?: Changes): Kernel => {
	const kernel = boot(id, changes);
	startProcess(kernel);
	return kernel;
};

const at = (address: number, offset = 0): VirtualAddress => virtual(address + offset);

const freePages = (kernel: Kernel): number =>
	kernel.view.pages.zones.reduce((sum, zone) => sum + zone.free + zone.perCpuPages.reduce((a, b) => a + b, 0), 0);

const pageOf = (kernel: Kernel, address: number) => {
	const last = kernel.view.paging.walk(virtual(address)).at(-1);
	return last?.target === 'page' ? { pfn: last.physical / 4096, isWritable: last.isWritable } : null;
};

const eventsSince = (kernel: Kernel, count: number): EventType[] =>
	[...kernel.context.events.latest(kernel.context.events.count - count)].map(event => event.type);

describe('mmap', () => {
	// mm/util.c: mmap_base, 128 MB below TASK_SIZE, which is 0xbf000000 on ARM and PAGE_OFFSET on x86.
	it.each([
		['imx6q-2g', 0xb7000000],
		['laptop-2g-nopae', 0xb8000000],
		['vmsplit-2g-3g', 0x78000000],
	])('on %s gives addresses below 0x%x, downwards, and no page', (id, top) => {
		const kernel = bootWithProcess(id);
		const tables = kernel.view.paging.count('pages', 'mmap');
		expect(kernel.mmap(8192)).toBe(top - 8192);
		expect(kernel.mmap(1)).toBe(top - 12288);
		expect(pageOf(kernel, top - 4096)).toBeNull();
		// Only the root table: 16 kB on ARM, one page on x86.
		expect(kernel.view.paging.count('pages', 'mmap') - tables).toBe(id === 'imx6q-2g' ? 4 : 1);
	});

	it('reuses the highest gap that is large enough', () => {
		const kernel = bootWithProcess();
		const [, middle, low] = [kernel.mmap(4096), kernel.mmap(8192), kernel.mmap(4096)];
		kernel.munmap(at(middle ?? 0), 8192);
		expect(kernel.mmap(12288)).toBe((low ?? 0) - 12288);
		expect(kernel.mmap(8192)).toBe(middle);
	});
});

describe('a first touch', () => {
	it('by writing brings a page of HighMem, emptied through a window of kmap_atomic', () => {
		const kernel = bootWithProcess('laptop-2g-nopae');
		const address = kernel.mmap(4096);
		const before = kernel.context.events.count;
		kernel.write(address, 4, 5n);
		const page = pageOf(kernel, address);
		expect(kernel.isHighmemPage((page?.pfn ?? 0) as never)).toBe(true);
		expect(page?.isWritable).toBe(true);
		expect(kernel.read(address, 4)).toBe(5n);
		const types = eventsSince(kernel, before).filter(type => /k(un)?map|fault|alloc$/.test(type));
		// The table first (pte_alloc), then the page.
		expect(types).toEqual(['page_alloc', 'page_alloc', 'kmap_atomic', 'kunmap_atomic', 'page_fault']);
		expect(kernel.view.paging.count('calls', 'page_fault')).toBe(1);
		expect(checkInvariants(kernel)).toEqual([]);
	});

	it('by reading shows the page of zeroes, which all share; a write then brings a page of one’s own', () => {
		const kernel = bootWithProcess();
		const address = kernel.mmap(8192);
		expect(kernel.read(address, 4)).toBe(0n);
		expect(kernel.read(at(address, 4096), 4)).toBe(0n);
		const zero = pageOf(kernel, address);
		expect(zero).toEqual({ pfn: pageOf(kernel, address + 4096)?.pfn, isWritable: false });
		kernel.write(address, 4, 1n);
		expect(pageOf(kernel, address)?.pfn).not.toBe(zero?.pfn);
		expect([kernel.read(address, 4), kernel.read(at(address, 4096), 4)]).toEqual([1n, 0n]);
	});

	it('writes the entry of a user page: 0x75f for Linux and 0xc7f for the hardware on ARMv7, 0x067 with NX on PAE', () => {
		const arm = bootWithProcess();
		const armAddress = arm.mmap(4096);
		arm.write(armAddress, 4, 1n);
		const step = arm.view.paging.walk(armAddress).at(-1);
		expect([(step?.linux?.value ?? 0n) & 0xfffn, (step?.value ?? 0n) & 0xfffn]).toEqual([0x75fn, 0xc7fn]);
		const pae = bootWithProcess('debian10-pae-4g');
		const address = pae.mmap(4096);
		pae.write(address, 4, 1n);
		const value = pae.view.paging.walk(address).at(-1)?.value ?? 0n;
		expect([value & 0xfffn, value >> 63n]).toEqual([0x67n, 1n]);
	});

	it('beside the area, or while page faults are off, is an oops', () => {
		const kernel = bootWithProcess('laptop-2g-nopae');
		const address = kernel.mmap(4096);
		expect(() => kernel.read(at(address, -4096), 4)).toThrow(/[Uu]nable to handle/);
		const other = bootWithProcess('laptop-2g-nopae');
		const untouched = other.mmap(4096);
		other.pagefaultDisable();
		expect(() => other.read(untouched, 4)).toThrow(/[Uu]nable to handle/);
	});
});

describe('fork', () => {
	const forked = (id?: string) => {
		const kernel = bootWithProcess(id);
		const address = kernel.mmap(8192);
		kernel.write(address, 4, 1n);
		const parent = kernel.context.task;
		const child = kernel.context.addTask(101, 'sh');
		expect(kernel.forkMemory(child)).toBe(true);
		return { kernel, address, parent, child };
	};

	it('lets both read the same page, writable for neither', () => {
		const { kernel, address, child } = forked();
		const page = pageOf(kernel, address);
		expect(page?.isWritable).toBe(false);
		kernel.context.switchTask(child);
		expect(pageOf(kernel, address)).toEqual(page);
		expect(kernel.read(address, 4)).toBe(1n);
		expect(kernel.pageCount((page?.pfn ?? 0) as never)).toBe(2);
		expect(checkInvariants(kernel)).toEqual([]);
	});

	it('copies a page for the one that writes first, through two windows of kmap_atomic', () => {
		const { kernel, address, parent, child } = forked('laptop-2g-nopae');
		const old = pageOf(kernel, address)?.pfn;
		const before = kernel.context.events.count;
		kernel.context.switchTask(child);
		kernel.write(address, 4, 2n);
		const types = eventsSince(kernel, before).filter(type => /k(un)?map|fault/.test(type));
		expect(types).toEqual(['kmap_atomic', 'kmap_atomic', 'kunmap_atomic', 'kunmap_atomic', 'page_fault']);
		expect(pageOf(kernel, address)?.pfn).not.toBe(old);
		kernel.context.switchTask(parent);
		expect(kernel.read(address, 4)).toBe(1n);
		// Nobody else has the old page now: it is simply made writable again.
		kernel.write(address, 4, 3n);
		expect(pageOf(kernel, address)).toEqual({ pfn: old, isWritable: true });
		kernel.context.switchTask(child);
		expect(kernel.read(address, 4)).toBe(2n);
		expect(checkInvariants(kernel)).toEqual([]);
	});
});

describe('another process on the CPU', () => {
	const entriesAfterSwitch = (id: string): number => {
		const kernel = bootWithProcess(id);
		kernel.write(kernel.mmap(4096), 4, 1n);
		const other = kernel.context.addTask(101, 'sh');
		kernel.forkMemory(other);
		kernel.read(kernel.getFreePages(0, 0), 4);
		kernel.context.switchTask(other);
		return kernel.view.paging.tlb(0).length;
	};

	// arch/arm/mm/proc-arm926.S: cpu_arm926_switch_mm invalidates the whole TLB; there is no nG bit before ARMv6.
	it('leaves nothing in the TLB of an ARM926', () => {
		expect(entriesAfterSwitch('versatilepb-256m')).toBe(0);
	});

	it('leaves global entries in the TLB of a PC, and all in that of an ARMv7, which tells processes apart', () => {
		expect(entriesAfterSwitch('laptop-2g-nopae')).toBeGreaterThan(0);
		expect(entriesAfterSwitch('imx6q-2g')).toBeGreaterThan(0);
	});
});

describe('exit', () => {
	it.each(['imx6q-2g', 'vexpress-a15-lpae-4g', 'laptop-2g-nopae', 'debian10-pae-4g'])(
		'on %s gives every page and every table back',
		id => {
			const kernel = boot(id);
			const init = kernel.context.task;
			const before = freePages(kernel);
			const task = startProcess(kernel);
			const address = kernel.mmap(8 * 2 ** 20);
			for (let offset = 0; offset < 8 * 2 ** 20; offset += 2 ** 19) kernel.write(at(address, offset), 4, 1n);
			const child = kernel.context.addTask(101, 'sh');
			kernel.forkMemory(child);
			kernel.write(address, 4, 2n);
			expect(freePages(kernel)).toBeLessThan(before - 18);
			kernel.context.switchTask(init);
			kernel.exitMemory(task);
			kernel.exitMemory(child);
			expect(freePages(kernel)).toBe(before);
			expect(checkInvariants(kernel)).toEqual([]);
		},
	);
});
