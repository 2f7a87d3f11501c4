import { FOUR_GIB, MiB, PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, commonSpan, spanOf, type VersionRow } from '../../machine/by-version.ts';
import type { KernelVersion } from '../../machine/kernel-version.ts';
import type { X86Machine } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { address, type Border, border, from, minus, minusPages, plus, plusPages, roundedDown } from '../border.ts';
import { below, type RamRange } from '../ram-pages.ts';
import { VMALLOC_OFFSET, type X86Areas } from './x86-areas.ts';

const SIXTY_FOUR_GIB = 16 * FOUR_GIB;
const MAX_NONPAE_PFN = FOUR_GIB / PAGE_SIZE;
/** Lowmem that a `highmem=` may not undercut. */
const LEAST_LOWMEM_PAGES = (64 * MiB) / PAGE_SIZE;

/** What changed in how lowmem is measured (arch/x86/mm/init_32.c: find_low_pfn_range). */
interface LowmemRules extends VersionRow {
	/** Whether MAXMEM is counted from VMALLOC_END rather than from 4 GiB. */
	readonly countsFromVmallocEnd: boolean;
	/** Whether VMALLOC_START is rounded to whole holes. */
	readonly roundsStart: boolean;
	/** Whether RAM that the page tables cannot reach is cut off already when the e820 map is read. */
	readonly clampsE820: boolean;
	/** Message pair of a kernel that leaves RAM unused: without highmem, and without PAE. */
	readonly usedOnly: (megabytes: number, needsPae: boolean) => readonly string[];
	readonly trimmedTo4G: readonly string[];
	readonly saysMappedRam: boolean;
}

const NEW_WORDS = {
	usedOnly: (megabytes: number, needsPae: boolean): readonly string[] => [
		`Warning only ${megabytes}MB will be used.`,
		needsPae ? 'Use a HIGHMEM64G enabled kernel.' : 'Use a HIGHMEM enabled kernel.',
	],
	trimmedTo4G: ['Warning: only 4GB will be used. Use a HIGHMEM64G enabled kernel!'],
	saysMappedRam: true,
} as const;
const OLD_WORDS = {
	usedOnly: (megabytes: number, needsPae: boolean): readonly string[] => [
		`Warning only ${megabytes}MB will be used.`,
		needsPae ? 'Use a PAE enabled kernel.' : 'Use a HIGHMEM enabled kernel.',
	],
	trimmedTo4G: ['Warning only 4GB will be used.', 'Use a PAE enabled kernel.'],
	saysMappedRam: false,
} as const;

const vmallocStart = (highMemory: Border, { roundsStart }: LowmemRules, kernel: KernelVersion): Border => {
	const span = spanOf(kernel, RULES, row => row.roundsStart);
	const base = from(highMemory);
	if (!roundsStart)
		return border('VMALLOC_START', 'vmalloc-start-x86', [base, plus(VMALLOC_OFFSET, 'VMALLOC_OFFSET')], span);
	const most = plus(2 * VMALLOC_OFFSET - 1, '2 * VMALLOC_OFFSET - 1');
	return border(
		'VMALLOC_START',
		'vmalloc-start-rounded',
		[base, most, roundedDown(VMALLOC_OFFSET, 'VMALLOC_OFFSET')],
		span,
	);
};

const RULES: readonly [LowmemRules, ...LowmemRules[]] = [
	{ since: '2.6.24', countsFromVmallocEnd: false, roundsStart: true, clampsE820: false, ...OLD_WORDS },
	{ since: '2.6.27', countsFromVmallocEnd: false, roundsStart: true, clampsE820: true, ...OLD_WORDS },
	{ since: '2.6.28', countsFromVmallocEnd: true, roundsStart: false, clampsE820: true, ...NEW_WORDS },
];

const megabytes = (pages: number): number => Math.floor(pages / 256);

export interface X86Lowmem {
	readonly ram: readonly RamRange[];
	readonly maxLowPfn: number;
	readonly maxPfn: number;
	readonly highMemory: Border;
	readonly vmallocStart: Border;
	readonly messages: readonly string[];
	/** MAXMEM: the most lowmem there can be. */
	readonly maxLowmemBytes: number;
}

interface PfnRange {
	readonly maxLowPfn: number;
	readonly maxPfn: number;
}

type Say = (message: string) => void;

/** All RAM fits below MAXMEM; `highmem=` may still carve some off (lowmem_pfn_init). */
const lowmemPfnInit = (machine: X86Machine, maxPfn: number, say: Say): PfnRange => {
	const asked = machine.parameters.highmem;
	const pages = asked === undefined ? 0 : Math.floor(asked / PAGE_SIZE);
	if (machine.highmem === 'off') {
		if (pages !== 0) say('ignoring highmem size on non-highmem kernel!');
		return { maxLowPfn: maxPfn, maxPfn };
	}
	if (pages >= maxPfn) {
		say(`highmem size (${megabytes(pages)}MB) is bigger than pages available (${megabytes(maxPfn)}MB)!`);
		return { maxLowPfn: maxPfn, maxPfn };
	}
	if (pages !== 0 && maxPfn - pages < LEAST_LOWMEM_PAGES) {
		say(`highmem size (${megabytes(pages)}MB) results in <64MB lowmem, ignoring it!`);
		return { maxLowPfn: maxPfn, maxPfn };
	}
	return { maxLowPfn: maxPfn - pages, maxPfn };
};

