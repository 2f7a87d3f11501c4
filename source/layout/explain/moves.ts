import { MiB } from '../../machine/address.ts';
import { type MachineFlags, machineWithFlags } from '../../machine/from-flags.ts';
import { compareKernels, parseKernelVersion } from '../../machine/kernel-version.ts';
import { hasHighmem, type Machine, ramBytesOf } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { UserError } from '../../machine/user-error.ts';
import { computeLayout } from '../compute-layout.ts';
import type { Layout } from '../layout.ts';
import { TURNING_RELEASES } from './releases.ts';

/** A change of the machine, as the user would give it, and the layout that it leads to. */
export interface Variant {
	/** `--vmalloc 512M`. */
	readonly flags: string;
	/** Variants of one group are weighed against each other: only kernels have many. */
	readonly group: 'older' | 'newer' | 'other';
	readonly layout: Layout;
}

/** Where a number of the layout goes when the machine is changed. */
export interface Move {
	readonly flags: string;
	readonly value: number;
}

/**
 * What would move a number of the layout, and to where: each usual change is really made and the layout computed again.
 * Of the kernels the nearest older and the nearest newer one count.
 */
export const movesOf = (
	variants: readonly Variant[],
	now: number,
	read: (layout: Layout) => number | undefined,
): Move[] => {
	const moves: Move[] = [];
	const seen = new Set<Variant['group']>();
	for (const { flags, group, layout } of variants) {
		const value = read(layout);
		if (value === undefined || value === now || seen.has(group)) continue;
		moves.push({ flags, value });
		if (group !== 'other') seen.add(group);
	}
	return moves;
};

/** The usual changes of a machine that lead to another machine that boots. */
export const variantsOf = (machine: Machine): Variant[] =>
	candidates(machine).flatMap(({ text, flags, group = 'other' }) => {
		const layout = layoutWith(machine, flags);
		return layout === undefined || layout.bootFailure !== undefined ? [] : [{ flags: text, group, layout }];
	});

const layoutWith = (machine: Machine, flags: MachineFlags): Layout | undefined => {
	try {
		return computeLayout(machineWithFlags(machine, flags));
	} catch (error) {
		if (error instanceof UserError) return undefined;
		throw error;
	}
};

interface Candidate {
	readonly text: string;
	readonly flags: MachineFlags;
	readonly group?: Variant['group'];
}

const candidates = (machine: Machine): Candidate[] => [
	...['128M', '512M'].map((size): Candidate => ({ text: `--vmalloc ${size}`, flags: { vmalloc: size } })),
	...ramCandidates(machine),
	...Object.keys(PAGE_OFFSETS)
		.filter(split => split !== machine.split)
		.map((split): Candidate => ({ text: `--split ${split}`, flags: { split } })),
	toggle('highmem', hasHighmem(machine)),
	...archCandidates(machine),
	...cpuCandidates(machine),
	...kernelCandidates(machine),
];

const toggle = (name: 'highmem' | 'pae' | 'lpae', isOn: boolean): Candidate => ({
	text: isOn ? `--no-${name}` : `--${name}`,
	flags: { [name]: !isOn },
});

const archCandidates = (machine: Machine): Candidate[] => {
	if (machine.arch === 'arm') return [toggle('lpae', machine.lpae)];
	const parameter = (cmdline: string): Candidate => ({ text: `--cmdline ${cmdline}`, flags: { cmdline } });
	return [toggle('pae', machine.pae), parameter('highmem=128M'), parameter('reservetop=16M')];
};

const ramCandidates = (machine: Machine): Candidate[] => {
	const megabytes = Math.round(ramBytesOf(machine) / MiB);
	return [Math.floor(megabytes / 2), megabytes * 2].map(size => ({
		text: `--ram ${size}M`,
		flags: { ram: `${size}M` },
	}));
};

const cpuCandidates = ({ nrCpus }: Machine): Candidate[] =>
	[1, nrCpus * 2]
		.filter(count => count !== nrCpus)
		.map(count => ({ text: `--nr-cpus ${count}`, flags: { nrCpus: String(count) } }));

const kernelCandidates = ({ kernel }: Machine): Candidate[] => {
	const at = (release: string, group: Variant['group']): Candidate => ({
		text: `--kernel ${release}`,
		flags: { kernel: release },
		group,
	});
	const isOlder = (release: string): boolean => compareKernels(parseKernelVersion(release), kernel) < 0;
	return [
		...TURNING_RELEASES.filter(release => !isOlder(release)).map(release => at(release, 'newer')),
		...TURNING_RELEASES.filter(isOlder)
			.map(release => at(release, 'older'))
			.reverse(),
	];
};
