import { MiB, PAGE_SIZE } from '../address.ts';
import type { AddressSign, LogFacts, MemoryFacts, ZoneFacts } from './log-facts.ts';
import { addRange, decimalGroup, group, hexGroup, type Recognizer } from './recognizer.ts';

const addAddress = (facts: LogFacts, line: number, kind: AddressSign['kind'], text: string): void => {
	const virtual = Number.parseInt(text, 16);
	if (text.length === 16) facts.wide = { value: `address ${text}`, line };
	else facts.addresses.push({ value: { kind, virtual }, line });
};

const withZone = (facts: LogFacts, name: string, change: ZoneFacts): void => {
	facts.zones.set(name, { ...facts.zones.get(name), ...change });
};

const setMemory = (facts: LogFacts, value: MemoryFacts, line: number): void => {
	facts.memory ??= { value, line };
};

/** `word` with the number of kilobytes before it. */
const kilobytes = (text: string, word: string): number | undefined => {
	const match = new RegExp(`(\\d{1,12})[kK] ${word}`).exec(text);
	return match ? Number(match[1]) : undefined;
};

/** Lines that kernels of both architectures print (init/main.c, mm/page_alloc.c, mm/percpu.c, kernel/rcu). */
export const COMMON_LINES: readonly Recognizer[] = [
	{
		pattern: /^Linux version (\d[^ ]{0,120})(.{0,2000})/,
		read: (facts, match, line) => {
			facts.kernel ??= { value: group(match, 1), line };
			const madeFrom = / Debian (\d{1,2}\.\d{1,3}\.\d{1,4})-|Ubuntu [\w.+~-]{1,60} (\d{1,2}\.\d{1,3}\.\d{1,4})\)/.exec(
				group(match, 2),
			);
			const release = madeFrom?.[1] ?? madeFrom?.[2];
			if (release !== undefined) facts.madeFrom ??= { value: release, line };
			facts.isSmp ??= { value: / SMP\b/.test(group(match, 2)), line };
			if (/ (?:aarch64|x86_64)[- ]/.test(group(match, 2)) && !/i[3-6]86|arm(?:v\d|-)/.test(group(match, 2))) {
				facts.wide = { value: 'its compiler', line };
			}
		},
	},
	{
		pattern: /^(?:Kernel command line:|Command line:) ?(.{0,8000})/,
		read: (facts, match, line) => {
			facts.commandLine ??= { value: group(match, 1), line };
		},
	},
	{
		pattern: /^free_area_init_node: node \d{1,4}, pgdat ([0-9a-f]{8,16}), node_mem_map ([0-9a-f]{8,16})/,
		read: (facts, match, line) => {
			addAddress(facts, line, 'image', group(match, 1));
			addAddress(facts, line, 'lowmem', group(match, 2));
		},
	},
	{
		pattern: /^(?:PERCPU|percpu): Embedded \d{1,6} pages\/cpu @ ?([0-9a-f]{8,16})\b/i,
		read: (facts, match, line) => addAddress(facts, line, 'lowmem', group(match, 1)),
	},
	{
		pattern: /^On node \d{1,4},? totalpages: (\d{1,12})/,
		read: (facts, match, line) => {
			facts.totalPages = { value: (facts.totalPages?.value ?? 0) + decimalGroup(match, 1), line };
		},
	},
	{
		pattern: /^(DMA|DMA32|Normal|HighMem|Movable) zone: (\d{1,12}) pages used for memmap/,
		read: (facts, match, line) => {
			const before = facts.zones.get(group(match, 1))?.memmapPages?.value ?? 0;
			withZone(facts, group(match, 1), { memmapPages: { value: before + decimalGroup(match, 2), line } });
		},
	},
	{
		pattern: /^(DMA|DMA32|Normal|HighMem|Movable) zone: (\d{1,12}) pages, LIFO batch/,
		read: (facts, match, line) => {
			const before = facts.zones.get(group(match, 1))?.pages?.value ?? 0;
			withZone(facts, group(match, 1), { pages: { value: before + decimalGroup(match, 2), line } });
		},
	},
	{
		pattern: /^(DMA|Normal|HighMem) {1,12}(?:\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\]|(empty))/,
		read: (facts, match, line) => {
			const isEmpty = group(match, 4) !== '';
			const range = { start: hexGroup(match, 2), end: hexGroup(match, 3) + 1 };
			facts.zoneRanges.set(group(match, 1), { value: isEmpty ? 'empty' : range, line });
		},
	},
	{
		pattern: /^(DMA|Normal|HighMem) {1,12}(0x[0-9a-f]{1,12}|\d{1,12}) -> {1,12}(0x[0-9a-f]{1,12}|\d{1,12})$/,
		read: (facts, match, line) => {
			const [start, end] = [Number(group(match, 2)) * PAGE_SIZE, Number(group(match, 3)) * PAGE_SIZE];
			facts.zoneRanges.set(group(match, 1), { value: start === end ? 'empty' : { start, end }, line });
		},
	},
	{
		pattern: /^node {1,4}\d{1,4}: \[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\]/,
		read: (facts, match, line) => {
			addRange(facts.nodeRanges, { value: { start: hexGroup(match, 1), end: hexGroup(match, 2) + 1 }, line });
		},
	},
	{
		pattern: /^\d{1,4}: {1,12}(0x[0-9a-f]{1,12}|\d{1,12}) -> {1,12}(0x[0-9a-f]{1,12}|\d{1,12})$/,
		read: (facts, match, line) => {
			const value = { start: Number(group(match, 1)) * PAGE_SIZE, end: Number(group(match, 2)) * PAGE_SIZE };
			if (value.end > value.start) addRange(facts.nodeRanges, { value, line });
		},
	},
	{
		// ARM up to 3.11 counts its banks first.
		pattern: /^Memory: ((?:\d{1,7}MB ?){1,64})= \d{1,7}MB total/,
		read: (facts, match, line) => {
			const sizes = group(match, 1)
				.trim()
				.split(/MB ?/)
				.filter(text => text !== '');
			facts.banksMb ??= { value: sizes.map(Number), line };
			facts.signs.arm++;
		},
	},
	{
		pattern: /^Memory: \d{1,12}[kK]\/(\d{1,12})[kK] available[ ,]{1,2}(.{0,400})/,
		read: (facts, match, line) => {
			const rest = group(match, 2);
			const highmemKb = kilobytes(rest, 'highmem');
			const codeKb = kilobytes(rest, 'kernel code');
			const initKb = kilobytes(rest, 'init');
			setMemory(
				facts,
				{
					totalKb: decimalGroup(match, 1),
					countsCma: / cma-reserved/.test(rest),
					isGeneric: /\d{1,9}K (?:rwdata|bss)/.test(rest),
					...(highmemKb === undefined ? {} : { highmemKb }),
					...(codeKb === undefined ? {} : { codeKb }),
					...(initKb === undefined ? {} : { initKb }),
				},
				line,
			);
		},
	},
	{
		pattern: /^cma: (?:CMA: reserved|Reserved) (\d{1,7}) MiB at (?:0x)?([0-9a-f]{1,16})/,
		read: (facts, match, line) => {
			const base = hexGroup(match, 2);
			facts.cma.push({ value: { sizeBytes: decimalGroup(match, 1) * MiB, base }, line });
		},
	},
	{
		pattern: /^Reserved memory: created CMA memory pool at (?:0x)?([0-9a-f]{1,16}), size (\d{1,7}) MiB/,
		read: (facts, match, line) => {
			facts.cma.push({ value: { sizeBytes: decimalGroup(match, 2) * MiB, base: hexGroup(match, 1) }, line });
		},
	},
	{
		pattern: /^(?:setup_percpu: |percpu: )?NR_CPUS: ?(\d{1,5})/,
		read: (facts, match, line) => {
			facts.nrCpus ??= { value: decimalGroup(match, 1), line };
			if (match[0].startsWith('setup_percpu')) facts.signs.x86++;
			const ids = /nr_cpu_ids: ?(\d{1,5})/.exec(match.input);
			if (ids) facts.cpusOnline ??= { value: Number(ids[1]), line };
		},
	},
	{
		pattern: /^(?:rcu: )? ?RCU restricting CPUs from NR_CPUS=(\d{1,5}) to nr_cpu_ids=(\d{1,5})/,
		read: (facts, match, line) => {
			facts.nrCpus ??= { value: decimalGroup(match, 1), line };
			facts.cpusOnline ??= { value: decimalGroup(match, 2), line };
		},
	},
	{
		pattern: /^SLUB: .{0,40}HWalign=(\d{1,4}), .{0,60}CPUs=(\d{1,5})/,
		read: (facts, match, line) => {
			facts.cacheLine ??= { value: decimalGroup(match, 1), line };
			facts.cpusOnline ??= { value: decimalGroup(match, 2), line };
		},
	},
	{
		pattern: /^pcpu-alloc: \[\d{1,4}\] [\d [\]]{1,2000}$/,
		read: (facts, match, line) => {
			const cpus = match.input
				.slice('pcpu-alloc: '.length)
				.replace(/\[\d{1,4}\]/g, '')
				.match(/\d{1,4}/g)?.length;
			if (cpus) facts.cpusOnline ??= { value: cpus, line };
		},
	},
];
