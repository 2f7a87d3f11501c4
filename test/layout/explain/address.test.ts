import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { explain } from '../../../source/layout/explain/explain.ts';
import {
	type AddressExplanation,
	explainAddress,
	type LiveMemory,
} from '../../../source/layout/explain/explain-address.ts';
import { explanationJson } from '../../../source/layout/explain/explain-json.ts';
import { explanationLines } from '../../../source/layout/explain/explain-text.ts';
import { machineFromFlags } from '../../../source/machine/from-flags.ts';
import { findMachine, MACHINES } from '../../../source/machine/machines.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { explainEn } from '../../../source/messages/explain-en.ts';
import { explainZh } from '../../../source/messages/explain-zh.ts';
import { boot, highmemPage } from '../../memory/boot-kernel.ts';

const at = (id: string, address: number, live?: LiveMemory): AddressExplanation => {
	const machine = findMachine(id);
	return explainAddress(machine, computeLayout(machine), address, live);
};
const lines = (id: string, what: string, words = explainEn): string[] =>
	explanationLines(explain(findMachine(id), what), words);

describe('an address in lowmem', () => {
	it('is explained with its frame, its section and its neighbours (imx6q-1g)', () => {
		expect(lines('imx6q-1g', '0xd0000000')).toEqual([
			'0xd0000000: lowmem',
			'  region        0xc0000000 - 0xef800000 (760 MB): RAM that the kernel always sees, at a fixed distance from its physical address',
			'  there         RAM',
			'  page frame    pfn 0x20000, physical 0x20000000, zone Normal, struct page at 0xdb1fa000',
			'  page walk     ARM short descriptors, 2 levels of 4-byte entries, swapper_pg_dir 0xc0004000',
			'                PGD[3328] at 0xc0007400: 0x2001141e, 1 MB at once, from physical 0x20000000',
			'  virt_to_phys  0x20000000, which is right',
			'  below         pkmap 0xbfe00000 - 0xc0000000, 256 MB away',
			'  above         gap 0xef800000 - 0xf0000000, 504 MB away',
		]);
	});

	it('names what boot put there', () => {
		expect(at('imx6q-1g', 0xc0004000).place).toEqual({ in: 'lowmem', part: 'page-tables' });
		expect(at('imx6q-1g', 0xc0008000).place).toEqual({ in: 'lowmem', part: 'text' });
		const { memMap } = computeLayout(findMachine('imx6q-1g'));
		expect(at('imx6q-1g', memMap).place).toEqual({ in: 'lowmem', part: 'mem_map' });
	});

	it('is in the last page before high_memory, which itself is in the gap', () => {
		expect(at('imx6q-2g', 0xefffffff).frame).toMatchObject({ pfn: 0x3ffff, physical: 0x3fffffff, zone: 'Normal' });
		expect(at('imx6q-2g', 0xf0000000)).toMatchObject({ region: { name: 'gap' }, mapping: { how: 'none' } });
	});
});

describe('an address in pkmap', () => {
	it('has a slot, and virt_to_phys gives what it must not be used for', () => {
		const found = at('imx6q-2g', 0xbfe03004);
		expect(found.place).toEqual({ in: 'pkmap', slot: 3, slots: 512 });
		expect(found.conversion).toEqual({ isValid: false, gives: 0x0fe03004, hits: 'no RAM' });
	});

	it('is found from a symbol and a distance too', () => {
		expect(explain(findMachine('imx6q-2g'), 'PKMAP_BASE+0x3000')).toMatchObject({ address: 0xbfe03000 });
	});

	it('leads to the page that a kernel has mapped there', () => {
		const live: LiveMemory = { translate: () => ({ physical: 0x7f81a000 }), vmalloc: { areas: () => [] } };
		const found = at('imx6q-2g', 0xbfe03000, live);
		expect(found.frame).toMatchObject({ pfn: 0x7f81a, zone: 'HighMem' });
		expect(found.walk.levels.at(-1)).toMatchObject({ value: 0x7f81a65fn, hardware: 0x7f81a45fn });
	});
});

describe('an address in the fixmap', () => {
	it('of ARM: index 17 is the first slot of CPU 1', () => {
		expect(at('imx6q-2g', 0xffeee000).place).toMatchObject({ index: 17, name: 'FIX_KMAP', cpu: 1, depth: 0 });
	});

	it('of x86 4.19: index 88 is the first slot of CPU 1', () => {
		expect(at('debian10-pae-4g', 0xfffa7000).place).toMatchObject({ index: 88, cpu: 1, depth: 0 });
	});

	it('of a kernel with typed slots names the type', () => {
		expect(at('ubuntu904-2.5g', 0xfffff000 - 4096 * 73).place).toMatchObject({ cpu: 0, depth: 3, type: 'KM_USER0' });
	});

	it('that only boot uses lies below the printed window', () => {
		const { region, place } = at('laptop-2g-nopae', 0xfff00000);
		expect(region.name).toBe('unused');
		expect(place).toMatchObject({ in: 'fixmap', name: 'FIX_BTMAP_END', isBootOnly: true });
	});

	it('is mapped by boot where the local APIC lies', () => {
		const { place, mapping } = at('laptop-2g-nopae', 0xffffc000);
		expect(place).toMatchObject({ index: 3, name: 'FIX_APIC_BASE' });
		expect(mapping).toEqual({ how: 'boot' });
	});
});

