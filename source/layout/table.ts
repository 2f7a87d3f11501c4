import stringWidth from 'string-width';
import { hex, MiB } from '../machine/address.ts';
import type { Assumption } from '../machine/boot-log/log-reading.ts';
import { type Architecture, hasHighmem, type Machine, machineTitle } from '../machine/machine.ts';
import { english, phrase, type Say, type Text } from '../phrases/phrase.ts';
import { type CheckJson, checkJson, type PrintedJson, printedJson } from './from-log/check-json.ts';
import type { RowCheck } from './from-log/check-log.ts';
import type { Layout } from './layout.ts';

/** The table as the kernel prints it: heading and rows, each line ended. */
export const formatTable = (layout: Layout): string =>
	[layout.heading, ...layout.rows.map(row => row.text)].map(line => `${line}\n`).join('');

/** `layout --json`: addresses as text, sizes as numbers. */
export interface LayoutJson {
	readonly machine: MachineJson;
	readonly heading: string;
	readonly rows: readonly {
		readonly name: string;
		readonly start: string;
		readonly end: string;
		readonly bytes: number;
		readonly text: string;
	}[];
	/** Addresses as text, counts and sizes as numbers. */
	readonly symbols: Readonly<Record<string, string | number>>;
	readonly messages: readonly string[];
	/** Rows found in a boot log. */
	readonly printed: readonly PrintedJson[];
	/** How each row of a boot log compares. */
	readonly differences: readonly CheckJson[];
	/** With a boot log: what was read in it and what was assumed. */
	readonly assumptions?: readonly AssumptionJson[];
	readonly notes?: readonly string[];
}

/** An assumption as programs read it, in English. */
export type AssumptionJson = Omit<Assumption, 'reason'> & { readonly reason: string };

/** A boot log beside the layout. */
export interface LogBeside {
	readonly checks: readonly RowCheck[];
	readonly assumptions: readonly Assumption[];
	readonly notes: readonly Text[];
}

export const layoutJson = (machine: Machine, layout: Layout, log?: LogBeside): LayoutJson => ({
	machine: machineJson(machine),
	heading: layout.heading,
	rows: layout.rows.map(({ name, start, end, text }) => ({
		name,
		start: hex(start),
		end: hex(end),
		bytes: end - start,
		text,
	})),
	symbols: Object.fromEntries([...layout.symbols].map(([name, value]) => [name, isAddress(name) ? hex(value) : value])),
	messages: layout.messages,
	printed: log ? printedJson(log.checks) : [],
	differences: log ? log.checks.map(checkJson) : [],
	...(log ? { assumptions: log.assumptions.map(assumptionJson), notes: log.notes.map(english) } : {}),
});

const assumptionJson = (assumption: Assumption): AssumptionJson => ({
	...assumption,
	reason: english(assumption.reason),
});

/** Whether a symbol stands for an address; the fixmap's and kmap's enums are counts. */
const isAddress = (name: string): boolean =>
	!/^(FIX_|KM_|__end)/.test(name) &&
	/(^(high_memory|TASK_SIZE|PAGE_MASK)|_OFFSET|_START|_END|_BASE|_TOP|_VADDR|_ADDR)$/.test(name);

/** What a program needs to know of a machine. */
export interface MachineJson {
	readonly id: string;
	readonly title: string;
	readonly arch: Architecture;
	readonly kernel: string;
	readonly cpu: string;
	readonly cpus: number;
	readonly nrCpus: number;
	readonly ramBytes: number;
	readonly ram: readonly { readonly base: string; readonly bytes: number }[];
	readonly split: string;
	readonly highmem: boolean;
	readonly parameters: Readonly<Record<string, number>>;
	readonly pae?: boolean;
	readonly lpae?: boolean;
}

export const machineJson = (machine: Machine): MachineJson => ({
	id: machine.id,
	title: english(machineTitle(machine)),
	arch: machine.arch,
	kernel: machine.kernel.text,
	cpu: machine.cpu,
	cpus: machine.cpusOnline,
	nrCpus: machine.nrCpus,
	ramBytes: ramBytes(machine),
	ram: machine.ram.map(({ base, sizeBytes }) => ({ base: hex(base), bytes: sizeBytes })),
	split: machine.split,
	highmem: hasHighmem(machine),
	parameters: { ...machine.parameters },
	...(machine.arch === 'arm' ? { lpae: machine.lpae } : { pae: machine.pae }),
});

const ramBytes = (machine: Machine): number => machine.ram.reduce((sum, bank) => sum + bank.sizeBytes, 0);

/** The last release of each architecture whose form of the table is used for newer ones. */
const LAST_FORM: Readonly<Record<Architecture, string>> = { arm: '5.0', x86: '5.6' };
/** The first release that has a table. */
const FIRST_FORM: Readonly<Record<Architecture, string>> = { arm: '2.6.35', x86: '2.6.24' };

/** One line about a kernel that prints no such table: whose form it is shown in. */
export const layoutNote = (machine: Machine, layout: Layout): Text | undefined => {
	if (layout.isPrinted) return undefined;
	const isOld = machine.kernel.major === 2;
	const form = (isOld ? FIRST_FORM : LAST_FORM)[machine.arch];
	const kernel = machine.kernel.text;
	return isOld
		? phrase('kernel {kernel} does not print this table yet; shown in the form of {form}', { kernel, form })
		: phrase('kernel {kernel} no longer prints this table; shown in the form of {form}', { kernel, form });
};

const column = (cells: readonly string[]): ((cell: string) => string) => {
	const width = Math.max(...cells.map(cell => stringWidth(cell)));
	return cell => cell + ' '.repeat(width - stringWidth(cell));
};

const HEADINGS = ['ID', 'ARCH', 'KERNEL', 'CPU', 'RAM', 'MACHINE'] as const satisfies readonly Text[];

/** `highmem machines`: one line a machine, in aligned columns. */
export const machinesTable = (machines: readonly Machine[], say: Say): string => {
	const table = machines.map(machine => [
		machine.id,
		machine.arch,
		machine.kernel.text,
		machine.cpu,
		`${Math.round(ramBytes(machine) / MiB)}M`,
		machine.title,
	]);
	const lines = [HEADINGS.map(say), ...table];
	const pads = (lines[0] ?? []).map((_, index) => column(lines.map(line => line[index] ?? '')));
	return lines
		.map(
			line =>
				`${line
					.map((cell, index) => pads[index]?.(cell) ?? cell)
					.join('  ')
					.trimEnd()}\n`,
		)
		.join('');
};

/** `highmem machines --json`. */
export const machinesJson = (machines: readonly Machine[]): MachineJson[] => machines.map(machineJson);
