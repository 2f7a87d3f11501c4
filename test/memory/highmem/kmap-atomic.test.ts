import { describe, expect, it } from 'vitest';
import type { Pfn, VirtualAddress } from '../../../source/machine/address.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { boot, debugOptions, hexes, highmemPage, highmemPages, wordsOf } from '../boot-kernel.ts';

const maps = (kernel: Kernel, count: number): VirtualAddress[] =>
	highmemPages(kernel, count).map(page => kernel.kmapAtomic(page));
const slotOf = (kernel: Kernel, address: VirtualAddress) => kernel.view.fixmap.slot(kernel.virtToFix(address));
const debug = { ...debugOptions, highmem: true };

describe('kmap_atomic', () => {
	it.each([
		// 5.5 ARM: FIX_KMAP_BEGIN 1, downwards from 0xffeff000; 3.8 ARM: upwards from 0xfff00000.
		['imx6q-2g', ['0xffefe000', '0xffefd000', '0xffefc000']],
		['exynos4412-2g', ['0xfff00000', '0xfff01000', '0xfff02000']],
		['laptop-2g-nopae', ['0xfffba000', '0xfffb9000', '0xfffb8000']],
	])('hands out slots by depth on %s', (id, expected) => {
		expect(hexes(maps(boot(id, { debug: debugOptions }), 3))).toEqual(expected);
	});

	it('has slots of its own on each CPU', () => {
		const kernel = boot();
		kernel.context.switchCpu(1);
		expect(hexes(maps(kernel, 1))).toEqual(['0xffeee000']);
		expect(slotOf(kernel, 0xffeee000 as VirtualAddress)).toMatchObject({
			state: 'used',
			cpu: 1,
			depth: 0,
			name: 'FIX_KMAP',
		});
	});

	it('takes no slot for a lowmem page but makes the task atomic', () => {
		const kernel = boot();
		const page = kernel.virtToPfn(kernel.getFreePages(0, 0));
		const address = kernel.kmapAtomic(page);
		expect(address).toBe(kernel.physToVirt(page * 4096));
		expect(kernel.context.cpu).toMatchObject({ preemptCount: 1, pagefaultDisabled: 1, kmapAtomicIdx: 0 });
		kernel.kunmapAtomic(address);
		expect(kernel.context.cpu).toMatchObject({ preemptCount: 0, pagefaultDisabled: 0 });
	});

	// oracle: PTE cleared by kunmap_atomic, except ARM 4.19/5.10 without DEBUG_HIGHMEM.
	it.each([
		['imx6q-2g', {}, 'stale'],
		['imx6q-2g', { debug }, 'free'],
		['vexpress-a15-6.1', {}, 'free'],
		['laptop-2g-nopae', { debug: debugOptions }, 'free'],
	] as const)('leaves the entry of %s %j %s after kunmap_atomic', (id, changes, state) => {
		const kernel = boot(id, changes);
		const [address] = maps(kernel, 1) as [VirtualAddress];
		kernel.kunmapAtomic(address);
		expect(slotOf(kernel, address).state).toBe(state);
	});

	it('uses the pkmap address of a page that has one, and raises its count meanwhile (ARM)', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		expect(kernel.kmapAtomic(page)).toBe(address);
		expect(kernel.view.pkmap?.count(1)).toBe(3);
		kernel.kunmapAtomic(address);
		expect(kernel.view.pkmap?.count(1)).toBe(2);
	});

	it.each([
		['erratum 798181', { errata798181: true }],
		['SMP on ARMv6', { armVersion: 6 as const }],
		['DEBUG_HIGHMEM', { debug }],
	])('does not with %s', (_, changes) => {
		const kernel = boot('imx6q-2g', changes);
		const page = highmemPage(kernel);
		kernel.kmap(page);
		expect(hexes([kernel.kmapAtomic(page)])).toEqual(['0xffefe000']);
	});

	it('chooses the slot by its type up to 2.6.36', () => {
		const kernel = boot('ubuntu904-2.5g');
		const [first, second] = highmemPages(kernel, 2) as [Pfn, Pfn];
		const a = kernel.kmapAtomic(first, 3);
		const b = kernel.kmapAtomic(second, 4);
		expect(a - b).toBe(4096);
		// Any order, as long as the types match.
		kernel.kunmapAtomic(a, 3);
		expect(kernel.view.translate(b)?.pfn).toBe(second);
		kernel.kunmapAtomic(b, 4);
		expect(kernel.context.cpu.preemptCount).toBe(0);
	});

	it('clears nothing when type and address disagree on a typed x86', () => {
		const kernel = boot('ubuntu904-2.5g', { debug: debugOptions });
		const [first, second] = highmemPages(kernel, 2) as [Pfn, Pfn];
		const a = kernel.kmapAtomic(first, 3);
		const b = kernel.kmapAtomic(second, 4);
		kernel.kunmapAtomic(a, 4);
		expect([a, b].map(address => kernel.view.translate(address)?.pfn)).toEqual([first, second]);
	});

	it('runs on into the next CPU’s slots without DEBUG_HIGHMEM', () => {
		const kernel = boot();
		expect(hexes(maps(kernel, 17)).at(-1)).toBe('0xffeee000');
		expect(wordsOf(kernel)).toEqual([]);
	});

	// Recorded: ka_17 on arm-419-debug and on 6.1, ka_42 on x86-419-dbgall.
	it.each([
		['imx6q-2g', { debug }, 16, 'kernel BUG at include/linux/highmem.h:98!'],
		['laptop-2g-nopae', { debug, kernel: '4.19.44' }, 41, 'kernel BUG at include/linux/highmem.h:98!'],
		['vexpress-a15-6.1', {}, 15, 'kernel BUG at mm/highmem.c:467!'],
	])('has a limit on %s: %j %i deep', (id, changes, depth, message) => {
		const kernel = boot(id, changes);
		const pages = highmemPages(kernel, depth + 1);
		for (const page of pages.slice(0, depth)) kernel.kmapAtomic(page);
		expect(() => kernel.kmapAtomic(pages[depth] as Pfn)).toThrow(message);
	});
});

