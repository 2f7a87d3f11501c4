import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { KernelFault } from '../../../source/memory/kernel-fault.ts';
import type { PkmapView } from '../../../source/memory/memory-view.ts';
import { boot, debugOptions, highmemPage, highmemPages, wordsOf } from '../boot-kernel.ts';

const pkmapOf = (kernel: Kernel): PkmapView => {
	if (!kernel.view.pkmap) throw new Error('no pkmap');
	return kernel.view.pkmap;
};

// mm/highmem.c; recorded from kernels 4.4 to 6.12.
describe('kmap', () => {
	it('takes slot 1 first after boot', () => {
		const kernel = boot();
		expect(kernel.kmap(highmemPage(kernel))).toBe(0xbfe01000);
	});

	it('gives one address to a page that is mapped twice, with count 3', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		expect(kernel.kmap(page)).toBe(address);
		expect(pkmapOf(kernel).count(1)).toBe(3);
		expect(pkmapOf(kernel).lastPkmapNr).toBe(1);
	});

	it('returns the linear address of a lowmem page and takes no slot', () => {
		const kernel = boot();
		const page = kernel.virtToPfn(kernel.getFreePages(0xcc0, 0));
		expect(kernel.kmap(page)).toBe(kernel.physToVirt(page * 4096));
		expect(pkmapOf(kernel).freeSlots).toBe(512);
	});

	it.each([
		['imx6q-2g', 512],
		['qemu-i386-512m', 1024],
		['debian10-pae-4g', 512],
	])('%s holds %i pages before it sleeps', (id, slots) => {
		const kernel = boot(id, id === 'qemu-i386-512m' ? { ram: [{ base: 0 as never, sizeBytes: 2 ** 30 }] } : {});
		const addresses = highmemPages(kernel, slots).map(page => kernel.kmap(page));
		expect(addresses).not.toContain(0);
		expect(new Set(addresses).size).toBe(slots);
		expect(kernel.kmap(highmemPage(kernel))).toBe(0);
		expect(kernel.context.task).toMatchObject({ state: 'uninterruptible', waitingOn: 'pkmap_map_wait' });
		expect(pkmapOf(kernel).lastPkmapNr).toBe(slots - 1);
	});

	it('flushes once at the wrap and reuses only slots whose count is 1', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 511);
		for (const page of pages) kernel.kmap(page);
		for (const page of pages.slice(10, 20)) kernel.kunmap(page);
		expect(pkmapOf(kernel).flushes).toBe(0);
		// Slot 0 is free from the start, so it comes right after the flush; then slots 11 to 20.
		const next = highmemPages(kernel, 3).map(page => kernel.kmap(page));
		expect(next).toEqual([0xbfe00000, 0xbfe0b000, 0xbfe0c000]);
		expect(pkmapOf(kernel)).toMatchObject({ wraps: 1, flushes: 1 });
	});

	it('flushes the TLB of the whole window on all CPUs, and only when a slot had count 1', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 512);
		for (const page of pages) kernel.kmap(page);
		expect(pkmapOf(kernel)).toMatchObject({ wraps: 1, flushes: 0 });
		for (const page of pages.slice(0, 1)) kernel.kunmap(page);
		kernel.kmap(highmemPage(kernel));
		const flushes = [...kernel.context.events.latest(10)].filter(event => event.type === 'tlb_flush');
		expect(flushes).toMatchObject([{ start: 0xbfe00000, end: 0xc0000000, isGlobal: 1 }]);
	});

	it('counts every slot that the kernel would look at', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 3);
		for (const page of pages) kernel.kmap(page);
		expect(pkmapOf(kernel).slotsScanned).toBe(3);
		const full = boot();
		for (const page of highmemPages(full, 512)) full.kmap(page);
		expect(pkmapOf(full).slotsScanned).toBe(512);
		full.kmap(highmemPage(full));
		// The try in vain goes on from slot 0 to the end, wraps, and looks at all 512 slots once more.
		expect(pkmapOf(full).slotsScanned).toBe(512 + 511 + 512);
	});
});

