import { phrase, type Text } from '../../phrases/phrase.ts';
import { hex, KiB, MiB, PAGE_SIZE, physical } from '../address.ts';
import { mostCpus } from '../check-machine.ts';
import { withCommandLine } from '../kernel-command-line.ts';
import { atLeast, type KernelVersion } from '../kernel-version.ts';
import type { ArmMachine, CmaRegion, Split } from '../machine.ts';
import { findMachine } from '../machines.ts';
import { PAGE_OFFSETS } from '../split.ts';
import { lowmemReach, ramBanks, ramBase } from './arm-banks.ts';
import { cpuOf } from './arm-cpus.ts';
import { ARM_PLATFORMS, type ArmPlatform, UNKNOWN_PLATFORM } from './arm-platforms.ts';
import { type ArmRam, armRam } from './arm-ram.ts';
import { cpusOf, kernelOf, maxOrderOf, noteMovingWords, sectionsOf, titleOf } from './common-machine.ts';
import type { Found, LogFacts } from './log-facts.ts';
import { type AssumptionList, bytesText } from './log-reading.ts';
import { splitFromSigns } from './split-signs.ts';

/** Bits of the control register (arch/arm/include/asm/cp15.h). */
const THUMB_EXCEPTIONS = 2 ** 30;
const ACCESS_FLAG = 2 ** 29;

/** A kernel for boards with less is rarely built with CONFIG_HIGHMEM. */
const SMALL_BOARD = 128 * MiB;
const LARGE_BOARD = 320 * MiB;
/** Steps of PHYS_OFFSET where it is found at boot. */
const PATCH_STEP = 16 * MiB;

export interface ArmFromLog {
	readonly machine: ArmMachine;
	readonly lowmemSeen?: Found<number>;
	readonly highmemBytes: number;
	readonly isPlatformUnknown: boolean;
}

/** Put an ARM machine together from a log's facts. */
export const armMachineFromFacts = (facts: LogFacts, list: AssumptionList): ArmFromLog => {
	const usual = findMachine('imx6q-1g');
	if (usual.arch !== 'arm') throw new Error('imx6q-1g is an ARM board');
	const kernel = kernelOf(facts, () => guessKernel(facts), list);
	const platform = platformOf(facts, list);
	const cpu = cpuOf(facts);
	const { lpae, thumb2 } = controlOf(facts, list);
	const split = splitOf(facts, kernel, lpae, list);
	const base = ramBase(facts, platform, split);
	const ram = armRam(facts, base.value);
	const highmem = hasHighmem(facts, cpu.version, ram, list);
	const { nrCpus, cpusOnline } = cpusOf(facts, 4, mostCpus('arm', kernel), list);
	const cacheLineBytes = facts.cacheLine?.value ?? (cpu.version === 7 ? 64 : 32);
	const { dtcmEnd, itcmEnd } = facts.tcm;
	const cma = cmaOf(facts, list);
	const zone = dmaZone(facts, ram);
	const { dmaZone: _zone, cma: _cma, platformVmallocEnd: _end, fixaddrStart: _start, ...plain } = usual;
	const machine: ArmMachine = {
		...plain,
		id: 'log',
		...titleOf(facts, 'arm'),
		kernel,
		cpu: cpu.name,
		armVersion: cpu.version,
		vivt: facts.isVivt?.value ?? false,
		nrCpus,
		cpusOnline,
		ram: ramBanks(facts, base, ram, lowmemReach(facts, split), list),
		split,
		parameters: {},
		cacheLineBytes,
		kmallocMinBytes: cacheLineBytes,
		structPageBytes: ram.structPageBytes,
		maxOrder: maxOrderOf(facts, plain.maxOrder, list),
		sections: sectionsOf(
			facts,
			PAGE_OFFSETS[split] + 0x8000,
			plain.sections,
			address => PAGE_OFFSETS[split] + address - base.value,
		),
		highmem,
		lpae,
		thumb2,
		consistentDmaBytes: (platform.consistentDmaMiB ?? 2) * MiB,
		...(atLeast(kernel, '3.3') ? {} : { platformVmallocEnd: vmallocEnd(platform, facts, list) }),
		...(zone === undefined ? {} : { dmaZone: zone }),
		// The run-time patching of the address conversion cannot place RAM there, so the platform's headers say it.
		...(base.value % PATCH_STEP === 0 || base.isListed ? {} : { physOffset: physical(base.value) }),
		...(dtcmEnd && itcmEnd ? { tcm: { dtcmEnd: dtcmEnd.value, itcmEnd: itcmEnd.value } } : {}),
		...(cma ? { cma } : {}),
	};
	return {
		machine: booted(machine, facts, ram, list),
		...(ram.lowmemBytes ? { lowmemSeen: ram.lowmemBytes } : {}),
		highmemBytes: ram.highmemBytes,
		isPlatformUnknown: platform.vmallocEnd === undefined || platform === UNKNOWN_PLATFORM,
	};
};

