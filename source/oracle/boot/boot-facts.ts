import type { Layout } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import { hasHighmem, type Machine } from '../../machine/machine.ts';
import { reportStyle } from '../../memory/oops/kernel-report.ts';
import type { PageAllocator } from '../../memory/pages/page-allocator.ts';
import { KMALLOC_MAX_CACHE_BYTES } from '../../memory/slab/slab-rules.ts';
import { regionFacts } from '../probe-kernel/first-sight.ts';
import type { Recording } from '../recording.ts';
import type { Computed, Tally } from '../tally.ts';
import { type Facts, InPart, skip } from '../undetermined.ts';

/** Compare what a kernel said of itself when it was up: the constants of its headers, its zones, its layout table. */
export const checkBootFacts = (
	recording: Recording,
	machine: Machine,
	layout: Layout,
	pages: PageAllocator,
	tally: Tally,
): void => {
	checkConstants(recording, machine, layout, tally);
	checkZones(recording, pages, tally);
	checkTable(recording, layout, tally);
};

const fixmapConstants = ({ fixmap }: Layout): readonly (readonly [string, number])[] => {
	const address = (index: number) => fixmap.top - index * PAGE_SIZE;
	return [
		...[0, 1, 2, 10].map(index => [`fix_to_virt_${index}`, address(index)] as const),
		['fix_to_virt_FIX_KMAP_BEGIN', address(fixmap.kmapBegin)],
		['end_of_fixed_addresses', fixmap.endOfFixed],
		['end_of_permanent_fixed_addresses', fixmap.endOfPermanent],
	];
};

const expectedConstants = (recording: Recording, machine: Machine, layout: Layout): Map<string, Computed> => {
	const { symbols, fixmap, pkmap } = layout;
	const managed = recording.zones.reduce((sum, zone) => sum + zone.managed, 0);
	const highmem = recording.zones.find(({ name }) => name === 'HighMem')?.managed ?? 0;
	const largest = PAGE_SIZE * 2 ** machine.maxOrder;
	const known: (readonly [string, Computed])[] = [
		...symbols,
		...fixmapConstants(layout),
		['fix_to_virt_FIX_KMAP_END', fixmap.top - (fixmap.kmapBegin + fixmap.kmapPerCpu * machine.nrCpus - 1) * PAGE_SIZE],
		['FIXADDR_SIZE', fixmap.end - fixmap.start],
		['FIXADDR_TOT_SIZE', fixmap.endOfFixed * PAGE_SIZE],
		['FIXADDR_BOOT_SIZE', fixmap.endOfFixed * PAGE_SIZE],
		...(pkmap
			? ([
					['PKMAP_ADDR_0', pkmap.base],
					['PKMAP_ADDR_LAST', pkmap.base + (pkmap.slots - 1) * PAGE_SIZE],
				] as const)
			: []),
		['nr_cpu_ids', machine.cpusOnline],
		['num_online_cpus', machine.cpusOnline],
		['HZ', Number(recording.config.CONFIG_HZ)],
		['KMALLOC_MIN_SIZE', machine.kmallocMinBytes],
		['ARCH_KMALLOC_MINALIGN', machine.kmallocMinBytes],
		['KMALLOC_MAX_CACHE_SIZE', KMALLOC_MAX_CACHE_BYTES],
		['KMALLOC_MAX_SIZE', largest],
		['PHYS_OFFSET', layout.physOffset],
		['VECTORS_BASE', 0xffff0000],
		['max_low_pfn', layout.maxLowPfn],
		['highstart_pfn', hasHighmem(machine) ? layout.maxLowPfn : 0],
		['highend_pfn', hasHighmem(machine) ? layout.maxPfn : 0],
		['arm_lowmem_limit', skip('freed init data')],
		['vmalloc_min', skip('freed init data')],
		['sizeof_struct_page', machine.structPageBytes],
		['mem_map', new InPart('mem_map', memMapFacts(Number(recording.constants.mem_map), machine, layout))],
		['totalram_pages_si', managed],
		['totalhigh_pages_si', highmem],
	];
	return new Map(known);
};

/** The page structs of all RAM lie in lowmem. */
const memMapFacts = (memMap: number, { structPageBytes }: Machine, layout: Layout): Facts => {
	const { memMapFirstPfn, maxPfn, pageOffset, highMemory } = layout;
	const isInside = memMap >= pageOffset && memMap + (maxPfn - memMapFirstPfn) * structPageBytes <= highMemory;
	return { place: [isInside ? 'in lowmem' : memMap, 'in lowmem'] };
};

const checkConstants = (recording: Recording, machine: Machine, layout: Layout, tally: Tally): void => {
	const expected = expectedConstants(recording, machine, layout);
	const places = placesOf(machine, layout);
	for (const [name, recorded] of Object.entries(recording.constants)) {
		const place = places.get(name);
		const facts = place === undefined ? undefined : regionFacts(layout, Number(recorded), place);
		tally.check(`constants.${name}`, recorded, facts ? new InPart('address in the image', facts) : expected.get(name));
	}
};

/** An address beside each thing that the linker, the module loader or fork placed. */
const placesOf = (machine: Machine, { pageOffset, modulesStart, vmallocStart }: Layout): Map<string, number> =>
	new Map([
		['addr_of_module_function', modulesStart],
		['addr_of_module_data', modulesStart],
		['addr_of_kernel_printk_fn', pageOffset],
		['addr_of_stack_local', reportStyle(machine).hasVmapStack ? vmallocStart : pageOffset],
		['addr_of_current', pageOffset],
	]);

const checkZones = ({ zones }: Recording, pages: PageAllocator, tally: Tally): void => {
	for (const recorded of zones) {
		const zone = pages.zones.find(({ name }) => name === recorded.name);
		const where = `zones.${recorded.name}`;
		const isHighmem = recorded.name === 'HighMem';
		tally.check(`${where}.name`, recorded.name, zone || recorded.spanned === 0 ? recorded.name : 'no such zone');
		tally.check(`${where}.start_pfn`, recorded.start_pfn, zone?.startPfn ?? 0);
		tally.check(`${where}.spanned`, recorded.spanned, zone?.spanned ?? 0);
		tally.check(`${where}.present`, recorded.present, zone?.present ?? 0);
		// Nothing of HighMem is kept by the boot.
		tally.check(
			`${where}.managed`,
			recorded.managed,
			zone && !isHighmem ? skip('managed pages') : (zone?.managed ?? 0),
		);
	}
};

const IMAGE = new Set(['.text', '.init', '.data', '.bss']);

const checkTable = ({ boot_layout: table }: Recording, layout: Layout, tally: Tally): void => {
	for (const [name, recorded] of Object.entries(table)) {
		const row = layout.rows.find(candidate => candidate.name === name);
		const where = `boot_layout.${name}`;
		const size = row?.text.replace(/.*\(\s*(.*)\)/, '$1');
		// Where the image lies is an input of the machine; its size must be printed as the kernel rounds it.
		if (!IMAGE.has(name)) {
			tally.check(`${where}.start`, recorded.start, row?.start);
			tally.check(`${where}.end`, recorded.end, row?.end);
		}
		tally.check(`${where}.size`, recorded.size, size);
	}
};
