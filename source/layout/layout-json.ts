import { hex } from '../machine/address.ts';
import type { Assumption } from '../machine/boot-log/log-reading.ts';
import type { Machine } from '../machine/machine.ts';
import { english, type Text } from '../phrases/phrase.ts';
import { type CheckJson, checkJson, type PrintedJson, printedJson } from './from-log/check-json.ts';
import type { RowCheck } from './from-log/check-log.ts';
import type { Layout } from './layout.ts';
import { type MachineJson, machineJson } from './machine-json.ts';

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
