/** Everything about the thing under the cursor, in words. */
import { borderSentence } from '../layout/explain/border-text.ts';
import { hex, pfnToPhysical, pfn as toPfn, type VirtualAddress } from '../machine/address.ts';
import { printable } from '../machine/user-error.ts';
import { formatLogLine } from '../memory/context.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { Messages } from '../messages/messages.ts';
import { bytesText } from './painting/bytes-text.ts';
import { counterLines } from './panels/counters-model.ts';
import { cpuLines } from './panels/cpus-model.ts';
import { fixmapSlotAt } from './panels/fixmap-model.ts';
import { itemsAmong } from './panels/lines-model.ts';
import { logEntries } from './panels/log-model.ts';
import type { PanelId } from './panels/panel-model.ts';
import { taskLines } from './panels/tasks-model.ts';
import { walkLines } from './panels/walk-model.ts';
import type { Act } from './session-like.ts';

export interface Inspection {
	/** What it is: `pkmap slot 3`. */
	readonly name: string;
	/** The address it stands for, if any; Enter shows what lies there. */
	readonly address: number | undefined;
	/** The row of the table that it is, if it is one; Enter then shows its rule. */
	readonly row?: string;
	/** Facts in order of weight. */
	readonly facts: readonly string[];
}

export interface InspectorContext {
	readonly view: MemoryView;
	readonly history: readonly Act[];
	readonly messages: Messages;
	/** Address that the page walk shows. */
	readonly walked: VirtualAddress;
}

/** What the item of that panel is; undefined where the panel is empty. */
export const inspect = (panel: PanelId, item: number, context: InspectorContext): Inspection | undefined => {
	switch (panel) {
		case 'layout':
			return layoutRow(item, context);
		case 'pkmap':
			return pkmapSlot(item, context);
		case 'fixmap':
			return fixmapSlot(item, context);
		case 'log':
			return logEntry(item, context);
		case 'vmalloc':
			return vmallocArea(item, context);
		case 'zones':
			return undefined;
		case 'tasks':
			return itemsAmong(taskLines(context))[item]?.about;
		case 'cpus':
			return itemsAmong(cpuLines(context))[item]?.about;
		case 'walk':
			return itemsAmong(walkLines(context))[item]?.about;
		case 'counters':
			return itemsAmong(counterLines(context))[item]?.about;
	}
};

const layoutRow = (item: number, { view, messages }: InspectorContext): Inspection | undefined => {
	const row = view.layout.rows[item];
	if (!row) return undefined;
	const regions: Readonly<Record<string, string>> = messages.inspector.region;
	const what = regions[row.name] ?? (row.name.startsWith('.') ? messages.inspector.region.image : '');
	return {
		name: row.name,
		address: row.start,
		row: row.name,
		facts: [
			`${hex(row.start)} - ${hex(row.end)}`,
			messages.inspector.size(bytesText(row.end - row.start)),
			what,
			ruleOf(row.name, view, messages),
		],
	};
};

/** The border of a row that says most about it. */
const TELLING: Readonly<Record<string, string>> = {
	fixmap: 'FIXADDR_START',
	cpu_entry: 'CPU_ENTRY_AREA_BASE',
	vmalloc: 'VMALLOC_START',
	lowmem: 'high_memory',
	pkmap: 'PKMAP_BASE',
	modules: 'MODULES_VADDR',
};

const ruleOf = (row: string, view: MemoryView, messages: Messages): string => {
	const border = view.layout.borders.get(TELLING[row] ?? '');
	return border ? borderSentence(border, messages.explain) : '';
};

const slotMeaning = (count: number, pfn: number, words: Messages['inspector']): string => {
	if (count === 0) return pfn < 0 ? words.countFree : words.countLeft;
	return count === 1 ? words.countStale : words.countUsed(count, count - 1);
};

const pkmapSlot = (slot: number, context: InspectorContext): Inspection | undefined => {
	const { view, messages } = context;
	const { pkmap } = view;
	if (!pkmap || slot >= pkmap.slots) return undefined;
	const words = messages.inspector;
	const count = pkmap.count(slot);
	const meaning = slotMeaning(count, pkmap.pfn(slot), words);
	return {
		name: words.slot(slot),
		address: pkmap.address(slot),
		facts: [
			hex(pkmap.address(slot)),
			meaning,
			...pageFacts(pkmap.pfn(slot), context),
			...(slot === pkmap.lastPkmapNr ? [words.lastSlot] : []),
			changeFact(pkmap.changedAt(slot), context),
		],
	};
};

const fixmapSlot = (item: number, context: InspectorContext): Inspection | undefined => {
	const slot = fixmapSlotAt(context.view, item);
	if (!slot) return undefined;
	const words = context.messages.inspector;
	const isOffline = slot.cpu >= context.view.cpus.length;
	return {
		name: words.fixmapIndex(slot.index, slot.name),
		address: slot.address,
		facts: [
			hex(slot.address),
			...(slot.cpu >= 0 ? [words.kmapOwner(slot.cpu, slot.depth) + (isOffline ? words.offline : '')] : []),
			words.fixmapStates[slot.state],
			...pageFacts(slot.pfn, context),
			changeFact(slot.changedAt, context),
		],
	};
};

const logEntry = (item: number, { view, messages }: InspectorContext): Inspection | undefined => {
	const entry = logEntries(view)[item];
	if (!entry) return undefined;
	if (entry.kind === 'advice') {
		const { key, step } = entry.advice;
		return { name: messages.advice[key], address: undefined, facts: [messages.inspector.advice(step)] };
	}
	const { line } = entry;
	return {
		name: printable(formatLogLine(line)),
		address: undefined,
		facts: [messages.inspector.logLine(line.level, line.step)],
	};
};

const vmallocArea = (item: number, context: InspectorContext): Inspection | undefined => {
	const area = context.view.vmalloc.areas()[item];
	if (!area) return undefined;
	const words = context.messages.inspector;
	return {
		name: words.area(area.kind, area.pages),
		address: area.start,
		facts: [
			`${hex(area.start)} - ${hex(area.start + area.bytes)}`,
			printable(area.caller),
			...(area.isLazy ? [context.messages.vmalloc.lazy] : []),
			changeFact(area.changedAt, context),
		],
	};
};

const pageFacts = (frame: number, { view, messages }: InspectorContext): readonly string[] => {
	if (frame < 0) return [];
	const page = view.pages.page(toPfn(frame));
	const physical = hex(pfnToPhysical(toPfn(frame)));
	const number = `0x${frame.toString(16)}`;
	if (!page) return [messages.inspector.pageUnknown(number, physical)];
	return [messages.inspector.page(number, physical, hex(page.structPage), page.zone)];
};

const changeFact = (step: number, { view, history, messages }: InspectorContext): string => {
	if (step < 0) return messages.inspector.untouched;
	const act = history.find(candidate => candidate.step === step);
	// The panel marks what the newest command changed, and whoever typed it knows.
	if (act && step === view.step) return '';
	return act ? messages.inspector.changed(step, printable(act.text)) : messages.inspector.changedAtBoot;
};

/** Name and facts as one text. */
export const inspectionText = ({ name, facts }: Inspection, messages: Messages): string => {
	const known = facts.filter(fact => fact !== '');
	return known.length === 0 ? name : messages.inspector.whole(name, known);
};
