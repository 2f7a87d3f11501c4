import type { Recorder } from '../checkpoint.ts';
import { eventCode } from '../event-log.ts';
import type { Buddy } from './buddy.ts';
import { FrameState, MigrateType } from './page-frames.ts';
import type { PageRules } from './page-rules.ts';
import type { Zone } from './zones.ts';

/** Types that have a list of their own on a CPU; CMA pages lie among the movable ones. */
const PCP_TYPES = 3;
const NONE = -1;

const REFILL = eventCode('pcp_refill');
const DRAIN = eventCode('pcp_drain');

/** zone_batchsize: pages that a zone's per-CPU lists should move at once, 0 for a small zone. */
export const zoneBatch = (managed: number, rules: PageRules): number => {
	const quarter = Math.max(1, Math.min(managed >> 10, rules.batchCap) >> 2);
	return (1 << (31 - Math.clz32(quarter + (quarter >> 1)))) - 1;
};

/** How many pages a zone's per-CPU lists move at once, and how many they hold (zone_highsize). */
export const perCpuLimits = (
	managed: number,
	lowWatermark: number,
	cpus: number,
	rules: PageRules,
): { readonly batch: number; readonly high: number } => {
	const batch = Math.max(1, zoneBatch(managed, rules));
	const high = rules.pcpHigh === 'six-batches' ? batch * 6 : Math.max(Math.floor(lowWatermark / cpus), batch << 2);
	return { batch, high };
};

/** One CPU's list of free pages of one zone (struct per_cpu_pages). Counts are in pages of 4 KiB. */
export class PerCpuPages {
	count = 0;
	batch = 1;
	high = 6;
	readonly #heads: Int32Array;
	readonly #tails: Int32Array;
	#drainFrom = 0;
	#freeFactor = 0;

	constructor(
		readonly zone: Zone,
		readonly buddy: Buddy,
		readonly rules: PageRules,
		/** Whether a block may change lists: its count must be 0. It reports what it finds. */
		readonly isSound: (pfn: number, order: number) => boolean,
	) {
		const lists = PCP_TYPES * (rules.pcpMaxOrder + 1);
		this.#heads = new Int32Array(lists).fill(NONE);
		this.#tails = new Int32Array(lists).fill(NONE);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#heads);
		recorder.walk(this.#tails);
		recorder.value(this.#drainFrom, drainFrom => {
			this.#drainFrom = drainFrom;
		});
		recorder.value(this.#freeFactor, freeFactor => {
			this.#freeFactor = freeFactor;
		});
	}

	/**
	 * rmqueue_pcplist: take the block freed last; refill an empty list with a batch first.
	 * @returns -1 when the zone has nothing for it.
	 */
	take(order: number, type: number, mayUseCma: boolean): number {
		const index = order * PCP_TYPES + type;
		this.#freeFactor >>= 1;
		if ((this.#heads[index] as number) === NONE) {
			const refilled = this.#refill(index, order, type, mayUseCma);
			if (refilled === 0) return NONE;
			this.buddy.events.record(REFILL, this.zone.textId, refilled << order);
		}
		const pfn = this.#heads[index] as number;
		if (pfn !== NONE) this.#unlink(pfn, index);
		return pfn;
	}

	/** The block that would be handed out next without a refill; -1 for none. */
	first(order: number, type: number): number {
		return this.#heads[order * PCP_TYPES + type] ?? NONE;
	}

	/** free_unref_page: put a block in front; at the high mark the blocks that lie longest go back to the buddy lists. */
	give(pfn: number, order: number): void {
		const { frames } = this.buddy;
		const type = this.zone.blocks.type(pfn);
		const at = frames.index(pfn);
		frames.state[at] = FrameState.pcp;
		frames.order[at] = order;
		frames.list[at] = type;
		this.#push(pfn, order * PCP_TYPES + (type >= PCP_TYPES ? MigrateType.movable : type), order, false);
		if (this.count >= this.high) this.drain(this.#pagesToDrain());
	}

	/**
	 * free_pcppages_bulk: give back the blocks that lie longest. The lists take turns; each empty list that is passed over
	 * lets the next one give one block more, and the only list with blocks gives all.
	 */
	drain(pages: number): void {
		const before = this.count;
		let left = Math.min(pages, this.count);
		let turns = 0;
		while (left > 0 && this.count > 0) {
			do {
				turns++;
				this.#drainFrom = (this.#drainFrom + 1) % this.#heads.length;
			} while (this.#tails[this.#drainFrom] === NONE);
			if (turns === this.#heads.length) turns = left;
			for (; turns > 0 && left > 0 && this.#tails[this.#drainFrom] !== NONE; turns--) {
				left -= this.#giveBack(this.#tails[this.#drainFrom] as number);
			}
			turns = 0;
		}
		if (before > this.count) this.buddy.events.record(DRAIN, this.zone.textId, before - this.count);
	}

	#giveBack(pfn: number): number {
		const { frames } = this.buddy;
		const at = frames.index(pfn);
		const order = frames.order[at] as number;
		const type = frames.list[at] as number;
		this.#unlink(pfn, this.#drainFrom);
		frames.state[at] = FrameState.tail;
		if (this.isSound(pfn, order)) this.buddy.give(this.zone, pfn, order, type);
		return 1 << order;
	}

	#refill(index: number, order: number, type: number, mayUseCma: boolean): number {
		const { frames } = this.buddy;
		const blocks = order === 0 ? this.batch : Math.max(this.batch >> order, Math.min(this.batch, 2));
		let taken = 0;
		for (let block = 0; block < blocks; block++) {
			const pfn = this.buddy.take(this.zone, order, type, mayUseCma);
			if (pfn === NONE) break;
			if (!this.isSound(pfn, order)) continue;
			taken++;
			const at = frames.index(pfn);
			frames.state[at] = FrameState.pcp;
			frames.order[at] = order;
			frames.list[at] = this.zone.blocks.type(pfn);
			this.#push(pfn, index, order, true);
		}
		return taken;
	}

	#pagesToDrain(): number {
		if (this.rules.pcpHigh === 'six-batches') return this.batch;
		const most = Math.max(this.batch, this.high - this.batch);
		const pages = this.batch << this.#freeFactor;
		if (pages < most) this.#freeFactor++;
		return Math.min(pages, most);
	}

	#push(pfn: number, index: number, order: number, toTail: boolean): void {
		const { frames } = this.buddy;
		const at = frames.index(pfn);
		const head = this.#heads[index] as number;
		const tail = this.#tails[index] as number;
		frames.next[at] = toTail ? NONE : head;
		frames.prev[at] = toTail ? tail : NONE;
		if (head === NONE) {
			this.#heads[index] = pfn;
			this.#tails[index] = pfn;
		} else if (toTail) {
			frames.next[frames.index(tail)] = pfn;
			this.#tails[index] = pfn;
		} else {
			frames.prev[frames.index(head)] = pfn;
			this.#heads[index] = pfn;
		}
		this.count += 1 << order;
	}

	#unlink(pfn: number, index: number): void {
		const { frames } = this.buddy;
		const at = frames.index(pfn);
		const before = frames.prev[at] as number;
		const after = frames.next[at] as number;
		if (before === NONE) this.#heads[index] = after;
		else frames.next[frames.index(before)] = after;
		if (after === NONE) this.#tails[index] = before;
		else frames.prev[frames.index(after)] = before;
		this.count -= 1 << (frames.order[at] as number);
	}
}
