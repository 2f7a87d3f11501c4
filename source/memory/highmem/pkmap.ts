import type { PkmapLayout } from '../../layout/layout.ts';
import { PAGE_SIZE, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext, Subsystem } from '../context.ts';
import { type EventLog, eventCode } from '../event-log.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { PkmapView } from '../memory-view.ts';
import { type Counters, counted } from '../paging/counters.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import type { LeafTable } from '../paging/leaf-table.ts';
import type { MappingRules } from './mapping-rules.ts';
import { PkmapSlots } from './pkmap-slots.ts';

const WAIT_QUEUE = 'pkmap_map_wait';
const KMAP = eventCode('kmap');
const KUNMAP = eventCode('kunmap');
const PKMAP_FLUSH = eventCode('pkmap_flush');
const PKMAP_UNMAP = eventCode('pkmap_unmap');
const TASK_SLEEP = eventCode('task_sleep');
const TASK_WAKE = eventCode('task_wake');
const KMAP_LOCKS = counted('kmapLocks');
const ENTRIES = counted('entries');

/**
 * The permanent mapping window (mm/highmem.c). A slot's count is 0 when it is free, 1 when it is still mapped but nobody
 * uses it, n when it has n - 1 users. A slot of count 1 becomes free only when the cursor wraps and
 * flush_all_zero_pkmaps runs.
 */
export class Pkmap implements PkmapView {
	readonly slots: number;
	/** The cursor: the slot that was looked at last. */
	lastPkmapNr = 0;
	wraps = 0;
	flushes = 0;
	slotsScanned = 0;
	readonly waiters: number[] = [];
	/** Called where kmap_lock is taken by others than kmap and kunmap, which look themselves. */
	beforeLock: () => void = () => {};
	/** Called where a BUG strikes with kmap_lock held. */
	beforeBug: () => void = () => {};
	readonly #events: EventLog;
	readonly #counters: Counters;
	readonly #revisions: Record<Subsystem, number>;
	readonly #base: number;
	readonly #slots: PkmapSlots;
	/** pkmap_page_table: the window lies in one last-level table, from its first entry on. */
	readonly #entries: LeafTable;

	constructor(
		readonly context: KernelContext,
		layout: PkmapLayout,
		readonly table: KernelPageTable,
		readonly words: KernelWords,
		readonly rules: MappingRules,
	) {
		this.#events = context.events;
		this.#counters = context.counters;
		this.#revisions = context.revisions;
		this.slots = layout.slots;
		this.#base = layout.base;
		this.#slots = new PkmapSlots(layout.slots);
		this.#entries = table.leaf(layout.base);
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#slots);
	}

	get freeSlots(): number {
		return this.#slots.free;
	}

	get staleSlots(): number {
		return this.#slots.stale;
	}

	get usedSlots(): number {
		return this.slots - this.#slots.free - this.#slots.stale;
	}

	count(slot: number): number {
		return this.#slots.count(slot);
	}

	pfn(slot: number): number {
		return this.#slots.pfn(slot);
	}

