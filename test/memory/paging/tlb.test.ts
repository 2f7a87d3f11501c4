import { describe, expect, it } from 'vitest';
import { type VirtualAddress, virtual } from '../../../source/machine/address.ts';
import { checkMappingInvariants } from '../../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { boot, debugOptions, highmemPage, highmemPages } from '../boot-kernel.ts';

const stale = (kernel: Kernel, cpu: number): number[] =>
	kernel.view.paging
		.tlb(cpu)
		.filter(entry => entry.isStale)
		.map(entry => entry.address);

const onCpu = <T>(kernel: Kernel, cpu: number, run: () => T): T => {
	const before = kernel.context.cpu.id;
	kernel.context.switchCpu(cpu);
	try {
		return run();
	} finally {
		kernel.context.switchCpu(before);
	}
};

const hitsAndMisses = (kernel: Kernel): number[] => {
	const { paging } = kernel.view;
	return [paging.count('tlbHits'), paging.count('tlbMisses')];
};

/** Fill the pkmap so that it wraps once. */
const wrap = (kernel: Kernel): void => {
	const { pkmap } = kernel.view;
	const pages = highmemPages(kernel, pkmap?.slots ?? 0);
	for (const page of pages) {
		kernel.kmap(page);
		kernel.kunmap(page);
	}
};

describe('a TLB', () => {
	it('is filled by the first access to a page and answers the next ones, on its own CPU only', () => {
		const kernel = boot();
		const address = kernel.kmap(highmemPage(kernel));
		kernel.write(address, 4, 7n);
		expect(hitsAndMisses(kernel)).toEqual([0, 1]);
		expect(kernel.read(virtual(address + 100), 4)).toBe(0n);
		expect(hitsAndMisses(kernel)).toEqual([1, 1]);
		onCpu(kernel, 1, () => kernel.read(address, 4));
		expect(hitsAndMisses(kernel)).toEqual([1, 2]);
		expect([0, 1, 2].map(cpu => kernel.view.paging.tlb(cpu).length)).toEqual([1, 1, 0]);
	});

	it('keeps one entry for a whole section of lowmem', () => {
		const kernel = boot();
		for (let at = 0; at < 2 ** 20; at += 4096) kernel.read(virtual(0xd0000000 + at), 4);
		expect(hitsAndMisses(kernel)).toEqual([255, 1]);
		expect(kernel.view.paging.tlb(0)).toMatchObject([
			{ address: 0xd0000000, bytes: 2 ** 20, physical: 0x20000000, isGlobal: true, isStale: false },
		]);
	});

	it('holds 64 entries; the one that came first makes room for the next', () => {
		const kernel = boot();
		const start = kernel.vmalloc(65 * 4096);
		for (let page = 0; page < 65; page++) kernel.read(virtual(start + page * 4096), 4);
		const entries = kernel.view.paging.tlb(0);
		expect([entries.length, entries[0]?.address]).toEqual([64, start + 4096]);
		kernel.read(start, 4);
		expect(hitsAndMisses(kernel)).toEqual([0, 66]);
	});
});

describe('after kunmap', () => {
	it('the old address still works, until the pkmap wraps and every TLB is flushed', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		kernel.write(address, 4, 42n);
		kernel.kunmap(page);
		expect(kernel.read(address, 4)).toBe(42n);
		wrap(kernel);
		expect(kernel.view.pkmap?.flushes).toBe(1);
		expect(kernel.view.paging.tlb(0)).toEqual([]);
		expect(kernel.view.translate(address)?.pfn).not.toBe(page);
	});
});

describe('after vfree', () => {
	const freed = (): { readonly kernel: Kernel; readonly address: VirtualAddress } => {
		const kernel = boot();
		const address = kernel.vmalloc(4096);
		kernel.write(address, 4, 42n);
		kernel.vfree(address);
		return { kernel, address };
	};

	it('the CPU that had touched the area goes on reading the page, which is not its any more', () => {
		const { kernel, address } = freed();
		expect(kernel.view.translate(address)).toBeNull();
		expect(stale(kernel, 0)).toEqual([address]);
		expect(kernel.read(address, 4)).toBe(42n);
		expect(checkMappingInvariants(kernel.parts)).toEqual([]);
	});

	it('a CPU that had not gets an oops', () => {
		const { kernel, address } = freed();
		expect(() => onCpu(kernel, 1, () => kernel.read(address, 4))).toThrow('paging request');
	});

	it('the purge of lazily freed areas ends it', () => {
		const { kernel, address } = freed();
		kernel.vmUnmapAliases();
		expect(stale(kernel, 0)).toEqual([]);
		expect(() => kernel.read(address, 4)).toThrow('paging request');
	});

	// 2.6.24, mm/vmalloc.c: unmap_vm_area flushes at once.
	it('nothing is stale before 2.6.28, which flushes each time', () => {
		const kernel = boot('old-pc-64m');
		const address = kernel.vmalloc(4096);
		kernel.read(address, 4);
		kernel.vfree(address);
		expect([stale(kernel, 0), kernel.view.paging.count('broadcastFlushes', 'vfree')]).toEqual([[], 1]);
	});
});