// include/linux/highmem.h: __this_cpu_inc_return comes before BUG_ON, and so does __this_cpu_dec_return.
describe('a BUG of the slot stack', () => {
	it('leaves the CPU’s count as high as it had become', () => {
		const kernel = boot('imx6q-2g', { debug });
		const pages = highmemPages(kernel, 17);
		for (const page of pages.slice(0, 16)) kernel.kmapAtomic(page);
		expect(() => kernel.kmapAtomic(pages[16] as Pfn)).toThrow('kernel BUG');
		expect(kernel.context.cpu.kmapAtomicIdx).toBe(17);
	});

	it('leaves it at -1 after one unmap too many', () => {
		const kernel = boot('imx6q-2g', { debug });
		expect(() => kernel.kmapAtomicIdxPop()).toThrow('kernel BUG');
		expect(kernel.context.cpu.kmapAtomicIdx).toBe(-1);
	});
});

// Recorded: ka_order.
describe('kunmap_atomic in the wrong order', () => {
	it('silently clears the top of the stack on x86', () => {
		const kernel = boot('laptop-2g-nopae', { debug: debugOptions });
		const [a, b] = maps(kernel, 2) as [VirtualAddress, VirtualAddress];
		kernel.kunmapAtomic(a);
		expect([kernel.view.translate(a) !== null, kernel.view.translate(b)]).toEqual([true, null]);
		expect(wordsOf(kernel)).toEqual([]);
	});

	it('warns on x86 with DEBUG_HIGHMEM, is a BUG on ARM with it, and warns everywhere from 5.11', () => {
		const wrong = (kernel: Kernel) => {
			const [a] = maps(kernel, 2) as [VirtualAddress, VirtualAddress];
			kernel.kunmapAtomic(a);
			return wordsOf(kernel).at(-1);
		};
		expect(wrong(boot('laptop-2g-nopae', { debug, kernel: '4.19.44' }))).toContain(
			'arch/x86/mm/highmem_32.c:83 __kunmap_atomic',
		);
		expect(() => wrong(boot('imx6q-2g', { debug }))).toThrow('kernel BUG at arch/arm/mm/highmem.c');
		expect(wrong(boot('vexpress-a15-6.1'))).toBe('WARNING: CPU: 0 PID: 1 at mm/highmem.c:610 kunmap_local_indexed');
	});
});

