import { hex, KiB, PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ProcFacts, ZoneState } from '../../machine/proc/proc-facts.ts';
import { filledZones } from '../../machine/proc/proc-log-facts.ts';
import type { Text } from '../../phrases/phrase.ts';
import { Kernel } from '../kernel.ts';
import type { ZoneView } from '../memory-view.ts';
import { pageRules } from '../pages/page-rules.ts';
import { minFreeKilobytes, type Watermarks, zoneWatermarks } from '../pages/watermarks.ts';
import type { BootState } from './boot-state.ts';

/** A number that /proc shows beside the one that the simulated kernel has. */
export interface BoardCheck {
	/** `HighTotal`, `zone Normal low`: words of the kernel. */
	readonly what: string;
	/** Place in the files. */
	readonly place: number;
	readonly read: string;
	readonly computed: string;
	readonly isSame: boolean;
	/** By how much the computed number is off, where both are amounts: 0.01, one percent of it is missing. */
	readonly offBy?: number;
	/** Why it probably differs. */
	readonly cause?: Text;
}

/**
 * Every number of /proc that a freshly booted kernel of this machine has too, and the free lists that it got.
 * @param state What a session is to start with.
 */
export const boardChecks = (machine: Machine, proc: ProcFacts, state: BootState | undefined): readonly BoardCheck[] => {
	if (proc.zones.length === 0 && proc.meminfo.size === 0 && proc.buddy.length === 0) return [];
	const { layout, pages } = Kernel.boot(machine).view;
	const known = filledZones(proc);
	const marks = computedMarks(
		machine,
		known.map(({ value }) => value),
	);
	const marksOf = (zone: ZoneView): Watermarks => marks.get(zone.name) ?? zone.watermarks;
	const isScaled = known.every(({ value }) => {
		const zone = pages.zones.find(({ name }) => name === value.name);
		return !zone || value.min === undefined || Math.abs(value.min - marksOf(zone).min) <= marksOf(zone).min / 20;
	});
	const zoneChecks = known.flatMap(({ value, line }) => {
		const zone = pages.zones.find(({ name }) => name === value.name);
		return zone ? checksOfZone(value, zone, marksOf(zone), isScaled ? FREED_LATER : TUNED, line) : [];
	});
	return [
		...zoneChecks,
		...totals(proc, pages.zones, layout.vmallocEnd - layout.vmallocStart),
		...freeLists(machine, proc, state),
	];
};

const OWN_PAGES: Text = 'what the kernel and its drivers keep for themselves';
const OTHER_BORDERS: Text = 'the zone has other borders';
const FREED_LATER: Text = 'memory freed since the marks were set, such as an initrd';
const TUNED: Text = 'min_free_kbytes is set, or huge pages raise it';
const NO_ROOM: Text = 'no room for more between the pages that the simulated kernel keeps';

/** The watermarks that this release sets in zones of just these managed pages. */
const computedMarks = (machine: Machine, zones: readonly ZoneState[]): ReadonlyMap<string, Watermarks> => {
	const managed = zones.flatMap(({ name, managed: pages }) => (pages === undefined ? [] : [{ name, managed: pages }]));
	if (managed.length === 0 || managed.length < zones.length) return new Map();
	const rules = pageRules(machine.kernel);
	const [start, end] = machine.sections.init;
	const init = Math.max(0, Math.floor((end - start) / PAGE_SIZE));
	const lowmem = managed.reduce((sum, { name, managed: pages }) => sum + (name === 'HighMem' ? 0 : pages), 0);
	const marks = zoneWatermarks(managed, minFreeKilobytes(Math.max(0, lowmem - init), rules), rules);
	return new Map(managed.flatMap(({ name }, index) => (marks[index] ? [[name, marks[index]]] : [])));
};

const checksOfZone = (
	state: ZoneState,
	zone: ZoneView,
	marks: Watermarks,
	cause: Text,
	place: number,
): BoardCheck[] => {
	const checks: BoardCheck[] = [];
	const add = (word: string, read: number | undefined, computed: number, why?: Text): void => {
		if (read !== undefined) checks.push(amount(`zone ${state.name} ${word}`, place, read, computed, '', why));
	};
	if (state.startPfn !== undefined) {
		const [read, computed] = [hex(state.startPfn * PAGE_SIZE), hex(zone.startPfn * PAGE_SIZE)];
		checks.push({ what: `zone ${state.name} start`, place, read, computed, isSame: read === computed });
	}
	add('spanned', state.spanned, zone.spanned);
	add('present', state.present, zone.present);
	add('managed', state.managed, zone.managed, state.present === zone.present ? OWN_PAGES : OTHER_BORDERS);
	add('min', state.min, marks.min, cause);
	add('low', state.low, marks.low, cause);
	add('high', state.high, marks.high, cause);
	return checks;
};

const amount = (
	what: string,
	place: number,
	read: number,
	computed: number,
	unit: string,
	cause?: Text,
): BoardCheck => {
	const texts = { read: `${read}${unit}`, computed: `${computed}${unit}` };
	if (read === computed) return { what, place, ...texts, isSame: true };
	const offBy = computed === 0 ? 1 : (read - computed) / computed;
	return { what, place, ...texts, isSame: false, offBy, ...(cause === undefined ? {} : { cause }) };
};

/** What is beyond this is no difference of the kernel's own pages. */
const MOST_OWN = 0.05;

const totals = ({ meminfo }: ProcFacts, zones: readonly ZoneView[], vmallocBytes: number): BoardCheck[] => {
	const kilobytes = (is: (zone: ZoneView) => boolean): number =>
		zones.filter(is).reduce((sum, { managed }) => sum + (managed * PAGE_SIZE) / KiB, 0);
	const rows: readonly [string, number, Text | undefined][] = [
		['MemTotal', kilobytes(() => true), OWN_PAGES],
		['LowTotal', kilobytes(({ name }) => name !== 'HighMem'), OWN_PAGES],
		['HighTotal', kilobytes(({ name }) => name === 'HighMem'), OWN_PAGES],
		['VmallocTotal', vmallocBytes / KiB, undefined],
	];
	return rows.flatMap(([what, computed, cause]) => {
		const found = meminfo.get(what);
		if (!found) return [];
		const isOwn = Math.abs(found.value - computed) <= found.value * MOST_OWN;
		return [amount(what, found.line, found.value, computed, ' kB', isOwn ? cause : undefined)];
	});
};

/** Free lists that could not be made as long as the board's. */
const freeLists = (machine: Machine, { buddy }: ProcFacts, state: BootState | undefined): BoardCheck[] => {
	if (!state?.zones?.some(({ freeBlocks }) => freeBlocks)) return [];
	const { zones } = Kernel.boot(machine, { zones: state.zones }).view.pages;
	return buddy.flatMap(({ value, line }) => {
		const zone = zones.find(({ name }) => name === value.zone);
		if (!zone) return [];
		const placed = value.counts.map((_, order) => zone.freeBlocks[order] ?? 0);
		const [read, computed] = [value.counts.join(' '), placed.join(' ')];
		const isSame = read === computed;
		return [
			{
				what: `zone ${zone.name} free blocks`,
				place: line,
				read,
				computed,
				isSame,
				...(isSame ? {} : { cause: NO_ROOM }),
			},
		];
	});
};
