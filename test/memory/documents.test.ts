import { describe, expect, it } from 'vitest';
import type { Pfn } from '../../source/machine/address.ts';
import { KiB } from '../../source/machine/address.ts';
import type { Kernel } from '../../source/memory/kernel.ts';
import { NO_PAGE } from '../../source/memory/operations.ts';
import { boot } from './boot-kernel.ts';

/** How the documents' board (i.MX6Q, 2 GB, Linux 5.5) stood when the first module was loaded. */
const BOARD_STATE = {
	timeSeconds: 58.787147,
	lastPkmapNr: 42,
	vmallocAreas: [{ start: 0xf0800000, bytes: 124 * KiB }],
	slabs: [{ cache: 'kmalloc-64', slab: 0xeea18000, used: 38 }],
};
const GFP_HIGHMEM = 0x2;
const GFP_KERNEL = 0xcc0;

const page = (kernel: Kernel): Pfn => {
	const pfn = kernel.allocPages(GFP_HIGHMEM, 0);
	if (pfn === NO_PAGE) throw new Error('no page');
	return pfn;
};

const modules = {
	kmap: (kernel: Kernel) => {
		const pfn = page(kernel);
		const address = kernel.kmap(pfn);
		kernel.kunmap(pfn);
		kernel.freePages(pfn, 0);
		return address;
	},
	atomic_low: (kernel: Kernel) => {
		const pfn = page(kernel);
		// Takes a slot from the stack and never gives it back.
		const index = 1 + kernel.kmapAtomicIdxPush();
		kernel.setFixmap(index, pfn * 4096);
		kernel.clearFixmap(index);
		kernel.freePages(pfn, 0);
		return kernel.fixToVirt(index);
	},
	atomic_high: (kernel: Kernel) => {
		const pfn = page(kernel);
		const address = kernel.kmapAtomic(pfn);
		kernel.kunmapAtomic(address);
		kernel.freePages(pfn, 0);
		return address;
	},
	kmalloc: (kernel: Kernel) => {
		const address = kernel.kmalloc(4, GFP_KERNEL);
		kernel.kfree(address);
		return address;
	},
	vmalloc: (kernel: Kernel) => {
		const address = kernel.vmalloc(4);
		kernel.vfree(address);
		return address;
	},
} as const;

const insmod = (kernel: Kernel, name: keyof typeof modules, coreBytes = 1800, initBytes = 900): number => {
	kernel.loadModule(name, coreBytes, initBytes);
	const result = modules[name](kernel);
	kernel.finishModuleInit(name);
	return result;
};

const EXPECTED = {
	kmap: 0xbfe2b000,
	atomic_low: 0xffefe000,
	atomic_high: 0xffefd000,
	kmalloc: 0xeea18980,
	vmalloc: 0xf081f000,
};

describe('the five modules on the documents’ board, one after another', () => {
	it.each([
		['small', 1800, 900],
		['large', 30_000, 3000],
		['with a large init part', 500, 40_000],
	])('get the addresses that the board printed, %s', (_, coreBytes, initBytes) => {
		const kernel = boot('imx6q-2g', {}, BOARD_STATE);
		const names = Object.keys(modules) as (keyof typeof modules)[];
		const results = Object.fromEntries(names.map(name => [name, insmod(kernel, name, coreBytes, initBytes)]));
		expect(results).toEqual(EXPECTED);
	});

	it('would see the pkmap address again if kmap’s page came straight back', () => {
		const kernel = boot('imx6q-2g', {}, BOARD_STATE);
		expect([modules.kmap(kernel), modules.atomic_high(kernel)]).toEqual([0xbfe2b000, 0xbfe2b000]);
	});

	it('puts module cores and inits from MODULES_VADDR up, and gives the inits back', () => {
		const kernel = boot('imx6q-2g', {}, BOARD_STATE);
		insmod(kernel, 'kmap');
		insmod(kernel, 'atomic_low');
		const areas = kernel.view.vmalloc.areas().filter(area => area.kind === 'module');
		expect(areas.map(area => [area.start, area.pages, area.isLazy])).toEqual([
			[0xbf000000, 3, false],
			[0xbf004000, 2, true],
			[0xbf007000, 3, false],
			[0xbf00b000, 2, true],
		]);
	});

	it('frees everything at rmmod', () => {
		const kernel = boot('imx6q-2g');
		const free = () =>
			kernel.view.pages.zones.reduce((sum, zone) => sum + zone.free + zone.perCpuPages.reduce((a, b) => a + b, 0), 0);
		kernel.loadModule('warm', 4096, 4096);
		kernel.unloadModule('warm');
		const before = free();
		kernel.loadModule('m', 4096, 4096);
		kernel.finishModuleInit('m');
		expect(free()).toBeLessThan(before);
		kernel.unloadModule('m');
		expect(free()).toBe(before);
	});
});
