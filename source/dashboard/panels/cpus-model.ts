import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { Cpu } from '../../memory/context.ts';
import { preemptBits, preemptParts } from '../../memory/contexts/preempt-bits.ts';
import type { FixmapSlot, MemoryView } from '../../memory/memory-view.ts';
import type { TlbEntryView } from '../../memory/paging/paging-view.ts';
import type { InspectorContext } from '../inspector-model.ts';
import { bytesText } from '../painting/bytes-text.ts';
import { displayWidth } from '../painting/text.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

type LineContext = Pick<InspectorContext, 'view' | 'messages'>;

/** Each CPU: who runs there, what forbids sleeping, its stack of kmap_atomic windows; and then the TLBs of all. */
export const cpusModel = (context: ModelContext): PanelModel =>
	linesModel('cpus', cpuLines(context), context, { legends: context.messages.cpus.legends });

/** What comes and goes all the time stands below what stays, so that little moves when it does. */
export const cpuLines = (context: LineContext): readonly PanelLine[] => {
	const { view, messages } = context;
	const windows = view.cpus.map(cpu => windowsOf(cpu, view));
	const entries = view.cpus.map(({ id }) => view.paging.tlb(id));
	const counts = entries.map(all => [all.length, all.filter(({ isStale }) => isStale).length] as const);
	return [
		...view.cpus.flatMap(cpu => contextLines(cpu, context)),
		heading(` ${messages.cpus.windows(view.cpus.map((cpu, at) => depthOf(cpu, windows[at] ?? [])))}`),
		...(windows.every(slots => slots.length === 0)
			? // Keeps the row of the first one, so that the TLBs stay where they are when it comes.
				[heading(` ${messages.cpus.noWindow}`)]
			: windows.flatMap(slots => slots.map(slot => windowLine(slot, context)))),
		heading(` ${messages.cpus.tlb(view.paging.tlbSize, counts)}`),
		heading(` ${messages.cpus.tlbColumns}`),
		...entries.flatMap((all, id) => all.map(entry => tlbLine(id, entry, context))),
	];
};

/** Wide enough for either state, so that one does not move the next. */
const STATE_COLUMNS = [14, 22, 11];

const contextLines = (cpu: Readonly<Cpu>, { view, messages }: LineContext): readonly PanelLine[] => {
	const words = messages.cpus;
	const task = view.taskOn(cpu.id);
	const who = task ? `${printable(task.comm)}[${task.pid}]` : words.nobody;
	const { preempt, isServingSoftirq, softirqsOff, hardirq, nmi } = preemptParts(
		preemptBits(view.machine.kernel),
		cpu.preemptCount,
	);
	const softirq = words.softirq(isServingSoftirq, softirqsOff);
	const decoded = words.preempt(hex(cpu.preemptCount >>> 0), preempt, softirq, hardirq, nmi);
	const isAtomic = cpu.preemptCount !== 0 || cpu.irqsDisabled;
	const name = words.cpu(cpu.id, who);
	const state = [words.irqs(cpu.irqsDisabled), words.pagefaults(cpu.pagefaultDisabled), words.locks(cpu.locks.length)];
	const { preemptCount, atomicSleep } = view.machine.debug;
	const isCounted = preemptCount || atomicSleep;
	return [
		{
			mark: cpu.id === view.currentCpu.id ? '>' : ' ',
			text: [name, ...state.map((text, at) => padded(text, STATE_COLUMNS[at] ?? 0))].join('   ').trimEnd(),
			style: 'strong',
			about: { name, address: undefined, facts: [...state, isAtomic ? words.mayNotSleep : words.maySleep] },
		},
		...spinLines(cpu, messages),
		{
			mark: isAtomic ? '!' : ' ',
			text: ` ${decoded}`,
			about: {
				name: decoded,
				address: undefined,
				facts: [
					...(isAtomic ? [words.mayNotSleep, words.whatSleeps] : [words.maySleep]),
					...(isCounted ? [] : [words.notCounted]),
				],
			},
		},
		...cpu.locks.map(address => ({
			text: ` ${words.lock(hex(address))}`,
			style: 'warning' as const,
			about: { name: words.lock(hex(address)), address, facts: [] },
		})),
	];
};

const padded = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - displayWidth(text)));

/** Why nothing goes on there any more. */
const spinLines = ({ id, spinsFor }: Readonly<Cpu>, messages: LineContext['messages']): readonly PanelLine[] => {
	if (spinsFor === undefined) return [];
	const words = messages.cpus;
	const why = messages.say(spinsFor);
	const about = { name: words.spins(`cpu${id}`), address: undefined, facts: [why] };
	return [{ mark: '!', text: ` ${words.spins(why)}`, style: 'error', about }];
};

/** The slots of kmap_atomic that a CPU has in use, or whose entries were left behind, outermost first. */
const windowsOf = ({ id }: Readonly<Cpu>, { fixmap }: MemoryView): readonly FixmapSlot[] => {
	const slots: FixmapSlot[] = [];
	for (let at = 0; at < fixmap.slots; at++) {
		const slot = fixmap.slot(fixmap.firstIndex + at);
		if (slot.cpu === id && (slot.state === 'used' || slot.state === 'stale')) slots.push(slot);
	}
	return slots.sort((a, b) => a.depth - b.depth);
};

/** Kernels to 2.6.36 have no stack, and count nothing. */
const depthOf = ({ kmapAtomicIdx }: Readonly<Cpu>, slots: readonly FixmapSlot[]): number =>
	Math.max(kmapAtomicIdx, slots.filter(({ state }) => state === 'used').length);

const windowLine = (slot: FixmapSlot, { messages }: LineContext): PanelLine => {
	const words = messages.cpus;
	const isStale = slot.state === 'stale';
	const text = words.window(slot.depth, hex(slot.address), `0x${slot.pfn.toString(16)}`);
	return {
		mark: isStale ? '~' : ' ',
		text: ` ${cpuColumn(slot.cpu)} ${text}${isStale ? `  ${words.leftBehind}` : ''}`,
		style: isStale ? 'stale' : 'used',
		about: { name: text, address: slot.address, facts: isStale ? [words.leftBehind] : [] },
	};
};

const tlbLine = (cpu: number, entry: TlbEntryView, { messages }: LineContext): PanelLine => {
	const words = messages.cpus;
	const meaning = entry.isStale ? words.staleFact : words.freshFact;
	return {
		mark: entry.isStale ? '~' : ' ',
		text: ` ${cpuColumn(cpu)} ${entryText(entry, words)}`,
		style: entry.isStale ? 'stale' : 'plain',
		about: { name: words.entry(hex(entry.address)), address: entry.address, facts: [hex(entry.physical), meaning] },
	};
};

const cpuColumn = (id: number): string => `cpu${id}`.padEnd(5);

const entryText = (entry: TlbEntryView, words: LineContext['messages']['cpus']): string =>
	[
		hex(entry.address),
		bytesText(entry.bytes).padStart(8),
		hex(entry.physical).padEnd(13),
		words.rights(entry.isWritable, entry.isExecutable).padEnd(7),
		words.whose(entry.isUser).padEnd(7),
		entry.isStale ? words.stale : entry.pid === undefined ? words.scope(entry.isGlobal) : words.process(entry.pid),
	].join(' ');
