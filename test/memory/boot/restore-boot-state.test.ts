import { describe, expect, it } from 'vitest';
import { MACHINES } from '../../../source/machine/machines.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import type { BootState } from '../../../source/memory/boot/boot-state.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { boot, highmemPage } from '../boot-kernel.ts';

describe('a boot state', () => {
	it('sets the clock, the cursor, the counts and the areas', () => {
		const kernel = boot(
			'imx6q-2g',
			{},
			{
				timeSeconds: 58.787147,
				lastPkmapNr: 28,
				pkmapCounts: { 27: 1, 28: 3 },
				vmallocAreas: [{ start: 0xf0800000, bytes: 0x3000, caller: 'of_iomap' }],
			},
		);
		kernel.printk('kmap example init');
		expect(kernel.view.log[0]?.timeNs).toBe(58_787_147_000);
		expect(kernel.view.pkmap).toMatchObject({ staleSlots: 1, usedSlots: 1, lastPkmapNr: 28 });
		expect(kernel.kmap(highmemPage(kernel))).toBe(0xbfe1d000);
		expect(kernel.vmalloc(4096)).toBe(0xf0803000);
		expect(checkInvariants(kernel)).toEqual([]);
	});

	it('can leave slots pushed on the kmap_atomic stacks', () => {
		const kernel = boot('imx6q-2g', {}, { kmapAtomicIdx: [1, 2] });
		expect(kernel.kmapAtomic(highmemPage(kernel))).toBe(0xffefd000);
		kernel.context.switchCpu(1);
		expect(kernel.kmapAtomic(highmemPage(kernel))).toBe(0xffeec000);
	});

	it.each<[string, string, BootState]>([
		['a slot that does not exist', 'imx6q-2g', { lastPkmapNr: 512 }],
		['pkmap on a machine without highmem', 'rpi1-512m', { lastPkmapNr: 1 }],
		['an area outside vmalloc', 'imx6q-2g', { vmallocAreas: [{ start: 0xc0000000, bytes: 4096 }] }],
		['an area that is not whole pages', 'imx6q-2g', { vmallocAreas: [{ start: 0xf0800000, bytes: 100 }] }],
		[
			'areas that overlap',
			'imx6q-2g',
			{
				vmallocAreas: [
					{ start: 0xf0800000, bytes: 8192 },
					{ start: 0xf0801000, bytes: 8192 },
				],
			},
		],
		['an unknown slab cache', 'imx6q-2g', { slabs: [{ cache: 'kmalloc-7', slab: 0xeea18000, used: 1 }] }],
	])('is refused with %s', (_, id, state) => {
		expect(() => boot(id, {}, state)).toThrow(UserError);
	});
});

describe.each(MACHINES.map(machine => [machine.id, machine] as const))('%s', (_, machine) => {
	it('boots, breaks no rule, and maps what it can map', () => {
		const kernel = Kernel.boot(machine);
		expect(checkInvariants(kernel)).toEqual([]);
		const page = kernel.allocPages(2, 0) as never;
		expect(kernel.kmap(page)).not.toBe(0);
		const atomic = kernel.kmapAtomic(page);
		expect(atomic).not.toBe(0);
		kernel.kunmapAtomic(atomic);
		expect(kernel.vmalloc(10_000)).not.toBe(0);
		expect(kernel.loadModule('m', 5000, 1000)).toBe(
			machine.arch === 'arm' ? kernel.view.layout.modulesStart : kernel.view.vmalloc.areas()[1]?.start,
		);
		kernel.finishModuleInit('m');
		expect(checkInvariants(kernel)).toEqual([]);
		expect(kernel.view.log).toEqual([]);
	});
});