	address(slot: number): VirtualAddress {
		return virtual(this.#base + slot * PAGE_SIZE);
	}

	changedAt(slot: number): number {
		return this.#slots.changedAt(slot);
	}

	contains(address: number): boolean {
		return address >= this.#base && address < this.#base + this.slots * PAGE_SIZE;
	}

	/** page_address() of a highmem page: its slot's address, or 0. Count 1 still answers. */
	pageAddress(pfn: number): number {
		const slot = this.#slots.find(pfn);
		return slot < 0 ? 0 : this.#base + slot * PAGE_SIZE;
	}

	/**
	 * kmap_high.
	 * @returns the page's slot, or -1 when every slot is taken: the current task then sleeps and is to ask again when it
	 * was woken.
	 */
	kmap(pfn: number): number {
		this.#counters.add(KMAP_LOCKS);
		const known = this.#slots.find(pfn);
		if (known >= 0) {
			if (this.#pin(known, pfn) < 2) this.#failedPin(this.rules.countLines.kmapCount, 'kmap_high');
			return known;
		}
		const slot = this.#mapNewVirtual();
		if (slot < 0) return slot;
		this.#slots.put(slot, pfn, 2, this.context.step);
		this.#entries.set(slot, pfn, PageKind.memory);
		this.#counters.add(ENTRIES);
		this.#revisions.pkmap++;
		this.#events.record(KMAP, slot, pfn, 2, 1);
		return slot;
	}

	/** kmap_high_get: pin the page's slot if it has one. @returns its address, or 0. */
	kmapHighGet(pfn: number): number {
		this.beforeLock();
		this.#counters.add(KMAP_LOCKS);
		const slot = this.#slots.find(pfn);
		if (slot < 0) return 0;
		if (this.#pin(slot, pfn) < 2) this.#failedPin(this.rules.countLines.highGetCount, 'kmap_high_get');
		return this.#base + slot * PAGE_SIZE;
	}

	/** kunmap_high. Nothing is unmapped; at count 1 the waiters are woken. */
	kunmap(pfn: number): void {
		this.#counters.add(KMAP_LOCKS);
		const slot = this.#slots.find(pfn);
		if (slot < 0) {
			this.beforeBug();
			this.words.bug(
				this.rules.countLines.notMapped,
				'kunmap of a page that has no pkmap slot: it was never kmapped, or its slot has been flushed since',
				'kunmap_high',
			);
		}
		const count = this.#slots.count(slot) - 1;
		this.#slots.setCount(slot, count, this.context.step);
		this.#revisions.pkmap++;
		if (count === 0) {
			this.beforeBug();
			this.words.bug(
				this.rules.countLines.countZero,
				'kunmap once more than kmap: the count was already 1',
				'kunmap_high',
			);
		}
		this.#events.record(KUNMAP, slot, pfn, count);
		if (count === 1 && this.waiters.length > 0) this.#wakeAll();
	}

	/** flush_all_zero_pkmaps, also kmap_flush_unused: unmap what nobody uses, then flush the TLB once. */
	flushAllZero(): void {
		const unused = this.#slots.stale;
		for (let slot = 0; this.#slots.stale > 0; slot++) if (this.#slots.count(slot) === 1) this.#unmap(slot);
		this.#counters.add(ENTRIES, unused);
		this.#events.record(PKMAP_FLUSH, unused);
		if (unused === 0) return;
		this.flushes++;
		this.#revisions.pkmap++;
		this.table.flushRange(this.#base, this.#base + this.slots * PAGE_SIZE);
	}

	/** Put a page into a slot before the exploration begins. */
	restore(slot: number, pfn: number, count: number): void {
		this.#slots.put(slot, pfn, count, -1);
		this.#entries.set(slot, pfn, PageKind.memory);
	}

	/** One user more for a page that has a slot. @returns the slot's count. */
	#pin(slot: number, pfn: number): number {
		const count = this.#slots.count(slot) + 1;
		this.#slots.setCount(slot, count, this.context.step);
		this.#revisions.pkmap++;
		this.#events.record(KMAP, slot, pfn, count, 0);
		return count;
	}

	/** Only where a BUG before this one has left no lock behind does anyone come to a slot of count 0 with its page. */
	#failedPin(where: string, name: string): never {
		this.beforeBug();
		return this.words.bug(where, 'kmap of a page whose slot an earlier kunmap too many had left with count 0', name);
	}

	/** map_new_virtual: the next slot of count 0 behind the cursor. @returns -1 when there is none. */
	#mapNewVirtual(): number {
		const cursor = this.lastPkmapNr;
		let slot = this.#slots.next(cursor + 1, 0);
		if (slot >= 0) {
			this.slotsScanned += slot - cursor;
		} else {
			this.slotsScanned += this.slots - 1 - cursor;
			this.wraps++;
			this.flushAllZero();
			slot = this.#slots.next(0, 0);
			this.slotsScanned += slot < 0 ? this.slots : slot + 1;
			if (slot < 0) {
				this.lastPkmapNr = this.slots - 1;
				this.sleep();
				return -1;
			}
		}
		this.lastPkmapNr = slot;
		return slot;
	}

	#unmap(slot: number): void {
		const pfn = this.#slots.take(slot, this.context.step);
		this.#entries.clear(slot);
		this.#events.record(PKMAP_UNMAP, slot, pfn);
	}

	/** The current task joins pkmap_map_wait. */
	sleep(): void {
		const { task, events, revisions } = this.context;
		task.state = 'uninterruptible';
		task.waitingOn = WAIT_QUEUE;
		this.waiters.push(task.pid);
		revisions.tasks++;
		revisions.pkmap++;
		events.record(TASK_SLEEP, task.pid, events.textId(WAIT_QUEUE));
	}

	/** wake_up(&pkmap_map_wait): the waiters are not exclusive, so all of them wake. */
	#wakeAll(): void {
		const { tasks, events, revisions } = this.context;
		for (const pid of this.waiters.splice(0)) {
			const task = tasks.get(pid);
			if (task?.waitingOn !== WAIT_QUEUE) continue;
			task.state = 'runnable';
			task.waitingOn = undefined;
			events.record(TASK_WAKE, pid);
		}
		revisions.tasks++;
	}
}