describe('a kmap_atomic slot', () => {
	it('is flushed from its own CPU only: another that has looked there stays wrong', () => {
		const kernel = boot('laptop-2g-nopae', { cpusOnline: 2, nrCpus: 2 });
		const [first, second] = highmemPages(kernel, 2) as [never, never];
		const address = kernel.kmapAtomic(first);
		kernel.write(address, 4, 1n);
		onCpu(kernel, 1, () => kernel.read(address, 4));
		kernel.kunmapAtomic(address);
		expect([stale(kernel, 0), stale(kernel, 1)]).toEqual([[], [address]]);
		kernel.kmapAtomic(second);
		expect(kernel.read(address, 4)).toBe(0n);
		expect(onCpu(kernel, 1, () => kernel.read(address, 4))).toBe(1n);
		expect(checkMappingInvariants(kernel.parts)).toEqual([]);
		expect(kernel.view.paging.count('localFlushes')).toBe(1);
	});

	it('keeps its entry on ARM to 5.10 without DEBUG_HIGHMEM, so nothing is stale after kunmap_atomic', () => {
		const kernel = boot('imx6q-2g', { debug: debugOptions });
		const address = kernel.kmapAtomic(highmemPage(kernel));
		kernel.read(address, 4);
		kernel.kunmapAtomic(address);
		expect(stale(kernel, 0)).toEqual([]);
		expect(kernel.view.translate(address)).not.toBeNull();
	});
});

describe('a page table entry that is overwritten by hand', () => {
	it('leaves the TLB with the old translation, marked as stale', () => {
		const kernel = boot('laptop-2g-nopae');
		const [first, second] = highmemPages(kernel, 2);
		const address = kernel.kmap(first ?? (0 as never));
		kernel.write(address, 4, 1n);
		const entry = kernel.view.paging.walk(address).at(-1)?.entry ?? 0;
		kernel.write(kernel.physToVirt(entry), 4, BigInt(second ?? 0) * 4096n + 0x163n);
		expect(kernel.view.translate(address)?.pfn).toBe(second);
		expect(kernel.read(address, 4)).toBe(1n);
		expect(stale(kernel, 0)).toEqual([address]);
		expect(checkMappingInvariants(kernel.parts).filter(line => line.includes('TLB'))).toEqual([]);
	});
});

describe('what it costs', () => {
	const pairs = (kernel: Kernel, count: number): void => {
		const pages = highmemPages(kernel, count);
		for (const page of pages) {
			kernel.kmap(page);
			kernel.kunmap(page);
		}
		for (const page of pages) kernel.kunmapAtomic(kernel.kmapAtomic(page));
	};
	const costs = (kernel: Kernel, ...names: ('kmap' | 'kunmap' | 'kmap_atomic' | 'kunmap_atomic')[]) =>
		(['calls', 'kmapLocks', 'localFlushes', 'broadcastFlushes', 'ipis'] as const).map(what =>
			names.reduce((sum, name) => sum + kernel.view.paging.count(what, name), 0),
		);

	it('on x86 kmap takes a lock each time and interrupts the other CPUs at each wrap; kmap_atomic flushes its own CPU', () => {
		const kernel = boot('debian10-pae-4g', { cpusOnline: 4 });
		pairs(kernel, 512);
		expect(costs(kernel, 'kmap', 'kunmap')).toEqual([1024, 1024, 0, 1, 3]);
		expect(costs(kernel, 'kmap_atomic', 'kunmap_atomic')).toEqual([1024, 0, 512, 0, 0]);
	});

	// arch/arm/mm/highmem.c: kmap_atomic asks kmap_high_get first, under the lock. ARMv7 flushes all CPUs without interrupts.
	it('on ARMv7 the flush of all CPUs takes no interrupt, and kmap_atomic looks for a kmap first', () => {
		const kernel = boot();
		pairs(kernel, 512);
		expect(costs(kernel, 'kmap', 'kunmap')).toEqual([1024, 1024, 0, 1, 0]);
		const [calls, locks] = costs(kernel, 'kmap_atomic');
		expect([calls, locks]).toEqual([512, 512]);
	});
});