describe('kmap_local_page', () => {
	it('uses the same slots and leaves the task preemptible', () => {
		const kernel = boot('i386-6.1-8g-pae');
		const [first, second] = highmemPages(kernel, 2) as [Pfn, Pfn];
		const local = kernel.kmapLocalPage(first);
		expect(kernel.context.cpu.preemptCount).toBe(0);
		expect(local - kernel.kmapAtomic(second)).toBe(4096);
	});

	it('goes with its task: unmapped when it is switched out, back when it runs again', () => {
		const kernel = boot('vexpress-a15-6.1');
		const [first, second] = highmemPages(kernel, 2) as [Pfn, Pfn];
		const mine = kernel.context.task;
		const address = kernel.kmapLocalPage(first);
		kernel.context.switchTask(kernel.context.addTask(20, 'other'));
		expect(kernel.view.translate(address)).toBeNull();
		expect(kernel.kmapLocalPage(second)).toBe(address);
		kernel.context.switchTask(mine);
		expect(kernel.view.translate(address)?.pfn).toBe(first);
		kernel.kunmapLocal(address);
		expect(kernel.view.translate(address)).toBeNull();
	});
});

// kernel/sched/core.c: kmap_local_sched_out and kmap_local_sched_in work for the tasks of one CPU.
it('mappings leave with the task that ran on that CPU, whatever ran elsewhere meanwhile', () => {
	const kernel = boot('vexpress-a15-6.1');
	const { context } = kernel;
	const [page] = highmemPages(kernel, 1) as [Pfn];
	const [elsewhere, first, second] = [20, 21, 22].map(pid => context.addTask(pid, 'sh'));
	if (!elsewhere || !first || !second) throw new Error('no tasks');
	context.switchCpu(1);
	context.switchTask(first);
	const address = kernel.kmapLocalPage(page);
	context.switchCpu(0);
	context.switchTask(elsewhere);
	context.switchCpu(1);
	context.switchTask(second);
	expect(kernel.view.translate(address)).toBeNull();
	context.switchTask(first);
	expect(kernel.view.translate(address)?.pfn).toBe(page);
});

// mm/highmem.c: KM_INCR is 2 with DEBUG_KMAP_LOCAL; __kmap_local_sched_in passes over the guard slots.
it('leaves the guard slots empty when a task with kmap_local mappings comes back', () => {
	const kernel = boot('vexpress-a15-6.1', { debug });
	const { context } = kernel;
	const mine = context.task;
	const page = highmemPage(kernel);
	const address = kernel.kmapLocalPage(page);
	context.switchTask(context.addTask(20, 'other'));
	context.switchTask(mine);
	const { index } = slotOf(kernel, address);
	expect([kernel.view.fixmap.slot(index - 1).pfn, slotOf(kernel, address).pfn]).toEqual([-1, page]);
});

describe('the slot stack by hand', () => {
	it('leaks a slot that is pushed and never popped', () => {
		const kernel = boot();
		expect([kernel.kmapAtomicIdxPush(), kernel.kmapAtomicIdx()]).toEqual([0, 0]);
		expect(hexes(maps(kernel, 1))).toEqual(['0xffefd000']);
		expect(kernel.view.fixmap.slot(1)).toMatchObject({ state: 'used', pfn: -1 });
	});
});
