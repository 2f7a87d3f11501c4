import { PAGE_SIZE } from '../../machine/address.ts';
import { hasHighmem, type Machine, ramBytesOf } from '../../machine/machine.ts';
import { computeLayout } from '../compute-layout.ts';
import { walkFormat } from '../explain/entry-value.ts';
import { exactSize } from '../explain/size-text.ts';
import type { Layout, LayoutRow } from '../layout.ts';

/** One of the two machines, under the name that the user gave it. */
export interface Side {
	readonly name: string;
	readonly machine: Machine;
	readonly layout: Layout;
}

/** A row of the table on both sides; absent where that kernel prints none. */
export interface RowComparison {
	readonly name: string;
	readonly a?: LayoutRow;
	readonly b?: LayoutRow;
}

export type FactName = 'kernel' | 'ram' | 'split' | 'highmem' | 'tables' | 'nrCpus' | 'parameters';

/** Something in which the machines themselves differ. */
export interface FactComparison {
	readonly name: FactName;
	readonly a: string;
	readonly b: string;
}

export type QuantityName = 'ram' | 'lowmem' | 'highmem' | 'unused' | 'vmalloc' | 'pkmap' | 'modules';

/** What the change costs and what it brings, in bytes. */
export interface QuantityComparison {
	readonly name: QuantityName;
	readonly a: number;
	readonly b: number;
}

export interface Comparison {
	readonly a: Side;
	readonly b: Side;
	readonly facts: readonly FactComparison[];
	readonly rows: readonly RowComparison[];
	readonly quantities: readonly QuantityComparison[];
}

/** Two machines side by side. */
export const compareMachines = (a: Omit<Side, 'layout'>, b: Omit<Side, 'layout'>): Comparison => {
	const left = { ...a, layout: computeLayout(a.machine) };
	const right = { ...b, layout: computeLayout(b.machine) };
	return {
		a: left,
		b: right,
		facts: compareFacts(a.machine, b.machine),
		rows: compareRows(left.layout.rows, right.layout.rows),
		quantities: compareQuantities(left, right),
	};
};

/** Whether a row begins or ends elsewhere, or is only on one side. */
export const hasMoved = ({ a, b }: RowComparison): boolean => a?.start !== b?.start || a?.end !== b?.end;

/** The rows in the order of the first; what only the second has follows. */
const compareRows = (a: readonly LayoutRow[], b: readonly LayoutRow[]): RowComparison[] => {
	const names = [...new Set([...a, ...b].map(({ name }) => name))];
	return names.map(name => {
		const left = a.find(row => row.name === name);
		const right = b.find(row => row.name === name);
		return { name, ...(left ? { a: left } : {}), ...(right ? { b: right } : {}) };
	});
};

const FACTS: Readonly<Record<FactName, (machine: Machine) => string>> = {
	kernel: ({ arch, kernel }) => `${arch} ${kernel.text}`,
	ram: machine => exactSize(ramBytesOf(machine)),
	split: ({ split }) => split,
	highmem: machine => (hasHighmem(machine) ? 'y' : 'n'),
	tables: machine => walkFormat(machine),
	nrCpus: ({ nrCpus }) => String(nrCpus),
	parameters: ({ parameters }) =>
		Object.entries(parameters)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]) => `${name}=${exactSize(value).replace(/ ([Mk])B$/, (_, unit) => unit.toUpperCase())}`)
			.join(' ') || '-',
};

const compareFacts = (a: Machine, b: Machine): FactComparison[] =>
	(Object.keys(FACTS) as FactName[])
		.map(name => ({ name, a: FACTS[name](a), b: FACTS[name](b) }))
		.filter(fact => fact.a !== fact.b);

const QUANTITIES: Readonly<Record<QuantityName, (side: Side) => number>> = {
	ram: ({ layout }) => bytesBetween(layout, 0, Number.POSITIVE_INFINITY),
	lowmem: ({ layout }) => bytesBetween(layout, 0, layout.maxLowPfn),
	highmem: ({ layout }) => bytesBetween(layout, layout.maxLowPfn, Number.POSITIVE_INFINITY),
	unused: ({ machine, layout }) => ramBytesOf(machine) - bytesBetween(layout, 0, Number.POSITIVE_INFINITY),
	vmalloc: ({ layout }) => Math.max(0, layout.vmallocEnd - layout.vmallocStart),
	pkmap: ({ layout }) => (layout.pkmap?.slots ?? 0) * PAGE_SIZE,
	modules: ({ layout }) => Math.max(0, layout.modulesEnd - layout.modulesStart),
};

const bytesBetween = ({ ramPages }: Layout, startPfn: number, endPfn: number): number =>
	ramPages.reduce((sum, ram) => {
		const pages = Math.min(ram.endPfn, endPfn) - Math.max(ram.startPfn, startPfn);
		return sum + Math.max(0, pages) * PAGE_SIZE;
	}, 0);

const compareQuantities = (a: Side, b: Side): QuantityComparison[] =>
	(Object.keys(QUANTITIES) as QuantityName[]).map(name => ({ name, a: QUANTITIES[name](a), b: QUANTITIES[name](b) }));
