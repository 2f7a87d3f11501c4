import type { ZoneName } from '../../layout/layout.ts';
import { type Pfn, pfn as toPfn } from '../../machine/address.ts';
import { byVersion } from '../../machine/by-version.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import { KernelWords } from '../kernel-words.ts';
import { killForMemory, mayKill } from '../oops/out-of-memory.ts';
import { NO_PAGE } from '../operations.ts';
import { counted } from '../paging/counters.ts';
import { BadPages } from './bad-page.ts';
import { setUpZones } from './boot-zones.ts';
import type { Buddy } from './buddy.ts';
import { type GfpBits, gfpBits, gfpConstants } from './gfp.ts';
import { reportAllocationFailure, reportOrderTooLarge } from './page-failure.ts';
import { PAGE_COMPOUND } from './page-flags.ts';
import { FrameState, MigrateType, type PageFrames } from './page-frames.ts';
import { type PageRules, pageRules } from './page-rules.ts';
import { PagesViewer } from './pages-viewer.ts';
import { ReservedMarks } from './reserved-marks.ts';
import { SLEEP_PLACES, type SleepPlaces } from './sleep-places.ts';
import { type ZoneRequest, ZoneSearch } from './zone-search.ts';
import type { AllocationPrivilege, Zone } from './zones.ts';

const ALLOC = eventCode('page_alloc');
const ALLOC_FAILED = eventCode('page_alloc_failed');
const FREE = eventCode('page_free');
const PAGES = counted('pages');

/** PAGE_ALLOC_COSTLY_ORDER: larger blocks may fail, smaller ones are worth a task's life. */
const COSTLY_ORDER = 3;

const ORDINARY: AllocationPrivilege = { isHigh: false, isHarder: false, mayUseCma: false };
const ORDINARY_MOVABLE: AllocationPrivilege = { ...ORDINARY, mayUseCma: true };

/** The page allocator of mm/page_alloc.c: zones, watermarks, per-CPU lists and the buddy lists under them. */
export class PageAllocator {
	readonly zones: readonly Zone[];
	readonly frames: PageFrames;
	readonly buddy: Buddy;
	readonly rules: PageRules;
	readonly gfp: GfpBits;
	readonly view: PagesViewer;
	/** might_sleep(): who counts preemption sets it. */
	mightSleep: (place: string) => void = () => {};
	/** Who words the kernel's reports; set by whoever made it. */
	words: KernelWords;
	readonly sleepPlaces: SleepPlaces;
	readonly search: ZoneSearch;
	readonly reserved = new ReservedMarks(this);
	readonly #noRetry: number;
	readonly #bad: BadPages;
	readonly #revisions: { pages: number };
	#hasWarnedOfOrder = false;

