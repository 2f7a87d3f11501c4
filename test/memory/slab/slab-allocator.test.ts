import { describe, expect, it } from 'vitest';
import { type VirtualAddress, virtual } from '../../../source/machine/address.ts';
import { checkPageInvariants, checkSlabInvariants } from '../../../source/memory/invariants/page-invariants.ts';
import { english } from '../../../source/phrases/phrase.ts';
import { boot } from '../machines-for-pages.ts';

type Booted = ReturnType<typeof boot>;

const sizes = ({ slab, gfp }: Booted, requests: readonly number[]) =>
	requests.map(bytes => slab.ksize(slab.kmalloc(bytes, gfp.kernel)));

describe('size classes', () => {
	it('of x86: 8 bytes and up, with 96 and 192', () => {
		expect(sizes(boot('debian10-pae-4g'), [1, 8, 24, 65, 96, 97, 129, 192, 193, 8192])).toEqual([
			8, 8, 32, 96, 96, 128, 192, 192, 256, 8192,
		]);
	});

	it('of ARM v7: 64 bytes and up, without 96', () => {
		expect(sizes(boot('imx6q-2g'), [1, 64, 65, 96, 128, 129, 192, 193, 1000])).toEqual([
			64, 64, 128, 128, 128, 192, 192, 256, 1024,
		]);
	});

	it('of ARM v6: 32 bytes and up, with 96', () => {
		expect(sizes(boot('rpi1-512m'), [1, 33, 65, 97])).toEqual([32, 64, 96, 128]);
	});

	it('above 8192 bytes whole pages of the next order', () => {
		expect(sizes(boot('imx6q-2g'), [8193, 16384, 16385, 65536])).toEqual([16384, 16384, 32768, 65536]);
	});

	it.each([
		['4.19.0', 'kmalloc-1024'],
		['5.0.0', 'kmalloc-1k'],
	])('%s calls the cache of 1024 bytes %s', (kernel, name) => {
		const { slab } = boot('debian10-pae-4g', { kernel });
		expect(slab.view.caches.map(cache => cache.name)).toContain(name);
	});

	it.each([
		[1, ['256 0x16', '512 0x8', '1024 1x8', '2048 2x8', '4096 3x8', '8192 3x4']],
		[2, ['256 0x16', '512 1x16', '1024 2x16', '2048 3x16', '4096 3x8', '8192 3x4']],
		[4, ['256 0x16', '512 1x16', '1024 2x16', '2048 3x16', '4096 3x8', '8192 3x4']],
		[8, ['256 1x32', '512 2x32', '1024 3x32', '2048 3x16', '4096 3x8', '8192 3x4']],
	])('with %i CPUs slabs have order x objects %s', (cpusOnline, expected) => {
		const { slab } = boot('debian10-pae-4g', { cpusOnline });
		const large = slab.view.caches.filter(({ name, objectBytes }) => /^kmalloc-\d/.test(name) && objectBytes >= 256);
		expect(large.map(({ objectBytes, order, objectsPerSlab }) => `${objectBytes} ${order}x${objectsPerSlab}`)).toEqual(
			expected,
		);
	});
});

describe('addresses', () => {
	it("the documents' board: the slab of its log gives 0xeea18980 to kmalloc(4)", () => {
		const { slab, pages, gfp } = boot('imx6q-2g');
		expect(slab.seedCache('kmalloc-64', 0xeea18000, 38)).toBeUndefined();
		expect(slab.kmalloc(4, gfp.kernel)).toBe(0xeea18980);
		expect(slab.kmalloc(4, gfp.kernel)).toBe(0xeea189c0);
		expect(checkPageInvariants(pages)).toEqual([]);
		expect(checkSlabInvariants(slab)).toEqual([]);
	});

	it('objects of a fresh slab ascend', () => {
		const { slab, gfp } = boot('imx6q-2g');
		const [first = 0, ...rest] = Array.from({ length: 8 }, () => slab.kmalloc(200, gfp.kernel) as number);
		expect(first % 4096).toBe(0);
		expect(rest).toEqual(rest.map((_, index) => first + 256 * (index + 1)));
	});

	it('free the third, then the sixth: the next two are the sixth and the third', () => {
		const { slab, gfp } = boot('imx6q-2g');
		const objects = Array.from({ length: 8 }, () => slab.kmalloc(200, gfp.kernel));
		const [, , third, , , sixth] = objects;
		slab.kfree(third as VirtualAddress);
		slab.kfree(sixth as VirtualAddress);
		expect([slab.kmalloc(200, gfp.kernel), slab.kmalloc(200, gfp.kernel)]).toEqual([sixth, third]);
	});

	it('an object freed into an older slab is not handed out next', () => {
		const { slab, gfp } = boot('imx6q-2g');
		const objects = Array.from({ length: 65 }, () => slab.kmalloc(64, gfp.kernel));
		slab.kfree(objects[0] as VirtualAddress);
		expect(slab.kmalloc(64, gfp.kernel)).toBe((objects[64] ?? 0) + 64);
	});

	it('each CPU allocates from a slab of its own', () => {
		const { context, slab, gfp } = boot('imx6q-2g');
		const first = slab.kmalloc(64, gfp.kernel);
		context.switchCpu(1);
		expect(Math.floor(slab.kmalloc(64, gfp.kernel) / 4096)).not.toBe(Math.floor(first / 4096));
	});

	it('kmalloc stays in lowmem, even with __GFP_HIGHMEM', () => {
		const { context, slab, gfp } = boot('imx6q-2g');
		const addresses = [64, 65536].map(bytes => slab.kmalloc(bytes, gfp.kernel | gfp.highmem));
		for (const address of addresses) {
			expect(address).toBeGreaterThanOrEqual(context.layout.pageOffset);
			expect(address).toBeLessThan(context.layout.highMemory);
		}
	});

	it('GFP_DMA takes objects of the DMA zone', () => {
		const { context, slab, gfp } = boot('debian10-pae-4g');
		expect(slab.kmalloc(100, gfp.kernel | gfp.dma) - context.layout.pageOffset).toBeLessThan(16 * 2 ** 20);
	});
});

