import { describe, expect, it } from 'vitest';
import { MiB, type Pfn, type VirtualAddress } from '../../../source/machine/address.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../../source/memory/kernel.ts';
import { formatVmallocinfo } from '../../../source/memory/vmalloc/vmallocinfo.ts';
import { boot, hexes, highmemPages, wordsOf } from '../boot-kernel.ts';

const at = (address: number) => address as VirtualAddress;

describe('vmalloc', () => {
	it('charges a guard page that is never mapped', () => {
		const kernel = boot();
		const address = kernel.vmalloc(5000);
		expect(kernel.view.vmalloc.areas()).toMatchObject([{ start: 0xf0800000, bytes: 12288, pages: 2, kind: 'vmalloc' }]);
		expect(kernel.view.translate(at(address + 4096))).toMatchObject({ via: 'vmalloc' });
		expect(kernel.view.translate(at(address + 8192))).toBeNull();
	});

	it('takes its pages from highmem', () => {
		const kernel = boot();
		expect(kernel.isHighmemPage(kernel.vmallocToPfn(kernel.vmalloc(1)) as Pfn)).toBe(true);
	});

	it('does not reuse a freed range before a purge', () => {
		const kernel = boot();
		const first = kernel.vmalloc(4096);
		kernel.vfree(first);
		expect(kernel.view.translate(first)).toBeNull();
		expect(kernel.vmalloc(4096)).toBe(first + 8192);
		kernel.vmUnmapAliases();
		expect(kernel.vmalloc(4096)).toBe(first);
	});

	it('reuses it at once before 2.6.28', () => {
		const kernel = boot('imx6q-2g', { kernel: '2.6.24' });
		const first = kernel.vmalloc(4096);
		kernel.vfree(first);
		expect(kernel.vmalloc(4096)).toBe(first);
	});

	// oracle D3: allocation number 33, 65, 97 (from 0) falls back on 1, 2, 4 CPUs, with one flush.
	it.each([
		[1, 33],
		[2, 65],
		[4, 97],
	])('purges lazily freed ranges of 1 MiB on %i CPUs at number %i', (cpusOnline, expected) => {
		const kernel = boot('laptop-2g-nopae', { cpusOnline, kernel: '4.19.44' });
		const first = kernel.vmalloc(255 * 4096);
		kernel.vfree(first);
		let number = 1;
		for (let next = kernel.vmalloc(255 * 4096); next !== first; next = kernel.vmalloc(255 * 4096)) {
			expect(next).toBe(first + number * MiB);
			kernel.vfree(next);
			number++;
		}
		expect(number).toBe(expected);
		expect(kernel.view.vmalloc.purges).toBe(1);
	});

	it('vmallocs the array of page pointers as well when it exceeds a page', () => {
		// Recorded, vmalloc_fill on x86-419-4g: 8 MiB blocks lie 0x804000 apart.
		const kernel = boot('laptop-2g-nopae', { kernel: '4.19.44' });
		const [first, second] = [kernel.vmalloc(8 * MiB), kernel.vmalloc(8 * MiB)];
		expect(second - first).toBe(0x804000);
		kernel.vfree(first);
		expect(kernel.view.vmalloc.areas().filter(area => area.isLazy)).toHaveLength(2);
	});

	it('zeroes with vzalloc', () => {
		const kernel = boot();
		const dirty = kernel.vmalloc(4096);
		kernel.write(dirty, 4, 0x12345678n);
		const page = kernel.vmallocToPfn(dirty);
		kernel.vfree(dirty);
		const clean = kernel.vzalloc(4096);
		expect(kernel.vmallocToPfn(clean)).toBe(page);
		expect(kernel.read(clean, 4)).toBe(0n);
	});
});

