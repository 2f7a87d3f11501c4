import { walkFormat } from '../../layout/explain/entry-value.ts';
import { hex, pfnToPhysical, physicalToPfn } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import { printable } from '../../machine/user-error.ts';
import type { MemoryView, ProcessView } from '../../memory/memory-view.ts';
import { entryBitNames } from '../../memory/paging/entry-bit-names.ts';
import type { WalkStep } from '../../memory/paging/paging-view.ts';
import { regionOf } from '../find-address.ts';
import type { InspectorContext } from '../inspector-model.ts';
import { bytesText } from '../painting/bytes-text.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

type LineContext = Pick<InspectorContext, 'view' | 'messages' | 'walked'>;

/** The walk of one address through the page tables, entry by entry, and what each TLB says of it. */
export const walkModel = (context: ModelContext): PanelModel => {
	const { view, messages, walked } = context;
	return linesModel('walk', walkLines(context), context, {
		notes: [messages.walk.title(hex(walked), regionOf(view, walked))],
		legends: messages.walk.legends,
	});
};

export const walkLines = (context: LineContext): readonly PanelLine[] => {
	const { view, messages, walked } = context;
	const words = messages.walk;
	const steps = view.paging.walk(walked);
	const [root] = steps;
	const tables = root ? tablesOf(root, context) : '';
	return [
		heading(`${words.title(hex(walked), regionOf(view, walked))}: ${tables}`),
		heading(words.columns),
		...steps.flatMap(step => stepLines(step, context)),
		resultLine(steps.at(-1), context),
		...view.cpus.map(({ id }) => tlbLine(id, steps, context)),
	];
};

/** Whose tables they are: a process's root table, or the kernel's. */
const tablesOf = (root: WalkStep, { view, messages }: LineContext): string => {
	const words = messages.walk;
	const { id } = view.currentCpu;
	const process = processOf(root, view);
	if (!process) return words.kernelTables(id, hex(root.table));
	const comm = printable(view.tasks.get(process.pid)?.comm ?? '');
	return words.processTables(`${comm}[${process.pid}]`, id, hex(root.table));
};

const processOf = (root: WalkStep | undefined, view: MemoryView): ProcessView | undefined =>
	view.processes.find(candidate => candidate.root === root?.table);

const stepLines = (step: WalkStep, { view, messages }: LineContext): readonly PanelLine[] => {
	const words = messages.walk;
	const value = entryText(step.value, view.machine);
	const target = step.target === 'none' ? words.targets.none : `${words.targets[step.target]} ${hex(step.physical)}`;
	const bits = step.target === 'none' ? words.noBits : words.bits(entryBitNames(view.machine, step).join(' '));
	const isLeaf = step.target === 'page' || step.target === 'block';
	const rights = isLeaf
		? [words.rights(step.isWritable, step.isUser, step.isExecutable, step.isGlobal, step.isCached)]
		: [];
	const linux = step.linux ? [words.linux(hex(step.linux.entry), entryText(step.linux.value, view.machine))] : [];
	const name = words.step(step.level, step.index);
	return [
		{
			text: [
				step.level.padEnd(5),
				String(step.index).padStart(5),
				hex(step.entry).padEnd(13),
				value.padEnd(18),
				bytesText(step.covers).padStart(7),
				target,
			].join(' '),
			style: step.target === 'none' ? 'warning' : 'strong',
			about: { name, address: undefined, facts: [words.tableFact(hex(step.table)), value, target, bits, ...rights] },
		},
		...[bits, ...rights, ...linux].map(
			(text): PanelLine => ({ text: `            ${text}`, style: 'plain', isHeading: true }),
		),
	];
};

/** An entry with all its digits: 64 bits with LPAE and PAE, else 32. */
const entryText = (value: bigint, machine: Machine): string => {
	const format = walkFormat(machine);
	return `0x${value.toString(16).padStart(format === 'lpae' || format === 'pae' ? 16 : 8, '0')}`;
};

/** Physical address that the last entry of a walk gives for the walked address. */
const reachedBy = (last: WalkStep | undefined, address: number): number | undefined =>
	last === undefined || last.target === 'none' || last.target === 'table'
		? undefined
		: last.physical + (address % last.covers);

const resultLine = (last: WalkStep | undefined, { view, messages, walked }: LineContext): PanelLine => {
	const words = messages.walk;
	const reached = reachedBy(last, walked);
	if (reached === undefined) {
		return { text: words.unmapped, style: 'warning', about: { name: words.unmapped, address: walked, facts: [] } };
	}
	const pfn = physicalToPfn(reached);
	const page = view.pages.page(pfn);
	const text = page
		? words.reaches(hex(reached), `0x${pfn.toString(16)}`, page.zone, messages.states[page.state])
		: words.reachesDevice(hex(reached));
	const facts = page ? [`struct page ${hex(page.structPage)}`, hex(pfnToPhysical(pfn))] : [];
	return { text, style: 'value', about: { name: text, address: walked, facts } };
};

/** What a CPU's TLB says of the address: the same as the tables, something old, or nothing. */
const tlbLine = (cpu: number, steps: readonly WalkStep[], { view, messages, walked }: LineContext): PanelLine => {
	const words = messages.walk;
	// The same address of another process is another one.
	const pid = processOf(steps[0], view)?.pid;
	const entry = view.paging
		.tlb(cpu)
		.find(each => walked >= each.address && walked < each.address + each.bytes && (each.pid ?? pid) === pid);
	if (!entry) {
		const text = words.notInTlb(cpu);
		return { text, style: 'dim', about: { name: text, address: walked, facts: [] } };
	}
	const physical = entry.physical + (walked - entry.address);
	const isStale = entry.isStale || physical !== reachedBy(steps.at(-1), walked);
	const text = isStale ? words.staleTlb(cpu, hex(physical)) : words.inTlb(cpu, hex(physical));
	const fact = isStale ? messages.cpus.staleFact : messages.cpus.freshFact;
	return {
		mark: isStale ? '~' : ' ',
		text,
		style: isStale ? 'stale' : 'plain',
		about: { name: text, address: walked, facts: [fact] },
	};
};
