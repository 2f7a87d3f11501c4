import { closest } from '../machine/closest.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { asPhrase, type PlainPhrase, phrase, type Text } from '../phrases/phrase.ts';
import { affinityBuiltins } from './builtins/affinity.ts';
import { areaBuiltins } from './builtins/areas.ts';
import { atomicContextBuiltins } from './builtins/atomic-contexts.ts';
import { bitBuiltins } from './builtins/bits.ts';
import { bugBuiltins } from './builtins/bugs.ts';
import {
	type Builtin,
	type BuiltinRow,
	fitBuiltin,
	isAvailable,
	type KernelGlobal,
	whyAbsent,
} from './builtins/builtin.ts';
import { contextBuiltins, stringBuiltins } from './builtins/contexts.ts';
import { conversionBuiltins } from './builtins/conversions.ts';
import { costBuiltins } from './builtins/costs.ts';
import { dmaBuiltins } from './builtins/dma.ts';
import { hexDumpBuiltins } from './builtins/hex-dump.ts';
import { highmemBuiltins } from './builtins/highmem.ts';
import { hrtimerBuiltins } from './builtins/hrtimers.ts';
import { interruptBuiltins } from './builtins/interrupts.ts';
import { listBuiltins } from './builtins/lists.ts';
import { logBuiltins } from './builtins/log.ts';
import { pageTableBuiltins } from './builtins/page-tables.ts';
import { pageBuiltins } from './builtins/pages.ts';
import { probeBuiltins } from './builtins/probes.ts';
import { slabCacheBuiltins } from './builtins/slab-caches.ts';
import { userMemoryBuiltins } from './builtins/user-memory.ts';
import { waitingBuiltins } from './builtins/waiting.ts';
import { zoneBuiltins, zoneNumbers } from './builtins/zones.ts';
import { HEADER_ITEMS } from './headers/index.ts';
import type { HeaderItem } from './headers/item.ts';
import { INSTEAD, KNOWN_CONSTANTS } from './instead.ts';
import { type KernelConstant, kernelConstants, kernelGlobals } from './kernel-names.ts';
import { TypeTable } from './type-table.ts';

const ROWS: readonly BuiltinRow[] = [
	...pageBuiltins,
	...userMemoryBuiltins,
	...costBuiltins,
	...highmemBuiltins,
	...areaBuiltins,
	...conversionBuiltins,
	...contextBuiltins,
	...atomicContextBuiltins,
	...stringBuiltins,
	...logBuiltins,
	...bugBuiltins,
	...hexDumpBuiltins,
	...listBuiltins,
	...bitBuiltins,
	...slabCacheBuiltins,
	...waitingBuiltins,
	...interruptBuiltins,
	...pageTableBuiltins,
	...zoneBuiltins,
	...probeBuiltins,
	...hrtimerBuiltins,
	...affinityBuiltins,
	...dmaBuiltins,
];

const rowName = ({ prototype }: BuiltinRow): string => /(\w+)\(/.exec(prototype)?.[1] ?? '';

/** Macros that the checker itself knows, because their arguments may have any integer type and count once. */
export const SPECIAL_FORMS: ReadonlyMap<string, { readonly signature: string; readonly help: PlainPhrase }> = new Map([
	['min', { signature: 'min(x, y)', help: 'the smaller of two' }],
	['max', { signature: 'max(x, y)', help: 'the larger of two' }],
	['clamp', { signature: 'clamp(val, lo, hi)', help: 'val, but not below lo nor above hi' }],
	['swap', { signature: 'swap(a, b)', help: 'exchange two variables' }],
]);

/** What macros stand on, and nobody calls by name. */
const INTERNAL =
	/^__(?:bug|warn|panic|might_sleep_at|warn_text|run_as_interrupt|sleep_on|wake_all|va_start|init_mm|zone_\w+|node_\w+|mm_\w+|task_\w+|run_softirq|set_current_state|clock_ns|local_save_flags|run_\w+|call_timer|probe|unprobe|hex_asc|arm_timer|disarm_timer|allow_cpus|regs_with|rb_\w+)$/;

export const isInternal = (name: string): boolean => INTERNAL.test(name);

/** All names that this machine's kernel offers to C code. */
export class KernelWorld {
	readonly types: TypeTable;
	readonly builtins = new Map<string, Builtin>();
	readonly constants: ReadonlyMap<string, KernelConstant>;
	readonly globals: ReadonlyMap<string, KernelGlobal>;
	/** What its headers define in C. */
	readonly headers: readonly HeaderItem[];

	constructor(readonly view: MemoryView) {
		const { machine, layout } = view;
		this.types = new TypeTable(machine);
		for (const row of ROWS) {
			if (isAvailable(row.when, machine)) this.builtins.set(rowName(row), fitBuiltin(row, this.types));
		}
		this.headers = HEADER_ITEMS.filter(({ when }) => isAvailable(when, machine));
		this.constants = new Map([...kernelConstants(machine, layout), ...zoneNumbers(view)]);
		this.globals = new Map(kernelGlobals(machine, layout, this.types).map(global => [global.name, global]));
	}

	/** Names that can be called or read, without those meant for macros only. */
	names(): string[] {
		return [
			...this.builtins.keys(),
			...this.constants.keys(),
			...this.globals.keys(),
			...SPECIAL_FORMS.keys(),
			...this.headers.map(({ name }) => name),
		].filter(name => !isInternal(name));
	}

	/** What to say beside "no such name": which kernels have it, or what was meant. */
	hint(name: string, others: Iterable<string> = [], isCall = false): Text | undefined {
		const rows = [
			...ROWS.filter(row => rowName(row) === name),
			...[...HEADER_ITEMS, ...KNOWN_CONSTANTS].filter(item => item.name === name),
		];
		const reasons = rows.map(row => whyAbsent(row.when, this.view.machine)).filter(reason => reason !== undefined);
		// The row for this architecture says more than that of the other one.
		const reason = reasons.find(text => text.key !== 'only {arch} kernels have it') ?? reasons[0];
		const instead = INSTEAD.get(name);
		if (reason !== undefined && instead !== undefined)
			return phrase('{reason}; it has {instead}', { reason: asPhrase(reason), instead });
		if (reason !== undefined) return reason;
		if (/^(?:PKMAP_|LAST_PKMAP|pkmap_count|last_pkmap_nr)/.test(name)) return 'this kernel has no CONFIG_HIGHMEM';
		// Of names this short, any other is near.
		if (name.length < 3) return undefined;
		const functions = this.headers.filter(({ kind }) => kind === 'function' || kind === 'macro');
		const known = isCall
			? [...this.builtins.keys(), ...SPECIAL_FORMS.keys(), ...functions.map(item => item.name)]
			: this.names();
		const near = closest(
			name,
			[...others, ...known].filter(text => !isInternal(text)),
		);
		const isMeant = near !== undefined && (name.length > 3 || near.startsWith(name.charAt(0)));
		return isMeant ? phrase('did you mean {near}?', { near }) : undefined;
	}
}
