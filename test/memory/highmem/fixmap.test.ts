import { describe, expect, it } from 'vitest';
import type { VirtualAddress } from '../../../source/machine/address.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { boot, debugOptions, highmemPage, wordsOf } from '../boot-kernel.ts';

const at = (address: number) => address as VirtualAddress;

describe('fix_to_virt and virt_to_fix', () => {
	it.each([
		// ARM from 3.19: FIXADDR_TOP 0xffeff000 downwards; before: FIXADDR_START upwards; x86: FIXADDR_TOP 0xfffff000.
		['imx6q-2g', 1, 0xffefe000],
		['exynos4412-2g', 1, 0xfff01000],
		['laptop-2g-nopae', 10, 0xffff5000],
	])('%s: index %i lies at %i', (id, index, address) => {
		const kernel = boot(id);
		expect(kernel.fixToVirt(index)).toBe(address);
		expect(kernel.virtToFix(at(address + 0x123))).toBe(index);
	});

	it('refuses the page of index 0 on ARM, which is FIXADDR_TOP itself', () => {
		const kernel = boot();
		expect(kernel.fixToVirt(0)).toBe(0xffeff000);
		expect(() => kernel.virtToFix(at(0xffeff000))).toThrow('kernel BUG at include/asm-generic/fixmap.h');
		expect(() => kernel.virtToFix(at(0xffbff000))).toThrow('kernel BUG');
	});
});

describe('set_fixmap', () => {
	// arch/x86/mm/init_32.c: page_table_range_init from __end_of_fixed_addresses on, boot-time indices included.
	it.each(['debian10-pae-4g', 'laptop-2g-nopae', 'imx6q-2g'])('on %s has a table for every index', id => {
		const kernel = boot(id);
		const last = kernel.view.layout.fixmap.endOfFixed - 1;
		kernel.setFixmap(last, 0x10000);
		expect(kernel.view.translate(kernel.fixToVirt(last))).toMatchObject({ pfn: 0x10 });
	});

	it('maps a page at the slot and flushes the TLB of this CPU only', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		kernel.setFixmap(3, page * 4096);
		expect(kernel.view.translate(at(0xffefc123))).toMatchObject({
			pfn: page,
			via: 'fixmap',
			physical: page * 4096 + 0x123,
		});
		expect([...kernel.context.events.latest(2)]).toMatchObject([
			{ type: 'tlb_flush', start: 0xffefc000, end: 0xffefd000, isGlobal: 0 },
			{ type: 'fixmap_set', index: 3, pfn: page },
		]);
		kernel.clearFixmap(3);
		expect(kernel.view.translate(at(0xffefc000))).toBeNull();
	});

	// Recorded: set_fixmap_big.
	it.each([
		['imx6q-2g', { kernel: '5.10.223' }, 'kernel BUG at arch/arm/mm/mmu.c:405!'],
		['imx6q-2g', { kernel: '6.1.176' }, 'kernel BUG at arch/arm/mm/mmu.c:404!'],
		['laptop-2g-nopae', { kernel: '4.19.44' }, 'kernel BUG at arch/x86/mm/pgtable.c:656!'],
		['laptop-2g-nopae', { kernel: '5.10.223' }, 'kernel BUG at arch/x86/mm/pgtable.c:646!'],
		['laptop-2g-nopae', { kernel: '6.1.176' }, 'kernel BUG at arch/x86/mm/pgtable.c:661!'],
	])('is a BUG behind the last index: %s %j', (id, changes, message) => {
		const kernel = boot(id, changes);
		expect(() => kernel.setFixmap(kernel.view.layout.fixmap.endOfFixed, 0)).toThrow(message);
	});
});

describe('the fixmap grid', () => {
	it('names every slot and tells whose it is', () => {
		const { fixmap } = boot('laptop-2g-nopae', { debug: debugOptions }).view;
		expect(fixmap.slot(0)).toMatchObject({ name: 'FIX_HOLE', state: 'reserved', cpu: -1, depth: -1 });
		const { kmapBegin, kmapPerCpu } = boot('laptop-2g-nopae', { debug: debugOptions }).view.layout.fixmap;
		expect(fixmap.slot(kmapBegin + kmapPerCpu + 3)).toMatchObject({
			name: 'FIX_KMAP',
			state: 'free',
			cpu: 1,
			depth: 3,
		});
		expect(fixmap.slots).toBe(boot('laptop-2g-nopae').view.layout.fixmap.endOfFixed);
	});
});

