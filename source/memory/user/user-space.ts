import { PAGE_SIZE } from '../../machine/address.ts';
import type { PageKind } from '../paging/entry-bits.ts';
import type { LeafTable } from '../paging/leaf-table.ts';
import type { AddressSpace } from '../paging/mmu.ts';
import type { TableWriter } from '../paging/table-writer.ts';

/** A range of a process's addresses that may be touched (struct vm_area_struct), anonymous and private. */
export interface UserArea {
	readonly start: number;
	readonly end: number;
}

interface OwnTable {
	readonly frame: number;
	readonly leaf: LeafTable;
}

/** A page of a process. */
export interface UserPage {
	readonly address: number;
	readonly pfn: number;
	readonly isWritable: boolean;
}

/** One process's address space (struct mm_struct): its areas, and page tables of its own. */
export class UserSpace implements AddressSpace {
	/** Ascending by address, never touching each other. */
	areas: readonly UserArea[] = [];
	/** Last-level tables by address. */
	readonly tables = new Map<number, OwnTable>();
	/** Frames of the middle tables (LPAE, PAE). */
	readonly middles: number[] = [];

	/**
	 * @param space Number of the address space: the pid of its process.
	 * @param root Physical address of the process's root table.
	 * @param rootOrder Of the block that holds it.
	 */
	constructor(
		readonly space: number,
		readonly root: number,
		readonly rootOrder: number,
		readonly writer: TableWriter,
	) {}

	areaAt(address: number): UserArea | undefined {
		return this.areas.find(({ start, end }) => address >= start && address < end);
	}

	/** Add an area; neighbours without a gap become one (vma_merge). */
	add(start: number, end: number): void {
		const before = this.areas.find(area => area.end === start);
		const after = this.areas.find(area => area.start === end);
		const rest = this.areas.filter(area => area !== before && area !== after);
		const merged = { start: before?.start ?? start, end: after?.end ?? end };
		this.areas = [...rest, merged].sort((a, b) => a.start - b.start);
	}

	/** Take `[start, end)` out of all areas. */
	remove(start: number, end: number): void {
		this.areas = this.areas.flatMap(area =>
			[
				{ start: area.start, end: Math.min(area.end, start) },
				{ start: Math.max(area.start, end), end: area.end },
			].filter(part => part.start < part.end),
		);
	}

	/** Make the tables for an address (pte_alloc). @param newFrame A zeroed frame, or -1. @returns false without one. */
	prepare(address: number, newFrame: () => number): boolean {
		return this.#tableFor(address, newFrame) !== undefined;
	}

	/** Write the entry for a page, whose table must be there. */
	set(address: number, pfn: number, kind: PageKind): void {
		this.#table(address)?.leaf.set(this.#index(address), pfn, kind);
	}

	clear(address: number): void {
		this.#table(address)?.leaf.clear(this.#index(address));
	}

	/** Page of an entry, or -1. */
	pfn(address: number): number {
		return this.#table(address)?.leaf.pfn(this.#index(address)) ?? -1;
	}

	/** Every page that is present, in ascending order. */
	*pages(isWritable: (address: number) => boolean): Generator<UserPage> {
		for (const at of [...this.tables.keys()].sort((a, b) => a - b)) {
			const { leaf } = this.tables.get(at) ?? {};
			if (!leaf) continue;
			for (let index = 0; index < leaf.entries; index++) {
				if (!leaf.isPresent(index)) continue;
				const address = (at * leaf.entries + index) * PAGE_SIZE;
				yield { address, pfn: leaf.pfn(index), isWritable: isWritable(address) };
			}
		}
	}

	#table(address: number): OwnTable | undefined {
		return this.tables.get(address >>> this.writer.leafShift);
	}

	#index(address: number): number {
		return (address >>> 12) & (this.writer.shape.entries - 1);
	}

	#tableFor(address: number, newFrame: () => number): OwnTable | undefined {
		const known = this.#table(address);
		if (known) return known;
		if (!this.writer.hasMiddle(this.root, address)) {
			const middle = newFrame();
			if (middle < 0) return undefined;
			this.middles.push(middle);
			this.writer.middle(this.root, address, middle * PAGE_SIZE);
		}
		const frame = newFrame();
		if (frame < 0) return undefined;
		const table = { frame, leaf: this.writer.link(this.root, address, frame, 'process') };
		this.tables.set(address >>> this.writer.leafShift, table);
		return table;
	}
}
