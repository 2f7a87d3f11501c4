import { hex, PAGE_SIZE, pfn as toPfn } from '../../machine/address.ts';
import type { Kernel } from '../kernel.ts';
import type { KernelParts } from '../kernel-parts.ts';
import { TLB_ENTRIES } from '../paging/tlb.ts';
import { checkPageInvariants, checkSlabInvariants } from './page-invariants.ts';

/** What must hold at any time between two operations. @returns one line for each rule that is broken. */
export const checkInvariants = (kernel: Kernel): string[] => [
	...checkMappingInvariants(kernel.parts),
	...userProblems(kernel.parts),
	...checkPageInvariants(kernel.parts.pages),
	...checkSlabInvariants(kernel.parts.slab),
];

/** The mappings' part of it: cheap enough to run after every step. */
export const checkMappingInvariants = (parts: KernelParts): string[] => [
	...pkmapProblems(parts),
	...atomicProblems(parts),
	...areaProblems(parts),
	...tableProblems(parts),
	...tlbProblems(parts),
];

const pkmapProblems = ({ pkmap, table, context, contexts }: KernelParts): string[] => {
	if (!pkmap) return [];
	const problems: string[] = [];
	const states = { free: 0, stale: 0, used: 0 };
	for (let slot = 0; slot < pkmap.slots; slot++) {
		const count = pkmap.count(slot);
		const pfn = pkmap.pfn(slot);
		const entry = table.pfn(pkmap.address(slot));
		states[count === 0 ? 'free' : count === 1 ? 'stale' : 'used']++;
		if (count < 0) problems.push(`pkmap slot ${slot} has count ${count}`);
		// kunmap_high counts down to 0 before it finds the bug; kmap_lock is lost then, and nobody takes the slot.
		const isLeftBehind = count === 0 && contexts.kmapLock.isLost;
		if ((count === 0) !== pfn < 0 && !isLeftBehind)
			problems.push(`pkmap slot ${slot} has count ${count} and page ${pfn}`);
		if (entry !== pfn) problems.push(`pkmap slot ${slot} holds page ${pfn}, its entry page ${entry}`);
		if (pfn >= 0 && pkmap.pageAddress(pfn) !== pkmap.address(slot))
			problems.push(`page ${pfn} does not find slot ${slot}`);
	}
	const { free, stale, used } = states;
	if (free !== pkmap.freeSlots || stale !== pkmap.staleSlots || used !== pkmap.usedSlots) {
		problems.push(
			`pkmap counts ${pkmap.freeSlots} free, ${pkmap.staleSlots} stale slots; there are ${free} and ${stale}`,
		);
	}
	for (const pid of pkmap.waiters) {
		if (context.tasks.get(pid)?.waitingOn !== 'pkmap_map_wait') problems.push(`task ${pid} waits for pkmap awake`);
	}
	return problems;
};

const atomicProblems = ({ fixmap, atomic, context, rules, pkmap }: KernelParts): string[] => {
	const { kmapBegin, kmapPerCpu } = fixmap.layout;
	const problems: string[] = [];
	if (kmapBegin < 0 || !pkmap || rules.atomic.generation !== 'stack') return problems;
	for (const cpu of context.cpus) {
		for (let depth = 0; depth < Math.min(cpu.kmapAtomicIdx, kmapPerCpu); depth++) {
			const index = kmapBegin + depth + kmapPerCpu * cpu.id;
			if (!fixmap.isTaken(index))
				problems.push(`kmap_atomic slot ${depth} of CPU ${cpu.id} is on the stack but not taken`);
		}
	}
	if (atomic.stacks.depth !== context.cpu.kmapAtomicIdx) problems.push('the kmap_atomic stack is not the CPU’s');
	return problems;
};

