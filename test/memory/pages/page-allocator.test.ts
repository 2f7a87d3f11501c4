import { describe, expect, it } from 'vitest';
import { type Pfn, physical } from '../../../source/machine/address.ts';
import { checkPageInvariants } from '../../../source/memory/invariants/page-invariants.ts';
import type { PageView } from '../../../source/memory/memory-view.ts';
import { NO_PAGE } from '../../../source/memory/operations.ts';
import { gfpConstants } from '../../../source/memory/pages/gfp.ts';
import { boot } from '../machines-for-pages.ts';

const GiB = 2 ** 30;

/** Allocate until the zone list is empty. */
const takeAll = ({ pages }: ReturnType<typeof boot>, gfp: number, order = 0): Pfn[] => {
	const taken: Pfn[] = [];
	for (;;) {
		const pfn = pages.allocPages(gfp, order);
		if (pfn === NO_PAGE) return taken;
		taken.push(pfn);
	}
};

describe('which addresses come first', () => {
	it('up to 5.9 the highest free 4 MiB block of lowmem serves the first kernel page', () => {
		// The documents' board: kmalloc gave 0xeea18980, in the block at physical 0x3e800000.
		const { pages, gfp } = boot('imx6q-2g');
		expect(pages.allocPages(gfp.kernel, 0)).toBe(0x3e800);
	});

	it('from 5.10 on the lowest free block does', () => {
		const { pages, gfp } = boot('imx6q-2g', { kernel: '5.10.0' });
		expect(pages.allocPages(gfp.kernel, 0)).toBe(0x11400);
	});

	it('pages of one refill ascend', () => {
		const { pages, gfp } = boot('imx6q-2g');
		const [first = 0, ...rest] = Array.from({ length: 63 }, () => pages.allocPages(gfp.kernel, 0) as number);
		expect(rest).toEqual(rest.map((_, index) => first + 1 + index));
	});

	it('the page freed last is the next one allocated', () => {
		const { pages, gfp } = boot('imx6q-2g');
		const [a, b] = [pages.allocPages(gfp.kernel, 0), pages.allocPages(gfp.kernel, 0)];
		if (a === NO_PAGE || b === NO_PAGE) throw new Error('no page');
		pages.freePages(b, 0);
		pages.freePages(a, 0);
		expect([pages.allocPages(gfp.kernel, 0), pages.allocPages(gfp.kernel, 0)]).toEqual([a, b]);
	});

	it('each CPU has a list of its own', () => {
		const { context, pages, gfp } = boot('imx6q-2g');
		const first = pages.allocPages(gfp.kernel, 0);
		context.switchCpu(1);
		expect(pages.allocPages(gfp.kernel, 0)).toBe(first + 63);
	});

	it('a split keeps the low half and leaves one free block of each smaller order', () => {
		const { pages, gfp } = boot('a20-1g-3gopt', { kernel: '5.10.0' });
		const before = pages.view.zones[0]?.freeBlocks ?? [];
		const pfn = pages.allocPages(gfp.kernel, 6);
		expect(pfn % 1024).toBe(0);
		expect(pages.view.zones[0]?.freeBlocks.map((count, order) => count - (before[order] ?? 0))).toEqual([
			0, 0, 0, 0, 0, 0, 1, 1, 1, 1, -1,
		]);
	});

	it('x86 without ZONE_DMA serves the kernel from the first 4 MiB, whose pageblock was never marked movable', () => {
		// 4.19 and 4.4 recordings: get_free_page gives 0xc01.....
		const { pages, gfp } = boot('laptop-2g-nopae', { zoneDma: false });
		expect(pages.allocPages(gfp.kernel, 0)).toBeLessThan(0x400);
	});
});

