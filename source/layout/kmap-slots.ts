import { byVersion, type VersionRow } from '../machine/by-version.ts';
import type { Architecture, Machine } from '../machine/machine.ts';

const SHARED_TYPES = [
	'KM_BOUNCE_READ',
	'KM_SKB_SUNRPC_DATA',
	'KM_SKB_DATA_SOFTIRQ',
	'KM_USER0',
	'KM_USER1',
	'KM_BIO_SRC_IRQ',
	'KM_BIO_DST_IRQ',
	'KM_PTE0',
	'KM_PTE1',
	'KM_IRQ0',
	'KM_IRQ1',
	'KM_SOFTIRQ0',
	'KM_SOFTIRQ1',
] as const;
const ARM_TYPES = [...SHARED_TYPES, 'KM_L1_CACHE', 'KM_L2_CACHE'] as const;
const GENERIC_TYPES = [
	...SHARED_TYPES,
	'KM_SYNC_ICACHE',
	'KM_SYNC_DCACHE',
	'KM_UML_USERCOPY',
	'KM_IRQ_PTE',
	'KM_NMI',
	'KM_NMI_PTE',
] as const;

/** How many kmap_atomic slots a CPU has and how C code calls them (asm/kmap_types.h, asm-generic/kmap_size.h). */
interface KmapTypes extends VersionRow {
	readonly perCpu: number;
	/** The same with DEBUG_HIGHMEM (from 5.11: DEBUG_KMAP_LOCAL), which puts guard slots between. */
	readonly perCpuDebug: number;
	/** Name of the count. */
	readonly countName: 'KM_TYPE_NR' | 'KM_MAX_IDX';
	/** Names of the typed generation. */
	readonly types: readonly string[];
}

const STACK = { countName: 'KM_TYPE_NR', types: [] } as const;
const LOCAL: KmapTypes = { since: '5.11', perCpu: 16, perCpuDebug: 33, countName: 'KM_MAX_IDX', types: [] };

const TYPES: Readonly<Record<Architecture, readonly [KmapTypes, ...KmapTypes[]]>> = {
	arm: [
		{ since: '2.6.24', perCpu: 16, perCpuDebug: 16, countName: 'KM_TYPE_NR', types: ARM_TYPES },
		{ since: '2.6.35', perCpu: 16, perCpuDebug: 16, countName: 'KM_TYPE_NR', types: [...ARM_TYPES, 'KM_KDB'] },
		{ since: '2.6.37', perCpu: 16, perCpuDebug: 16, ...STACK },
		LOCAL,
	],
	x86: [
		{ since: '2.6.24', perCpu: 13, perCpuDebug: 13, countName: 'KM_TYPE_NR', types: SHARED_TYPES },
		{ since: '2.6.31', perCpu: 19, perCpuDebug: 19, countName: 'KM_TYPE_NR', types: GENERIC_TYPES },
		{ since: '2.6.35', perCpu: 20, perCpuDebug: 20, countName: 'KM_TYPE_NR', types: [...GENERIC_TYPES, 'KM_KDB'] },
		{ since: '2.6.37', perCpu: 20, perCpuDebug: 20, ...STACK },
		{ since: '3.6', perCpu: 20, perCpuDebug: 41, ...STACK },
		LOCAL,
	],
};

/** The kmap_atomic slots of one CPU on this machine's kernel. */
export const kmapTypeNames = (machine: Machine): { perCpu: number; countName: string; types: readonly string[] } => {
	const rules = byVersion(machine.kernel, TYPES[machine.arch]);
	const { countName, types } = rules;
	return { perCpu: machine.debug.highmem ? rules.perCpuDebug : rules.perCpu, countName, types };
};

/** KM_TYPE_NR or KM_MAX_IDX, the KM_ types, and the enum borders of the slots where that version names them. */
export const kmapSymbols = (machine: Machine, kmapBegin: number, hasBorders: boolean): [string, number][] => {
	const { perCpu, countName, types } = kmapTypeNames(machine);
	const symbols: [string, number][] = [
		[countName, perCpu],
		...types.map((name, type): [string, number] => [name, type]),
	];
	if (hasBorders) {
		symbols.push(['FIX_KMAP_BEGIN', kmapBegin], ['FIX_KMAP_END', kmapBegin + perCpu * machine.nrCpus - 1]);
	}
	return symbols;
};
