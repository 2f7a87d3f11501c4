import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { openShell, X86 } from './shell.ts';

const TAKE = ['dma_addr_t handle', 'buffer = dma_alloc_coherent(NULL, 3 * PAGE_SIZE, &handle, GFP_KERNEL)'];
const GIVE = 'dma_free_coherent(NULL, 3 * PAGE_SIZE, buffer, handle)';

describe('dma_alloc_coherent', () => {
	it('gives a zeroed block of lowmem on x86', async () => {
		const { say } = await openShell(X86);
		const before = say('nr_free_pages()');
		say(...TAKE);
		expect(say('handle == virt_to_phys(buffer)')).toBe('1');
		expect(say('is_vmalloc_addr(buffer)')).toBe('false');
		expect(say('before = nr_free_pages()', GIVE, 'nr_free_pages() - before')).toBe('4');
		expect(say('nr_free_pages()')).toBe(before);
	});

	it('maps single pages into the vmalloc area on ARM without CMA, and keeps no more than was asked for', async () => {
		const machine = 'versatilepb-256m';
		expect(findMachine(machine)).not.toHaveProperty('cma');
		const { say } = await openShell(machine);
		say(...TAKE);
		expect(say('is_vmalloc_addr(buffer)')).toBe('true');
		expect(say('vmalloc_to_pfn((char *)buffer + 2 * PAGE_SIZE) == (handle >> PAGE_SHIFT) + 2')).toBe('1');
		say(GIVE);
		expect(say('page_count(pfn_to_page(handle >> PAGE_SHIFT))')).toBe('0');
	});

	it('takes from the start of the CMA area on ARM that has one in lowmem', async () => {
		const { say, kernel } = await openShell('imx6ull-512m');
		say(...TAKE);
		const first = Number(say('handle >> PAGE_SHIFT'));
		expect(kernel.isContiguous(first as Parameters<typeof kernel.isContiguous>[0])).toBe(true);
		expect(say('buffer == phys_to_virt(handle)')).toBe('1');
		expect(say('is_vmalloc_addr(buffer)')).toBe('false');
		expect(say('dma_addr_t next', 'dma_alloc_coherent(NULL, PAGE_SIZE, &next, GFP_KERNEL)', 'next - handle')).toBe(
			'12288',
		);
	});

	it('cannot serve atomic requests on ARM', async () => {
		const { say, mistake } = await openShell('versatilepb-256m');
		say('dma_addr_t handle');
		expect(mistake('dma_alloc_coherent(NULL, PAGE_SIZE, &handle, GFP_ATOMIC)')).toBe(
			'dma_alloc_coherent: the pool for atomic requests is not simulated (use GFP_KERNEL)',
		);
	});
});

describe('what nothing here does the work of', () => {
	it('is said to be missing from the simulation, not from the kernel', async () => {
		const { mistake } = await openShell();
		expect(mistake('remap_pfn_range(0, 0, 0, PAGE_SIZE, 0)')).toBe('1:1: remap_pfn_range is not simulated');
	});
});
