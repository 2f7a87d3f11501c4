import { MiB } from '../machine/address.ts';
import { byVersion, type VersionRow } from '../machine/by-version.ts';
import type { ArmMachine } from '../machine/machine.ts';
import { PAGE_OFFSETS } from '../machine/split.ts';

/** VMALLOC_OFFSET: the hole that catches overruns of lowmem; the same in every version. */
export const VMALLOC_OFFSET = 8 * MiB;

/** VMALLOC_END of the commonest platforms before 3.3 (omap2+, realview, vexpress). */
const USUAL_PLATFORM_VMALLOC_END = 0xf8000000;

const LEAST_RESERVE = 16 * MiB;
/** Lowmem that `vmalloc=` must leave. */
const LEAST_LOWMEM = 32 * MiB;

/** What changed in how ARM reserves vmalloc space (arch/arm/mm/mmu.c: early_vmalloc, vmalloc_min). */
interface VmallocRules extends VersionRow {
	/** VMALLOC_END; `platform`: every machine had its own. */
	readonly end: number | 'platform';
	/** Space kept free above lowmem when `vmalloc=` is absent, the hole included. */
	readonly defaultReserve: number;
	/** Whether the hole is kept besides the size that `vmalloc=` asks for. */
	readonly addsHole: boolean;
	readonly tooSmall: string;
	readonly tooBig: string;
	readonly unit: string;
}

const OLD_WORDS = { tooSmall: 'vmalloc area too small', tooBig: 'vmalloc area is too big', unit: 'MB' } as const;
const NEW_WORDS = { tooSmall: 'vmalloc area is too small', tooBig: 'vmalloc area is too big', unit: 'MiB' } as const;

const RULES: readonly [VmallocRules, ...VmallocRules[]] = [
	{ since: '2.6.24', end: 'platform', defaultReserve: 128 * MiB, addsHole: false, ...OLD_WORDS },
	{ since: '3.3', end: 0xff000000, defaultReserve: 248 * MiB, addsHole: false, ...OLD_WORDS },
	{ since: '4.4', end: 0xff800000, defaultReserve: 248 * MiB, addsHole: false, ...OLD_WORDS },
	{ since: '5.14', end: 0xff800000, defaultReserve: 248 * MiB, addsHole: true, ...NEW_WORDS },
];

export interface ArmVmalloc {
	readonly end: number;
	/** vmalloc_min: the lowest address that vmalloc space may not give up to lowmem. */
	readonly min: number;
	readonly messages: readonly string[];
}

/** VMALLOC_END and the border that lowmem may reach, `vmalloc=` clamped as that version does. */
export const armVmalloc = (machine: ArmMachine): ArmVmalloc => {
	const rules = byVersion(machine.kernel, RULES);
	const end = rules.end === 'platform' ? (machine.platformVmallocEnd ?? USUAL_PLATFORM_VMALLOC_END) : rules.end;
	const asked = machine.parameters.vmalloc;
	if (asked === undefined) return { end, min: end - rules.defaultReserve, messages: [] };
	const hole = rules.addsHole ? VMALLOC_OFFSET : 0;
	const most = end - (PAGE_OFFSETS[machine.split] + LEAST_LOWMEM + hole);
	const messages: string[] = [];
	const limit = (words: string, bytes: number): number => {
		messages.push(`${words}, limiting to ${Math.floor(bytes / MiB)}${rules.unit}`);
		return bytes;
	};
	let reserve = asked;
	if (reserve < LEAST_RESERVE) reserve = limit(rules.tooSmall, LEAST_RESERVE);
	if (reserve > most) reserve = limit(rules.tooBig, most);
	return { end, min: end - reserve - hole, messages };
};
