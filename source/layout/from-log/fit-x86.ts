import { MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { LogReading } from '../../machine/boot-log/log-reading.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine, Split, X86FixmapOptions, X86Machine } from '../../machine/machine.ts';
import { x86Areas } from '../x86/x86-areas.ts';
import { x86Fixmap } from '../x86/x86-fixmap.ts';
import { x86Lowmem } from '../x86/x86-lowmem.ts';
import { agreesWithVmallocTotal, type Fitted, fitSplit, isVmallocTotalNeeded } from './fit-split.ts';
import { ENTRY_GENERATIONS, NR_CPUS } from './usual-builds.ts';

/** The few borders that this needs; the whole layout would be computed hundreds of times. */
const lowmemBytes = (machine: X86Machine): number =>
	x86Lowmem(machine, x86Areas(machine, x86Fixmap(machine))).maxLowPfn * PAGE_SIZE;

/** One thing that a configuration may have otherwise. */
interface Change {
	readonly text: string;
	readonly apply: (machine: X86Machine) => X86Machine;
}

const OPTIONS: readonly (keyof X86FixmapOptions)[] = [
	'paravirt',
	'f00f',
	'mcfg',
	'ioApic',
	'localApic',
	'ghes',
	'intelTxt',
	'ohci1394',
	'intelMid',
];

/** The likeliest first. */
const changesOf = ({ facts }: LogReading, machine: X86Machine): readonly Change[] => {
	const changes: Change[] = [];
	const { nrCpus, isSmp } = facts;
	if (!nrCpus && isSmp?.value !== false) {
		for (const count of NR_CPUS.filter(count => count >= machine.cpusOnline)) {
			changes.push({ text: `NR_CPUS ${count}`, apply: one => ({ ...one, nrCpus: count }) });
		}
	}
	// Distributions brought the area to older kernels in January 2018.
	if (atLeast(machine.kernel, '4.4')) {
		for (const generation of ENTRY_GENERATIONS) {
			const text = `cpu_entry_area of generation ${generation}`;
			changes.push({ text, apply: one => ({ ...one, cpuEntryGeneration: generation }) });
		}
	}
	for (const option of OPTIONS) {
		const is = !machine.fixmap[option];
		const apply = (one: X86Machine): X86Machine => ({ ...one, fixmap: { ...one.fixmap, [option]: is } });
		changes.push({ text: `${is ? 'with' : 'without'} ${option}`, apply });
	}
	if (!facts.maxArchPfn && !facts.isNxActive && !facts.widePhysical) {
		const pae = !machine.pae;
		const highmem = pae ? '64G' : '4G';
		changes.unshift({ text: pae ? 'PAE' : 'no PAE', apply: one => ({ ...one, pae, highmem }) });
	}
	const debug = (one: X86Machine): X86Machine => ({ ...one, debug: { ...one.debug, highmem: true } });
	changes.push({ text: 'with DEBUG_HIGHMEM', apply: debug });
	return changes;
};

const SPLITS: readonly Split[] = ['3G_opt', '2G', '2G_opt', '1G'];

/** What a PC kernel's log shows only in its effects. */
export const fitX86 = (machine: X86Machine, reading: LogReading): Fitted<X86Machine> => {
	const bySplit = splitOfLowmem(machine, reading);
	const byOptions = fitOptions(bySplit.machine, reading);
	return { machine: byOptions.machine, assumptions: [...bySplit.assumptions, ...byOptions.assumptions] };
};

/** How much lowmem there is tells the split, where no address does. */
const splitOfLowmem = (machine: X86Machine, reading: LogReading): Fitted<X86Machine> => {
	const { lowmemMb, highmemMb } = reading.facts;
	const isByVmalloc = (highmemMb?.value ?? 0) === 0 && isVmallocTotalNeeded(reading);
	if (!lowmemMb && !isByVmalloc) return { machine, assumptions: [] };
	// Build options move the end by some megabytes, a split by hundreds.
	const agrees = (candidate: Machine): boolean => {
		if (isByVmalloc) return agreesWithVmallocTotal(candidate, reading);
		return candidate.arch === 'x86' && Math.abs(lowmemBytes(candidate) / MiB - (lowmemMb?.value ?? 0)) < 32;
	};
	const splits = machine.pae ? SPLITS.filter(split => !split.endsWith('_opt')) : SPLITS;
	const fitted = fitSplit(
		machine,
		reading,
		splits,
		agrees,
		isByVmalloc ? 'so long is vmalloc space' : 'so much lowmem is counted',
	);
	return fitted.machine.arch === 'x86' ? { ...fitted, machine: fitted.machine } : { machine, assumptions: [] };
};

/**
 * Where RAM reaches beyond lowmem, lowmem's end follows from VMALLOC_END, and that from the build options that the log
 * does not name: take the fewest changes to the usual ones that end lowmem where the log says it ends.
 */
const fitOptions = (machine: X86Machine, reading: LogReading): Fitted<X86Machine> => {
	const { lowRamEnd, lowmemMb, highmemMb, vmallocBytes } = reading.facts;
	const isForced = (highmemMb?.value ?? 0) > 0 && machine.parameters.highmem === undefined;
	// Where lowmem ends with RAM, VMALLOC_END shows in the length of vmalloc space.
	const isByVmalloc = !isForced && vmallocBytes !== undefined;
	const seen = isByVmalloc ? vmallocBytes : (lowRamEnd ?? lowmemMb);
	if (!seen || !(isForced || isByVmalloc)) return { machine, assumptions: [] };
	const agrees = (candidate: X86Machine): boolean => {
		if (isByVmalloc) {
			const areas = x86Areas(candidate, x86Fixmap(candidate));
			const { vmallocStart } = x86Lowmem(candidate, areas);
			return areas.vmallocEnd.value - vmallocStart.value === vmallocBytes.value;
		}
		const bytes = lowmemBytes(candidate);
		return lowRamEnd ? bytes === lowRamEnd.value : Math.floor(bytes / MiB) === lowmemMb?.value;
	};
	if (agrees(machine)) return { machine, assumptions: [] };
	const changes = changesOf(reading, machine);
	const found = changes.find(({ apply }) => agrees(apply(machine))) ?? pairOf(changes, machine, agrees);
	if (!found) return { machine, assumptions: [] };
	const reason = 'the log does not name it; lowmem then ends where the log says';
	return {
		machine: found.apply(machine),
		assumptions: [{ what: 'build option', value: found.text, line: seen.line, reason }],
	};
};

const pairOf = (
	changes: readonly Change[],
	machine: X86Machine,
	agrees: (candidate: X86Machine) => boolean,
): Change | undefined => {
	for (const first of changes) {
		const changed = first.apply(machine);
		const second = changes.find(({ apply }) => agrees(apply(changed)));
		if (!second) continue;
		return { text: `${first.text}, ${second.text}`, apply: one => second.apply(first.apply(one)) };
	}
	return undefined;
};
