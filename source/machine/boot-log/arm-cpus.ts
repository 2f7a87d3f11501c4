import type { LogFacts } from './log-facts.ts';

/** Implementer and part number of the main ID register (arch/arm/include/asm/cputype.h). */
const PARTS: ReadonlyMap<number, string> = new Map([
	[0x41_920, 'ARM920T'],
	[0x41_926, 'ARM926EJ-S'],
	[0x41_b36, 'ARM1136'],
	[0x41_b76, 'ARM1176'],
	[0x41_b02, 'ARM11MPCore'],
	[0x41_c05, 'Cortex-A5'],
	[0x41_c07, 'Cortex-A7'],
	[0x41_c08, 'Cortex-A8'],
	[0x41_c09, 'Cortex-A9'],
	[0x41_c0d, 'Cortex-A12'],
	[0x41_c0e, 'Cortex-A17'],
	[0x41_c0f, 'Cortex-A15'],
	[0x41_d03, 'Cortex-A53'],
	[0x41_d04, 'Cortex-A35'],
	[0x41_d07, 'Cortex-A57'],
	[0x41_d08, 'Cortex-A72'],
	[0x51_00f, 'Scorpion'],
	[0x51_02d, 'Scorpion-MP'],
	[0x51_04d, 'Krait'],
	[0x51_06f, 'Krait'],
	[0x56_131, 'Feroceon 88FR131'],
	[0x56_581, 'PJ4'],
	[0x56_584, 'PJ4B'],
]);

export interface ArmCpu {
	readonly name: string;
	readonly version: 5 | 6 | 7;
}

/** The CPU that a log names. */
export const cpuOf = ({ mainId, cpuName }: LogFacts): ArmCpu => {
	const words = cpuName?.value ?? '';
	const id = mainId?.value ?? 0;
	const part = PARTS.get((Math.floor(id / 2 ** 24) % 256) * 4096 + (Math.floor(id / 16) % 4096));
	return { name: part ?? (words === '' ? 'ARMv7' : words), version: architectureVersion(words) };
};

/** `ARMv6-compatible processor` is one whatever stands in the brackets behind it. */
const architectureVersion = (words: string): 5 | 6 | 7 => {
	if (/ARMv6|ARM11/.test(words)) return 6;
	if (/ARMv[45]|ARM9|ARM10|Feroceon|XScale|Faraday|SA-11|ARM7/.test(words)) return 5;
	return 7;
};