/** What the CPU's control register tells, and where it is not printed the width of physical addresses. */
const controlOf = (
	{ controlRegister: control, widePhysical }: LogFacts,
	list: AssumptionList,
): { readonly lpae: boolean; readonly thumb2: boolean } => {
	const hasBit = (bit: number): boolean => control !== undefined && Math.floor(control.value / bit) % 2 === 1;
	const lpae = control ? hasBit(ACCESS_FLAG) : widePhysical?.value.isWide === true;
	const thumb2 = hasBit(THUMB_EXCEPTIONS);
	const lpaeSign = control ? 'the access flag in cr=' : (widePhysical?.value.sign ?? 'there is some');
	if (lpae) list.note(lpae, 'LPAE', 'yes', lpaeSign, (control ?? widePhysical)?.line);
	if (thumb2) list.note(thumb2, 'Thumb-2', 'yes', 'exceptions are taken in Thumb state (cr=)', control?.line);
	return { lpae, thumb2 };
};

/** The first contiguous area; /proc counts all of them but does not say where they lie. */
const cmaOf = ({ cma: [area], cmaTotal }: LogFacts, list: AssumptionList): CmaRegion | undefined => {
	if (area) return { sizeBytes: area.value.sizeBytes, base: physical(area.value.base) };
	if (!cmaTotal) return undefined;
	list.note(cmaTotal, 'CMA', bytesText(cmaTotal.value), 'all of it as one area', cmaTotal.line);
	return { sizeBytes: cmaTotal.value };
};

const booted = (machine: ArmMachine, facts: LogFacts, ram: ArmRam, list: AssumptionList): ArmMachine => {
	const { commandLine } = facts;
	if (!commandLine) return machine;
	noteMovingWords(commandLine, 'arm', list);
	const changed = withCommandLine(machine, commandLine.value);
	if (changed.arch !== 'arm') return machine;
	const { mem, ...others } = changed.parameters;
	const counted = facts.zones.size > 0 && ram.highmemBytes === 0 ? ram.lowmemBytes : undefined;
	if (mem === undefined || !counted || counted.value >= mem) return changed;
	list.note(mem, 'mem=', 'no', 'the kernel counts less: something else took the rest', counted.line);
	return { ...changed, parameters: others };
};

const platformOf = (facts: LogFacts, list: AssumptionList): ArmPlatform => {
	const { machineName, cpuName, commandLine, kernel, platformWords } = facts;
	const part = facts.mainId === undefined ? '' : cpuOf(facts).name;
	const words = [machineName?.value, kernel?.value, part, cpuName?.value, ...platformWords.map(({ value }) => value)];
	// The machine's own name first: a command line names consoles and file systems of many makes.
	const texts = [words.slice(0, 1), words, [...words, commandLine?.value]].map(parts => parts.join(' '));
	for (const text of texts) {
		const platform = ARM_PLATFORMS.find(({ sign }) => sign.test(text));
		if (platform) return list.note(platform, 'platform', platform.name, 'by its name', machineName?.line);
	}
	return list.note(UNKNOWN_PLATFORM, 'platform', UNKNOWN_PLATFORM.name, 'usual values');
};

