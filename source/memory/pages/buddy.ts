import type { EventLog } from '../event-log.ts';
import { eventCode } from '../event-log.ts';
import { FrameState, MigrateType, type PageFrames, SECTION_ORDER } from './page-frames.ts';
import type { PageRules } from './page-rules.ts';
import type { Zone } from './zones.ts';

const SPLIT = eventCode('buddy_split');
const MERGE = eventCode('buddy_merge');
const NONE = -1;

/** Types to take from when the own lists are empty, in this order (mm/page_alloc.c: fallbacks). */
const FALLBACKS: readonly (readonly number[])[] = [
	[MigrateType.reclaimable, MigrateType.movable],
	[MigrateType.reclaimable, MigrateType.unmovable],
	[MigrateType.unmovable, MigrateType.movable],
	[],
];

/**
 * The buddy allocator of mm/page_alloc.c: free blocks of 2^order pages in lists by zone, order and migrate type. Taking
 * splits a block and keeps the low half; giving back merges with the buddy, whose pfn differs in bit `order`.
 */
export class Buddy {
	constructor(
		readonly frames: PageFrames,
		readonly rules: PageRules,
		readonly events: EventLog,
	) {}

	/** Put a block on a free list. Its frames must be `tail`. */
	add(zone: Zone, pfn: number, order: number, type: number, toTail: boolean): void {
		const { frames } = this;
		const isWide = order >= SECTION_ORDER;
		const list = zone.listOf(type, order);
		const at = isWide ? frames.section(pfn) : frames.index(pfn);
		const next = isWide ? frames.sectionNext : frames.next;
		const prev = isWide ? frames.sectionPrev : frames.prev;
		if (isWide) {
			frames.sectionOrder[at] = order;
			frames.sectionList[at] = type;
		} else {
			frames.state[at] = FrameState.free;
			frames.order[at] = order;
			frames.list[at] = type;
		}
		const head = zone.heads[list] as number;
		const tail = zone.tails[list] as number;
		if (head === NONE) {
			zone.heads[list] = pfn;
			zone.tails[list] = pfn;
			next[at] = NONE;
			prev[at] = NONE;
		} else if (toTail) {
			prev[at] = tail;
			next[at] = NONE;
			next[isWide ? frames.section(tail) : frames.index(tail)] = pfn;
			zone.tails[list] = pfn;
		} else {
			next[at] = head;
			prev[at] = NONE;
			prev[isWide ? frames.section(head) : frames.index(head)] = pfn;
			zone.heads[list] = pfn;
		}
		zone.freeBlocks[order] = (zone.freeBlocks[order] as number) + 1;
		zone.free += 1 << order;
		if (type === MigrateType.cma) zone.freeCma += 1 << order;
	}

	/** Take a block off its free list; its frames are `tail` afterwards. Returns the list's type. */
	remove(zone: Zone, pfn: number, order: number): number {
		const { frames } = this;
		const isWide = order >= SECTION_ORDER;
		const at = isWide ? frames.section(pfn) : frames.index(pfn);
		const next = isWide ? frames.sectionNext : frames.next;
		const prev = isWide ? frames.sectionPrev : frames.prev;
		const type = (isWide ? frames.sectionList[at] : frames.list[at]) as number;
		const list = zone.listOf(type, order);
		const before = prev[at] as number;
		const after = next[at] as number;
		if (before === NONE) zone.heads[list] = after;
		else next[isWide ? frames.section(before) : frames.index(before)] = after;
		if (after === NONE) zone.tails[list] = before;
		else prev[isWide ? frames.section(after) : frames.index(after)] = before;
		if (isWide) frames.sectionOrder[at] = 0;
		else frames.state[at] = FrameState.tail;
		zone.freeBlocks[order] = (zone.freeBlocks[order] as number) - 1;
		zone.free -= 1 << order;
		if (type === MigrateType.cma) zone.freeCma -= 1 << order;
		return type;
	}

	/** Cut a block that was taken off down to `order`: the low half stays, each upper half goes to its list. */
	expand(zone: Zone, pfn: number, from: number, order: number, type: number): void {
		for (let current = from - 1; current >= order; current--) {
			const upper = pfn + (1 << current);
			if (current < SECTION_ORDER) this.frames.touch(upper);
			this.add(zone, upper, current, type, false);
			this.events.record(SPLIT, upper, current);
		}
		if (order < SECTION_ORDER) this.frames.touch(pfn);
	}