// Recorded: vmalloc_area, vmalloc_ram, vmalloc_0.
describe('a vmalloc that cannot be served', () => {
	it.each([
		[
			'4.4.155',
			[
				'vmap allocation for size 314576896 failed: use vmalloc=<size> to increase size.',
				'vmalloc: allocation failure: 314572800 bytes',
				'init: page allocation failure: order:0, mode:0x24000c2',
			],
		],
		[
			'4.19.44',
			[
				'vmap allocation for size 314576896 failed: use vmalloc=<size> to increase size',
				'init: vmalloc: allocation failure: 314572800 bytes, mode:0x6000c0(GFP_KERNEL), nodemask=(null)',
			],
		],
		[
			'5.10.223',
			[
				'vmap allocation for size 314576896 failed: use vmalloc=<size> to increase size',
				'init: vmalloc: allocation failure: 314572800 bytes, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0',
			],
		],
		[
			'6.1.176',
			[
				'vmap allocation for size 314576896 failed: use vmalloc=<size> to increase size',
				'init: vmalloc error: size 314572800, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0',
			],
		],
	])('says so in the words of %s', (kernel, lines) => {
		const machine = boot('imx6q-2g', { kernel });
		expect(machine.vmalloc(314572800)).toBe(0);
		expect(wordsOf(machine)).toEqual(lines);
	});

	it.each([
		['4.19.44', 'init: vmalloc: allocation failure: 4294963200 bytes, mode:0x6000c0(GFP_KERNEL), nodemask=(null)'],
		[
			'6.1.176',
			'init: vmalloc error: size 4294963200, exceeds total pages, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0',
		],
	])('is refused by %s when it exceeds the RAM', (kernel, line) => {
		const machine = boot('imx6q-2g', { kernel });
		expect(machine.vmalloc(4294963200)).toBe(0);
		expect(wordsOf(machine)).toEqual([line]);
	});

	it('gives nothing for 0 bytes', () => {
		const kernel = boot();
		expect(kernel.vmalloc(0)).toBe(0);
		expect(wordsOf(kernel)).toHaveLength(1);
	});
});

// Recorded: vfree_unaligned, vfree_twice, vfree_kmalloc, vfree_middle.
describe('vfree of something else', () => {
	const warning = (kernel: Kernel) => wordsOf(kernel).filter(line => !line.startsWith('----'));

	it('warns of an unaligned address and of one whose area is gone', () => {
		const kernel = boot('imx6q-2g', { kernel: '4.4.155' });
		const address = kernel.vmalloc(4096);
		kernel.vfree(at(address + 4));
		kernel.vfree(address);
		kernel.vfree(address);
		expect(warning(kernel)).toEqual([
			'WARNING: CPU: 0 PID: 1 at mm/vmalloc.c:1459 __vunmap()',
			`Trying to vfree() bad address (${(address + 4).toString(16)})`,
			'WARNING: CPU: 0 PID: 1 at mm/vmalloc.c:1465 __vunmap()',
			`Trying to vfree() nonexistent vm area (${address.toString(16)})`,
		]);
	});

	it('prints its text before the location on newer x86, with the pointer hidden', () => {
		const kernel = boot('laptop-2g-nopae', { kernel: '5.10.223' });
		kernel.vfree(at(0xfe000000));
		expect(warning(kernel)).toEqual([
			'Trying to vfree() nonexistent vm area ((ptrval))',
			'WARNING: CPU: 0 PID: 1 at mm/vmalloc.c:2251 __vunmap',
		]);
	});

	it('follows a null pointer in 4.4 to 4.19 where no area ever was', () => {
		const x86 = boot('laptop-2g-nopae', { kernel: '4.19.44' });
		const arm = boot('imx6q-2g', { kernel: '4.19.44' });
		expect(() => x86.vfree(at(0xc01a8000))).toThrow(
			'BUG: unable to handle kernel NULL pointer dereference at 00000028',
		);
		expect(() => arm.vfree(at(0xef061000))).toThrow('page domain fault (0x01b) at 0x00000024');
	});

	it('frees the whole area by the address of its second page', () => {
		const kernel = boot();
		const address = kernel.vmalloc(8192);
		kernel.vfree(at(address + 4096));
		expect(kernel.view.translate(address)).toBeNull();
		expect(wordsOf(kernel)).toEqual([]);
	});

	it('does nothing with NULL', () => {
		const kernel = boot();
		kernel.vfree(at(0));
		expect(wordsOf(kernel)).toEqual([]);
	});
});

