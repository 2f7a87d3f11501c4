import type { Kernel } from '../../memory/kernel.ts';
import { FrameState, MIGRATE_TYPES, MigrateType } from '../../memory/pages/page-frames.ts';
import type { Zone } from '../../memory/pages/zones.ts';

/** A block of 2^order pages that the trace shows allocated at some time. */
export interface Block {
	readonly pfn: number;
	readonly order: number;
}

/** Blocks that stay free beside what the trace shows, so that the zone keeps its watermarks. */
const RESERVE_BLOCKS = 12;

/**
 * The free memory of a zone as far as a trace shows it. Nothing is free in the beginning but a reserve of movable pages,
 * which the probe's requests never reach; a block becomes free when the trace first shows it. What is given back
 * afterwards lies where the allocator itself puts it.
 */
export class FreeBlocks {
	readonly zone: Zone;
	readonly #seen: readonly Block[];

	/** @param seen Every block that the trace shows in this zone. */
	constructor(
		readonly kernel: Kernel,
		zone: Zone,
		seen: readonly Block[],
	) {
		this.zone = zone;
		this.#seen = seen;
		this.#takeAll();
	}

	/**
	 * The block that the allocator would hand out next for an order, among those that the trace has shown. One of just
	 * that order is firm; a larger one would only be split if nothing smaller were free, which the trace does not show.
	 */
	next(order: number): { readonly pfn: number; readonly isFirm: boolean } | undefined {
		const { buddy, context, rules } = this.kernel.parts.pages;
		if (order <= rules.pcpMaxOrder) {
			const first = this.zone.perCpu[context.cpu.id]?.first(order, MigrateType.unmovable) ?? -1;
			if (first >= 0) return { pfn: first, isFirm: true };
		}
		for (let size = order; size <= buddy.frames.maxOrder; size++) {
			const head = this.zone.heads[this.zone.listOf(MigrateType.unmovable, size)] ?? -1;
			if (head >= 0) return { pfn: head, isFirm: size === order };
		}
		return undefined;
	}

	/**
	 * The trace shows this block for the first time: it was free, with as much around it as the trace shows together. Or
	 * it shows that a block lies in front of its list: what merged, and who goes to the list's end, depends on neighbours
	 * that the trace never shows.
	 */
	learn(pfn: number, order: number, withRest = true): void {
		const { buddy, rules, frames, context } = this.kernel.parts.pages;
		const { blocks } = this.zone;
		if (frames.isTouched(pfn) && frames.find(pfn).state === FrameState.free) {
			const { order: found } = frames.find(pfn);
			if (found >= order && buddy.carve(this.zone, pfn, order)) {
				buddy.add(this.zone, pfn, order, MigrateType.unmovable, false);
				return;
			}
		}
		if (order <= rules.pcpMaxOrder) {
			const pages = order === 0 && withRest ? 1 << this.#extent(pfn, 0) : 1;
			for (let page = pfn + pages - 1; page >= pfn; page--) {
				frames.touch(page);
				blocks.setRange(page, blocks.order, MigrateType.unmovable);
				this.zone.perCpu[context.cpu.id]?.give(page, order);
			}
			return;
		}
		const whole = this.#extent(pfn, order);
		blocks.setRange(pfn, Math.max(whole, blocks.order), MigrateType.unmovable);
		buddy.give(this.zone, pfn, whole, MigrateType.unmovable);
	}

	/** Pages side by side come to lie in front of the CPU's list, the first one first. */
	learnRun(pfn: number, count: number): void {
		for (let page = pfn + count - 1; page >= pfn; page--) this.learn(page, 0, false);
	}

	/** Whether a page is neither free nor handed out: the trace has said nothing of it. */
	isUntold(pfn: number): boolean {
		const { frames } = this.kernel.parts.pages;
		return !frames.isTouched(pfn) || frames.find(pfn).state === FrameState.tail;
	}

	/** A block that someone else took from what the trace shows of nothing: free it, to be taken at once. */
	give(pfn: number, order: number): void {
		const { blocks } = this.zone;
		blocks.setRange(pfn, Math.max(order, blocks.order), MigrateType.unmovable);
		this.kernel.parts.pages.buddy.give(this.zone, pfn, order, MigrateType.unmovable);
	}

	/** Order of the largest block at `pfn` all of which the trace shows. */
	#extent(pfn: number, order: number): number {
		let whole = order;
		while (
			whole < this.kernel.context.machine.maxOrder &&
			pfn % 2 ** (whole + 1) === 0 &&
			this.#isShown(pfn, whole + 1)
		)
			whole++;
		return whole;
	}

	#isShown(pfn: number, order: number): boolean {
		const isInside = this.#seen.some(
			block => block.order >= order && block.pfn <= pfn && pfn < block.pfn + 2 ** block.order,
		);
		if (isInside) return true;
		if (order === 0) return false;
		return this.#isShown(pfn, order - 1) && this.#isShown(pfn + 2 ** (order - 1), order - 1);
	}

	#takeAll(): void {
		const { buddy } = this.kernel.parts.pages;
		const { zone } = this;
		let kept = 0;
		this.kernel.parts.pages.drainAll();
		for (let order = zone.maxOrder; order >= 0; order--) {
			for (let type = 0; type < MIGRATE_TYPES; type++) {
				const list = zone.listOf(type, order);
				const blocks: number[] = [];
				for (let head = zone.heads[list] ?? -1; head >= 0; head = zone.heads[list] ?? -1) {
					buddy.remove(zone, head, order);
					blocks.push(head);
				}
				for (const pfn of blocks) {
					const isReserve = order === zone.maxOrder && kept < RESERVE_BLOCKS && !this.#touches(pfn, order);
					if (!isReserve) continue;
					kept++;
					zone.blocks.setRange(pfn, order, MigrateType.movable);
					buddy.add(zone, pfn, order, MigrateType.movable, true);
				}
			}
		}
	}

	#touches(pfn: number, order: number): boolean {
		return this.#seen.some(block => block.pfn + 2 ** block.order > pfn && block.pfn < pfn + 2 ** order);
	}
}

/** The zone that holds a page. */
export const zoneOf = (kernel: Kernel, pfn: number): Zone => {
	const zone = kernel.parts.pages.zones.find(({ startPfn, endPfn }) => pfn >= startPfn && pfn < endPfn);
	if (!zone) throw new RangeError(`page ${pfn} is in no zone`);
	return zone;
};
