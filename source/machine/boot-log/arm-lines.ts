import { KiB } from '../address.ts';
import { decimalGroup, group, hexGroup, type Recognizer } from './recognizer.ts';

/** Lines that only ARM kernels print (arch/arm/kernel/setup.c, arch/arm/mm, arch/arm/kernel/tcm.c). */
export const ARM_LINES: readonly Recognizer[] = [
	{
		pattern: /^CPU: (.{1,60}?) \[([0-9a-f]{8})\] revision \d{1,3} \(([^)]{1,20})\)(?:, cr=([0-9a-f]{8}))?/,
		read: (facts, match, line) => {
			facts.signs.arm += 2;
			facts.cpuName ??= { value: group(match, 1), line };
			facts.mainId ??= { value: hexGroup(match, 2), line };
			if (match[4] !== undefined) facts.controlRegister ??= { value: hexGroup(match, 4), line };
		},
	},
	{
		pattern: /^CPU: (VIVT|PIPT|VIPT|unknown)[\w /]{0,40} data cache/,
		read: (facts, match, line) => {
			facts.signs.arm++;
			facts.isVivt ??= { value: group(match, 1) === 'VIVT', line };
		},
	},
	{
		pattern: /^(?:OF: fdt: ?)?Machine(?: model)?: (.{1,160})/,
		read: (facts, match, line) => {
			facts.signs.arm++;
			facts.machineName ??= { value: group(match, 1), line };
		},
	},
	{
		pattern: /^Memory policy: /,
		read: facts => {
			facts.signs.arm++;
		},
	},
	{
		pattern: /^Boot CPU: AArch64|^CPU features: detected: 32-bit EL0|^Booting Linux on physical CPU 0x[0-9a-f]{10}/,
		read: (facts, _, line) => {
			facts.wide = { value: 'an AArch64 kernel', line };
		},
	},
	{
		pattern: /^allocating \d{1,12} bytes at (?:0x)?([0-9a-f]{8}) \((?:0x)?([0-9a-f]{1,8}) physical\)/,
		read: (facts, match, line) => {
			const value = { kind: 'pair', virtual: hexGroup(match, 1), physical: hexGroup(match, 2) } as const;
			facts.addresses.push({ value, line });
		},
	},
	{
		pattern: /^Truncating RAM at (?:0x)?([0-9a-f]{8,16})-(?:0x)?([0-9a-f]{8,16}) to -(?:0x)?([0-9a-f]{8,16})/,
		read: (facts, match, line) => {
			// The membank kernels print the last byte, the later ones the end.
			const [start, end, kept] = [hexGroup(match, 1), hexGroup(match, 2), hexGroup(match, 3)];
			facts.truncated.push({ value: { start, end: end + (end % 2), kept: kept + (kept % 2) }, line });
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^Ignoring RAM at (?:0x)?([0-9a-f]{8,16})-(?:0x)?([0-9a-f]{8,16})/,
		read: (facts, match, line) => {
			const end = hexGroup(match, 2);
			facts.truncated.push({ value: { start: hexGroup(match, 1), end: end + (end % 2) }, line });
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^CPU: moved ([DI])TCM\d (\d{1,4})k to ([0-9a-f]{8}), enabled/,
		read: (facts, match, line) => {
			const end = { value: hexGroup(match, 3) + decimalGroup(match, 2) * KiB, line };
			if (group(match, 1) === 'D') facts.tcm.dtcmEnd = end;
			else facts.tcm.itcmEnd = end;
		},
	},
	{
		pattern: /^(?:Tegra reserved memory|Exynos|OMAP\d|AM335X|S5P|Ambarella|cns3xxx)[\w ]{0,40}/,
		read: (facts, match, line) => {
			facts.platformWords.push({ value: match[0], line });
		},
	},
	{
		pattern: /^vmalloc area (?:is )?too (?:small|big), limiting to/,
		read: (facts, match, line) => {
			facts.messages.push({ value: match.input, line });
		},
	},
	{
		pattern: /^(?:Consider using a HIGHMEM enabled kernel|HIGHMEM is not supported with VIPT|NR_BANKS too low)/,
		read: (facts, match, line) => {
			facts.messages.push({ value: match.input, line });
		},
	},
];