describe('vmap', () => {
	it('maps pages in the order of the array and leaves them alone at vunmap', () => {
		const kernel = boot();
		const pages = highmemPages(kernel, 3).reverse();
		const address = kernel.vmap(pages);
		expect([0, 1, 2].map(page => kernel.vmallocToPfn(at(address + page * 4096)))).toEqual(pages);
		kernel.vunmap(address);
		expect(kernel.view.translate(address)).toBeNull();
		for (const page of pages) kernel.freePages(page, 0);
	});
});

describe('vm_map_ram', () => {
	// mm/vmalloc.c: vm_map_ram maps with vmap_page_range, which makes the page tables that are not there yet.
	it('makes the page tables of a block that lies where nothing was mapped before', () => {
		const kernel = boot();
		const tables = kernel.view.paging.tables;
		const [page] = highmemPages(kernel, 1);
		kernel.vmalloc(8 * MiB);
		const address = kernel.vmMapRam([page as Pfn]);
		expect(kernel.vmallocToPfn(address)).toBe(page);
		expect(kernel.view.paging.tables).toBeGreaterThan(tables);
		expect(checkInvariants(kernel)).toEqual([]);
	});
});

// Recorded: ioremap_ram, ioremap_0, ioremap_wrap, iounmap_twice.
describe('ioremap', () => {
	it('refuses RAM', () => {
		const kernel = boot('laptop-2g-nopae', { kernel: '4.4.155' });
		expect(kernel.ioremap(0x19b000, 4096)).toBe(0);
		expect(wordsOf(kernel).slice(1)).toEqual([
			'WARNING: CPU: 0 PID: 1 at arch/x86/mm/ioremap.c:121 __ioremap_caller()',
			'ioremap on RAM at 0x0019b000 - 0x0019bfff',
		]);
		const arm = boot();
		expect(arm.ioremap(0x20000000, 4096)).toBe(0);
		expect(wordsOf(arm)[1]).toContain('arch/arm/mm/ioremap.c');
	});

	it.each([
		[0xfebf0000, 0],
		[0xfffff000, 8192],
	])('gives nothing for %i, %i bytes', (physical, bytes) => {
		expect(boot('laptop-2g-nopae').ioremap(physical, bytes)).toBe(0);
	});

	it('keeps the offset in the page', () => {
		expect(boot('laptop-2g-nopae').ioremap(0xfebf0123, 16) % 4096).toBe(0x123);
	});

	it('iounmap of a vmalloc area unmaps it and leaks its pages', () => {
		const kernel = boot('laptop-2g-nopae');
		const area = kernel.vmalloc(4096);
		const page = kernel.vmallocToPfn(area) as Pfn;
		kernel.iounmap(area);
		expect(kernel.view.translate(area)).toBeNull();
		expect(kernel.view.pages.page(page)?.state).toBe('allocated');
		expect(wordsOf(kernel)).toEqual([]);
	});

	it('complains of a second iounmap', () => {
		const kernel = boot('laptop-2g-nopae', { kernel: '4.4.155' });
		const address = kernel.ioremap(0xfebf0000, 4096);
		kernel.iounmap(address);
		kernel.iounmap(address);
		expect(wordsOf(kernel)).toEqual([`iounmap: bad address ${address.toString(16)}`]);
	});
});

describe('/proc/vmallocinfo', () => {
	it('has a row for each area, guard page included', () => {
		const kernel = boot('laptop-2g-nopae', { kernel: '4.4.155' });
		const address = kernel.vmalloc(12288, 'n_tty_open');
		const device = kernel.ioremap(0xfebf0000, 4096, 'probe');
		kernel.vfree(kernel.vmalloc(4096, 'gone'));
		const [a, aEnd, d, dEnd] = hexes([address, at(address + 16384), device, at(device + 8192)]);
		expect(formatVmallocinfo(kernel.view.machine, kernel.view.vmalloc.areas())).toEqual([
			`${a}-${aEnd}   16384 n_tty_open pages=3 vmalloc`,
			`${d}-${dEnd}    8192 probe phys=febf0000 ioremap`,
		]);
	});
});
