import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { Cpu } from '../../memory/context.ts';
import { preemptBits, preemptParts } from '../../memory/contexts/preempt-bits.ts';
import type { FixmapSlot } from '../../memory/memory-view.ts';
import type { TlbEntryView } from '../../memory/paging/paging-view.ts';
import type { InspectorContext } from '../inspector-model.ts';
import { bytesText } from '../painting/bytes-text.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

type LineContext = Pick<InspectorContext, 'view' | 'messages'>;

/** Each CPU: who runs there, what forbids sleeping, its stack of kmap_atomic windows, and its TLB. */
export const cpusModel = (context: ModelContext): PanelModel =>
	linesModel('cpus', cpuLines(context), context, { legends: context.messages.cpus.legends });

export const cpuLines = (context: LineContext): readonly PanelLine[] =>
	context.view.cpus.flatMap(cpu => [
		...contextLines(cpu, context),
		...windowLines(cpu, context),
		...tlbLines(cpu, context),
	]);

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
			text: [name, ...state].join('   '),
			style: 'strong',
			about: { name, address: undefined, facts: [...state, isAtomic ? words.mayNotSleep : words.maySleep] },
		},
		{
			text: ` ${decoded}`,
			style: isAtomic ? 'warning' : 'plain',
			about: {
				name: decoded,
				address: undefined,
				facts: [isAtomic ? words.mayNotSleep : words.maySleep, ...(isCounted ? [] : [words.notCounted])],
			},
		},
		...cpu.locks.map(address => ({
			text: ` ${words.lock(hex(address))}`,
			style: 'warning' as const,
			about: { name: words.lock(hex(address)), address, facts: [] },
		})),
	];
};

/** The slots of kmap_atomic that this CPU has in use, or whose entries were left behind. */
const windowLines = (cpu: Readonly<Cpu>, { view, messages }: LineContext): readonly PanelLine[] => {
	const words = messages.cpus;
	const { fixmap } = view;
	const slots: FixmapSlot[] = [];
	for (let at = 0; at < fixmap.slots; at++) {
		const slot = fixmap.slot(fixmap.firstIndex + at);
		if (slot.cpu === cpu.id && (slot.state === 'used' || slot.state === 'stale')) slots.push(slot);
	}
	// Kernels to 2.6.36 have no stack, and count nothing.
	const used = slots.filter(({ state }) => state === 'used').length;
	const title = heading(` ${words.windows(Math.max(cpu.kmapAtomicIdx, used))}`);
	const windows = slots
		.sort((a, b) => a.depth - b.depth)
		.map((slot): PanelLine => {
			const isStale = slot.state === 'stale';
			const text = words.window(slot.depth, hex(slot.address), `0x${slot.pfn.toString(16)}`);
			return {
				mark: isStale ? '~' : ' ',
				text: isStale ? `   ${text}  ${words.leftBehind}` : `   ${text}`,
				style: isStale ? 'stale' : 'used',
				about: { name: text, address: slot.address, facts: isStale ? [words.leftBehind] : [] },
			};
		});
	return [title, ...windows];
};

const tlbLines = (cpu: Readonly<Cpu>, { view, messages }: LineContext): readonly PanelLine[] => {
	const words = messages.cpus;
	const entries = view.paging.tlb(cpu.id);
	const stale = entries.filter(({ isStale }) => isStale).length;
	return [
		heading(` ${words.tlb(entries.length, view.paging.tlbSize, stale)}`),
		...(entries.length === 0 ? [] : [heading(`   ${words.tlbColumns}`)]),
		...entries.map((entry): PanelLine => {
			const meaning = entry.isStale ? words.staleFact : words.freshFact;
			return {
				mark: entry.isStale ? '~' : ' ',
				text: `   ${entryText(entry, words)}`,
				style: entry.isStale ? 'stale' : 'plain',
				about: { name: words.entry(hex(entry.address)), address: entry.address, facts: [hex(entry.physical), meaning] },
			};
		}),
	];
};

const entryText = (entry: TlbEntryView, words: LineContext['messages']['cpus']): string =>
	[
		hex(entry.address),
		bytesText(entry.bytes).padStart(8),
		hex(entry.physical).padEnd(13),
		words.rights(entry.isWritable, entry.isExecutable).padEnd(7),
		words.whose(entry.isUser).padEnd(7),
		entry.isStale ? words.stale : entry.pid === undefined ? words.scope(entry.isGlobal) : words.process(entry.pid),
	].join(' ');