describe('limits', () => {
	it('kmalloc(0) is ZERO_SIZE_PTR, which may be freed, as may NULL', () => {
		const { slab, gfp, log } = boot('imx6q-2g');
		expect(slab.kmalloc(0, gfp.kernel)).toBe(16);
		slab.kfree(virtual(16));
		slab.kfree(virtual(0));
		expect([slab.ksize(virtual(16)), slab.ksize(virtual(0))]).toEqual([0, 0]);
		expect(log()).toEqual([]);
	});

	it('4 MiB is the most, one byte more fails', () => {
		const { slab, gfp } = boot('imx6q-2g');
		expect(slab.kmalloc(4 * 2 ** 20, gfp.kernel)).not.toBe(0);
		expect(slab.kmalloc(4 * 2 ** 20 + 1, gfp.kernel)).toBe(0);
	});

	it('8 MiB is the most where the largest order is 11', () => {
		const { slab, gfp } = boot('bbb-512m-4.19');
		expect(slab.kmalloc(8 * 2 ** 20, gfp.kernel)).not.toBe(0);
		expect(slab.kmalloc(8 * 2 ** 20 + 1, gfp.kernel)).toBe(0);
	});

	it('without memory the cache says what it wanted', () => {
		const { slab, pages, gfp, log } = boot('versatilepb-256m', { kernel: '4.19.44' });
		while (pages.allocPages(gfp.kernel | gfp.nowarn, 0) !== -1);
		while (slab.kmalloc(2048, gfp.kernel | gfp.nowarn) !== 0);
		expect(slab.kmalloc(2048, gfp.kernel)).toBe(0);
		expect(log().slice(-3)).toEqual([
			'SLUB: Unable to allocate memory on node -1, gfp=0x6000c0(GFP_KERNEL)',
			'  cache: kmalloc-2048, object size: 2048, buffer size: 2048, default order: 2, min order: 0',
			'  node 0: slabs: 0, objs: 0, free: 0',
		]);
	});

	it('from 5.8 on a large request with __GFP_HIGHMEM is told to fix its code', () => {
		const { slab, gfp, log } = boot('i386-6.1-8g-pae');
		slab.kmalloc(65536, gfp.kernel | gfp.highmem);
		expect(log()[0]).toBe('Unexpected gfp: 0x2 (__GFP_HIGHMEM). Fixing up to gfp: 0xcc0 (GFP_KERNEL). Fix your code!');
	});

	it.each([
		['kmalloc-65', 0xeea18000, 1, 'no slab cache is called "kmalloc-65"'],
		['kmalloc-64', 0xf0900000, 1, '0xf0900000 is not in lowmem'],
		['kmalloc-64', 0xeea18010, 1, 'a slab of kmalloc-64 cannot begin at 0xeea18010'],
		['kmalloc-64', 0xeea18000, 65, 'a slab of kmalloc-64 holds 64 objects, not 65'],
		['kmalloc-64', 0xc0008000, 1, 'the pages at 0xc0008000 are not free'],
	])('a boot state with %s at %i and %i objects is refused', (cache, address, used, problem) => {
		const refusal = boot('imx6q-2g').slab.seedCache(cache, address, used);
		expect(refusal && english(refusal)).toBe(problem);
	});
});

