import { describe, expect, it } from 'vitest';
import { physical, virtual } from '../../../source/machine/address.ts';
import { MACHINES } from '../../../source/machine/machines.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import type { WalkStep } from '../../../source/memory/paging/paging-view.ts';
import { boot, highmemPage, highmemPages } from '../boot-kernel.ts';

const short = ({ level, index, entry, value, target }: WalkStep) => [level, index, entry, value, target];

const walk = (kernel: Kernel, address: number) => kernel.view.paging.walk(virtual(address));

describe('lowmem', () => {
	// arch/arm/kernel/head.S: 16 kB in front of the text, in RAM that begins at 0x10000000.
	it('of ARM is mapped by sections of 1 MB from swapper_pg_dir on', () => {
		const kernel = boot('imx6q-1g');
		expect(kernel.view.paging.root).toBe(0x10004000);
		expect(walk(kernel, 0xd0000000).map(short)).toEqual([['PGD', 0xd00, 0x10007400, 0x2001141en, 'block']]);
	});

	it('of LPAE is mapped by blocks of 2 MB in the four tables behind the root', () => {
		const kernel = boot('vexpress-a15-lpae-4g');
		expect(walk(kernel, 0xd0200000).map(short)).toEqual([
			['PGD', 3, 0x80003018, 0x80007003n, 'table'],
			['PMD', 129, 0x80007408, 0x40_0000_9020_071dn, 'block'],
		]);
	});

	it('of x86 is mapped by large pages of 4 MB, but the first in small ones', () => {
		const kernel = boot('laptop-2g-nopae');
		const { root } = kernel.view.paging;
		expect(walk(kernel, 0xd0000000).map(short)).toEqual([['PGD', 832, root + 832 * 4, 0x100001e3n, 'block']]);
		expect(walk(kernel, 0xc0001000).map(({ level, target }) => [level, target])).toEqual([
			['PGD', 'table'],
			['PTE', 'page'],
		]);
		expect(walk(kernel, 0xc0001000).at(-1)?.value).toBe(0x1163n);
	});

	it('of PAE is mapped by large pages of 2 MB that may not be executed', () => {
		const kernel = boot('debian10-pae-4g');
		const [pgd, pmd] = walk(kernel, 0xd0000000);
		expect([pgd?.index, pgd?.target, (pgd?.value ?? 0n) & 0xfffn]).toEqual([3, 'table', 1n]);
		expect(pmd).toMatchObject({ index: 128, target: 'block', physical: 0x10000000, isExecutable: false });
	});

	it('is mapped page by page where CMA lies in it, with an entry of Linux and one of the hardware', () => {
		const last = walk(boot('imx6q-1g'), 0xdb800000).at(-1);
		expect(last).toMatchObject({ target: 'page', value: 0x2b80045fn, linux: { value: 0x2b80065fn } });
		expect((last?.entry ?? 0) - (last?.linux?.entry ?? 0)).toBe(2048);
	});

	it.each(MACHINES)('of $id leads from every page to the frame it is the image of', machine => {
		const kernel = Kernel.boot(machine);
		const { ramPages, maxLowPfn, pageOffset, physOffset } = kernel.view.layout;
		const wrong: number[] = [];
		for (const { startPfn, endPfn } of ramPages) {
			for (let pfn: number = startPfn; pfn < Math.min(endPfn, maxLowPfn); pfn += 127) {
				const address = virtual(pfn * 4096 - physOffset + pageOffset);
				if (kernel.view.translate(address)?.pfn !== pfn) wrong.push(pfn);
			}
		}
		expect(wrong).toEqual([]);
	});
});

describe('a page of pkmap', () => {
	it('stands in the table as the recorded kernels write it: 0x65f for Linux, 0x45f for the hardware', () => {
		const kernel = boot();
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		const last = walk(kernel, address).at(-1);
		expect(last?.linux?.value).toBe(BigInt(page) * 4096n + 0x65fn);
		expect(last?.value).toBe(BigInt(page) * 4096n + 0x45fn);
	});

	it('stands in 64 bits above 4 GiB, with NX', () => {
		const kernel = boot('i386-6.1-8g-pae', { pti: false });
		const page = highmemPages(kernel, 2000).find(pfn => pfn >= 2 ** 20) ?? highmemPage(kernel);
		const address = kernel.kmap(page);
		expect(walk(kernel, address).at(-1)?.value).toBe((1n << 63n) | (BigInt(page) * 4096n) | 0x163n);
		expect(kernel.view.translate(address)?.pfn).toBe(page);
	});

	it('has its entry in a page of lowmem, where the kernel itself can read it', () => {
		const kernel = boot('laptop-2g-nopae');
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		const entry = walk(kernel, address).at(-1)?.entry ?? physical(0);
		expect(kernel.read(kernel.physToVirt(entry), 4)).toBe(BigInt(page) * 4096n + 0x163n);
		expect(kernel.view.peek(entry, 4)[0]).toBe(0x63);
	});
});

describe('a table for vmalloc', () => {
	it('is taken from lowmem when an area first reaches into another 2 MB, and stays', () => {
		const kernel = boot();
		const { paging } = kernel.view;
		const before = paging.tables;
		// The first call makes slabs for the objects that the kernel keeps for an area.
		kernel.vfree(kernel.vmalloc(4096));
		const pages = paging.count('pages', 'vmalloc');
		kernel.vfree(kernel.vmalloc(4096));
		expect([paging.tables - before, paging.count('pages', 'vmalloc') - pages]).toEqual([0, 1]);
		const address = kernel.vmalloc(2 * 2 ** 20);
		expect(paging.tables - before).toBe(1);
		const upper = walk(kernel, address + 2 ** 21 - 4096)[0];
		// pgalloc.h: _PAGE_KERNEL_TABLE has bit 4 set; the hardware's half begins at 2048.
		expect((upper?.value ?? 0n) & 0x3ffn).toBe(0x11n);
		expect(kernel.isHighmemPage(((upper?.physical ?? 0) / 4096) as never)).toBe(false);
		kernel.vfree(address);
		expect(paging.tables - before).toBe(1);
	});

	it('is entered on x86 as 0x067, a table that user mode could use', () => {
		const kernel = boot('laptop-2g-nopae');
		const address = kernel.vmalloc(5 * 2 ** 20);
		expect((walk(kernel, address + 2 ** 22)[0]?.value ?? 0n) & 0xfffn).toBe(0x67n);
	});
});

describe('the vectors', () => {
	it('of ARM are mapped at 0xffff0000 from the top of lowmem, executable', () => {
		const kernel = boot('imx6q-1g');
		const last = walk(kernel, 0xffff0000).at(-1);
		expect(last).toMatchObject({ target: 'page', isExecutable: true });
		expect(kernel.view.translate(virtual(0xffff0000))?.via).toBe('vectors');
	});
});
