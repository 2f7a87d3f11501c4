import type { Pfn } from '../../machine/address.ts';
import { PAGE_RESERVED } from './page-flags.ts';

/** Where the flags of pages are kept. */
interface PageFlags {
	flagsOf(pfn: Pfn): number;
	setFlags(pfn: Pfn, flags: number): void;
}

/** SetPageReserved, ClearPageReserved: drivers mark pages so before they map them (include/linux/page-flags.h). */
export class ReservedMarks {
	/** Marked pages; there are seldom any. */
	count = 0;

	constructor(readonly flags: PageFlags) {}

	set(pfn: Pfn, isReserved: boolean): void {
		const flags = this.flags.flagsOf(pfn);
		const wanted = isReserved ? flags | PAGE_RESERVED : flags & ~PAGE_RESERVED;
		if (flags === wanted) return;
		this.flags.setFlags(pfn, wanted);
		this.count += isReserved ? 1 : -1;
	}

	has(pfn: Pfn): boolean {
		return this.count > 0 && (this.flags.flagsOf(pfn) & PAGE_RESERVED) !== 0;
	}

	/** Whether one of the pages of a block is marked. */
	areIn(pfn: Pfn, order: number): boolean {
		if (this.count === 0) return false;
		for (let at: number = pfn; at < pfn + (1 << order); at++) if (this.has(at as Pfn)) return true;
		return false;
	}
}
