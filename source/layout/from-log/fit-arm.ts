import { FOUR_GIB, hex, KiB, MiB, PAGE_SIZE, physical } from '../../machine/address.ts';
import type { Assumption, LogReading } from '../../machine/boot-log/log-reading.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine, Machine, Split } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { LEAST_RESERVE, PLATFORM_RESERVE, VMALLOC_OFFSET } from '../arm/arm-vmalloc.ts';
import { computeLayout } from '../compute-layout.ts';
import { agreesWithVmallocTotal, type Fitted, fitSplit, isVmallocTotalNeeded } from './fit-split.ts';

const lowmemOf = (machine: ArmMachine): number => {
	const { highMemory, pageOffset } = computeLayout(machine);
	return highMemory - pageOffset;
};

const leavesRamOut = (machine: Machine): boolean =>
	computeLayout(machine).messages.some(message => /^(?:Ignoring|Truncating) RAM/.test(message));

/** What an ARM kernel's log shows only in its effects. */
export const fitArm = (machine: ArmMachine, reading: LogReading): Fitted<ArmMachine> => {
	const bySplit = splitThatHoldsAll(machine, reading);
	const byEnd = fitVmallocEnd(bySplit.machine, reading);
	const byReserve = fitReserve(byEnd.machine, reading);
	const byHole = fitHole(byReserve.machine, reading);
	return {
		machine: byHole.machine,
		assumptions: [...bySplit.assumptions, ...byEnd.assumptions, ...byReserve.assumptions, ...byHole.assumptions],
	};
};

/** Without a kernel address in the log, how much of the RAM is highmem tells the split. */
const splitThatHoldsAll = (machine: ArmMachine, reading: LogReading): Fitted<ArmMachine> => {
	const { facts } = reading;
	const hasOpt = atLeast(machine.kernel, '4.4') && !machine.lpae;
	// 3G_opt is there to do without highmem.
	const order: readonly Split[] = machine.highmem ? ['2G', '1G', '3G_opt'] : ['3G_opt', '2G', '1G'];
	const splits = order.filter(split => split !== '3G_opt' || hasOpt);
	const settle = (agrees: (candidate: Machine) => boolean, reason: Text): Fitted<ArmMachine> => {
		const fitted = fitSplit(machine, reading, splits, agrees, reason);
		return fitted.machine.arch === 'arm' ? { ...fitted, machine: fitted.machine } : { machine, assumptions: [] };
	};
	if (isVmallocTotalNeeded(reading)) {
		return settle(candidate => agreesWithVmallocTotal(candidate, reading), 'so long is vmalloc space');
	}
	if (!machine.highmem) {
		if (facts.truncated.length > 0) return { machine, assumptions: [] };
		const reason: Text = 'without HIGHMEM all RAM is used, and a smaller share for the kernel would not hold it';
		return settle(candidate => !leavesRamOut(candidate), reason);
	}
	const counted = facts.memory?.value.isGeneric ? facts.memory.value.highmemKb : undefined;
	if (counted === undefined) return { machine, assumptions: [] };
	// Contiguous areas in highmem are not counted with it.
	const cma = facts.cma.reduce((sum, { value }) => sum + value.sizeBytes, 0);
	const agrees = (candidate: Machine): boolean => {
		const { maxPfn, maxLowPfn } = computeLayout(candidate);
		const bytes = (maxPfn - maxLowPfn) * PAGE_SIZE;
		return Math.abs(bytes - counted * KiB) <= cma + SLACK;
	};
	return settle(agrees, 'so much of the RAM is highmem');
};

/** RAM that platforms keep for themselves. */
const SLACK = 96 * MiB;

/** Before 3.3 each platform has its own VMALLOC_END, all of them multiples of this. */
const VMALLOC_END_STEP = 8 * MiB;
const LEAST_VMALLOC_END = 0xd0000000;