// Recorded: fix_free_read, hole_write, guard_read, null_read.
/** Without the complaint that DEBUG_ATOMIC_SLEEP adds when the task exits with interrupts off. */
const oopsWords = (kernel: Kernel): string[] =>
	wordsOf(kernel).filter(line => !/^BUG: sleeping function|^in_atomic/.test(line));

describe('touching what is not mapped', () => {
	it.each([
		[
			'imx6q-2g',
			{ kernel: '4.19.44' },
			0xffee0000,
			'Unable to handle kernel paging request at virtual address ffee0000',
			'Internal error: Oops: 37 [#1] SMP ARM',
		],
		[
			'imx6q-2g',
			{ kernel: '4.19.44' },
			0xf0400000,
			'Unable to handle kernel paging request at virtual address f0400000',
			'Internal error: Oops: 5 [#1] SMP ARM',
		],
		[
			'vexpress-a15-6.1',
			{ kernel: '6.12.107' },
			0xf0400000,
			'Unable to handle kernel paging request at virtual address f0400000 when read',
			'Internal error: Oops: 5 [#1] SMP ARM',
		],
		[
			'laptop-2g-nopae',
			{ kernel: '4.19.44' },
			0xf7bfe000,
			'BUG: unable to handle kernel paging request at f7bfe000',
			'Oops: 0000 [#1] SMP',
		],
		[
			'laptop-2g-nopae',
			{ kernel: '5.10.223' },
			0xf7bfe000,
			'BUG: unable to handle page fault for address: f7bfe000',
			'Oops: 0000 [#1] SMP',
		],
		[
			'laptop-2g-nopae',
			{ kernel: '5.10.223' },
			0,
			'BUG: kernel NULL pointer dereference, address: 00000000',
			'Oops: 0000 [#1] SMP',
		],
	])('%s %j %i is an oops', (id, changes, address, first, last) => {
		const kernel = boot(id, changes);
		expect(() => kernel.read(at(address), 4)).toThrow(first);
		expect(oopsWords(kernel).at(-1)).toBe(last);
	});

	it('says the access and the error code of a write', () => {
		const kernel = boot('laptop-2g-nopae', { kernel: '5.10.223' });
		expect(() => kernel.write(at(0xf7bfe000), 4, 1n)).toThrow();
		expect(oopsWords(kernel)).toEqual([
			'BUG: unable to handle page fault for address: f7bfe000',
			'#PF: supervisor write access in kernel mode',
			'#PF: error_code(0x0002) - not-present page',
			'*pde = 00000000',
			'Oops: 0002 [#1] SMP',
		]);
	});
});

describe('bytes', () => {
	it('are the same through every mapping of a page', () => {
		const kernel = boot('laptop-2g-nopae', { debug: debugOptions });
		const page = highmemPage(kernel);
		kernel.write(kernel.kmap(page), 4, 0xdeadbeefn);
		const atomic = kernel.kmapAtomic(page);
		expect(atomic).toBeGreaterThan(0xfff00000);
		expect(kernel.read(atomic, 4)).toBe(0xdeadbeefn);
		expect(kernel.read(at(atomic + 1), 2)).toBe(0xadben);
		expect(kernel.view.peek((page * 4096) as never, 4)).toEqual(Uint8Array.of(0xef, 0xbe, 0xad, 0xde));
	});

	it('stay in a freed page until somebody asks for a zeroed one', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		kernel.write(kernel.kmap(page), 8, 0x0123456789abcdefn);
		kernel.kunmap(page);
		kernel.freePages(page, 0);
		expect(highmemPage(kernel)).toBe(page);
		expect(kernel.read(kernel.kmap(page), 8)).toBe(0x0123456789abcdefn);
		kernel.kunmap(page);
		kernel.freePages(page, 0);
		expect(kernel.allocPages(0x100cc2 | 0x100, 0)).toBe(page);
		expect(kernel.read(kernel.kmap(page), 8)).toBe(0n);
	});

	it('go on over the end of a page only where the next one is mapped', () => {
		const kernel = boot();
		const area = kernel.vmalloc(8192);
		kernel.write(at(area + 4094), 4, 0x11223344n);
		expect(kernel.read(at(area + 4094), 4)).toBe(0x11223344n);
		expect(() => kernel.write(at(area + 8190), 4, 1n)).toThrow('Unable to handle kernel paging request');
		expect(kernel.read(at(area + 8190), 2)).toBe(0n);
	});
});
