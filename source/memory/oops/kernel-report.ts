import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';

/** What an oops of one machine's kernel looks like: chosen once, from its release and configuration. */
export interface ReportStyle {
	/** Ends the CPU line behind the release: `#1`. */
	readonly build: string;
	/** The `Hardware name:` line; absent on a PC without DMI. */
	readonly hardwareName: string | undefined;
	/** Taint letters of a module built outside the kernel's tree: `O`, with CONFIG_MODULE_SIG also `E`. */
	readonly moduleTaint: string;
	/** CONFIG_DEBUG_BUGVERBOSE: BUG and WARN name file and line. */
	readonly isVerbose: boolean;
	/** Behind the number of the oops: ` PREEMPT SMP`. */
	readonly options: string;
	/** CONFIG_CPU_SW_DOMAIN_PAN: the kernel cannot reach user addresses at all (ARM). */
	readonly hasDomainPan: boolean;
	/** CONFIG_VMAP_STACK. */
	readonly hasVmapStack: boolean;
}

const options = (machine: Machine): string => {
	const preempt = machine.report?.isPreemptible ? ' PREEMPT' : '';
	const smp = machine.nrCpus > 1 ? ' SMP' : '';
	return `${preempt}${smp}`;
};

export const reportStyle = (machine: Machine): ReportStyle => {
	const { report = {}, kernel } = machine;
	const isArm = machine.arch === 'arm';
	const hasTaint = atLeast(kernel, '3.2');
	return {
		build: report.build ?? '#1',
		hardwareName: report.hardwareName ?? (isArm ? `${machine.title} (Device Tree)` : undefined),
		moduleTaint: hasTaint ? `O${report.isModuleSigned === false && atLeast(kernel, '3.15') ? 'E' : ''}` : '',
		isVerbose: report.isBugVerbose ?? true,
		options: options(machine),
		hasDomainPan: isArm && !machine.lpae && (report.hasDomainPan ?? atLeast(kernel, '4.3')),
		hasVmapStack: isArm && atLeast(kernel, '5.18'),
	};
};

interface TaintRow extends VersionRow {
	/** The letters behind P or G, one column each. */
	readonly letters: string;
}

/** kernel/panic.c: taint_flags. */
const TAINTS: readonly [TaintRow, ...TaintRow[]] = [
	{ since: '2.6.24', letters: 'FSRMBUD' },
	{ since: '2.6.26', letters: 'FSRMBUDAW' },
	{ since: '2.6.28', letters: 'FSRMBUDAWC' },
	{ since: '2.6.35', letters: 'FSRMBUDAWCI' },
	{ since: '3.2', letters: 'FSRMBUDAWCIO' },
	{ since: '3.15', letters: 'FSRMBUDAWCIOE' },
	{ since: '3.17', letters: 'FSRMBUDAWCIOEL' },
	{ since: '4.0', letters: 'FSRMBUDAWCIOELK' },
	{ since: '4.15', letters: 'FSRMBUDAWCIOELKX' },
	{ since: '4.19', letters: 'FSRMBUDAWCIOELKXT' },
	{ since: '6.0', letters: 'FSRMBUDAWCIOELKXTN' },
];

/** print_tainted: `Tainted: G           O   ` or `Not tainted`. */
export const taintText = (machine: Machine, taints: ReadonlySet<string>): string => {
	if (taints.size === 0) return 'Not tainted';
	const { letters } = byVersion(machine.kernel, TAINTS);
	return `Tainted: G${[...letters].map(letter => (taints.has(letter) ? letter : ' ')).join('')}`;
};

/** 6.12 spells the letters out. */
const TAINT_NAMES: Readonly<Record<string, string>> = {
	B: 'BAD_PAGE',
	D: 'DIE',
	W: 'WARN',
	O: 'OOT_MODULE',
	E: 'UNSIGNED_MODULE',
};

/** print_tainted_verbose: `Tainted: [W]=WARN, [O]=OOT_MODULE`; undefined when there is nothing to spell. */
export const spelledTaints = (machine: Machine, taints: ReadonlySet<string>): string | undefined => {
	if (taints.size === 0 || !atLeast(machine.kernel, '6.11')) return undefined;
	const { letters } = byVersion(machine.kernel, TAINTS);
	const words = [...letters].filter(letter => taints.has(letter)).map(letter => `[${letter}]=${TAINT_NAMES[letter]}`);
	return `Tainted: ${words.join(', ')}`;
};