describe('zones', () => {
	it('GFP_KERNEL never gets HighMem pages, __GFP_HIGHMEM gets them first', () => {
		const { pages, gfp } = boot('imx6q-2g');
		expect(pages.zoneOf(pages.allocPages(gfp.kernel, 0) as Pfn)).toBe('Normal');
		expect(pages.zoneOf(pages.allocPages(gfp.highmem, 0) as Pfn)).toBe('HighMem');
		expect(pages.isHighmem(0x40000 as Pfn)).toBe(true);
		expect(pages.isHighmem(0x3ffff as Pfn)).toBe(false);
	});

	it('without HighMem pages __GFP_HIGHMEM gets lowmem', () => {
		const { pages, gfp } = boot('imx6ull-512m');
		expect(pages.zoneOf(pages.allocPages(gfp.highmem, 0) as Pfn)).toBe('Normal');
	});

	it('__GFP_DMA stays in the first 16 MiB of a PC', () => {
		const { pages, gfp } = boot('debian10-pae-4g');
		expect(pages.allocPages(gfp.kernel | gfp.dma, 0)).toBeLessThan(4096);
	});

	it('requests fall back from HighMem to lowmem only when HighMem is at its mark', () => {
		const machine = boot('imx6q-2g');
		const [normal, high] = machine.pages.view.zones;
		const normalFree = normal?.free ?? 0;
		while ((high?.free ?? 0) > (high?.watermarks.low ?? 0) + 16384 + 128)
			machine.pages.allocPages(machine.gfp.highmem, 6);
		expect(normal?.free).toBe(normalFree);
	});

	it('kernels 3.12 to 4.7 give HighMem and lowmem in turns', () => {
		// Recorded on 4.4 with 1 GiB: most of the pages asked for as GFP_HIGHUSER came from lowmem; 4.19 gave none.
		const zonesOf = (kernel: string) => {
			const { pages, gfp } = boot('laptop-2g-nopae', { kernel });
			const taken = Array.from({ length: 1000 }, () => pages.allocPages(gfp.kernel | gfp.highmem, 0) as Pfn);
			return new Set(taken.map(pfn => pages.zoneOf(pfn)));
		};
		expect(zonesOf('4.4.0')).toEqual(new Set(['HighMem', 'Normal', 'DMA']));
		expect(zonesOf('4.19.0')).toEqual(new Set(['HighMem']));
	});

	it('CMA pages serve movable requests only', () => {
		const machine = boot('zynq-1g');
		const isCma = (pfn: number) => pfn >= 0x3f000 && pfn < 0x40000;
		const { gfp } = machine;
		const kernelPages = takeAll(machine, gfp.kernel | gfp.highmem | gfp.nowarn, 4);
		expect(kernelPages.some(isCma)).toBe(false);
		const movable = takeAll(machine, gfp.kernel | gfp.highmem | gfp.movable | gfp.nowarn, 4);
		expect(movable.length).toBeGreaterThan(200);
		expect(movable.every(isCma)).toBe(true);
	});
});

describe('what boot keeps', () => {
	const state = (id: string, pfn: number): PageView['state'] | undefined => boot(id).pages.view.page(pfn as Pfn)?.state;

	it('kernel image, page directory and mem_map are reserved, the init sections are free again', () => {
		// 0xc0004000 swapper_pg_dir, 0xc0008000 text, 0xc0e00000 init, 0xc1000000 data, mem_map below 0xf0000000.
		expect(state('imx6q-2g', 0x10000)).toBe('free');
		expect(state('imx6q-2g', 0x10004)).toBe('reserved');
		expect(state('imx6q-2g', 0x10008)).toBe('reserved');
		expect(state('imx6q-2g', 0x10e00)).toBe('free');
		expect(state('imx6q-2g', 0x11000)).toBe('reserved');
		expect(state('imx6q-2g', 0x3f800)).toBe('reserved');
	});

	it('a PC has no usable page in 0x9f..0xff', () => {
		expect(state('debian10-pae-4g', 0x9e)).toBe('free');
		expect(state('debian10-pae-4g', 0x9f)).toBe('reserved');
		expect(state('debian10-pae-4g', 0xff)).toBe('reserved');
		expect(state('debian10-pae-4g', 0x100)).toBe('free');
	});

	it('all managed pages are free, and nothing contradicts itself', () => {
		const { pages } = boot('debian10-pae-4g');
		expect(pages.view.zones.map(({ free, managed }) => free === managed)).toEqual([true, true, true]);
		expect(checkPageInvariants(pages)).toEqual([]);
	});

	it('a 64 GiB machine makes no frames for its free memory', () => {
		const ram = [
			{ base: physical(0), sizeBytes: 3 * GiB },
			{ base: physical(4 * GiB), sizeBytes: 61 * GiB },
		];
		const { pages, gfp } = boot('ubuntu1204-pae-16g', { ram });
		expect(pages.view.zones[2]?.managed).toBeGreaterThan(15e6);
		expect(pages.frames.state.length).toBeLessThan(64 * 1024);
		expect(pages.allocPages(gfp.highmem, 0)).not.toBe(NO_PAGE);
	});

	it('a block can be taken out of the middle of free memory', () => {
		const { pages } = boot('imx6q-2g');
		expect(pages.reserveAtBoot(0x3ea18 as Pfn, 0)).toBe(true);
		expect(pages.isAllocated(0x3ea18 as Pfn)).toBe(true);
		expect(pages.isAllocated(0x3ea19 as Pfn)).toBe(false);
		expect(pages.reserveAtBoot(0x3ea18 as Pfn, 0)).toBe(false);
		expect(checkPageInvariants(pages)).toEqual([]);
	});
});

