import { alignDown, FOUR_GIB, hex, MiB, PAGE_SIZE } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { ArmMachine } from '../../machine/machine.ts';
import { physOffsetOf } from '../../machine/phys-offset.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import { address as addressStep, type Border, border, plus } from '../border.ts';
import { below, type RamRange } from '../ram-pages.ts';

const PMD_SIZE = 2 * MiB;

export interface ArmLowmem {
	/** RAM that the kernel keeps. */
	readonly ram: readonly RamRange[];
	readonly physOffset: number;
	/** arm_lowmem_limit: the physical end of lowmem. */
	readonly limit: number;
	/** high_memory: the virtual end of lowmem. */
	readonly highMemory: Border;
	readonly borders: readonly Border[];
	readonly messages: readonly string[];
}

type Removal = (
	ram: readonly RamRange[],
	limit: number,
	say: (message: string) => void,
	address: AddressText,
) => RamRange[];
type AddressText = (address: number) => string;

const bankRange = ({ start, end }: RamRange): string => `${bare(start)}-${bare(end - 1)}`;

const bare: AddressText = address => hex(address).slice(2);

/** The membank kernels look at one bank after the other and print ends inclusive. */
const removeBanks: Removal = (ram, limit, say) =>
	ram.flatMap(bank => {
		if (bank.start >= FOUR_GIB) {
			say(`Ignoring RAM at ${bankRange(bank)} (!CONFIG_HIGHMEM).`);
			return [];
		}
		if (bank.start >= limit) {
			say(`Ignoring RAM at ${bankRange(bank)} (vmalloc region overlap).`);
			return [];
		}
		if (bank.end <= limit) return [bank];
		say(`Truncating RAM at ${bankRange(bank)} to -${bare(limit - 1)} (vmalloc region overlap).`);
		return [{ start: bank.start, end: limit }];
	});

const removeRegions =
	(hint: string | undefined): Removal =>
	(ram, limit, say, address) => {
		let isTooMuch = false;
		const kept = ram.flatMap(({ start, end }) => {
			if (end <= limit) return [{ start, end }];
			isTooMuch = true;
			if (start >= limit) {
				say(`Ignoring RAM at ${address(start)}-${address(end)} (!CONFIG_HIGHMEM)`);
				return [];
			}
			say(`Truncating RAM at ${address(start)}-${address(end)} to -${address(limit)}`);
			return [{ start, end: limit }];
		});
		if (isTooMuch && hint !== undefined) say(hint);
		return kept;
	};

const HIGHMEM_HINT = 'Consider using a HIGHMEM enabled kernel.';

/**
 * The first part of lowmem in which early allocations are safe: up to the first region border that does not fall on a
 * whole step of the page tables. (arch/arm/mm/mmu.c: adjust_lowmem_bounds)
 */
const memblockLimit = (ram: readonly RamRange[], vmallocLimit: number): number => {
	let lowmemLimit = 0;
	let firstUnaligned = 0;
	for (const { start, end } of ram) {
		if (start >= vmallocLimit) continue;
		lowmemLimit = Math.max(lowmemLimit, Math.min(end, vmallocLimit));
		if (firstUnaligned !== 0) continue;
		if (start % PMD_SIZE !== 0) firstUnaligned = start;
		else if (end % PMD_SIZE !== 0) firstUnaligned = lowmemLimit;
	}
	return alignDown(firstUnaligned || lowmemLimit, PMD_SIZE) || lowmemLimit;
};

/** From 4.11 everything above the rounded limit goes at once. */
const removeAbove: Removal = (ram, limit, say, address) => {
	const end = ram.at(-1)?.end ?? 0;
	if (end <= limit) return [...ram];
	const rounded = memblockLimit(ram, limit);
	say(`Ignoring RAM at ${address(rounded)}-${address(end)}`);
	say(HIGHMEM_HINT);
	return below(ram, rounded);
};

/** How RAM that lowmem cannot hold is left out where there is no highmem (arch/arm/mm/mmu.c: sanity_check_meminfo). */
interface RemovalRules extends VersionRow {
	readonly remove: Removal;
}

