import { PAGE_SIZE, type Pfn } from '../../machine/address.ts';
import { eventCode } from '../event-log.ts';
import { NO_PAGE } from '../operations.ts';
import { gfpConstants } from '../pages/gfp.ts';
import { operation } from '../paging/counters.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { UserParts } from './user-memory.ts';
import type { UserSpace } from './user-space.ts';

const PAGE_FAULT = eventCode('page_fault');
const PAGE_FAULTS = operation('page_fault');

/** What a page fault led to, as the event says it. */
const Outcome = { zeroPage: 0, newPage: 1, copied: 2, reused: 3 } as const;

/** handle_mm_fault for anonymous memory: do_anonymous_page and do_wp_page (mm/memory.c). */
export class PageFaults {
	/** ZERO_PAGE: what is read before it is written. */
	readonly zeroFrame: number;
	readonly #parts: UserParts;
	readonly #userGfp: number;

	constructor(parts: UserParts) {
		this.#parts = parts;
		this.zeroFrame = parts.table.zeroFrame;
		this.#userGfp = gfpConstants(parts.context.machine.kernel).get('GFP_HIGHUSER_MOVABLE') ?? 0;
	}

	/**
	 * @returns false when the address is in no area, page faults are switched off, or there is no memory: the access is
	 * then a mistake.
	 */
	handle(space: UserSpace, address: number, isWrite: boolean): boolean {
		const { context, memory } = this.#parts;
		if (context.cpu.pagefaultDisabled > 0 || !space.areaAt(address)) return false;
		const { row } = context.counters;
		context.counters.begin(PAGE_FAULTS);
		const page = address - (address % PAGE_SIZE);
		const old = space.pfn(page);
		const isDone =
			space.prepare(page, () => memory.newTableFrame()) &&
			(old < 0 ? this.#anonymous(space, page, isWrite) : this.#writeProtected(space, page, old as Pfn));
		context.counters.row = row;
		context.revisions.paging++;
		return isDone;
	}

	/** First touch. Reading gets the page of zeroes that all share, writing a page of one's own. */
	#anonymous(space: UserSpace, page: number, isWrite: boolean): boolean {
		if (!isWrite) return this.#install(space, page, this.zeroFrame as Pfn, false, Outcome.zeroPage);
		const fresh = this.#newPage();
		if (fresh === NO_PAGE) return false;
		this.#parts.windows.clear(fresh);
		return this.#install(space, page, fresh, true, Outcome.newPage);
	}

	/** A write to a page that others may read: copied, or kept when nobody else has it any more. */
	#writeProtected(space: UserSpace, page: number, old: Pfn): boolean {
		const { pages, memory, windows } = this.#parts;
		if (old !== this.zeroFrame && pages.pageCount(old) === 1)
			return this.#install(space, page, old, true, Outcome.reused);
		const fresh = this.#newPage();
		if (fresh === NO_PAGE) return false;
		if (old === this.zeroFrame) windows.clear(fresh);
		else windows.copy(old, fresh);
		const isDone = this.#install(space, page, fresh, true, Outcome.copied);
		if (old !== this.zeroFrame) memory.freePages(old, 0);
		return isDone;
	}

	/** A movable page, from HighMem while there is any. */
	#newPage(): Pfn | typeof NO_PAGE {
		return this.#parts.memory.allocPages(this.#userGfp, 0);
	}

	#install(space: UserSpace, page: number, pfn: Pfn, isWritable: boolean, outcome: number): boolean {
		const { context, table } = this.#parts;
		space.set(page, pfn, isWritable ? PageKind.user : PageKind.userReadOnly);
		table.mmu.outdate(page, space.space);
		// flush_tlb_page, where a translation was there before.
		if (outcome !== Outcome.zeroPage && outcome !== Outcome.newPage) table.mmu.flushSpacePage(page, space.space);
		context.events.record(PAGE_FAULT, page, pfn, outcome);
		return true;
	}
}
