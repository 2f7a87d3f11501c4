import { PAGE_SIZE, type Pfn, pfn, pfnToPhysical, physicalToPfn, virtual } from '../../machine/address.ts';
import { UserError } from '../../machine/user-error.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { gfpBits } from '../../memory/pages/gfp.ts';
import { orderOf } from '../../memory/slab/slab-rules.ts';
import { type Availability, type Environment, operation } from './builtin.ts';
import { fill } from './pages.ts';

/** Before 3.6 ARM had an area of fixed addresses for such buffers. */
const COHERENT: readonly Availability[] = [{ arch: 'x86' }, { arch: 'arm', since: '3.6' }];

/**
 * Pages of a buffer, one by one: from CMA where the kernel has such an area, else from a block whose rest goes back
 * (arch/arm/mm/dma-mapping.c: __dma_alloc_buffer).
 */
const takePages = ({ kernel }: Environment, count: number, order: number, gfp: number): readonly Pfn[] => {
	const { machine } = kernel.view;
	const hasCma = machine.arch === 'arm' && machine.cma !== undefined;
	const first = hasCma ? kernel.allocContiguous(count, order) : kernel.allocPages(gfp, order);
	if (first === NO_PAGE) return [];
	const pages = Array.from({ length: hasCma ? count : 2 ** order }, (_, index) => pfn(first + index));
	if (!hasCma) kernel.splitPage(first, order);
	for (const page of pages.slice(count)) kernel.freePages(page, 0);
	return pages.slice(0, count);
};

/** Lowmem pages of CMA keep their address; all else gets one in the vmalloc area, where the mapping is uncached. */
const allocArm = (env: Environment, bytes: number, gfp: number): readonly [address: number, first: Pfn] | undefined => {
	const { kernel } = env;
	if ((gfp & gfpBits(kernel.view.machine.kernel).directReclaim) === 0) {
		throw new UserError('the pool for atomic requests is not simulated', 'dma_alloc_coherent', 'use GFP_KERNEL');
	}
	const count = Math.ceil(bytes / PAGE_SIZE);
	const pages = takePages(env, count, orderOf(bytes), gfp);
	const [first] = pages;
	if (first === undefined) return undefined;
	const isKept = kernel.isContiguous(first) && !kernel.isHighmemPage(first);
	const address = isKept ? kernel.physToVirt(pfnToPhysical(first)) : kernel.vmap(pages, env.caller);
	if (address === 0) {
		for (const page of pages) kernel.freePages(page, 0);
		return undefined;
	}
	return [address, first];
};

const allocX86 = ({ kernel }: Environment, bytes: number, gfp: number): readonly [number, Pfn] | undefined => {
	const address = kernel.getFreePages(gfp, orderOf(bytes));
	return address === 0 ? undefined : [address, kernel.virtToPfn(address)];
};

const alloc = (env: Environment, bytes: number, handle: number, gfp: number): number => {
	const { kernel } = env;
	const { machine } = kernel.view;
	if (bytes === 0) return 0;
	const found = machine.arch === 'arm' ? allocArm(env, bytes, gfp) : allocX86(env, bytes, gfp);
	if (!found) return 0;
	const [address, first] = found;
	fill(kernel, address, 0, Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE);
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	kernel.write(virtual(handle), isWide ? 8 : 4, BigInt(pfnToPhysical(first)));
	return address;
};

const free = ({ kernel }: Environment, bytes: number, address: number, handle: number): void => {
	if (kernel.view.machine.arch === 'x86') {
		kernel.freePagesAt(virtual(address), orderOf(bytes));
		return;
	}
	if (kernel.isVmallocAddress(virtual(address))) kernel.vunmap(virtual(address));
	const first = physicalToPfn(handle);
	for (let at = 0; at < Math.ceil(bytes / PAGE_SIZE); at++) kernel.freePages(pfn(first + at), 0);
};

/** include/linux/dma-mapping.h: buffers that devices and the CPU see alike. */
export const dmaBuiltins = COHERENT.flatMap(when => [
	operation(
		'void *dma_alloc_coherent(address dev, size_t size, dma_addr_t *handle, gfp_t gfp)',
		'a buffer for a device: its address, and the physical one in *handle',
		(env, _, bytes = 0, handle = 0, gfp = 0) => alloc(env, bytes, handle, gfp),
		when,
	),
	operation(
		'void dma_free_coherent(address dev, size_t size, address cpu_addr, dma_addr_t handle)',
		'give back what dma_alloc_coherent gave',
		(env, _, bytes = 0, address = 0, handle = 0) => free(env, bytes, address, handle),
		when,
	),
]);