describe('running out', () => {
	it('GFP_ATOMIC goes deeper into the reserve than GFP_KERNEL', () => {
		const machine = boot('imx6ull-512m');
		const { gfp, pages } = machine;
		takeAll(machine, gfp.kernel | gfp.nowarn);
		const afterKernel = pages.view.zones[0]?.free ?? 0;
		const atomic = takeAll(machine, gfp.high | gfp.atomic | gfp.nowarn).length;
		expect(afterKernel).toBeGreaterThan((pages.view.zones[0]?.watermarks.min ?? 0) - 32);
		expect(atomic).toBeGreaterThan(300);
	});

	it.each([
		['2.6.32', 'init: page allocation failure. order:0, mode:0x20'],
		['4.1.0', 'init: page allocation failure: order:0, mode:0x20'],
		['4.4.155', 'init: page allocation failure: order:0, mode:0x2080020'],
		['4.9.0', 'init: page allocation failure: order:0, mode:0x2080020(GFP_ATOMIC)'],
		['4.19.44', 'init: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null)'],
		[
			'6.1.176',
			'init: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0',
		],
	])('%s says so in its own words', (kernel, line) => {
		const machine = boot('versatilepb-128m', { kernel });
		takeAll(machine, gfpConstants(machine.machine.kernel).get('GFP_ATOMIC') ?? 0);
		expect(machine.log()[0]).toBe(line);
		expect(machine.log()).toContain('Mem-Info:');
	});

	it('counts the free blocks of each order, as /proc/buddyinfo does', () => {
		const machine = boot('versatilepb-256m', { kernel: '4.19.0' });
		takeAll(machine, machine.gfp.kernel);
		expect(machine.log().find(line => line.startsWith('Normal: '))).toMatch(
			/^Normal: (\d+\*\d+kB( \([UMEC]+\))? ){11}= \d+kB$/,
		);
	});

	it('__GFP_NOWARN keeps it silent', () => {
		const machine = boot('versatilepb-128m');
		takeAll(machine, machine.gfp.kernel | machine.gfp.nowarn, 5);
		expect(machine.log()).toEqual([]);
	});

	it('an order above the limit is warned of once and fails', () => {
		const { pages, gfp, log } = boot('debian10-pae-4g');
		expect([pages.allocPages(gfp.kernel, 11), pages.allocPages(gfp.kernel, 11)]).toEqual([NO_PAGE, NO_PAGE]);
		expect(log().filter(line => line.startsWith('WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:'))).toHaveLength(1);
	});

	it('a BeagleBone allows order 11', () => {
		const { pages, gfp } = boot('bbb-512m-3.8');
		expect(pages.allocPages(gfp.kernel, 11) % 2048).toBe(0);
	});
});

