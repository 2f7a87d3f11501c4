import type { Text } from '../../phrases/phrase.ts';
import { alignDown, GiB, KiB, MiB, PAGE_SIZE, physical } from '../address.ts';
import { mostCpus } from '../check-machine.ts';
import { withCommandLine } from '../kernel-command-line.ts';
import { atLeast, compareKernels, type KernelVersion, parseKernelVersion } from '../kernel-version.ts';
import type { RamBank, Split, X86FixmapOptions, X86Machine } from '../machine.ts';
import { findMachine } from '../machines.ts';
import { PAGE_OFFSETS } from '../split.ts';
import { BIOS_RAM_END, pcRam } from '../x86-machines.ts';
import {
	cpusOf,
	kernelOf,
	maxOrderOf,
	noteMovingWords,
	STRUCT_PAGE_SIZES,
	sectionsOf,
	titleOf,
	versionOf,
} from './common-machine.ts';
import type { E820Range, Found, LogFacts, PhysicalRange } from './log-facts.ts';
import { type AssumptionList, bankText } from './log-reading.ts';
import { splitFromSigns } from './split-signs.ts';

/** What a Xen guest leaves to the hypervisor at the top. */
const XEN_HOLE = 4 * MiB;
const LAST_SERVER = parseKernelVersion('2.6.32');
const PAE_PFNS = 0x1000000;
/** Lines of one map stand together. */
const MAP_GAP = 4;

/** Put a PC together from a log's facts. */
export const x86MachineFromFacts = (facts: LogFacts, list: AssumptionList): X86Machine => {
	const usual = findMachine('laptop-2g-nopae');
	if (usual.arch !== 'x86') throw new Error('laptop-2g-nopae is a PC');
	const kernel = kernelOf(facts, () => ['3.2.0', 'the head of the log is missing'], list);
	const ram = ramBanks(facts, list);
	const pae = hasPae(facts, ram, list);
	const highmem = highmemOf(facts, pae, list);
	const split = splitOf(facts, pae, atLeast(kernel, '3.0'), list);
	const { nrCpus, cpusOnline } = cpusOf(facts, 8, mostCpus('x86', kernel), list);
	const { cpuEntryGeneration: _, ...plain } = usual;
	const machine: X86Machine = {
		...plain,
		id: 'log',
		...titleOf(facts, 'x86'),
		kernel,
		cpu: facts.cpuName?.value ?? 'x86',
		nrCpus,
		cpusOnline,
		ram,
		split,
		parameters: facts.isXen ? { reservetop: XEN_HOLE } : {},
		cacheLineBytes: facts.cacheLine?.value ?? 64,
		structPageBytes: structPage(facts),
		sections: sectionsOf(
			facts,
			PAGE_OFFSETS[split] + (atLeast(kernel, '2.6.31') ? 0x1000000 : 0x100000),
			plain.sections,
			address => PAGE_OFFSETS[split] + address,
		),
		highmem,
		pae,
		fixmap: fixmapOptions(facts, kernel, list),
		maxOrder: maxOrderOf(facts, plain.maxOrder, list),
		zoneDma: facts.zoneRanges.has('DMA') || facts.zones.has('DMA') || facts.zoneRanges.size === 0,
		pti: false,
	};
	return booted(machine, facts, list);
};

/** A map that the kernel prints already respects `mem=`, and giving it again changes nothing. */
const booted = (machine: X86Machine, facts: LogFacts, list: AssumptionList): X86Machine => {
	const { commandLine } = facts;
	if (!commandLine) return machine;
	noteMovingWords(commandLine, 'x86', list);
	const changed = withCommandLine(machine, commandLine.value);
	return changed.arch === 'x86' ? { ...changed, cpusOnline: machine.cpusOnline } : machine;
};

const without = (ranges: readonly PhysicalRange[], cut: PhysicalRange): PhysicalRange[] =>
	ranges.flatMap(({ start, end }) =>
		[
			{ start, end: Math.min(end, cut.start) },
			{ start: Math.max(start, cut.end), end },
		].filter(part => part.end > part.start),
	);

/** The last whole map that was printed. */
const lastMap = (map: readonly Found<E820Range>[]): readonly Found<E820Range>[] => {
	let from = 0;
	for (let index = 1; index < map.length; index++) {
		if ((map[index]?.line ?? 0) - (map[index - 1]?.line ?? 0) > MAP_GAP) from = index;
	}
	return map.slice(from);
};

const ramBanks = (facts: LogFacts, list: AssumptionList): RamBank[] => {
	const { e820, userMap, e820Changes, lastPfn } = facts;
	const isChanged = userMap.length > 0;
	const map = isChanged ? lastMap(userMap) : lastMap(e820);
	let ranges: PhysicalRange[] = map
		.filter(({ value }) => value.isUsable && value.end > value.start)
		.map(({ value }) => value)
		.sort((a, b) => a.start - b.start);
	const line = map[0]?.line;
	const later = (changed: Found<unknown>): boolean => !isChanged || changed.line > (map.at(-1)?.line ?? 0);
	for (const change of e820Changes.filter(later)) ranges = without(ranges, change.value);
	if (lastPfn) ranges = without(ranges, { start: lastPfn.value * PAGE_SIZE, end: Number.MAX_SAFE_INTEGER });
	ranges = ranges.filter((range, index) => index === 0 || range.start >= (ranges[index - 1]?.end ?? 0));
	const banks = ranges.map(({ start, end }) => ({ base: physical(start), sizeBytes: end - start }));
	const text = (all: readonly RamBank[]): string => all.map(bank => bankText(bank.base, bank.sizeBytes)).join(',');
	if (banks.some(({ base }) => base >= BIOS_RAM_END)) {
		return list.note(banks, 'RAM', text(banks), isChanged ? 'the changed e820 map' : 'the e820 map', line);
	}
	const [end, reason, endLine] = ramEnd(facts);
	const usual = pcRam(end);
	return list.note(usual, 'RAM', text(usual), reason, endLine);
};