	constructor(readonly context: KernelContext) {
		this.words = new KernelWords(context);
		this.#noRetry = gfpConstants(context.machine.kernel).get('__GFP_NORETRY') ?? 0;
		this.rules = pageRules(context.machine.kernel);
		this.gfp = gfpBits(context.machine.kernel);
		this.sleepPlaces = byVersion(context.machine.kernel, SLEEP_PLACES);
		this.#revisions = context.revisions;
		const bad = new BadPages(context, () => this.words);
		const { zones, frames, buddy } = setUpZones(context, this.rules, bad);
		this.zones = zones;
		this.frames = frames;
		this.buddy = buddy;
		this.#bad = bad;
		this.search = new ZoneSearch(context, zones, buddy, this.rules, bad);
		this.view = new PagesViewer(this);
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#hasWarnedOfOrder, hasWarnedOfOrder => {
			this.#hasWarnedOfOrder = hasWarnedOfOrder;
		});
		recorder.walk(this.#bad);
	}

	/**
	 * alloc_pages. A failure is written to the kernel log unless the flags hold __GFP_NOWARN.
	 * @returns the first of 2^order pages, aligned to their size, or NO_PAGE.
	 */
	allocPages(gfp: number, order: number): Pfn | typeof NO_PAGE {
		if (order > this.context.machine.maxOrder || order < 0) {
			if (!this.#hasWarnedOfOrder && (gfp & this.gfp.nowarn) === 0) {
				this.#hasWarnedOfOrder = true;
				reportOrderTooLarge(this);
			}
			this.context.events.record(ALLOC_FAILED, order, gfp);
			return NO_PAGE;
		}
		if (this.context.cpu.preemptCount > 0 && (gfp & this.gfp.directReclaim) !== 0)
			this.mightSleep(this.sleepPlaces.pages);
		const type = this.#typeOf(gfp);
		const top = this.topZone(gfp);
		const classZone = (gfp & this.gfp.highmem) !== 0 && (gfp & this.gfp.movable) !== 0 ? this.zones.length : top;
		const privilege = type === MigrateType.movable ? ORDINARY_MOVABLE : ORDINARY;
		const request = { top, classZone, order, type, privilege };
		const pfn = this.search.first(request);
		return pfn === NO_PAGE ? this.#slowPath(gfp, request) : this.#handOut(pfn, order, gfp);
	}

	/** __free_pages. A page whose count is 0 already only gets its count lowered, as in the kernel. */
	freePages(pfn: Pfn, asOrder: number): void {
		let order = asOrder;
		const { frames } = this;
		const zone = this.#zoneAt(pfn);
		if (zone === undefined) return;
		this.#revisions.pages++;
		if (frames.find(pfn).state === FrameState.reserved) {
			this.#refuseReserved(pfn, order);
			return;
		}
		if (!frames.isTouched(pfn)) frames.touch(pfn);
		const at = frames.index(pfn);
		if (frames.count[at] === 0 && this.context.machine.debug.vm) this.#bad.refuse(pfn);
		frames.count[at] = (frames.count[at] as number) - 1;
		if (frames.count[at] !== 0) {
			this.#bad.add(pfn);
			return;
		}
		if (this.reserved.areIn(pfn, order)) {
			this.#refuseReserved(pfn, order);
			return;
		}
		if ((frames.order[at] as number) < order) {
			const own = frames.order[at] as number;
			const may = this.#mayFreeAs(pfn, own, order);
			if (may === 'not') return;
			if (may === 'own') order = own;
		}
		frames.flags[at] = 0;
		this.context.events.record(FREE, pfn, order);
		if (order <= this.rules.pcpMaxOrder) {
			zone.perCpu[this.context.cpu.id]?.give(pfn, order);
			return;
		}
		frames.state[at] = FrameState.tail;
		if (this.#bad.isSound(pfn, order)) this.buddy.give(zone, pfn, order, zone.blocks.type(pfn));
	}

	/**
	 * Mark a block that is free now as allocated, in the state that a machine boots into. Its pageblock becomes an
	 * unmovable one, as those are where the kernel's own pages lie.
	 * @returns false when the block is not free.
	 */
	reserveAtBoot(pfn: Pfn, order: number): boolean {
		const zone = this.#zoneAt(pfn);
		if (!zone || !this.buddy.carve(zone, pfn, order)) return false;
		if (zone.name !== 'HighMem' && zone.blocks.type(pfn) === MigrateType.movable) {
			zone.blocks.setRange(pfn, zone.blocks.order, MigrateType.unmovable);
			this.buddy.moveFreePages(zone, pfn, MigrateType.unmovable);
		}
		this.#markAllocated(pfn, order);
		this.#revisions.pages++;
		return true;
	}

	/** drain_all_pages: every CPU's pages go back to the buddy lists. */
	drainAll(): void {
		for (const zone of this.zones) for (const pcp of zone.perCpu) pcp.drain(pcp.count);
		this.#revisions.pages++;
	}

	/** Whether a frame belongs to a block that someone allocated. */
	isAllocated(pfn: Pfn): boolean {
		return this.#zoneAt(pfn) !== undefined && this.frames.find(pfn).state === FrameState.allocated;
	}

	/** PageHighMem. */
	isHighmem(pfn: Pfn): boolean {
		return pfn >= this.context.layout.maxLowPfn;
	}

	/** page_zone; undefined for a frame outside every zone. */
	zoneOf(pfn: Pfn): ZoneName | undefined {
		return this.#zoneAt(pfn)?.name;
	}

	/** page_count. */
	pageCount(pfn: Pfn): number {
		return this.frames.isTouched(pfn) ? (this.frames.count[this.frames.index(pfn)] as number) : 0;
	}

	/** get_page. */
	getPage(pfn: Pfn): void {
		const at = this.frames.index(pfn);
		this.frames.count[at] = (this.frames.count[at] as number) + 1;
	}

	/** Order of the allocated block that begins at `pfn`, or -1. */
	allocatedOrder(pfn: Pfn): number {
		if (this.#zoneAt(pfn) === undefined || !this.frames.isTouched(pfn)) return -1;
		const at = this.frames.index(pfn);
		return this.frames.state[at] === FrameState.allocated ? (this.frames.order[at] as number) : -1;
	}

	/** Set or clear flags of the block that begins at `pfn`: who uses it. */
	setFlags(pfn: Pfn, flags: number): void {
		this.frames.flags[this.frames.index(pfn)] = flags;
	}

	flagsOf(pfn: Pfn): number {
		return this.frames.isTouched(pfn) ? (this.frames.flags[this.frames.index(pfn)] as number) : 0;
	}

	/** split_page: every page of an allocated block is a block of its own from now on. */
	split(pfn: Pfn, order: number): void {
		for (let at: number = pfn; at < pfn + (1 << order); at++) this.#markAllocated(at, 0);
	}

	/** The block is lost. A page that goes onto a CPU's list is looked at only when it leaves that again. */
	#refuseReserved(pfn: number, order: number): void {
		if (this.rules.countCheck !== 'refill-and-drain' || order > this.rules.pcpMaxOrder)
			this.#bad.report(pfn, 0, 'flags');
	}

	#typeOf(gfp: number): number {
		if ((gfp & this.gfp.movable) !== 0) return MigrateType.movable;
		return (gfp & this.gfp.reclaimable) !== 0 ? MigrateType.reclaimable : MigrateType.unmovable;
	}

	/** gfp_zone: the highest zone that may serve the request; the zonelist goes down from it. */
	topZone(gfp: number): number {
		if ((gfp & this.gfp.highmem) !== 0) return this.zones.length - 1;
		const isDma = (gfp & this.gfp.dma) !== 0 && this.zones[0]?.name === 'DMA';
		if (isDma) return 0;
		const last = this.zones.length - 1;
		return last > 0 && this.zones[last]?.name === 'HighMem' ? last - 1 : last;
	}

	#zoneAt(pfn: number): Zone | undefined {
		for (const zone of this.zones) if (pfn >= zone.startPfn && pfn < zone.endPfn) return zone;
		return undefined;
	}

	#slowPath(gfp: number, request: ZoneRequest): Pfn | typeof NO_PAGE {
		const { search } = this;
		const { order } = request;
		const maySleep = (gfp & this.gfp.directReclaim) !== 0;
		const isHigh = (gfp & this.gfp.high) !== 0;
		const isAtomic = this.gfp.atomic !== 0 ? (gfp & this.gfp.atomic) !== 0 : !maySleep;
		const isHarder = isAtomic && (isHigh || !this.rules.harderNeedsHigh);
		const pressing = { ...request, privilege: { ...request.privilege, isHigh, isHarder } };
		let pfn = search.above('min', pressing, false);
		if (pfn === NO_PAGE && maySleep) {
			// Nothing here can be reclaimed, but before it gives up the kernel takes back what lies on the CPUs' lists.
			this.drainAll();
			pfn = search.above('min', pressing, false);
		}
		if (pfn === NO_PAGE && maySleep && order <= COSTLY_ORDER && (gfp & this.#noRetry) === 0 && mayKill(this.context)) {
			// The task that is killed for its memory may use up what the watermarks keep back.
			if (this.context.task.killedBy === undefined) killForMemory(this, gfp, order);
			pfn = search.fromReserves(request);
		}
		if (pfn !== NO_PAGE) return this.#handOut(pfn, order, gfp);
		this.context.events.record(ALLOC_FAILED, order, gfp);
		if ((gfp & this.gfp.nowarn) === 0) reportAllocationFailure(this, gfp, order);
		return NO_PAGE;
	}

	#handOut(pfn: number, order: number, gfp: number): Pfn {
		this.#markAllocated(pfn, order);
		if ((gfp & this.gfp.compound) !== 0 && order > 0) this.frames.flags[this.frames.index(pfn)] = PAGE_COMPOUND;
		this.#revisions.pages++;
		this.context.counters.add(PAGES, 1 << order);
		this.context.events.record(ALLOC, pfn, order, gfp, this.#zoneAt(pfn)?.textId);
		return toPfn(pfn);
	}

	#markAllocated(pfn: number, order: number): void {
		const { frames } = this;
		frames.touch(pfn);
		const at = frames.index(pfn);
		frames.state[at] = FrameState.allocated;
		frames.order[at] = order;
		frames.count[at] = 1;
		frames.flags[at] = 0;
		this.#bad.forget(pfn);
	}

	/** free_pages_prepare with an order above the block's own: every further frame must be unused. */
	#mayFreeAs(pfn: number, own: number, order: number): 'whole' | 'own' | 'not' {
		for (let at = pfn + (1 << own); at < pfn + (1 << order); at++) {
			const { state, head } = this.frames.find(at);
			if (state === FrameState.tail) continue;
			// A page on a CPU's list looks unused. The list goes on holding it, so the block is only freed as its own.
			if (state === FrameState.pcp) return 'own';
			this.#bad.report(
				at,
				head === at && state === FrameState.allocated ? 1 : 0,
				state === FrameState.allocated ? 'count' : 'mapcount',
			);
			return 'not';
		}
		return 'whole';
	}
}
