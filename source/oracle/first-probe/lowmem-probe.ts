import { MiB, PAGE_SIZE, pfn as pfnOf } from '../../machine/address.ts';
import { blockFacts } from '../probe-kernel/first-sight.ts';
import type { LowmemKernel } from '../probe-kernel/lowmem-kernel.ts';
import { InPart } from '../undetermined.ts';
import { ConversionProbe } from './conversion-probe.ts';

/** kmalloc sizes of the first probe, around the borders of the caches. */
const SIZES = [
	...[0, 1, 8, 9, 16, 24, 32, 33, 64, 65, 96, 97, 100, 128, 129, 192, 193, 200, 256, 257, 512, 1000, 1024, 1025],
	...[2048, 2049, 4096, 4097, 8192, 8193, 12288, 16384, 16385, 65536, 131072, MiB],
	...[4 * MiB, 4 * MiB + 1, 8 * MiB, 8 * MiB + 1],
];

/** The lowest set bit: to what an address is aligned. */
const alignment = (address: number): number => (address & -address) >>> 0;

/** lowmem() of the first probe: kmalloc, pages, conversions, and kmap of what needs none. */
export class LowmemProbe {
	constructor(readonly lowmem: LowmemKernel) {}

	run(): void {
		for (const size of SIZES) this.#kmallocTwice(size);
		this.#kmallocAgain();
		for (let order = 0; order < 4; order++) this.#freePages(order);
		new ConversionProbe(this.lowmem.kernel, this.lowmem.trail).run();
		this.#kmapOfLowmem();
	}

	#kmallocTwice(size: number): void {
		const { kernel, trail } = this.lowmem;
		const first = this.lowmem.kmalloc(size, trail.number('result'), false);
		const second = this.lowmem.kmalloc(size, trail.number('result2'));
		const { address } = first;
		trail.expect('kmalloc', {
			size,
			result: first.value,
			result2: second.value,
			ksize: address === 0 ? 0 : kernel.ksize(address),
			align: alignment(address),
			phys: address <= 16 ? 0 : kernel.virtToPhys(address),
		});
		this.lowmem.kfree(first.address);
		this.lowmem.kfree(second.address);
	}

	#kmallocAgain(): void {
		const { trail } = this.lowmem;
		const first = this.lowmem.kmalloc(100, trail.number('first'), false);
		this.lowmem.kfree(first.address);
		const second = this.lowmem.kmalloc(100, trail.number('second'));
		trail.expect('kmalloc_free_kmalloc', {
			size: 100,
			first: first.value,
			second: second.value,
			same: first.address === second.address ? 1 : 0,
		});
		this.lowmem.kfree(second.address);
	}

	#freePages(order: number): void {
		const { kernel, trail } = this.lowmem;
		const { address, value } = this.lowmem.getPages(order, trail.number('result'));
		const pfn = kernel.virtToPfn(address);
		trail.expect('get_free_pages', {
			order,
			result: value,
			pfn,
			phys: kernel.virtToPhys(address),
			page_address: kernel.pageAddress(pfn),
		});
		kernel.freePagesAt(address, order);
	}

	#kmapOfLowmem(): void {
		const { kernel, trail } = this.lowmem;
		const recorded = trail.number('pfn');
		const facts = blockFacts(kernel, this.lowmem.gfp, recorded, 0);
		const isLearned = this.lowmem.prepareBlock(recorded, 0);
		const pfn = pfnOf(kernel.allocPages(this.lowmem.gfp, 0));
		const mapped = kernel.kmap(pfn);
		kernel.kunmap(pfn);
		const atomic = kernel.kmapAtomic(pfn);
		kernel.kunmapAtomic(atomic);
		const pkmap = kernel.view.pkmap;
		const slot = pkmap && mapped >= pkmap.address(0) && mapped < pkmap.address(0) + pkmap.slots * PAGE_SIZE ? 0 : -1;
		trail.expect('kmap_lowmem', {
			pfn: isLearned && pfn === recorded ? new InPart('page frame', facts) : pfn,
			highmem: kernel.isHighmemPage(pfn) ? 1 : 0,
			kmap: mapped,
			slot,
			kmap_atomic: atomic,
			page_address: kernel.pageAddress(pfn),
			phys_to_virt: kernel.physToVirt(pfn * PAGE_SIZE),
		});
		kernel.freePages(pfn, 0);
	}
}