/** Where RAM ends when the log shows no e820 map. */
const ramEnd = ({ zoneRanges, lastPfn, lowRamEnd, memory }: LogFacts): readonly [number, Text, number?] => {
	const high = zoneRanges.get('HighMem');
	if (high && high.value !== 'empty') return [high.value.end, 'the end of zone HighMem', high.line];
	if (lastPfn) return [lastPfn.value * PAGE_SIZE, 'last_pfn', lastPfn.line];
	const total = (memory?.value.totalKb ?? 0) * KiB;
	if (memory && total > 0) {
		const end = total > 3 * GiB ? total + GiB : total;
		return [alignDown(end, MiB), 'all memory that the kernel counts', memory.line];
	}
	if (lowRamEnd) return [lowRamEnd.value, 'mapped low ram', lowRamEnd.line];
	return [GiB, 'the log shows no amount of memory'];
};

const hasPae = (facts: LogFacts, ram: readonly RamBank[], list: AssumptionList): boolean => {
	const { maxArchPfn, isNxActive, kernel, widePhysical } = facts;
	const note = (is: boolean, reason: Text, line?: number): boolean =>
		list.note(is, 'PAE', is ? 'yes' : 'no', reason, line);
	if (maxArchPfn) return note(maxArchPfn.value >= PAE_PFNS, 'max_arch_pfn', maxArchPfn.line);
	if (widePhysical) return note(widePhysical.value.isWide, widePhysical.value.sign, widePhysical.line);
	if (isNxActive) return note(isNxActive.value, 'NX needs it', isNxActive.line);
	if (/pae|bigmem|hugemem/i.test(kernel?.value ?? '')) return note(true, "the release's suffix", kernel?.line);
	if (/-server$/.test(kernel?.value ?? '') && compareKernels(versionOf(kernel?.value ?? ''), LAST_SERVER) <= 0) {
		return note(true, "Ubuntu's server kernels up to 2.6.32 have it", kernel?.line);
	}
	const end = Math.max(0, ...ram.map(({ base, sizeBytes }) => base + sizeBytes));
	if (end > 4 * GiB) return note(true, 'RAM above 4 GB is used');
	return note(false, 'nothing in the log needs it');
};

const highmemOf = (facts: LogFacts, pae: boolean, list: AssumptionList): X86Machine['highmem'] => {
	const { highmemMb, lowmemMb, memory } = facts;
	const on = pae ? '64G' : '4G';
	if (highmemMb) return list.note(on, 'HIGHMEM', on, 'the kernel counts it', highmemMb.line);
	if (lowmemMb) return list.note('off', 'HIGHMEM', 'off', 'only LOWMEM is counted', lowmemMb.line);
	const kb = memory?.value.highmemKb ?? 0;
	if (kb > 0) return list.note(on, 'HIGHMEM', on, 'the Memory line counts it', memory?.line);
	return list.note(on, 'HIGHMEM', on, 'usual; the log shows nothing about it');
};

const splitOf = (facts: LogFacts, pae: boolean, isTopDown: boolean, list: AssumptionList): Split => {
	const { addresses, lowRamEnd, initialMapEnd } = facts;
	const { split, line, reason } = splitFromSigns({
		arch: 'x86',
		addresses,
		lowmemBytes: lowRamEnd?.value,
		hasOpt: !pae,
		isTopDown,
		imageEnd: initialMapEnd?.value,
	});
	return list.note(split, 'split', split, reason, line);
};

/** Words that only distributions' releases have. */
const DISTRIBUTION = /generic|server|-686|-586|desktop|default|\.(?:el|fc)\d|ARCH|virtual/;

/** Build options are not in a log; distributions and hand-made kernels have usual ones. */
const fixmapOptions = (facts: LogFacts, kernel: KernelVersion, list: AssumptionList): X86FixmapOptions => {
	const release = kernel.text;
	// Early kernels for one CPU were seldom built for an IO-APIC.
	const isUsual = facts.isSmp?.value !== false || atLeast(kernel, '2.6.24');
	const isDistribution = DISTRIBUTION.test(release);
	const isParavirt = isDistribution || facts.isParavirt?.value === true;
	const options: X86FixmapOptions = {
		ohci1394: false,
		localApic: true,
		ioApic: isUsual,
		mcfg: isUsual,
		paravirt: isParavirt,
		// Distributions gave up the first Pentiums by then.
		f00f: isDistribution && !atLeast(kernel, '3.0'),
		acpi: true,
		ghes: isDistribution,
		intelMid: false,
		intelTxt: /generic|server/.test(release),
	};
	const names = Object.entries(options)
		.filter(([, is]) => is)
		.map(([name]) => name);
	const reason = isDistribution ? "a distribution's usual build" : 'a usual build';
	return list.note(options, 'fixmap options', names.join(' '), reason);
};

const structPage = ({ zones, zoneRanges }: LogFacts): number => {
	const memmap = zones.get('Normal')?.memmapPages?.value;
	const range = zoneRanges.get('Normal')?.value;
	if (memmap === undefined || range === undefined || range === 'empty') return 32;
	const pages = Math.floor((range.end - range.start) / PAGE_SIZE);
	return STRUCT_PAGE_SIZES.find(size => Math.ceil((pages * size) / PAGE_SIZE) === memmap) ?? 32;
};