describe('misuse', () => {
	const freeTwice = (booted: Booted) => {
		const address = booted.slab.kmalloc(64, booted.gfp.kernel);
		booted.slab.kfree(address);
		booted.slab.kfree(address);
		return address;
	};

	it.each([
		['5.10.223', 'kernel BUG at mm/slub.c:305!'],
		['6.1.176', 'kernel BUG at mm/slub.c:419!'],
	])('kfree twice kills the task on %s', (kernel, line) => {
		const booted = boot('i386-6.1-8g-pae', { kernel });
		expect(() => freeTwice(booted)).toThrow(line);
		expect(booted.log().slice(0, 2)).toEqual(['------------[ cut here ]------------', line]);
	});

	it('before hardening kfree twice is silent, and kmalloc returns that object for ever', () => {
		const booted = boot('laptop-2g-nopae', { kernel: '4.4.155' });
		const address = freeTwice(booted);
		const again = Array.from({ length: 3 }, () => booted.slab.kmalloc(64, booted.gfp.kernel));
		expect(again).toEqual([address, address, address]);
		expect(booted.log()).toEqual([]);
		expect(checkSlabInvariants(booted.slab)).not.toEqual([]);
	});

	it('kfree four bytes into an object is silent, and the next kmalloc returns the odd address', () => {
		const { slab, gfp, log } = boot('i386-6.1-8g-pae');
		const address = slab.kmalloc(64, gfp.kernel);
		slab.kfree(virtual(address + 4));
		expect(slab.kmalloc(64, gfp.kernel)).toBe(address + 4);
		expect(log()).toEqual([]);
	});

	it('kfree of a page is a BUG on 5.10', () => {
		const { context, slab, pages, gfp } = boot('vmsplit-2g-3g', { kernel: '5.10.223' });
		const page = virtual(pages.allocPages(gfp.kernel, 0) * 4096 + context.layout.pageOffset);
		expect(() => slab.kfree(page)).toThrow('kernel BUG at mm/slub.c:4118!');
	});

	it('kfree of a page is a warning on 6.1, and the page is freed', () => {
		const { context, slab, pages, gfp, log } = boot('i386-6.1-8g-pae');
		const pfn = pages.allocPages(gfp.kernel, 0);
		const page = virtual(pfn * 4096 + context.layout.pageOffset);
		slab.kfree(page);
		expect(log().slice(0, 2)).toEqual([
			'------------[ cut here ]------------',
			'WARNING: CPU: 0 PID: 1 at mm/slab_common.c:904 free_large_kmalloc+0x58/0x90',
		]);
		expect(log().at(-1)).toBe(`object pointer: 0x${page.toString(16)}`);
		expect(pages.allocPages(gfp.kernel, 0)).toBe(pfn);
	});

	it('kfree anywhere inside a large block frees the block, silently', () => {
		const { slab, pages, gfp, log } = boot('imx6q-2g');
		const address = slab.kmalloc(65536, gfp.kernel);
		slab.kfree(virtual(address + 4096));
		expect(slab.kmalloc(65536, gfp.kernel)).toBe(address);
		expect(log()).toEqual([]);
		expect(checkPageInvariants(pages)).toEqual([]);
	});

	it('kfree of a module variable has no struct page on ARM', () => {
		// Recorded on arm-419: a paging request for the struct page, above lowmem.
		expect(() => boot('a20-1g').slab.kfree(virtual(0xbf0066d4))).toThrow(
			'Unable to handle kernel paging request at virtual address',
		);
	});
});

describe('kmalloc(GFP_KERNEL) while atomic', () => {
	it('asks whether it may sleep, at the place that 4.19 printed; GFP_ATOMIC does not ask', () => {
		const { context, pages, slab, gfp } = boot('debian10-pae-4g');
		const places: string[] = [];
		pages.mightSleep = place => places.push(place);
		slab.kmalloc(64, gfp.kernel);
		context.changePreemptCount(1);
		slab.kmalloc(64, gfp.high | gfp.atomic | gfp.kswapd);
		slab.kmalloc(64, gfp.kernel);
		expect(places).toEqual(['mm/slab.h:422']);
	});
});

describe('memory that must be zero', () => {
	it('kzalloc tells whoever holds the bytes', async () => {
		const { SlabAllocator } = await import('../../../source/memory/slab/slab-allocator.ts');
		const { KernelWords } = await import('../../../source/memory/kernel-words.ts');
		const { context, pages, gfp } = boot('imx6q-2g');
		const zeroed: [number, number][] = [];
		const slab = new SlabAllocator(context, pages, new KernelWords(context), (at, bytes) => zeroed.push([at, bytes]));
		const address = slab.kzalloc(100, gfp.kernel);
		slab.kmalloc(100, gfp.kernel);
		expect(zeroed).toEqual([[address, 128]]);
	});
});