describe('freeing what is not allocated', () => {
	it('a second free is silent on 4.19 and the page comes back as usual', () => {
		const { pages, gfp, log } = boot('debian10-pae-4g');
		const pfn = pages.allocPages(gfp.kernel, 0) as Pfn;
		pages.freePages(pfn, 0);
		pages.freePages(pfn, 0);
		expect(pages.allocPages(gfp.kernel, 0)).toBe(pfn);
		expect(log()).toEqual([]);
	});

	it('4.19 reports the page when it leaves the CPU list, and never uses it again', () => {
		const { pages, gfp, log } = boot('debian10-pae-4g', { kernel: '4.19.44' });
		const pfn = pages.allocPages(gfp.kernel | gfp.highmem, 0) as Pfn;
		pages.freePages(pfn, 0);
		pages.freePages(pfn, 0);
		pages.drainAll();
		expect(log()[0]).toBe(`BUG: Bad page state in process init  pfn:${pfn.toString(16).padStart(5, '0')}`);
		expect(log()).toContain('page dumped because: nonzero _refcount');
		expect(checkPageInvariants(pages)).toEqual([]);
	});

	it('4.4 reports it when it is about to be handed out, and takes the next page', () => {
		const { pages, gfp, log } = boot('laptop-2g-nopae', { kernel: '4.4.155' });
		const pfn = pages.allocPages(gfp.kernel, 0) as Pfn;
		pages.freePages(pfn, 0);
		pages.freePages(pfn, 0);
		expect(log()).toEqual([]);
		expect(pages.allocPages(gfp.kernel, 0)).toBe(pfn + 1);
		expect(log()).toEqual([
			`BUG: Bad page state in process init  pfn:${pfn.toString(16).padStart(5, '0')}`,
			expect.stringMatching(/^page:[0-9a-f]{8} count:-1 mapcount:0 mapping: {2}\(null\) index:0x0$/),
			// Zone 1 of three, in the two highest bits.
			'flags: 0x40000000()',
			'page dumped because: nonzero _count',
			'Modules linked in:',
			expect.stringMatching(/^CPU: 0 PID: 1 Comm: init /),
			'Call Trace:',
			' [<00000000>] dump_stack',
		]);
	});

	it('too large an order is refused when the neighbour is in use', () => {
		const { pages, gfp, log } = boot('debian10-pae-4g');
		const pfn = pages.allocPages(gfp.kernel, 0) as Pfn;
		pages.allocPages(gfp.kernel, 0);
		pages.freePages(pfn, 1);
		expect(log()[0]).toBe(`BUG: Bad page state in process init  pfn:${(pfn + 1).toString(16).padStart(5, '0')}`);
	});

	// oracle: kfree_kernel_data, which 6.1 takes without a word and 6.12 does not.
	it('a page of the kernel image stays where it is, without a word where it went onto a CPU list', () => {
		const { pages, log } = boot('imx6q-2g');
		pages.freePages(0x10008 as Pfn, 0);
		expect(pages.view.page(0x10008 as Pfn)?.state).toBe('reserved');
		expect(log()).toEqual([]);
		const strict = boot('imx6q-2g', { kernel: '6.12.1' });
		strict.pages.freePages(0x10008 as Pfn, 0);
		expect(strict.log()[0]).toBe('BUG: Bad page state in process init  pfn:10008');
	});

	it('a frame that no zone has is ignored', () => {
		const { pages, log } = boot('imx6q-2g');
		pages.freePages(0xfffff as Pfn, 0);
		expect(log()).toEqual([]);
	});
});

describe('events', () => {
	it('tell of the refill, the splits and the page', () => {
		const { context, pages, gfp } = boot('imx6q-2g');
		const from = context.events.count;
		const before = context.revisions.pages;
		pages.allocPages(gfp.kernel, 0);
		const types = Array.from(
			{ length: context.events.count - from },
			(_, index) => context.events.at(from + index)?.type,
		);
		expect(types.filter(type => type === 'pcp_refill')).toHaveLength(1);
		expect(types.at(-1)).toBe('page_alloc');
		expect(types).toContain('buddy_split');
		expect(context.revisions.pages).toBeGreaterThan(before);
	});
});