describe('an address in vmalloc space', () => {
	const area = { start: 0xf0811000, bytes: 0x3000, kind: 'ioremap', caller: 'probe' };
	const live: LiveMemory = {
		translate: address => (address < 0xf0813000 ? { physical: 0x0a000000 + (address - 0xf0811000) } : null),
		vmalloc: { areas: () => [area] },
	};

	it('is in no area after boot', () => {
		expect(at('imx6q-2g', 0xf0811000).place).toEqual({ in: 'area', isGuard: false });
	});

	it('leads to a device through an area of ioremap, whose entries are uncached', () => {
		const found = at('imx6q-2g', 0xf0811123, live);
		expect(found.place).toEqual({ in: 'area', area, isGuard: false });
		expect(found.frame).toEqual({ pfn: 0xa000, physical: 0x0a000123 });
		expect(found.walk.levels.at(-1)?.value).toBe(0x0a000653n);
	});

	it('is the guard page at the end of an area', () => {
		expect(at('imx6q-2g', 0xf0813000, live)).toMatchObject({ place: { isGuard: true }, mapping: { how: 'none' } });
	});
});

describe('on a simulated kernel', () => {
	it('an address leads to what is mapped there now', () => {
		const kernel = boot('imx6q-2g');
		const page = highmemPage(kernel);
		const found = explainAddress(findMachine('imx6q-2g'), kernel.view.layout, kernel.kmap(page), kernel.view);
		expect(found.place).toEqual({ in: 'pkmap', slot: 1, slots: 512 });
		expect(found.frame).toMatchObject({ pfn: page, zone: 'HighMem' });
		expect(found.walk.levels.at(-1)?.value).toBe(BigInt(page * 4096 + 0x65f));
	});
});

describe('an address elsewhere', () => {
	it('in the cpu_entry_area belongs to a CPU: 39 pages each, behind one page of IDT', () => {
		expect(at('debian10-pae-4g', 0xff400000).place).toEqual({ in: 'cpu_entry', page: 0 });
		expect(at('debian10-pae-4g', 0xff401000 + 4096 * 39).place).toEqual({ in: 'cpu_entry', cpu: 1, page: 0 });
	});

	it('in user space belongs to whatever process runs', () => {
		expect(at('imx6q-2g', 0x10000).mapping).toEqual({ how: 'process' });
	});
});

describe('LPAE', () => {
	it('is explained with 3 levels (vexpress-a15-lpae-4g)', () => {
		expect(lines('vexpress-a15-lpae-4g', '0xd0200000').slice(4, 7)).toEqual([
			'  page walk     ARM LPAE, 3 levels of 8-byte entries, swapper_pg_dir 0xc0003000',
			'                PGD[3] at 0xc0003018: 0x0000000080007003, a table that boot placed',
			'                PMD[129] at 0xc0007408: 0x004000009020071d, 2 MB at once, from physical 0x90200000',
		]);
	});
});

describe('any address of any machine', () => {
	const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
	const given = fc.record({
		machine: fc.constantFrom(...MACHINES.map(({ id }) => id)),
		kernel: fc.option(fc.constantFrom('2.6.27', '2.6.32', '3.4', '3.18', '4.4', '4.17', '5.4', '5.11', '6.12'), {
			nil: undefined,
		}),
		ram: fc.option(
			fc.integer({ min: 64, max: 6144 }).map(size => `${size}M`),
			{ nil: undefined },
		),
		vmalloc: fc.option(fc.integer({ min: 1, max: 2 ** 31 }).map(String), { nil: undefined }),
	});

	it('is explained without a throw, in both languages, and lies between its neighbours', () => {
		fc.assert(
			fc.property(given, address, (flags, value) => {
				const machine = (() => {
					try {
						return machineFromFlags(flags);
					} catch (error) {
						if (error instanceof UserError) return null;
						throw error;
					}
				})();
				fc.pre(machine !== null);
				const found = explainAddress(machine, computeLayout(machine), value);
				expect(found.region.start).toBeLessThanOrEqual(value);
				expect(found.region.end).toBeGreaterThan(value);
				for (const words of [explainEn, explainZh]) {
					expect(explanationLines(found, words).join('\n')).not.toMatch(/undefined|NaN|-0x/);
				}
				expect(JSON.stringify(explanationJson(machine, found, explainEn))).toContain('"address"');
				if (found.conversion.isValid) expect(found.conversion.gives).toBe(found.walk.physical);
			}),
			{ numRuns: 2000 },
		);
	});
});
