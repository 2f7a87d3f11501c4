import { describe, expect, it } from 'vitest';
import type { VirtualAddress } from '../../source/machine/address.ts';
import type { Kernel } from '../../source/memory/kernel.ts';
import { INSMOD_PAGES } from '../../source/memory/modules.ts';
import { boot, highmemPage, logOf } from './boot-kernel.ts';

const moduleAreas = (kernel: Kernel) => kernel.view.vmalloc.areas().filter(area => area.kind === 'module');
const takenPages = (kernel: Kernel): number =>
	kernel.view.pages.zones.reduce(
		(sum, zone) => sum - zone.free - zone.perCpuPages.reduce((pages, cpu) => pages + cpu, 0),
		0,
	);

describe('insmod', () => {
	it('takes pages for its process, for the core and for the init part', () => {
		const kernel = boot();
		const before = takenPages(kernel);
		const core = kernel.loadModule('m', 5000, 100);
		// Two pages of text, one each for read-only data and data; one page of init text and one of init data.
		expect(moduleAreas(kernel).map(area => area.pages)).toEqual([4, 2]);
		expect(takenPages(kernel) - before).toBe(INSMOD_PAGES + 6);
		kernel.finishModuleInit('m');
		expect(takenPages(kernel) - before).toBe(4);
		expect(kernel.view.translate(core)).toMatchObject({ via: 'modules' });
	});

	it('keeps the parts of a module together before STRICT_MODULE_RWX', () => {
		const kernel = boot('imx6q-1g');
		kernel.loadModule('m', 5000, 100);
		expect(moduleAreas(kernel).map(area => area.pages)).toEqual([2, 1]);
	});

	// oracle A10: module functions at 0xbf000000.. on ARM, inside vmalloc on x86.
	it('lies below lowmem on ARM and inside vmalloc on x86', () => {
		const arm = boot();
		const x86 = boot('laptop-2g-nopae');
		const armCore = arm.loadModule('m', 100, 100);
		const x86Core = x86.loadModule('m', 100, 100);
		expect([armCore, arm.isVmallocAddress(armCore)]).toEqual([0xbf000000, false]);
		expect([x86Core, x86.isVmallocAddress(x86Core)]).toEqual([x86.view.layout.vmallocStart, true]);
	});

	// oracle B7: on x86 no slot has a count when a module starts, although the cursor has moved.
	it('unmaps unused kmaps on x86, without moving the cursor, and not on ARM', () => {
		const stale = (kernel: Kernel) => {
			const page = highmemPage(kernel);
			kernel.kmap(page);
			kernel.kunmap(page);
			kernel.loadModule('m', 100, 100);
			return [kernel.view.pkmap?.staleSlots, kernel.view.pkmap?.lastPkmapNr];
		};
		expect(stale(boot('laptop-2g-nopae'))).toEqual([0, 1]);
		expect(stale(boot())).toEqual([1, 1]);
	});

	it('refuses a module that is loaded, and one that is too large for the area', () => {
		const kernel = boot();
		kernel.loadModule('m', 100, 100);
		const before = takenPages(kernel);
		expect(kernel.loadModule('m', 100, 100)).toBe(0);
		expect(kernel.loadModule('big', 20 * 1024 * 1024, 100)).toBe(0);
		expect(takenPages(kernel)).toBe(before);
		expect(logOf(kernel)[0]).toContain('vmap allocation for size');
	});

	it('is forgotten at rmmod; its address is reused after a purge', () => {
		const kernel = boot();
		kernel.loadModule('m', 100, 100);
		kernel.finishModuleInit('m');
		kernel.unloadModule('m');
		expect(kernel.view.translate(0xbf000000 as VirtualAddress)).toBeNull();
		kernel.vmUnmapAliases();
		expect(kernel.loadModule('m', 100, 100)).toBe(0xbf000000);
		kernel.unloadModule('unknown');
	});
});
