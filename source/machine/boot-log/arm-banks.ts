import { asPhrase, phrase, type Text } from '../../phrases/phrase.ts';
import { alignDown, alignUp, GiB, KiB, MiB, PAGE_SIZE, physical } from '../address.ts';
import type { RamBank, Split } from '../machine.ts';
import { PAGE_OFFSETS } from '../split.ts';
import { type ArmPlatform, UNKNOWN_PLATFORM } from './arm-platforms.ts';
import type { ArmRam } from './arm-ram.ts';
import type { LogFacts } from './log-facts.ts';
import { type AssumptionList, bankText } from './log-reading.ts';

/** Where RAM begins, and how that is known. */
export interface RamBase {
	readonly value: number;
	readonly line?: number;
	readonly reason: Text;
	/** Whether it is the first of the kernel's own memory ranges. */
	readonly isListed?: boolean;
}

/** Where RAM may begin, for choosing among what a CMA region's place allows. */
const USUAL_BASES = [0x80000000, 0x60000000, 0x40000000, 0x20000000, 0x10000000, 0];

/** The physical address that lowmem begins with. */
export const ramBase = (facts: LogFacts, platform: ArmPlatform, split: Split): RamBase => {
	const pair = facts.addresses.find(({ value }) => value.kind === 'pair');
	if (pair) {
		const base = (pair.value.physical ?? 0) - (pair.value.virtual - PAGE_OFFSETS[split]);
		if (base >= 0 && base % MiB === 0)
			return { value: base, line: pair.line, reason: 'a virtual address with its physical one' };
	}
	const [node] = facts.nodeRanges;
	if (node) return { value: node.value.start, line: node.line, reason: 'the first memory range', isListed: true };
	const [cut] = facts.truncated;
	const total = (facts.totalPages?.value ?? 0) * PAGE_SIZE || (facts.memory?.value.totalKb ?? 0) * KiB;
	if (cut && total > 0) {
		const base = (cut.value.kept ?? cut.value.start) - total;
		if (base >= 0) return { value: alignDown(base, MiB), line: cut.line, reason: 'what was left of it ends there' };
	}
	const [cma] = facts.cma;
	const holds = (base: number): boolean =>
		!cma || (base <= cma.value.base && (total === 0 || base + total + GiB >= cma.value.base + cma.value.sizeBytes));
	if (platform !== UNKNOWN_PLATFORM && holds(platform.ramBase)) {
		return { value: platform.ramBase, reason: phrase('where it begins on {platform}', { platform: platform.name }) };
	}
	const base = USUAL_BASES.find(holds);
	if (cma && base !== undefined) return { value: base, line: cma.line, reason: 'the CMA region must lie in it' };
	return { value: platform.ramBase, reason: 'a usual place; the log shows none' };
};

/** RAM ends on a multiple of this where only something in it is known. */
const RAM_STEP = 16 * MiB;
/** Platforms that keep more than this for themselves say so. */
const MOST_KEPT = 64 * MiB;

/** How far into lowmem the addresses reach that the log shows. */
export const lowmemReach = ({ addresses }: LogFacts, split: Split): number =>
	Math.max(0, ...addresses.map(({ value }) => alignUp(value.virtual - PAGE_OFFSETS[split] + 1, RAM_STEP)));

/** The banks that the kernel was given. */
export const ramBanks = (
	facts: LogFacts,
	base: RamBase,
	ram: ArmRam,
	reach: number,
	list: AssumptionList,
): RamBank[] => {
	const { nodeRanges, truncated } = facts;
	const noted = (banks: RamBank[], reason: Text, line?: number): RamBank[] => {
		const text = banks.map(bank => bankText(bank.base, bank.sizeBytes)).join(',');
		return list.note(banks, 'RAM', text, reason, line);
	};
	if (nodeRanges.length > 0) {
		const banks = nodeRanges
			.map(({ value: { start, end } }) => ({ base: physical(start), sizeBytes: end - start }))
			.filter(({ sizeBytes }) => sizeBytes > 0)
			.sort((a, b) => a.base - b.base)
			.filter(
				(bank, index, all) =>
					index === 0 || bank.base >= (all[index - 1]?.base ?? 0) + (all[index - 1]?.sizeBytes ?? 0),
			);
		return noted(banks, 'listed there', nodeRanges[0]?.line);
	}
	const kept = ram.lowmemBytes?.value ?? 0;
	const total = Math.max(ram.totalBytes?.value ?? 0, kept + ram.highmemBytes);
	const cutEnd = Math.max(0, ...truncated.map(({ value }) => value.end));
	// What the platform keeps for itself is not counted, but lies in lowmem all the same.
	const isShort = facts.zones.size === 0 && ram.highmemBytes === 0 && reach > total && reach - total < MOST_KEPT;
	const bytes = Math.max(isShort ? reach : alignDown(total, PAGE_SIZE), cutEnd - base.value);
	if (bytes <= 0) {
		const usual = [{ base: physical(base.value), sizeBytes: 512 * MiB }];
		return noted(usual, 'the log shows no amount of memory');
	}
	const line = truncated[0]?.line ?? ram.lowmemBytes?.line ?? ram.totalBytes?.line;
	const place =
		base.line === undefined
			? phrase('{reason}; its start: {start}', { reason: asPhrase(ram.reason), start: asPhrase(base.reason) })
			: phrase('{reason}; its start: {start}, line {line}', {
					reason: asPhrase(ram.reason),
					start: asPhrase(base.reason),
					line: base.line,
				});
	return noted([{ base: physical(base.value), sizeBytes: bytes }], place, line);
};