describe('kunmap', () => {
	it('leaves the page mapped at count 1, to be revived without a new slot', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		kernel.kunmap(page);
		expect(kernel.pageAddress(page)).toBe(address);
		expect(kernel.view.translate(address)).toMatchObject({ pfn: page, via: 'pkmap' });
		expect(pkmapOf(kernel)).toMatchObject({ staleSlots: 1, usedSlots: 0 });
		expect(kernel.kmap(page)).toBe(address);
	});

	it('does not give the slot to a new page before the wrap', () => {
		const kernel = boot();
		const [first, second] = highmemPages(kernel, 2);
		if (first === undefined || second === undefined) throw new Error('no pages');
		kernel.kmap(first);
		kernel.kunmap(first);
		expect(kernel.kmap(second)).toBe(0xbfe02000);
	});

	it('does nothing to a lowmem page, however often', () => {
		const kernel = boot();
		const page = kernel.virtToPfn(kernel.getFreePages(0xcc0, 0));
		kernel.kunmap(page);
		kernel.kunmap(page);
		expect(wordsOf(kernel)).toEqual([]);
	});

	it('wakes all waiters; one gets the slot, the others sleep again', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 512);
		for (const page of pages) kernel.kmap(page);
		const waiting = [kernel.context.addTask(10, 'a'), kernel.context.addTask(11, 'b')];
		const wanted = highmemPages(kernel, 2);
		const sleepAll = () =>
			waiting.map((task, index) => {
				kernel.context.switchTask(task);
				return kernel.kmap(wanted[index] as never);
			});
		expect(sleepAll()).toEqual([0, 0]);
		expect(pkmapOf(kernel).waiters).toEqual([10, 11]);
		kernel.kunmap(pages[41] as never);
		expect(waiting.map(task => task.state)).toEqual(['runnable', 'runnable']);
		expect(pkmapOf(kernel).waiters).toEqual([]);
		// Page 41 sat in slot 42.
		expect(sleepAll()).toEqual([0xbfe2a000, 0]);
		expect(pkmapOf(kernel).waiters).toEqual([11]);
	});

	it('lets two waiters for one page share its slot', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 512);
		for (const page of pages) kernel.kmap(page);
		const page = highmemPage(kernel);
		const tasks = [kernel.context.addTask(10, 'a'), kernel.context.addTask(11, 'b')];
		const ask = () =>
			tasks.map(task => {
				kernel.context.switchTask(task);
				return kernel.kmap(page);
			});
		ask();
		kernel.kunmap(pages[0] as never);
		expect(ask()).toEqual([0xbfe01000, 0xbfe01000]);
		expect(pkmapOf(kernel).count(1)).toBe(3);
	});
});

// Recorded: kunmap_twice and kunmap_never of kernels 5.10, 6.1 and 6.12.
describe('a kunmap too many', () => {
	it.each([
		['5.10.223', 'kernel BUG at mm/highmem.c:349!', 'kernel BUG at mm/highmem.c:339!'],
		['6.1.176', 'kernel BUG at mm/highmem.c:368!', 'kernel BUG at mm/highmem.c:358!'],
		['6.12.107', 'kernel BUG at mm/highmem.c:381!', 'kernel BUG at mm/highmem.c:371!'],
	])('is a BUG in %s', (version, twice, never) => {
		const kernel = boot('imx6q-2g', { kernel: version });
		const page = highmemPage(kernel);
		kernel.kmap(page);
		kernel.kunmap(page);
		expect(() => kernel.kunmap(page)).toThrow(twice);
		expect(pkmapOf(kernel).count(1)).toBe(0);
		expect(kernel.pageAddress(page)).toBe(pkmapOf(kernel).address(1));
		const kernelOfNever = boot('imx6q-2g', { kernel: version });
		expect(() => kernelOfNever.kunmap(highmemPage(kernelOfNever))).toThrow(never);
		expect([wordsOf(kernel), wordsOf(kernelOfNever)].map(words => words.slice(0, 3))).toEqual([
			['------------[ cut here ]------------', twice, 'Internal error: Oops - BUG: 0 [#1] SMP ARM'],
			['------------[ cut here ]------------', never, 'Internal error: Oops - BUG: 0 [#1] SMP ARM'],
		]);
	});

	it('names the rule in plain words', () => {
		const kernel = boot('debian10-pae-4g');
		const page = highmemPage(kernel);
		kernel.kmap(page);
		kernel.kunmap(page);
		kernel.kmapFlushUnused();
		try {
			kernel.kunmap(page);
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(KernelFault);
			expect(error).toMatchObject({ reason: expect.stringContaining('its slot has been flushed since') });
		}
		expect(wordsOf(kernel)).toContain('invalid opcode: 0000 [#1] SMP');
	});
});

describe('kmap where sleeping is forbidden', () => {
	const state = { ...debugOptions, atomicSleep: true };

	it('complains with DEBUG_ATOMIC_SLEEP and maps all the same', () => {
		const kernel = boot('laptop-2g-nopae', { debug: state });
		const page = highmemPage(kernel);
		kernel.preemptDisable();
		expect(kernel.kmap(page)).not.toBe(0);
		expect(wordsOf(kernel)).toEqual([
			'BUG: sleeping function called from invalid context at arch/x86/mm/highmem_32.c:8',
			'in_atomic(): 1, irqs_disabled(): 0, pid: 1, name: init',
		]);
	});

	it('complains once a second', () => {
		const kernel = boot('laptop-2g-nopae', { debug: state });
		kernel.preemptDisable();
		for (const page of highmemPages(kernel, 2)) kernel.kmap(page);
		expect(wordsOf(kernel)).toHaveLength(2);
		kernel.context.advance(1e9);
		kernel.kmap(highmemPage(kernel));
		expect(wordsOf(kernel)).toHaveLength(4);
	});

	it('is silent without it', () => {
		const kernel = boot('laptop-2g-nopae', { debug: debugOptions });
		kernel.preemptDisable();
		kernel.kmap(highmemPage(kernel));
		expect(wordsOf(kernel)).toEqual([]);
	});
});
