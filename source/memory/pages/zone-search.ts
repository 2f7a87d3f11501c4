import type { KernelContext } from '../context.ts';
import { NO_PAGE } from '../operations.ts';
import type { BadPages } from './bad-page.ts';
import type { Buddy } from './buddy.ts';
import type { PageRules } from './page-rules.ts';
import { type AllocationPrivilege, isAboveWatermark, type Zone } from './zones.ts';

/** What alloc_pages looks for (struct alloc_context). */
export interface ZoneRequest {
	/** The highest zone that may serve it. */
	readonly top: number;
	/** The zone whose lowmem_reserve counts; one above the last for movable pages. */
	readonly classZone: number;
	readonly order: number;
	/** Migrate type. */
	readonly type: number;
	readonly privilege: AllocationPrivilege;
}

/** The way down the zonelist to free pages (mm/page_alloc.c: get_page_from_freelist). Answers a pfn, or NO_PAGE. */
export class ZoneSearch {
	constructor(
		readonly context: KernelContext,
		readonly zones: readonly Zone[],
		readonly buddy: Buddy,
		readonly rules: PageRules,
		readonly bad: BadPages,
	) {}

	/** Above the low watermarks; where zones take turns, first from one whose turn it is. */
	first(request: ZoneRequest): number {
		if (this.rules.hasFairZones) {
			const pfn = this.above('low', request, true);
			if (pfn !== NO_PAGE) return pfn;
			for (let index = 0; index <= request.top; index++) {
				const zone = this.zones[index];
				if (zone) zone.fairBatch = zone.watermarks.high - zone.watermarks.low;
			}
		}
		return this.above('low', request, false);
	}

	/** @param isFair Only from zones whose turn it is. */
	above(mark: 'low' | 'min', { top, classZone, order, type, privilege }: ZoneRequest, isFair: boolean): number {
		for (let index = top; index >= 0; index--) {
			const zone = this.zones[index] as Zone;
			if (isFair && zone.fairBatch <= 0) continue;
			if (!isAboveWatermark(zone, this.rules, order, zone.watermarks[mark], classZone, privilege)) continue;
			const pfn = this.#takeFrom(zone, order, type, privilege.mayUseCma);
			if (pfn !== NO_PAGE) return pfn;
		}
		return NO_PAGE;
	}

	/** ALLOC_NO_WATERMARKS: whatever is left. */
	fromReserves({ top, order, type, privilege }: ZoneRequest): number {
		for (let index = top; index >= 0; index--) {
			const pfn = this.#takeFrom(this.zones[index] as Zone, order, type, privilege.mayUseCma);
			if (pfn !== NO_PAGE) return pfn;
		}
		return NO_PAGE;
	}

	/** rmqueue: a block that shows traces of misuse is left out for good, and the next one taken. */
	#takeFrom(zone: Zone, order: number, type: number, mayUseCma: boolean): number {
		for (;;) {
			const isOnPcp = order <= this.rules.pcpMaxOrder;
			const pfn = isOnPcp
				? (zone.perCpu[this.context.cpu.id]?.take(order, type, mayUseCma) ?? NO_PAGE)
				: this.buddy.take(zone, order, type, mayUseCma);
			if (pfn === NO_PAGE) return NO_PAGE;
			zone.fairBatch -= 1 << order;
			if ((isOnPcp && this.rules.countCheck === 'refill-and-drain') || this.bad.isSound(pfn, order)) return pfn;
		}
	}
}