/** RAM reaches beyond MAXMEM (highmem_pfn_init). */
const highmemPfnInit = (
	machine: X86Machine,
	given: number,
	maxmemPfn: number,
	rules: LowmemRules,
	say: Say,
): PfnRange => {
	let maxPfn = given;
	const asked = machine.parameters.highmem;
	if (asked !== undefined) {
		const pages = Math.floor(asked / PAGE_SIZE);
		if (pages + maxmemPfn < maxPfn) maxPfn = pages + maxmemPfn;
		else if (pages + maxmemPfn > maxPfn) {
			const available = megabytes(maxPfn - maxmemPfn);
			say(`only ${available}MB highmem pages available, ignoring highmem size of ${megabytes(pages)}MB!`);
		}
	}
	if (machine.highmem === 'off') {
		for (const message of rules.usedOnly(megabytes(maxmemPfn), maxPfn > MAX_NONPAE_PFN)) say(message);
		maxPfn = maxmemPfn;
	} else if (machine.highmem === '4G' && maxPfn > MAX_NONPAE_PFN) {
		for (const message of rules.trimmedTo4G) say(message);
		maxPfn = MAX_NONPAE_PFN;
	}
	return { maxLowPfn: maxmemPfn, maxPfn };
};

/** Where lowmem ends on a PC, and what the kernel says about it. */
export const x86Lowmem = (machine: X86Machine, areas: X86Areas): X86Lowmem => {
	const rules = byVersion(machine.kernel, RULES);
	const pageOffset = PAGE_OFFSETS[machine.split];
	const messages: string[] = [];
	const say: Say = message => messages.push(message);
	const { mem } = machine.parameters;
	const reach = machine.pae ? SIXTY_FOUR_GIB : rules.clampsE820 ? FOUR_GIB : Number.POSITIVE_INFINITY;
	const e820 = machine.ram.map(({ base, sizeBytes }) => ({ start: base as number, end: base + sizeBytes }));
	const seen = below(e820, Math.min(reach, mem || reach));
	const ramEndPfn = Math.floor((seen.at(-1)?.end ?? 0) / PAGE_SIZE);
	// The kernel's arithmetic is 32 bit wide: an absurd vmalloc= wraps round.
	const top = rules.countsFromVmallocEnd ? areas.vmallocEnd.value : 0;
	const maxLowmemBytes = (top - pageOffset - areas.vmallocReserve) >>> 0;
	const maxmemPfn = Math.floor(maxLowmemBytes / PAGE_SIZE);
	const { maxLowPfn, maxPfn } =
		ramEndPfn <= maxmemPfn
			? lowmemPfnInit(machine, ramEndPfn, say)
			: highmemPfnInit(machine, ramEndPfn, maxmemPfn, rules, say);
	if (machine.highmem !== 'off') say(`${megabytes(maxPfn - maxLowPfn)}MB HIGHMEM available.`);
	say(`${megabytes(maxLowPfn)}MB LOWMEM available.`);
	if (rules.saysMappedRam) {
		const end = (maxLowPfn * PAGE_SIZE).toString(16).padStart(8, '0');
		say(`  mapped low ram: 0 - ${end}`);
		say(`  low ram: 0 - ${end}`);
	}
	const highMemory =
		ramEndPfn <= maxmemPfn
			? endOfSmallLowmem(pageOffset, ramEndPfn, ramEndPfn - maxLowPfn)
			: endOfFullLowmem(machine, areas, rules, maxLowPfn);
	return {
		ram: below(seen, maxPfn * PAGE_SIZE),
		maxLowPfn,
		maxPfn,
		highMemory,
		vmallocStart: vmallocStart(highMemory, rules, machine.kernel),
		messages,
		maxLowmemBytes,
	};
};

/** high_memory of a machine all of whose RAM fits. */
const endOfSmallLowmem = (pageOffset: number, ramPages: number, highmemPages: number): Border => {
	const steps = [address(pageOffset, 'PAGE_OFFSET'), plus(ramPages * PAGE_SIZE)];
	if (highmemPages === 0) return border('high_memory', 'lowmem-to-ram-end-x86', steps);
	return border('high_memory', 'lowmem-minus-highmem', [...steps, minusPages(highmemPages * PAGE_SIZE, 'highmem=')]);
};

/** high_memory where MAXMEM decides. The kernel's sum is 32 bit wide and may have wrapped. */
const endOfFullLowmem = (
	{ kernel, split }: X86Machine,
	{ vmallocEnd, vmallocReserve, reserveSpan }: X86Areas,
	rules: LowmemRules,
	maxLowPfn: number,
): Border => {
	const top = rules.countsFromVmallocEnd ? from(vmallocEnd) : address(FOUR_GIB);
	const steps = [top, minus(vmallocReserve, '__VMALLOC_RESERVE'), roundedDown(PAGE_SIZE, 'PAGE_SIZE')];
	const span = commonSpan(
		reserveSpan,
		spanOf(kernel, RULES, row => row.countsFromVmallocEnd),
	);
	const plain = border('high_memory', 'lowmem-to-maxmem', steps, span);
	const missing = PAGE_OFFSETS[split] + maxLowPfn * PAGE_SIZE - plain.value;
	if (missing === 0) return plain;
	const wrapped = missing > 0 ? plusPages(missing, '2^32') : minusPages(-missing, '2^32');
	return border('high_memory', 'lowmem-to-maxmem', [...steps, wrapped], span);
};
