import type { Text } from '../../phrases/phrase.ts';
import { KiB, MiB, PAGE_SIZE } from '../address.ts';
import { STRUCT_PAGE_SIZES } from './common-machine.ts';
import type { Found, LogFacts, ZoneFacts } from './log-facts.ts';

const PAGES_PER_MIB = MiB / PAGE_SIZE;

/** How much RAM there is and where lowmem ends, as far as counted lines tell. */
export interface ArmRam {
	readonly totalBytes: Found<number> | undefined;
	readonly highmemBytes: number;
	/** From the start of RAM to the end of lowmem, holes counted; absent: not shown. */
	readonly lowmemBytes: Found<number> | undefined;
	/** Zone DMA, when there is one. */
	readonly dmaBytes: number | undefined;
	readonly structPageBytes: number;
	/** What was counted, in words. */
	readonly reason: Text;
}

interface ZoneCount {
	readonly name: string;
	readonly memmapPages: number;
	readonly present: number;
	readonly line: number;
}

/** Pages of a zone with sizeof(struct page): `memmap` whole pages hold the descriptors of this many frames. */
const spannedBy = ({ memmapPages, present }: ZoneCount, structPage: number): number | undefined => {
	const most = Math.floor((memmapPages * PAGE_SIZE) / structPage);
	const least = Math.floor(((memmapPages - 1) * PAGE_SIZE) / structPage) + 1;
	if (present >= least && present <= most) return present;
	const whole = Math.floor(most / PAGES_PER_MIB) * PAGES_PER_MIB;
	return whole >= least && whole >= present ? whole : undefined;
};

const zoneCounts = (facts: LogFacts): ZoneCount[] => {
	const zones = [...facts.zones].filter(([name]) => name !== 'Movable');
	const pagesOf = ({ pages }: ZoneFacts): number => pages?.value ?? 0;
	const sum = zones.reduce((total, [, zone]) => total + pagesOf(zone), 0);
	// From 3.9 on the pages of the descriptors are not taken off.
	const isNet = facts.totalPages !== undefined && sum < facts.totalPages.value;
	return zones.flatMap(([name, zone]) => {
		if (!zone.memmapPages) return [];
		const memmapPages = zone.memmapPages.value;
		const present = pagesOf(zone) + (isNet ? memmapPages : 0);
		return [{ name, memmapPages, present, line: zone.memmapPages.line }];
	});
};

/** RAM ends on a round address: how many low bits are clear. */
const roundness = (address: number): number => {
	let bits = 0;
	for (let value = Math.floor(address / PAGE_SIZE); value > 0 && value % 2 === 0; value /= 2) bits++;
	return bits;
};

interface Spans {
	readonly structPageBytes: number;
	readonly low: Found<number> | undefined;
	readonly dma: number | undefined;
}

const spans = (facts: LogFacts, base: number): Spans => {
	const zones = zoneCounts(facts);
	const lowZones = zones.filter(({ name }) => name !== 'HighMem');
	const line = lowZones.at(-1)?.line ?? 0;
	const fits = STRUCT_PAGE_SIZES.flatMap(structPageBytes => {
		const pages = zones.map(zone => spannedBy(zone, structPageBytes));
		if (zones.length === 0 || pages.some(count => count === undefined)) return [];
		const bytesOf = (name: string): number => {
			const index = zones.findIndex(zone => zone.name === name);
			return (pages[index] ?? 0) * PAGE_SIZE;
		};
		const low = bytesOf('DMA') + bytesOf('Normal');
		const isWhole = zones.every(({ present }, index) => present === pages[index]);
		return [{ structPageBytes, low, dma: bytesOf('DMA'), isWhole, round: roundness(base + low) }];
	});
	const whole = fits.filter(({ isWhole }) => isWhole);
	const [best] = (whole.length > 0 ? whole : fits).sort((a, b) => b.round - a.round);
	if (!best || lowZones.length === 0) return { structPageBytes: 32, low: undefined, dma: undefined };
	return {
		structPageBytes: best.structPageBytes,
		low: { value: best.low, line },
		dma: best.dma > 0 ? best.dma : undefined,
	};
};

/** Count the RAM of an ARM machine whose kernel does not list its banks. */
export const armRam = (facts: LogFacts, base: number): ArmRam => {
	const { memory, banksMb, totalPages } = facts;
	const { structPageBytes, low, dma } = spans(facts, base);
	const highPages = facts.zones.get('HighMem')?.pages?.value ?? 0;
	const highmemBytes = Math.max((memory?.value.highmemKb ?? 0) * KiB, highPages * PAGE_SIZE);
	const banks = banksMb && { value: banksMb.value.reduce((sum, size) => sum + size, 0) * MiB, line: banksMb.line };
	const pages = totalPages && { value: totalPages.value * PAGE_SIZE, line: totalPages.line };
	const counted = memory && { value: memory.value.totalKb * KiB, line: memory.line };
	const totalBytes = pages ?? banks ?? counted;
	const common = { totalBytes, highmemBytes, dmaBytes: dma, structPageBytes };
	const { lowmemSpan } = facts;
	if (lowmemSpan) return { ...common, lowmemBytes: lowmemSpan, reason: 'the zones below HighMem' };
	if (low) return { ...common, lowmemBytes: low, reason: 'the pages that the zones need for their descriptors' };
	if (highmemBytes === 0) return { ...common, lowmemBytes: totalBytes, reason: 'all memory that the kernel counts' };
	// One bank has no hole, so what is not highmem is lowmem.
	if (banks && banksMb?.value.length === 1) {
		const bytes = Math.floor((banks.value - highmemBytes) / MiB) * MiB;
		return { ...common, lowmemBytes: { value: bytes, line: banks.line }, reason: 'one bank less its highmem' };
	}
	return { ...common, lowmemBytes: undefined, reason: 'all memory that the kernel counts' };
};
