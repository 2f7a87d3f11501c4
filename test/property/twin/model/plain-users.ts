import type { Layout } from '../../../../source/layout/layout.ts';
import type { PlainMmu, UserEntry } from './plain-mmu.ts';

const PAGE = 4096;
/** What mmap leaves below TASK_SIZE for the stack (mm/util.c: mmap_base). */
const STACK_GAP = 128 * 2 ** 20;

interface Area {
	readonly start: number;
	readonly end: number;
}

/** Processes: areas of addresses, and pages that several may read until one writes (mm/mmap.c, mm/memory.c). */
export class PlainUsers {
	readonly areas = new Map<number, Area[]>();
	/** How many processes have a page. */
	readonly counts = new Map<number, number>();
	readonly end: number;

	constructor(
		layout: Layout,
		readonly mmu: PlainMmu,
		readonly zeroPage: number,
	) {
		this.end = layout.symbols.get('TASK_SIZE') ?? layout.pageOffset;
	}

	has(pid: number): boolean {
		return this.areas.has(pid);
	}

	/** A process gets memory of its own. */
	begin(pid: number): void {
		if (this.has(pid)) return;
		this.areas.set(pid, []);
		this.mmu.users.set(pid, new Map());
	}

	/** @returns the highest addresses that are free, or 0. */
	mmap(pid: number, bytes: number): number {
		const areas = this.areas.get(pid) ?? [];
		const size = Math.ceil(bytes / PAGE) * PAGE;
		let start = this.end - STACK_GAP - size;
		for (const area of [...areas].sort((a, b) => b.start - a.start)) {
			if (area.end <= start) break;
			start = Math.min(start, area.start - size);
		}
		if (start < PAGE) return 0;
		this.areas.set(pid, [...areas, { start, end: start + size }]);
		return start;
	}

	isMapped(pid: number, address: number): boolean {
		return (this.areas.get(pid) ?? []).some(({ start, end }) => address >= start && address < end);
	}

	/** @returns pages that nobody has any more. */
	munmap(pid: number, from: number, to: number): number[] {
		const areas = this.areas.get(pid) ?? [];
		const rest = areas.flatMap(({ start, end }) => [
			{ start, end: Math.min(end, from) },
			{ start: Math.max(start, to), end },
		]);
		this.areas.set(
			pid,
			rest.filter(({ start, end }) => start < end),
		);
		return this.#drop(pid, from, to);
	}

	entry(pid: number, address: number): UserEntry | undefined {
		return this.mmu.users.get(pid)?.get(address - (address % PAGE));
	}

	install(pid: number, address: number, pfn: number, isWritable: boolean): void {
		this.mmu.users.get(pid)?.set(address - (address % PAGE), { pfn, isWritable });
	}

	hold(pfn: number): void {
		if (pfn !== this.zeroPage) this.counts.set(pfn, (this.counts.get(pfn) ?? 0) + 1);
	}

	/** @returns whether that was the last who had it. */
	drop(pfn: number): boolean {
		if (pfn === this.zeroPage) return false;
		const count = (this.counts.get(pfn) ?? 0) - 1;
		if (count > 0) this.counts.set(pfn, count);
		else this.counts.delete(pfn);
		return count <= 0;
	}

	fork(parent: number, child: number): void {
		if (!this.has(parent)) return;
		this.begin(child);
		this.areas.set(child, [...(this.areas.get(parent) ?? [])]);
		for (const [address, { pfn }] of this.mmu.users.get(parent) ?? []) {
			this.hold(pfn);
			this.install(parent, address, pfn, false);
			this.install(child, address, pfn, false);
		}
		this.mmu.flushSpace(parent);
	}

	exit(pid: number): number[] {
		if (!this.has(pid)) return [];
		const freed = this.#drop(pid, 0, this.end);
		this.areas.delete(pid);
		this.mmu.users.delete(pid);
		this.mmu.flushSpace(pid);
		return freed;
	}

	#drop(pid: number, from: number, to: number): number[] {
		const pages = this.mmu.users.get(pid) ?? new Map<number, UserEntry>();
		const dropped = [...pages].filter(([address]) => address >= from && address < to);
		for (const [address] of dropped) pages.delete(address);
		if (dropped.length > 0) this.mmu.flushSpace(pid);
		return dropped.flatMap(([, { pfn }]) => (this.drop(pfn) ? [pfn] : []));
	}
}