const areaProblems = ({ vmalloc, table }: KernelParts): string[] => {
	const problems: string[] = [];
	const { areas } = vmalloc.space;
	let end = 0;
	let count = 0;
	let lazyPages = 0;
	for (const area of areas) {
		count++;
		if (area.start < end) problems.push(`area ${hex(area.start)} overlaps the one before, which ends at ${hex(end)}`);
		if (areas.containing(area.start) !== area) problems.push(`area ${hex(area.start)} is not found by its address`);
		if (area.isLazy) lazyPages += area.bytes / PAGE_SIZE;
		for (const [index, page] of (area.ownPages ?? []).entries()) {
			const entry = table.pfn(area.start + index * PAGE_SIZE);
			if (entry !== page) problems.push(`area ${hex(area.start)} owns page ${page}, its entry leads to ${entry}`);
		}
		// What a platform maps before the allocator runs has none, and vm_map_ram takes its ranges without.
		const hasGuard = area.pages * PAGE_SIZE < area.bytes && area.kind !== 'vm_map_ram';
		if (hasGuard && table.pfn(area.end - PAGE_SIZE) >= 0)
			problems.push(`the guard page of area ${hex(area.start)} is mapped`);
		end = area.end;
	}
	if (count !== areas.size) problems.push(`${areas.size} areas are counted, ${count} are listed`);
	if (lazyPages !== vmalloc.lazyPages) problems.push(`${vmalloc.lazyPages} lazy pages are counted, ${lazyPages} exist`);
	return problems;
};

/** A page of processes is out, and held once for each process that has it. */
const userProblems = ({ users, pages }: KernelParts): string[] => {
	const problems: string[] = [];
	const holders = new Map<number, number>();
	for (const [pid, space] of users.spaces) {
		for (const { address, pfn } of space.pages(() => false)) {
			if (!space.areaAt(address)) problems.push(`process ${pid} has a page at ${hex(address)}, in no area of it`);
			if (pfn !== users.faults.zeroFrame) holders.set(pfn, (holders.get(pfn) ?? 0) + 1);
		}
	}
	for (const [pfn, count] of holders) {
		if (!pages.isAllocated(toPfn(pfn))) problems.push(`page ${pfn} is free, and a process has it`);
		else if (pages.pageCount(toPfn(pfn)) < count)
			problems.push(`page ${pfn} has ${count} processes, its count is ${pages.pageCount(toPfn(pfn))}`);
	}
	return problems;
};

/** A TLB may say something else than the page tables only where the kernel has not flushed it yet, and knows. */
const tlbProblems = ({ table: { mmu } }: KernelParts): string[] => {
	const problems: string[] = [];
	for (const [cpu, tlb] of mmu.tlbs.entries()) {
		for (const entry of tlb.entries.values()) {
			if (entry.isOutdated || !mmu.disagrees(entry)) continue;
			problems.push(`the TLB of CPU ${cpu} is wrong about ${hex(entry.start)}, and nobody knows`);
		}
		if (tlb.entries.size > TLB_ENTRIES) problems.push(`the TLB of CPU ${cpu} holds ${tlb.entries.size} entries`);
	}
	return problems;
};

/** Every present entry belongs to a slot or an area, and pages of areas are in one area only. */
const tableProblems = ({ table, pkmap, fixmap, vmalloc, pages }: KernelParts): string[] => {
	const problems: string[] = [];
	const owned = new Set<number>();
	for (const { address } of table.entries()) {
		const area = vmalloc.areaAt(address);
		const index = fixmap.index(address);
		if (!area && !pkmap?.contains(address) && (index < 0 || index >= fixmap.slots)) {
			problems.push(`an entry maps ${hex(address)}, which nobody uses`);
		}
	}
	for (const area of vmalloc.areas()) {
		for (const page of area.ownPages ?? []) {
			if (owned.has(page)) problems.push(`page ${page} is in two areas`);
			if (!pages.isAllocated(toPfn(page))) problems.push(`page ${page} is free, and area ${hex(area.start)} has it`);
			owned.add(page);
		}
	}
	return problems;
};