const vmallocEnd = (platform: ArmPlatform, facts: LogFacts, list: AssumptionList): number => {
	const end = platform.vmallocEnd ?? UNKNOWN_PLATFORM.vmallocEnd ?? 0xf8000000;
	return list.note(
		end,
		'VMALLOC_END',
		hex(end),
		phrase('kernels before 3.3: that of {platform}', { platform: platform.name }),
		facts.machineName?.line,
	);
};

/** Bytes of lowmem where a highmem kernel says how much is not. */
const lowmemBytes = ({ memory, totalPages }: LogFacts): number | undefined => {
	if (!memory?.value.isGeneric && !totalPages) return undefined;
	const total = memory?.value.isGeneric ? memory.value.totalKb * KiB : (totalPages?.value ?? 0) * PAGE_SIZE;
	return total - (memory?.value.highmemKb ?? 0) * KiB + 64 * MiB;
};

const splitOf = (facts: LogFacts, kernel: KernelVersion, lpae: boolean, list: AssumptionList): Split => {
	const { split, line, reason } = splitFromSigns({
		arch: 'arm',
		addresses: facts.addresses,
		lowmemBytes: lowmemBytes(facts),
		hasOpt: atLeast(kernel, '4.4') && !lpae,
		isTopDown: atLeast(kernel, '3.14'),
	});
	return list.note(split, 'split', split, reason, line);
};

const hasHighmem = (facts: LogFacts, version: 5 | 6 | 7, ram: ArmRam, list: AssumptionList): boolean => {
	const { memory, truncated, isSmp, commandLine } = facts;
	const note = (is: boolean, reason: Text, line?: number): boolean =>
		list.note(is, 'HIGHMEM', is ? 'yes' : 'no', reason, line);
	if (ram.highmemBytes > 0) return note(true, 'there is some', memory?.line);
	if (truncated[0]) return note(false, 'RAM is left out', truncated[0].line);
	if (memory?.value.isGeneric) {
		const has = memory.value.highmemKb !== undefined;
		return note(has, has ? 'the Memory line counts it' : 'the Memory line does not count it', memory.line);
	}
	if (facts.zoneRanges.has('HighMem')) return note(true, 'its zone is listed', facts.zoneRanges.get('HighMem')?.line);
	// Kernels for one CPU and little RAM are made for one device, those for more are made for many.
	const total = ram.totalBytes?.value ?? 0;
	const isWide = isSmp?.value !== false || total >= LARGE_BOARD || / vmalloc=/.test(` ${commandLine?.value ?? ''}`);
	const is = version === 7 && total >= SMALL_BOARD && isWide;
	return note(is, is ? 'usual for ARMv7; all RAM is lowmem here' : 'unusual for such a board; all RAM is lowmem here');
};

const dmaZone = (facts: LogFacts, ram: ArmRam): number | 'lowmem' | undefined => {
	const dma = facts.zoneRanges.get('DMA')?.value;
	const normal = facts.zoneRanges.get('Normal')?.value;
	if (dma !== undefined && dma !== 'empty') {
		return normal === undefined || normal === 'empty' ? 'lowmem' : dma.end - dma.start;
	}
	if (ram.dmaBytes === undefined) return undefined;
	return facts.zones.has('Normal') ? ram.dmaBytes : 'lowmem';
};

/** A log without its head: how the Memory line is written dates it roughly. */
const guessKernel = ({ memory, banksMb }: LogFacts): readonly [string, Text] => {
	if (banksMb) return ['3.4.0', 'the head of the log is missing; its Memory lines are those of kernels up to 3.11'];
	if (memory?.value.countsCma) {
		return ['4.4.0', 'the head of the log is missing; its Memory line is that of 3.19 and later'];
	}
	if (memory?.value.isGeneric)
		return ['3.14.0', 'the head of the log is missing; its Memory line is that of 3.12 to 3.18'];
	return ['4.9.0', 'the head of the log is missing'];
};
