import { cmaPlace } from '../../layout/cma.ts';
import type { Layout, ZoneRange } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { hasHighmem, type Machine } from '../../machine/machine.ts';
import { pageRules } from '../../memory/pages/page-rules.ts';
import { zoneBatch } from '../../memory/pages/per-cpu-pages.ts';
import type { Recording } from '../recording.ts';
import type { Tally } from '../tally.ts';
import { skip } from '../undetermined.ts';

const KIB_PER_PAGE = PAGE_SIZE / 1024;

/**
 * What a kernel printed while it booted, and its /proc/meminfo and /proc/iomem: the parts that its layout determines.
 * A kernel that did not come up has printed some of it too.
 */
export const checkBootReport = (recording: Recording, machine: Machine, layout: Layout, tally: Tally): void => {
	checkEnd(recording, layout, tally);
	checkBorders(recording, machine, layout, tally);
	checkZoneLines(recording, machine, layout, tally);
	checkZoneRanges(recording, layout, tally);
	checkRam(recording, machine, layout, tally);
	checkMeminfo(recording, machine, layout, tally);
};

/** A kernel whose layout cannot work does not come up. */
const checkEnd = ({ result }: Recording, { bootFailure }: Layout, tally: Tally): void => {
	if (result === undefined) return;
	const isUp = result === 'module completed';
	const computed = bootFailure === undefined ? 1 : 0;
	tally.check('result', isUp ? 1 : 0, !isUp && computed === 1 ? skip('end of the run') : computed);
};

const presentPages = ({ ramPages }: Layout, { startPfn, endPfn }: ZoneRange): number =>
	ramPages.reduce(
		(sum, bank) => sum + Math.max(0, Math.min(endPfn, bank.endPfn) - Math.max(startPfn, bank.startPfn)),
		0,
	);

/** Lines about lowmem, HighMem and `vmalloc=`: what the kernel says while it decides where they lie. */
const BORDER_LINE = /^(?:\d+MB (?:HIGHMEM|LOWMEM) available|only \d+MB|vmalloc area|Warning only|Use a HIGHMEM)/;

const checkBorders = ({ boot }: Recording, machine: Machine, layout: Layout, tally: Tally): void => {
	const lines = new Set(
		[...boot.messages, ...boot.lowmem_line, ...boot.only_mb].filter(line => BORDER_LINE.test(line)),
	);
	for (const line of lines) {
		const sameKind = (other: string) => other.replace(/\d+/g, '') === line.replace(/\d+/g, '');
		tally.check('boot.messages', line, layout.messages.find(sameKind) ?? 'nothing of the kind');
	}
	// e820_end_of_ram_pfn: the end of RAM, and the most that the page tables reach.
	const most = machine.arch === 'x86' && machine.pae ? 2 ** 24 : 2 ** 20;
	const ramEnd = Math.floor(Math.min(endOfRam(machine), most * PAGE_SIZE) / PAGE_SIZE);
	for (const line of boot.last_pfn) {
		const text = `last_pfn = 0x${ramEnd.toString(16)} max_arch_pfn = 0x${most.toString(16)}`;
		tally.check('boot.last_pfn', line, text);
	}
};

/** End of the RAM of which the kernel is told: with holes the highest bank that it can reach, before `mem=`. */
const endOfRam = (machine: Machine): number => {
	const reach = machine.arch === 'x86' && !machine.pae ? 2 ** 32 : 2 ** 40;
	const limit = machine.parameters.mem ?? reach;
	const ends = machine.ram
		.filter(({ base }) => base < Math.min(reach, limit))
		.map(({ base, sizeBytes }) => base + sizeBytes);
	return Math.min(Math.max(0, ...ends), limit);
};

