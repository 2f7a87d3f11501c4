import { PAGE_SIZE, virtual } from '../../machine/address.ts';
import { blockFacts } from '../probe-kernel/first-sight.ts';
import type { LowmemKernel } from '../probe-kernel/lowmem-kernel.ts';
import { InPart } from '../undetermined.ts';

/** slabs() of the second probe: eight objects of a size, and who gets those that were given back. */
export class SlabProbe {
	constructor(readonly lowmem: LowmemKernel) {}

	run(): void {
		for (const size of [8, 24, 64, 100, 200, 1000, 4096, 8192]) this.#eightObjects(size);
		this.#eightPages();
	}

	#eightObjects(size: number): void {
		const { trail } = this.lowmem;
		const recorded = (trail.peek?.addrs ?? []) as readonly string[];
		const got = recorded.map((text, index) => this.lowmem.kmalloc(size, Number(text), index > 0));
		trail.expect('kmalloc_x8', { size, addrs: got.map(({ value }) => value) });
		const objects = got.map(({ address }) => address);
		const [third, sixth] = [objects[2] ?? virtual(0), objects[5] ?? virtual(0)];
		this.lowmem.kfree(third);
		this.lowmem.kfree(sixth);
		const first = this.lowmem.kmalloc(size, trail.number('got1'));
		const second = this.lowmem.kmalloc(size, trail.number('got2'));
		trail.expect('kfree_3rd_then_6th_then_kmalloc_x2', {
			size,
			freed1: third,
			freed2: sixth,
			got1: first.value,
			got2: second.value,
			lifo: first.address === sixth && second.address === third ? 1 : 0,
		});
		objects[2] = first.address;
		objects[5] = second.address;
		for (const object of objects) this.lowmem.kfree(object);
	}

	#eightPages(): void {
		const { kernel, trail } = this.lowmem;
		const recorded = ((trail.peek?.addrs ?? []) as readonly string[]).map(Number);
		const got = recorded.map((address, index) => {
			// What one refill of the CPU's list brings lies side by side, ascending.
			const isRun = index > 0 && address === (recorded[index - 1] ?? 0) + PAGE_SIZE;
			const pfn = kernel.virtToPfn(virtual(address));
			const facts = blockFacts(kernel, this.lowmem.gfp, pfn, 0);
			if (!isRun) this.lowmem.blocks.learnRun(pfn, runLength(recorded, index));
			const page = kernel.getFreePages(this.lowmem.gfp, 0);
			return { address: page, value: isRun || page !== address ? page : new InPart('free block', facts) };
		});
		trail.expect('get_free_page_x8', { addrs: got.map(({ value }) => value) });
		const fourth = got[3]?.address ?? virtual(0);
		kernel.freePagesAt(fourth, 0);
		const again = this.lowmem.getPages(0, trail.number('got'), true);
		trail.expect('free_page_then_get_free_page', {
			freed: fourth,
			got: again.value,
			same: again.address === fourth ? 1 : 0,
		});
	}
}

/** How many of the pages from `index` on lie side by side. */
const runLength = (addresses: readonly number[], index: number): number => {
	let end = index + 1;
	while (addresses[end] === (addresses[end - 1] ?? 0) + PAGE_SIZE) end++;
	return end - index;
};