/** Where highmem begins below VMALLOC_END is fixed, so a platform that is not known betrays its own. */
const fitVmallocEnd = (machine: ArmMachine, reading: LogReading): Fitted<ArmMachine> => {
	const { lowmemSeen, highmemBytes = 0, facts, isPlatformUnknown } = reading;
	const isOpen =
		!atLeast(machine.kernel, '3.3') && highmemBytes > 0 && (facts.zones.size > 0 || facts.lowmemSpan !== undefined);
	if (!isOpen || !lowmemSeen) return { machine, assumptions: [] };
	const computed = lowmemOf(machine);
	if (lowmemSeen.value <= computed && !(isPlatformUnknown && lowmemSeen.value < computed)) {
		return { machine, assumptions: [] };
	}
	const reserve = machine.parameters.vmalloc ?? PLATFORM_RESERVE;
	const end = PAGE_OFFSETS[machine.split] + lowmemSeen.value + reserve;
	if (end % VMALLOC_END_STEP !== 0 || end < LEAST_VMALLOC_END || end > 0xff800000) return { machine, assumptions: [] };
	const reason: Text = 'highmem begins so far below it';
	return {
		machine: { ...machine, platformVmallocEnd: end },
		assumptions: [{ what: 'VMALLOC_END', value: hex(end), line: lowmemSeen.line, reason }],
	};
};

/** The reserve is whole pages of this on every kernel that was seen. */
const RESERVE_STEP = MiB;

/**
 * From 3.3 on VMALLOC_END is fixed and so is the default reserve below it. A vendor's kernel may make it smaller: one that
 * uses holes in RAM for vmalloc gives lowmem as much more room (CONFIG_ENABLE_VMALLOC_SAVING of Qualcomm's 3.4).
 */
const fitReserve = (machine: ArmMachine, reading: LogReading): Fitted<ArmMachine> => {
	const { lowmemSeen, highmemBytes = 0 } = reading;
	const isOpen = atLeast(machine.kernel, '3.3') && highmemBytes > 0 && machine.parameters.vmalloc === undefined;
	if (!isOpen || !lowmemSeen || lowmemSeen.value <= lowmemOf(machine)) return { machine, assumptions: [] };
	const reserve = computeLayout(machine).vmallocEnd - PAGE_OFFSETS[machine.split] - lowmemSeen.value;
	if (reserve < LEAST_RESERVE || reserve % RESERVE_STEP !== 0) return { machine, assumptions: [] };
	// Up to 5.13 `vmalloc=` includes the hole below vmalloc space, later not.
	const found = [reserve, reserve - VMALLOC_OFFSET]
		.map(vmalloc => ({ ...machine, parameters: { ...machine.parameters, vmalloc } }))
		.find(candidate => lowmemOf(candidate) === lowmemSeen.value);
	if (!found) return { machine, assumptions: [] };
	const reason: Text = 'lowmem reaches into the usual 240 MB: a patched kernel reserves less';
	const value = `${Math.floor(reserve / MiB)}M`;
	return { machine: found, assumptions: [{ what: 'vmalloc reserve', value, line: lowmemSeen.line, reason }] };
};

/** Lowmem that ends before its limit although RAM goes on: the rest lies behind a hole. */
const fitHole = (machine: ArmMachine, reading: LogReading): Fitted<ArmMachine> => {
	const { lowmemSeen, highmemBytes = 0, facts } = reading;
	const [bank, more] = machine.ram;
	const isListed = facts.nodeRanges.length > 0 || more !== undefined || machine.parameters.mem !== undefined;
	if (!bank || !lowmemSeen || highmemBytes === 0 || isListed || lowmemSeen.value < 16 * MiB) {
		return { machine, assumptions: [] };
	}
	if (lowmemSeen.value >= lowmemOf(machine)) return { machine, assumptions: [] };
	const limit = lowmemOf({ ...machine, ram: [{ base: bank.base, sizeBytes: FOUR_GIB - bank.base }] });
	const highBase = bank.base + limit;
	const ram = [
		{ base: bank.base, sizeBytes: lowmemSeen.value },
		{ base: physical(highBase), sizeBytes: highmemBytes },
	];
	const assumption: Assumption = {
		what: 'RAM behind a hole',
		value: `${Math.floor(highmemBytes / MiB)}M@${hex(highBase)}`,
		line: lowmemSeen.line,
		reason: phrase('lowmem has {lowmem} MB there; where highmem begins the log does not show', {
			lowmem: Math.floor(lowmemSeen.value / MiB),
		}),
	};
	return { machine: { ...machine, ram }, assumptions: [assumption] };
};
