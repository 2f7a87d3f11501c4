import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';

/**
 * GFP flags (include/linux/gfp.h, gfp_types.h). The bits moved several times; each table below is one generation. A name
 * that a generation lacks is absent, as it would be for the compiler.
 */
type Bits = Readonly<Record<string, number>>;

const ZONE_BITS: Bits = { DMA: 0x1, HIGHMEM: 0x2, DMA32: 0x4, MOVABLE: 0x8 };

const LOW_BITS: Bits = { HIGH: 0x20, IO: 0x40, FS: 0x80 };

// The same in every kernel from 2.6.24 to 5.0.
const OLD_ACTION_BITS: Bits = {
	...LOW_BITS,
	NOWARN: 0x200,
	NOFAIL: 0x800,
	NORETRY: 0x1000,
	COMP: 0x4000,
	ZERO: 0x8000,
	NOMEMALLOC: 0x10000,
	HARDWALL: 0x20000,
	THISNODE: 0x40000,
};

const WAIT_BITS: Bits = {
	...ZONE_BITS,
	...OLD_ACTION_BITS,
	WAIT: 0x10,
	COLD: 0x100,
	REPEAT: 0x400,
	RECLAIMABLE: 0x80000,
};

const RECLAIM_BITS: Bits = {
	...ZONE_BITS,
	...OLD_ACTION_BITS,
	RECLAIMABLE: 0x10,
	MEMALLOC: 0x2000,
	ATOMIC: 0x80000,
	ACCOUNT: 0x100000,
};

const REORDERED_BITS: Bits = {
	...ZONE_BITS,
	...LOW_BITS,
	RECLAIMABLE: 0x10,
	ZERO: 0x100,
	DIRECT_RECLAIM: 0x400,
	KSWAPD_RECLAIM: 0x800,
	WRITE: 0x1000,
	NOWARN: 0x2000,
	RETRY_MAYFAIL: 0x4000,
	NOFAIL: 0x8000,
	NORETRY: 0x10000,
	MEMALLOC: 0x20000,
	COMP: 0x40000,
	NOMEMALLOC: 0x80000,
	HARDWALL: 0x100000,
	THISNODE: 0x200000,
	ACCOUNT: 0x400000,
};

/** Newest first: the first row whose release the kernel reaches holds. */
const GENERATIONS: readonly { readonly since: string; readonly bits: Bits }[] = [
	{ since: '6.3', bits: REORDERED_BITS },
	{ since: '5.1', bits: { ...REORDERED_BITS, ATOMIC: 0x200 } },
	{
		since: '4.17',
		bits: {
			...RECLAIM_BITS,
			RETRY_MAYFAIL: 0x400,
			DIRECT_RECLAIM: 0x200000,
			KSWAPD_RECLAIM: 0x400000,
			WRITE: 0x800000,
		},
	},
	{
		since: '4.15',
		bits: {
			...RECLAIM_BITS,
			RETRY_MAYFAIL: 0x400,
			DIRECT_RECLAIM: 0x400000,
			WRITE: 0x800000,
			KSWAPD_RECLAIM: 0x1000000,
		},
	},
	{
		since: '4.13',
		bits: {
			...RECLAIM_BITS,
			COLD: 0x100,
			RETRY_MAYFAIL: 0x400,
			NOTRACK: 0x200000,
			DIRECT_RECLAIM: 0x400000,
			WRITE: 0x800000,
			KSWAPD_RECLAIM: 0x1000000,
		},
	},
	{
		since: '4.12',
		bits: {
			...RECLAIM_BITS,
			COLD: 0x100,
			REPEAT: 0x400,
			NOTRACK: 0x200000,
			DIRECT_RECLAIM: 0x400000,
			WRITE: 0x800000,
			KSWAPD_RECLAIM: 0x1000000,
		},
	},
	{
		since: '4.4',
		bits: {
			...RECLAIM_BITS,
			COLD: 0x100,
			REPEAT: 0x400,
			NOTRACK: 0x200000,
			DIRECT_RECLAIM: 0x400000,
			OTHER_NODE: 0x800000,
			WRITE: 0x1000000,
			KSWAPD_RECLAIM: 0x2000000,
		},
	},
	{ since: '3.6', bits: { ...WAIT_BITS, MEMALLOC: 0x2000, NOTRACK: 0x200000, WRITE: 0x1000000 } },
	{ since: '2.6.31', bits: { ...WAIT_BITS, NOTRACK: 0x200000 } },
	{ since: '2.6.24', bits: { ...WAIT_BITS, MOVABLE: 0x100000 } },
];

/** Single flags in the order in which a mask is spelled out. */
const SPELLED = [
	...['HIGHMEM', 'HIGH', 'ATOMIC', 'IO', 'FS', 'COLD', 'NOWARN', 'REPEAT', 'RETRY_MAYFAIL', 'NOFAIL', 'NORETRY'],
	...['COMP', 'ZERO', 'NOMEMALLOC', 'MEMALLOC', 'HARDWALL', 'THISNODE', 'RECLAIMABLE', 'MOVABLE', 'ACCOUNT'],
	...['NOTRACK', 'WRITE', 'OTHER_NODE', 'DIRECT_RECLAIM', 'KSWAPD_RECLAIM', 'WAIT', 'DMA', 'DMA32'],
];