const RULES: readonly [RemovalRules, ...RemovalRules[]] = [
	{ since: '2.6.24', remove: removeBanks },
	{ since: '3.16', remove: removeRegions(undefined) },
	{ since: '4.2', remove: removeRegions(HIGHMEM_HINT) },
	{ since: '4.11', remove: removeAbove },
];

/** RAM that 32-bit physical addresses reach. The last page is lost: the end must be a 32-bit number too. */
const addressable = (machine: ArmMachine, ram: readonly RamRange[]): RamRange[] =>
	machine.lpae
		? [...ram]
		: below(ram, FOUR_GIB).map(({ start, end }) => ({ start, end: Math.min(end, FOUR_GIB - PAGE_SIZE) }));

/** arm_add_memory: what lies below PHYS_OFFSET has no virtual address. Kernels say so from 3.15 on. */
const aboveOffset = (
	machine: ArmMachine,
	ram: readonly RamRange[],
	physOffset: number,
	say: (message: string) => void,
): RamRange[] =>
	ram.flatMap(({ start, end }) => {
		if (start >= physOffset) return [{ start, end }];
		const lost = Math.min(end, physOffset);
		if (atLeast(machine.kernel, '3.15')) say(`Ignoring memory below PHYS_OFFSET: ${hex(start)}-${hex(lost)}`);
		return end > physOffset ? [{ start: physOffset, end }] : [];
	});

/** Which RAM the kernel keeps and where lowmem ends, given vmalloc_min. */
export const armLowmem = (machine: ArmMachine, vmallocMin: Border): ArmLowmem => {
	const banks = machine.ram.map(({ base, sizeBytes }) => ({ start: base as number, end: base + sizeBytes }));
	const physOffset = physOffsetOf(machine);
	// The first mem= replaces everything that the boot loader said about memory.
	const { mem } = machine.parameters;
	const given = mem ? [{ start: physOffset, end: physOffset + alignDown(mem, PAGE_SIZE) }] : banks;
	const messages: string[] = [];
	const pageOffset = PAGE_OFFSETS[machine.split];
	const vmallocLimit = vmallocMin.value - pageOffset + physOffset;
	const seen = aboveOffset(machine, addressable(machine, given), physOffset, message => messages.push(message));
	let ram = seen;
	if (!machine.highmem) {
		const address: AddressText = value => `0x${value.toString(16).padStart(machine.lpae ? 16 : 8, '0')}`;
		ram = byVersion(machine.kernel, RULES).remove(ram, vmallocLimit, message => messages.push(message), address);
	}
	const limit = Math.max(physOffset, ...below(ram, vmallocLimit).map(({ end }) => end));
	const highMemory = endOfLowmem(vmallocMin, { limit, vmallocLimit, pageOffset, physOffset, seen });
	const borders = [highMemory, border('PHYS_OFFSET', 'phys-offset', [addressStep(physOffset)])];
	return { ram, physOffset, limit, highMemory, borders, messages };
};

interface LimitCase {
	readonly limit: number;
	readonly vmallocLimit: number;
	readonly pageOffset: number;
	readonly physOffset: number;
	readonly seen: readonly RamRange[];
}

/** high_memory with the reason why lowmem ends there. */
const endOfLowmem = (vmallocMin: Border, { limit, vmallocLimit, pageOffset, physOffset, seen }: LimitCase): Border => {
	if (limit === vmallocLimit && seen.some(({ end }) => end > limit)) {
		const isLimited = vmallocMin.rule === 'reserve-too-small' || vmallocMin.rule === 'reserve-too-big';
		const rule = isLimited ? 'lowmem-to-limited-vmalloc' : 'lowmem-to-vmalloc';
		return border('high_memory', rule, vmallocMin.steps, vmallocMin.span);
	}
	const steps = [addressStep(pageOffset, 'PAGE_OFFSET'), plus(limit - physOffset)];
	if (seen.every(({ end }) => end <= limit)) return border('high_memory', 'lowmem-to-ram-end', steps);
	const isBankEnd = seen.some(({ end }) => end === limit);
	return border('high_memory', isBankEnd ? 'lowmem-to-hole' : 'lowmem-cut', steps);
};