	/** __rmqueue: first page of 2^order pages for `type`, or -1. */
	take(zone: Zone, order: number, type: number, mayUseCma: boolean): number {
		if (mayUseCma && this.rules.prefersCma && zone.freeCma > zone.free / 2) {
			const pfn = this.#takeSmallest(zone, order, MigrateType.cma);
			if (pfn !== NONE) return pfn;
		}
		for (;;) {
			const pfn = this.#takeSmallest(zone, order, type);
			if (pfn !== NONE) return pfn;
			if (mayUseCma) {
				const cma = this.#takeSmallest(zone, order, MigrateType.cma);
				if (cma !== NONE) return cma;
			}
			if (!this.#stealFallback(zone, order, type)) return NONE;
		}
	}

	/** __free_one_page: merge upwards as far as the buddies are free, then put the block on its list. */
	give(zone: Zone, pfn: number, order: number, type: number): void {
		const { frames } = this;
		let block = pfn;
		let current = order;
		while (current < zone.maxOrder) {
			const buddy = this.#buddyOf(block, current);
			if (!this.#isFreeIn(zone, buddy, current)) break;
			// A CMA block never merges with a block of another type: it must stay usable for its device.
			if (current >= zone.blocks.order && (zone.blocks.type(buddy) === MigrateType.cma) !== (type === MigrateType.cma))
				break;
			this.remove(zone, buddy, current);
			block = Math.min(block, buddy);
			current++;
			this.events.record(MERGE, block, current);
		}
		let toTail = false;
		if (this.rules.isMergeLikelyToTail && current < zone.maxOrder - 1) {
			const parent = Math.min(block, this.#buddyOf(block, current));
			toTail = this.#isFreeIn(zone, this.#buddyOf(parent, current + 1), current + 1);
		}
		if (current < SECTION_ORDER) frames.touch(block);
		this.add(zone, block, current, type, toTail);
	}

	/**
	 * Take just this block out of whatever free block holds it, giving the rest back to the lists
	 * (break_down_buddy_pages). Returns false when it is not free.
	 */
	carve(zone: Zone, pfn: number, order: number): boolean {
		const found = this.frames.find(pfn);
		if (found.state !== FrameState.free || found.order < order) return false;
		const type = this.remove(zone, found.head, found.order);
		let block: number = found.head;
		for (let current = found.order - 1; current >= order; current--) {
			const upper = block + (1 << current);
			const rest = pfn >= upper ? block : upper;
			if (current < SECTION_ORDER) this.frames.touch(rest);
			this.add(zone, rest, current, type, false);
			this.events.record(SPLIT, rest, current);
			block = pfn >= upper ? upper : block;
		}
		if (order < SECTION_ORDER) this.frames.touch(pfn);
		return true;
	}

	/**
	 * move_freepages_block: put the free blocks of a pageblock on the lists of `type`. Returns the pages moved: none when
	 * the pageblock reaches beyond the zone.
	 */
	moveFreePages(zone: Zone, pfn: number, type: number): number {
		const blockStart = zone.blocks.start(pfn);
		const end = blockStart + (1 << zone.blocks.order);
		if (end > zone.endPfn) return 0;
		let moved = 0;
		for (let at = blockStart < zone.startPfn ? pfn : blockStart; at < end; ) {
			const order = this.#freeOrderAt(at);
			if (order === NONE) {
				at++;
				continue;
			}
			this.#moveBlock(zone, at, order, type);
			moved += 1 << order;
			at += 1 << order;
		}
		return moved;
	}

	#freeOrderAt(pfn: number): number {
		const { frames } = this;
		const wide = frames.sectionOrder[frames.section(pfn)] as number;
		if (wide > 0) return wide;
		if (!frames.isTouched(pfn)) return NONE;
		const at = frames.index(pfn);
		return frames.state[at] === FrameState.free ? (frames.order[at] as number) : NONE;
	}

	#buddyOf(pfn: number, order: number): number {
		// Frames reach 2^28 with LPAE, so 32-bit exclusive or is safe.
		return pfn ^ (1 << order);
	}

	#isFreeIn(zone: Zone, pfn: number, order: number): boolean {
		return pfn >= zone.startPfn && pfn < zone.endPfn && this.frames.isFreeBlock(pfn, order);
	}

	#takeSmallest(zone: Zone, order: number, type: number): number {
		for (let current = order; current <= zone.maxOrder; current++) {
			const pfn = zone.heads[zone.listOf(type, current)] as number;
			if (pfn === NONE) continue;
			this.remove(zone, pfn, current);
			this.expand(zone, pfn, current, order, type);
			return pfn;
		}
		return NONE;
	}

	/** __rmqueue_fallback: move the largest block of another type to our lists, often with its whole pageblock. */
	#stealFallback(zone: Zone, order: number, type: number): boolean {
		for (let current = zone.maxOrder; current >= order; current--) {
			const found = this.#fallbackAt(zone, current, type);
			if (found === NONE) continue;
			const maySteal = this.#maySteal(zone, current, type);
			if (!maySteal && this.rules.movableTakesSmallest && type === MigrateType.movable && current > order) {
				for (let small = order; small < current; small++) {
					const smallest = this.#fallbackAt(zone, small, type);
					if (smallest === NONE) continue;
					this.#moveBlock(zone, smallest, small, type);
					return true;
				}
			}
			if (maySteal) this.#steal(zone, found, current, type);
			else this.#moveBlock(zone, found, current, type);
			return true;
		}
		return false;
	}

	#fallbackAt(zone: Zone, order: number, type: number): number {
		for (const other of FALLBACKS[type] ?? []) {
			const pfn = zone.heads[zone.listOf(other, order)] as number;
			if (pfn !== NONE) return pfn;
		}
		return NONE;
	}

	#maySteal(zone: Zone, order: number, type: number): boolean {
		if (order >= zone.blocks.order >> 1 || type === MigrateType.reclaimable) return true;
		return this.rules.unmovableAlwaysSteals && type === MigrateType.unmovable;
	}

	#moveBlock(zone: Zone, pfn: number, order: number, type: number): void {
		this.remove(zone, pfn, order);
		this.add(zone, pfn, order, type, this.rules.isMovedToTail);
	}

	#steal(zone: Zone, pfn: number, order: number, type: number): void {
		if (order >= zone.blocks.order) {
			zone.blocks.setRange(pfn, order, type);
			this.#moveBlock(zone, pfn, order, type);
			return;
		}
		const oldType = zone.blocks.type(pfn);
		const size = 1 << zone.blocks.order;
		const moved = this.moveFreePages(zone, pfn, type);
		if (moved === 0) {
			this.#moveBlock(zone, pfn, order, type);
			return;
		}
		// Pages of the simulation are never movable, so a used page of a movable block is one that ended up there.
		const alike =
			this.rules.claim === 'alike' && type !== MigrateType.movable && oldType === MigrateType.movable
				? size - moved
				: 0;
		if (moved + alike >= size >> 1) zone.blocks.setRange(pfn, zone.blocks.order, type);
	}
}