/** Compound names in the order in which a mask is spelled out: the larger sets first (include/trace/events/mmflags.h). */
const compounds = (kernel: KernelVersion, bits: Bits): readonly (readonly [string, number])[] => {
	const sum = (...names: string[]) => names.reduce((mask, name) => mask | (bits[name] ?? 0), 0);
	const reclaim = sum('WAIT', 'DIRECT_RECLAIM', 'KSWAPD_RECLAIM');
	const movableUser = reclaim | sum('IO', 'FS', 'HARDWALL', 'HIGHMEM', 'MOVABLE');
	return [
		['GFP_HIGHUSER_MOVABLE', movableUser],
		['GFP_HIGHUSER', reclaim | sum('IO', 'FS', 'HARDWALL', 'HIGHMEM')],
		['GFP_USER', reclaim | sum('IO', 'FS', 'HARDWALL')],
		...(atLeast(kernel, '4.5') ? [['GFP_KERNEL_ACCOUNT', reclaim | sum('IO', 'FS', 'ACCOUNT')] as const] : []),
		['GFP_KERNEL', reclaim | sum('IO', 'FS')],
		['GFP_NOFS', reclaim | sum('IO')],
		['GFP_ATOMIC', sum('HIGH', 'ATOMIC', 'KSWAPD_RECLAIM')],
		['GFP_NOIO', reclaim],
		['GFP_NOWAIT', sum('KSWAPD_RECLAIM')],
		['GFP_DMA', sum('DMA')],
		['GFP_DMA32', sum('DMA32')],
		['GFP_TEMPORARY', reclaim | sum('IO', 'FS', 'RECLAIMABLE')],
	];
};

const bitsOf = (kernel: KernelVersion): Bits =>
	(GENERATIONS.find(({ since }) => atLeast(kernel, since)) ?? GENERATIONS[GENERATIONS.length - 1])?.bits ?? {};

/** Every GFP_* and __GFP_* name of that kernel's headers with its value. */
export const gfpConstants = (kernel: KernelVersion): ReadonlyMap<string, number> => {
	const bits = bitsOf(kernel);
	const names = new Map<string, number>();
	for (const [name, value] of Object.entries(bits)) names.set(`__GFP_${name}`, value);
	if (bits.DIRECT_RECLAIM !== undefined) {
		names.set('__GFP_RECLAIM', (bits.DIRECT_RECLAIM ?? 0) | (bits.KSWAPD_RECLAIM ?? 0));
	}
	for (const [name, value] of compounds(kernel, bits)) {
		if (name === 'GFP_TEMPORARY' && atLeast(kernel, '4.14')) continue;
		names.set(name, value);
	}
	return names;
};

/** The flags that the allocators themselves look at, as numbers; 0 where the kernel has no such flag. */
export interface GfpBits {
	readonly dma: number;
	readonly highmem: number;
	readonly movable: number;
	readonly reclaimable: number;
	readonly high: number;
	readonly zero: number;
	readonly nowarn: number;
	readonly compound: number;
	/** May sleep and reclaim: __GFP_WAIT, then __GFP_DIRECT_RECLAIM. */
	readonly directReclaim: number;
	readonly atomic: number;
	/** May wake kswapd. */
	readonly kswapd: number;
	readonly kernel: number;
}

export const gfpBits = (kernel: KernelVersion): GfpBits => {
	const names = gfpConstants(kernel);
	const value = (name: string) => names.get(name) ?? 0;
	return {
		dma: value('__GFP_DMA'),
		highmem: value('__GFP_HIGHMEM'),
		movable: value('__GFP_MOVABLE'),
		reclaimable: value('__GFP_RECLAIMABLE'),
		high: value('__GFP_HIGH'),
		zero: value('__GFP_ZERO'),
		nowarn: value('__GFP_NOWARN'),
		compound: value('__GFP_COMP'),
		directReclaim: value('__GFP_WAIT') || value('__GFP_DIRECT_RECLAIM'),
		atomic: value('__GFP_ATOMIC'),
		kswapd: value('__GFP_KSWAPD_RECLAIM'),
		kernel: value('GFP_KERNEL'),
	};
};

/** A mask spelled as `%pGg` does: `GFP_KERNEL|__GFP_COMP`, the unknown rest in hex, `none` for 0. */
export const gfpText = (kernel: KernelVersion, gfp: number): string => {
	if (gfp === 0) return 'none';
	const bits = bitsOf(kernel);
	const words: string[] = [];
	let rest = gfp;
	const singles = SPELLED.map(name => [`__GFP_${name}`, bits[name] ?? 0] as const);
	const names = [...compounds(kernel, bits), ...singles];
	for (const [name, mask] of names) {
		if (mask === 0 || (rest & mask) !== mask) continue;
		words.push(name);
		rest &= ~mask;
	}
	if (rest !== 0) words.push(`0x${(rest >>> 0).toString(16)}`);
	return words.join('|');
};
