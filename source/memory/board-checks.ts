import { hex, KiB, PAGE_SIZE } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcFacts, ZoneState } from '../machine/proc/proc-facts.ts';
import { filledZones } from '../machine/proc/proc-log-facts.ts';
import type { Text } from '../phrases/phrase.ts';
import { Kernel } from './kernel.ts';
import type { ZoneView } from './memory-view.ts';

/** A number that /proc shows beside the one that the simulated kernel has after its boot. */
export interface BoardCheck {
	/** `HighTotal`, `zone Normal low`: words of the kernel. */
	readonly what: string;
	/** Place in the files. */
	readonly place: number;
	readonly read: string;
	readonly computed: string;
	readonly isSame: boolean;
	/** Why it probably differs. */
	readonly cause?: Text;
}

/** Every number of /proc that a freshly booted kernel of this machine has too. */
export const boardChecks = (machine: Machine, proc: ProcFacts): readonly BoardCheck[] => {
	if (proc.zones.length === 0 && proc.meminfo.size === 0) return [];
	const { layout, pages } = Kernel.boot(machine).view;
	const zoneChecks = filledZones(proc).flatMap(({ value, line }) => {
		const zone = pages.zones.find(({ name }) => name === value.name);
		return zone ? checksOfZone(value, zone, line) : [];
	});
	return [...zoneChecks, ...totals(proc, pages.zones, layout.vmallocEnd - layout.vmallocStart)];
};

const OWN_PAGES: Text = 'what the kernel and its drivers keep for themselves';
const TUNED: Text = 'min_free_kbytes is set, or huge pages raise it';

const checksOfZone = (state: ZoneState, zone: ZoneView, place: number): BoardCheck[] => {
	const checks: BoardCheck[] = [];
	const add = (
		word: string,
		read: number | undefined,
		computed: number,
		cause?: Text,
		text: (value: number) => string = String,
	): void => {
		if (read === undefined) return;
		const isSame = read === computed;
		const what = `zone ${state.name} ${word}`;
		checks.push({
			what,
			place,
			read: text(read),
			computed: text(computed),
			isSame,
			...(isSame || !cause ? {} : { cause }),
		});
	};
	const start = state.startPfn === undefined ? undefined : state.startPfn * PAGE_SIZE;
	add('start', start, zone.startPfn * PAGE_SIZE, undefined, hex);
	add('spanned', state.spanned, zone.spanned);
	add('present', state.present, zone.present);
	add('managed', state.managed, zone.managed, OWN_PAGES);
	const { min, low, high } = zone.watermarks;
	const isScaled = state.managed !== undefined && state.managed !== zone.managed && isNear(state.min, min);
	const cause = isScaled ? 'so many pages does it manage' : TUNED;
	add('min', state.min, min, cause);
	add('low', state.low, low, cause);
	add('high', state.high, high, cause);
	return checks;
};

const isNear = (read: number | undefined, computed: number): boolean =>
	read !== undefined && Math.abs(read - computed) <= Math.max(2, computed / 10);

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
		const isSame = found.value === computed;
		const texts = { read: `${found.value} kB`, computed: `${computed} kB` };
		return [{ what, place: found.line, ...texts, isSame, ...(isSame || !cause ? {} : { cause }) }];
	});
};
