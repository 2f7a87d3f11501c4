import { hex, MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { PrintedRow } from '../../machine/boot-log/log-facts.ts';
import type { LogReading } from '../../machine/boot-log/log-reading.ts';
import { withSplit } from '../../machine/changes.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine, Machine, X86Machine } from '../../machine/machine.ts';
import { SPLITS } from '../../machine/split.ts';
import { asPhrase, phrase, type Text } from '../../phrases/phrase.ts';
import { computeLayout } from '../compute-layout.ts';
import type { Layout } from '../layout.ts';
import { ENTRY_GENERATIONS, NR_CPUS } from './usual-builds.ts';

/** The machine with one thing otherwise, and how that is said. */
type Variant = readonly [Text, Machine];

const armVariants = (machine: ArmMachine): Variant[] => [
	[machine.highmem ? 'without CONFIG_HIGHMEM' : 'with CONFIG_HIGHMEM', { ...machine, highmem: !machine.highmem }],
	[machine.thumb2 ? 'not Thumb-2' : 'Thumb-2', { ...machine, thumb2: !machine.thumb2 }],
	...SPLITS.arm.map((split): Variant => [phrase('split {split}', { split }), withSplit(machine, split)]),
];

const x86Variants = (machine: X86Machine): Variant[] => {
	const pae = !machine.pae;
	const isOff = machine.highmem === 'off';
	return [
		[
			isOff ? 'with CONFIG_HIGHMEM' : 'without CONFIG_HIGHMEM',
			{ ...machine, highmem: isOff ? (machine.pae ? '64G' : '4G') : 'off' },
		],
		[pae ? 'PAE' : 'no PAE', { ...machine, pae, highmem: isOff ? 'off' : pae ? '64G' : '4G' }],
		...SPLITS.x86.map((split): Variant => [phrase('split {split}', { split }), withSplit(machine, split)]),
		...NR_CPUS.map((nrCpus): Variant => [phrase('NR_CPUS {nrCpus}', { nrCpus }), { ...machine, nrCpus }]),
		...ENTRY_GENERATIONS.map(
			(cpuEntryGeneration): Variant => [
				phrase('cpu_entry_area of generation {generation}', { generation: cpuEntryGeneration }),
				{ ...machine, cpuEntryGeneration },
			],
		),
	];
};

const isSameRow = (layout: Layout, { name, start, end }: PrintedRow): boolean =>
	layout.rows.some(row => row.name === name && row.start === start && row.end % 2 ** 32 === end);

/** Why a row of the log is not what the formulas give. */
export const likelyCause = (
	{ machine, facts }: LogReading,
	layout: Layout,
	name: string,
	printed: PrintedRow,
): Text => {
	const variants = machine.arch === 'arm' ? armVariants(machine) : x86Variants(machine);
	const fitting = variants.find(([, variant]) => isSameRow(computeLayout(variant), printed));
	if (fitting) return phrase('another config: {config} would give it', { config: asPhrase(fitting[0]) });
	if (machine.arch === 'x86' && name === 'fixmap' && printed.start !== undefined) {
		const pages = (layout.fixmap.start - printed.start) / PAGE_SIZE;
		return pages > 0
			? phrase('another config: {pages} pages more in the fixmap', { pages })
			: phrase('another config: {pages} pages fewer in the fixmap', { pages: -pages });
	}
	if (facts.rows.filter(row => row.name === name).length > 1) return 'a patched kernel: it has several such areas';
	if (name === 'vmalloc' && printed.end !== undefined && printed.end !== layout.vmallocEnd) {
		const isPlatform = machine.arch === 'arm' && !atLeast(machine.kernel, '3.3');
		const end = hex(printed.end);
		return isPlatform
			? phrase("this platform's own VMALLOC_END {end}", { end })
			: phrase('a patched kernel: VMALLOC_END {end}', { end });
	}
	if (name === 'lowmem' || name === 'vmalloc') {
		const at = name === 'lowmem' ? printed.end : printed.start;
		const by = at === undefined ? 0 : (at - (name === 'lowmem' ? layout.highMemory : layout.vmallocStart)) / MiB;
		const size = Math.abs(Math.round(by * 100) / 100);
		return by < 0
			? phrase('lowmem ends {size} MB earlier: RAM that the log does not show, or a patched kernel', { size })
			: phrase('lowmem ends {size} MB later: RAM that the log does not show, or a patched kernel', { size });
	}
	return 'a patched kernel or another config';
};
