import { MiB, PAGE_SIZE } from '../address.ts';
import { addRange, decimalGroup, group, hexGroup, type Recognizer } from './recognizer.ts';

const isUsable = (text: string): boolean => /^usable\b/.test(text);

/** Lines that only PCs print (arch/x86/kernel/e820.c, setup.c, arch/x86/mm/init_32.c). */
export const X86_LINES: readonly Recognizer[] = [
	{
		pattern:
			/^(BIOS-e820|BIOS-88|BIOS-e801|Xen|user|modified): \[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\] (.{1,40})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			const value = { start: hexGroup(match, 2), end: hexGroup(match, 3) + 1, isUsable: isUsable(group(match, 4)) };
			addRange(/^(?:user|modified)$/.test(group(match, 1)) ? facts.userMap : facts.e820, { value, line });
		},
	},
	{
		pattern: /^(BIOS-e820|BIOS-88|BIOS-e801|Xen|user|modified): ([0-9a-f]{16}) - ([0-9a-f]{16}) \((.{1,40})\)/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			const value = { start: hexGroup(match, 2), end: hexGroup(match, 3), isUsable: isUsable(group(match, 4)) };
			addRange(/^(?:user|modified)$/.test(group(match, 1)) ? facts.userMap : facts.e820, { value, line });
		},
	},
	{
		pattern:
			/^e820:? (?:update|remove) (?:range: ([0-9a-f]{16}) - ([0-9a-f]{16})|\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\])/,
		read: (facts, match, line) => {
			const isOld = match[1] !== undefined;
			const start = hexGroup(match, isOld ? 1 : 3);
			const end = isOld ? hexGroup(match, 2) : hexGroup(match, 4) + 1;
			addRange(facts.e820Changes, { value: { start, end, isUsable: false }, line });
		},
	},
	{
		pattern: /^(?:e820: )?last_pfn = 0x([0-9a-f]{1,12}) max_arch_pfn = 0x([0-9a-f]{1,16})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.lastPfn = { value: hexGroup(match, 1), line };
			facts.maxArchPfn = { value: hexGroup(match, 2), line };
		},
	},
	{
		pattern: /^(?:Notice: )?NX \(Execute Disable\) protection(.{0,80})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			const words = group(match, 1);
			if (/: active/.test(words)) facts.isNxActive = { value: true, line };
			else if (/non-PAE kernel/.test(words)) facts.isNxActive = { value: false, line };
		},
	},
	{
		pattern: /^(\d{1,7})MB HIGHMEM available/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.highmemMb ??= { value: decimalGroup(match, 1), line };
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^(\d{1,7})MB LOWMEM available/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.lowmemMb ??= { value: decimalGroup(match, 1), line };
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^mapped low ram: 0 - ([0-9a-f]{8})/,
		read: (facts, match, line) => {
			facts.lowRamEnd ??= { value: hexGroup(match, 1), line };
			facts.messages.push({ value: `  ${match.input}`, line });
		},
	},
	{
		pattern: /^low ram: 0{1,8} - [0-9a-f]{8}/,
		read: (facts, match, line) => {
			facts.messages.push({ value: `  ${match.input}`, line });
		},
	},
	{
		pattern: /^Initializing HighMem for node \d{1,4} \(([0-9a-f]{8}):([0-9a-f]{8})\)/,
		read: (facts, match, line) => {
			const start = hexGroup(match, 1);
			const end = hexGroup(match, 2);
			facts.signs.x86++;
			if (end > start && !facts.zoneRanges.has('HighMem')) {
				facts.zoneRanges.set('HighMem', { value: { start: start * PAGE_SIZE, end: end * PAGE_SIZE }, line });
			}
			facts.highmemMb ??= { value: Math.floor(((end - start) * PAGE_SIZE) / MiB), line };
			if (start > 0) facts.lowRamEnd ??= { value: start * PAGE_SIZE, line };
		},
	},
	{
		pattern:
			/^found SMP MP-table at \[(?:mem 0x[0-9a-f]{1,16}-0x[0-9a-f]{1,16}\] mapped at \[)?([0-9a-f]{8})\](?: ([0-9a-f]{5,8}))?/,
		read: (facts, match, line) => {
			const value = { kind: 'image', virtual: hexGroup(match, 1) } as const;
			facts.addresses.push({ value, line });
		},
	},
	{
		pattern: /^initial memory mapped ?: (?:0 - |\[mem 0x0{8,16}-0x)([0-9a-f]{8,16})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			const end = hexGroup(match, 1);
			if (end > 0) facts.initialMapEnd ??= { value: end + (end % 2), line };
		},
	},
	{
		pattern: /^ACPI: RSDP signature @ 0x([0-9A-F]{8})\b/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.addresses.push({ value: { kind: 'image', virtual: hexGroup(match, 1) }, line });
		},
	},
	{
		pattern: /^Xen-provided physical RAM map/,
		read: (facts, _, line) => {
			facts.isXen = { value: true, line };
		},
	},
	{
		pattern: /^(?:e820: \[|BIOS-provided physical RAM map|ACPI: (?:RSDP|MADT|LAPIC))/,
		read: facts => {
			facts.signs.x86++;
		},
	},
	{
		pattern: /^smpboot: \d{1,5} Processors exceeds NR_CPUS limit of (\d{1,5})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.nrCpus ??= { value: decimalGroup(match, 1), line };
		},
	},
	{
		pattern: /^(?:smpboot|SMP): Allowing (\d{1,5}) CPUs/,
		read: (facts, match, line) => {
			facts.cpusOnline ??= { value: decimalGroup(match, 1), line };
		},
	},
	{
		pattern: /^(?:Booting paravirtualized kernel on|Hypervisor detected:|KVM setup )/,
		read: (facts, _, line) => {
			facts.isParavirt ??= { value: true, line };
		},
	},
	{
		pattern: /^DMI: (.{1,160})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.machineName ??= { value: group(match, 1), line };
		},
	},
	{
		pattern: /^(?:Warning:? only|Use a (?:HIGHMEM|PAE)|only \d{1,7}MB highmem|highmem size|ignoring highmem)/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^CPU0?: (.{0,20}(?:Intel|AMD|VIA|Genuine).{0,60})/,
		read: (facts, match, line) => {
			facts.signs.x86++;
			facts.cpuName ??= { value: group(match, 1).trim(), line };
		},
	},
];
