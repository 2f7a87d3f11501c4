import { MiB } from '../../machine/address.ts';
import { byVersion, spanOf, type VersionRow } from '../../machine/by-version.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { address, type Border, border, from, minus } from '../border.ts';
import type { RuleId } from '../border-rules.ts';

/** VMALLOC_OFFSET: the hole that catches overruns of lowmem; the same in every version. */
export const VMALLOC_OFFSET = 8 * MiB;

/** VMALLOC_END of the commonest platforms before 3.3 (omap2+, realview, vexpress). */
const USUAL_PLATFORM_VMALLOC_END = 0xf8000000;

/** What `vmalloc=` may ask for at least. */
export const LEAST_RESERVE = 16 * MiB;
/** Lowmem that `vmalloc=` must leave. */
const LEAST_LOWMEM = 32 * MiB;

/** What changed in how ARM reserves vmalloc space (arch/arm/mm/mmu.c: early_vmalloc, vmalloc_min). */
interface VmallocRules extends VersionRow {
	/** VMALLOC_END; `platform`: every machine had its own. */
	readonly end: number | 'platform';
	/** vmalloc space when `vmalloc=` is absent, and the hole that is kept besides it. */
	readonly defaultReserve: number;
	readonly defaultHole: number;
	/** Whether the hole is kept besides the size that `vmalloc=` asks for. */
	readonly addsHole: boolean;
	readonly tooSmall: string;
	readonly tooBig: string;
	readonly unit: string;
}

const OLD_WORDS = { tooSmall: 'vmalloc area too small', tooBig: 'vmalloc area is too big', unit: 'MB' } as const;
const NEW_WORDS = { tooSmall: 'vmalloc area is too small', tooBig: 'vmalloc area is too big', unit: 'MiB' } as const;

/** The reserve of the platforms before 3.3, unless `vmalloc=` says otherwise. */
export const PLATFORM_RESERVE = 128 * MiB;
const USUAL_RESERVE = { defaultReserve: 240 * MiB, defaultHole: VMALLOC_OFFSET } as const;

const RULES: readonly [VmallocRules, ...VmallocRules[]] = [
	{ since: '2.6.24', end: 'platform', defaultReserve: PLATFORM_RESERVE, defaultHole: 0, addsHole: false, ...OLD_WORDS },
	{ since: '3.3', end: 0xff000000, ...USUAL_RESERVE, addsHole: false, ...OLD_WORDS },
	{ since: '4.4', end: 0xff800000, ...USUAL_RESERVE, addsHole: false, ...OLD_WORDS },
	{ since: '5.14', end: 0xff800000, ...USUAL_RESERVE, addsHole: true, ...NEW_WORDS },
];

export interface ArmVmalloc {
	readonly end: Border;
	/** vmalloc_min: the lowest address that vmalloc space may not give up to lowmem. */
	readonly min: Border;
	readonly messages: readonly string[];
}

/** VMALLOC_END and the border that lowmem may reach, `vmalloc=` clamped as that version does. */
export const armVmalloc = (machine: ArmMachine): ArmVmalloc => {
	const { kernel, parameters, platformVmallocEnd } = machine;
	const rules = byVersion(kernel, RULES);
	const endSpan = spanOf(kernel, RULES, row => row.end);
	const end =
		rules.end === 'platform'
			? border(
					'VMALLOC_END',
					'vmalloc-end-platform',
					[address(platformVmallocEnd ?? USUAL_PLATFORM_VMALLOC_END)],
					endSpan,
				)
			: border('VMALLOC_END', 'vmalloc-end', [address(rules.end)], endSpan);
	const messages: string[] = [];
	const min = (rule: RuleId, reserve: number, name: string, hole: number, span = endSpan): Border => {
		const steps = [from(end), minus(reserve, name || undefined)];
		if (hole > 0) steps.push(minus(hole));
		return border('vmalloc_min', rule, steps, span);
	};
	const asked = parameters.vmalloc;
	if (asked === undefined) {
		const span = spanOf(kernel, RULES, row => [row.end, row.defaultReserve]);
		return { end, min: min('reserve-default', rules.defaultReserve, '', rules.defaultHole, span), messages };
	}
	const span = spanOf(kernel, RULES, row => [row.end, row.addsHole]);
	const hole = rules.addsHole ? VMALLOC_OFFSET : 0;
	const most = end.value - (PAGE_OFFSETS[machine.split] + LEAST_LOWMEM + hole);
	let reserve = asked;
	let rule: RuleId = 'reserve-asked';
	const limit = (words: string, bytes: number, limitRule: RuleId): void => {
		messages.push(`${words}, limiting to ${Math.floor(bytes / MiB)}${rules.unit}`);
		reserve = bytes;
		rule = limitRule;
	};
	if (reserve < LEAST_RESERVE) limit(rules.tooSmall, LEAST_RESERVE, 'reserve-too-small');
	if (reserve > most) limit(rules.tooBig, most, 'reserve-too-big');
	return { end, min: min(rule, reserve, rule === 'reserve-asked' ? 'vmalloc=' : '', hole, span), messages };
};