/** free_area_init_core, zone_pcp_init and mem_init_print_info (mm/page_alloc.c). */
const checkZoneLines = ({ boot }: Recording, machine: Machine, layout: Layout, tally: Tally): void => {
	for (const line of boot.messages) {
		const [, name] = /^ {2}(\w+) zone: /.exec(line) ?? [];
		const zone = layout.zones.find(candidate => candidate.name === name);
		if (zone && !line.endsWith('reserved')) tally.check(`boot.${name}`, line, zoneLine(line, zone, machine, layout));
	}
	const [, total, cma, highmem] =
		/^Memory: \d+K\/(\d+)K available .* (\d+)K cma-reserved(?:, (\d+)K highmem)?/.exec(boot.memory_line ?? '') ?? [];
	if (total === undefined) return;
	const present = layout.zones.reduce((sum, zone) => sum + presentPages(layout, zone), 0);
	const place = cmaPlace(machine, layout);
	const cmaPages = place ? place.end - place.start : 0;
	tally.check('boot.memory_line.total', Number(total), present * KIB_PER_PAGE);
	tally.check('boot.memory_line.cma', Number(cma), cmaPages * KIB_PER_PAGE);
	if (highmem === undefined) return;
	const zone = layout.zones.find(({ name }) => name === 'HighMem');
	const cmaHigh = place && place.start >= layout.maxLowPfn ? cmaPages : 0;
	const highmemPages = zone ? presentPages(layout, zone) - cmaHigh : 0;
	tally.check('boot.memory_line.highmem', Number(highmem), highmemPages * KIB_PER_PAGE);
};

const zoneLine = (line: string, zone: ZoneRange, machine: Machine, layout: Layout): string => {
	const { name, startPfn, endPfn } = zone;
	const present = presentPages(layout, zone);
	const memmap = Math.ceil(((endPfn - startPfn) * machine.structPageBytes) / PAGE_SIZE);
	if (line.endsWith('memmap')) return `  ${name} zone: ${memmap} pages used for memmap`;
	// The page structs of HighMem lie in lowmem.
	const free = name === 'HighMem' ? present : present - memmap;
	return `  ${name} zone: ${present} pages, LIFO batch:${zoneBatch(free, pageRules(machine.kernel))}`;
};

/** Zone ranges (mm/page_alloc.c: free_area_init_nodes). */
const checkZoneRanges = ({ zone_ranges: ranges }: Recording, layout: Layout, tally: Tally): void => {
	const text = (pfn: number, back = 0): string => `0x${(pfn * PAGE_SIZE - back).toString(16).padStart(16, '0')}`;
	for (const line of ranges) {
		const name = line.split(' ')[0] ?? '';
		const zone = layout.zones.find(candidate => candidate.name === name);
		const range = zone ? `[mem ${text(zone.startPfn)}-${text(zone.endPfn, 1)}]` : 'empty';
		tally.check(`zone_ranges.${name}`, line, `${name.padEnd(8)} ${range}`);
	}
};

/** /proc/iomem lists RAM by bytes; pages that are whole count. */
const checkRam = ({ system_ram: rows }: Recording, machine: Machine, layout: Layout, tally: Tally): void => {
	// This list keeps the RAM that highmem= or a kernel without HIGHMEM leaves unused.
	if (machine.parameters.highmem !== undefined || !hasHighmem(machine)) return;
	for (const [index, row] of rows.entries()) {
		const [start = 0, end = 0] = (row.split(' ')[0] ?? '').split('-').map(text => Number.parseInt(text, 16));
		const bank = layout.ramPages[index];
		tally.check(`system_ram[${index}].start`, Math.ceil(start / PAGE_SIZE), bank?.startPfn);
		tally.check(`system_ram[${index}].end`, Math.floor((end + 1) / PAGE_SIZE), bank?.endPfn);
	}
};

const checkMeminfo = (
	{ meminfo_kB: meminfo, zones }: Recording,
	machine: Machine,
	layout: Layout,
	tally: Tally,
): void => {
	const highmem = layout.zones.find(({ name }) => name === 'HighMem');
	// What the boot kept of lowmem is an input.
	const lowPages = zones.filter(({ name }) => name !== 'HighMem').reduce((sum, { managed }) => sum + managed, 0);
	const highPages = highmem ? presentPages(layout, highmem) : 0;
	const expected: Readonly<Record<string, number>> = {
		MemTotal: (lowPages + highPages) * KIB_PER_PAGE,
		HighTotal: highPages * KIB_PER_PAGE,
		LowTotal: lowPages * KIB_PER_PAGE,
		VmallocTotal: (layout.vmallocEnd - layout.vmallocStart) / 1024,
		// The count was left out from 4.4 to 5.2; since then it is what others have, too.
		...(atLeast(machine.kernel, '5.3') ? {} : { VmallocUsed: 0 }),
	};
	for (const [name, recorded] of Object.entries(meminfo)) {
		if (name in expected) tally.check(`meminfo.${name}`, recorded, expected[name]);
	}
};
