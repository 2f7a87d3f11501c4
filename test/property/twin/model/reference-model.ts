import type { Layout } from '../../../../source/layout/layout.ts';
import type { Machine } from '../../../../source/machine/machine.ts';
import { kmallocClass } from './kmalloc-class.ts';
import { PlainBug } from './plain-bug.ts';
import { PlainBytes } from './plain-bytes.ts';
import { PlainCpus } from './plain-cpus.ts';
import { type BootMapping, PlainMmu } from './plain-mmu.ts';
import { PlainPages } from './plain-pages.ts';
import { PlainPkmap } from './plain-pkmap.ts';
import { PlainRamBlocks } from './plain-ram-blocks.ts';
import { PlainUsers } from './plain-users.ts';
import { PlainVmalloc } from './plain-vmalloc.ts';
import { PlainWindows } from './plain-windows.ts';

const PAGE = 4096;
/** Beyond it kmalloc takes whole pages. */
const LARGEST_OBJECT = 8192;
/** KM_USER0 and KM_USER1 (asm/kmap_types.h). */
const KM_USER0 = 3;
const KM_USER1 = 4;

/** What the model cannot know of a machine that has booted. */
export interface BootFacts {
	readonly bootMapping: BootMapping;
	readonly zeroPage: number;
	readonly areas: readonly { readonly start: number; readonly bytes: number }[];
	readonly entries: Iterable<{ readonly address: number; readonly pfn: number }>;
}

/**
 * A kernel's memory told as plainly as it can be: maps, lists and searches from the beginning. Which pages the page
 * allocator picks it does not predict; it hears of them and keeps the books.
 */
export class ReferenceModel {
	readonly cpus: PlainCpus;
	readonly mmu: PlainMmu;
	readonly pkmap: PlainPkmap | null;
	readonly windows: PlainWindows;
	readonly vmalloc: PlainVmalloc;
	readonly ramBlocks: PlainRamBlocks;
	readonly pages: PlainPages;
	readonly bytes = new PlainBytes();
	readonly users: PlainUsers;
	/** Pages that the kernel uses as page tables, or keeps zeroed for something else of its own. */
	readonly tables = new Set<number>();
	/** Pages that nobody will ever give back, because the task that had them was killed. */
	readonly lost = new Set<number>();
	readonly hasHighmem: boolean;

	constructor(
		readonly machine: Machine,
		readonly layout: Layout,
		facts: BootFacts,
		/** __GFP_ZERO. */
		readonly zeroFlag: number,
	) {
		this.hasHighmem = layout.pkmap !== null;
		this.cpus = new PlainCpus(machine);
		this.mmu = new PlainMmu({
			isX86: machine.arch === 'x86',
			cpus: machine.cpusOnline,
			userEnd: layout.symbols.get('TASK_SIZE') ?? layout.pageOffset,
			pageOffset: layout.pageOffset,
			highMemory: layout.highMemory,
			physOffset: layout.physOffset,
			hasIsolation: machine.arch === 'x86' && machine.pti,
			bootMapping: facts.bootMapping,
		});
		const { mmu } = this;
		for (const { address, pfn } of facts.entries) mmu.setKernel(address, pfn);
		const flush = (start: number, end: number): void => mmu.flushRange(start, end);
		const setEntry = (address: number, pfn: number): void => mmu.setKernel(address, pfn);
		this.pkmap = layout.pkmap ? new PlainPkmap(layout.pkmap.slots, layout.pkmap.base, setEntry, flush) : null;
		this.windows = new PlainWindows(machine, layout, this.cpus, mmu, this.pkmap);
		this.vmalloc = new PlainVmalloc(machine, layout, flush);
		for (const { start, bytes } of facts.areas) this.vmalloc.areas.push({ start, end: start + bytes, isLazy: false });
		this.ramBlocks = new PlainRamBlocks(machine, this.cpus, this.vmalloc);
		this.pages = new PlainPages(layout, machine.maxOrder);
		// Free objects hold the slab allocator's own list.
		this.pages.whenSlabWrites = (pfn, order) => this.bytes.forget(pfn, 2 ** order);
		this.pages.whenFreed = (address, bytes) => {
			if (bytes <= LARGEST_OBJECT)
				this.bytes.forgetBytes(address - layout.pageOffset + layout.physOffset, kmallocClass(machine, bytes));
		};
		this.users = new PlainUsers(layout, mmu, facts.zeroPage);
	}

	isHighmem(pfn: number): boolean {
		return this.hasHighmem && pfn >= this.layout.maxLowPfn;
	}

	lowmemAddress(pfn: number): number {
		return (pfn * PAGE - this.layout.physOffset + this.layout.pageOffset) % 2 ** 32;
	}

	/** page_address(). */
	pageAddress(pfn: number): number {
		return this.isHighmem(pfn) ? (this.pkmap?.pageAddress(pfn) ?? 0) : this.lowmemAddress(pfn);
	}

	kmapAtomic(pfn: number, type: number): number {
		this.cpus.atomic(1);
		return this.isHighmem(pfn) ? this.windows.map(pfn, type) : this.lowmemAddress(pfn);
	}

	kunmapAtomic(address: number, type: number): void {
		this.windows.unmap(address, type);
		this.cpus.atomic(-1);
	}

	/** Where a load or store by the kernel goes. @throws {PlainBug} where it faults. */
	access(address: number, isWrite: boolean): number {
		const { id, here } = this.cpus;
		let place = this.mmu.access(id, here.space, address, isWrite);
		if (typeof place !== 'number' && this.#fault(address, isWrite))
			place = this.mmu.access(id, here.space, address, isWrite);
		if (typeof place === 'number') return place;
		throw new PlainBug(`${address.toString(16)} is ${place}`);
	}

	/** Places of some bytes; all are looked up before any is touched. */
	places(address: number, count: number, isWrite: boolean): number[] {
		const places: number[] = [];
		let page = -1;
		for (let at = 0; at < count; at++) {
			const here = (address + at) % 2 ** 32;
			if (at === 0 || here % PAGE === 0) page = this.access(here, isWrite) - (here % PAGE);
			places.push(page + (here % PAGE));
		}
		return places;
	}

	/** switch_mm: a task without memory of its own goes on with that of the one before. */
	takeMemoryOf(pid: number): void {
		const { here, id } = this.cpus;
		if (!this.users.has(pid) || here.space === pid) return;
		here.space = pid;
		if (this.machine.arch === 'x86') this.mmu.flushNotGlobal(id);
		else if (this.machine.armVersion < 6) this.mmu.flushAll(id);
	}

	switchTask(pid: number, isOldDead = false): void {
		this.windows.switchTask(this.cpus.here.pid, pid);
		this.cpus.switchTask(pid, isOldDead);
		this.takeMemoryOf(pid);
	}

	exit(pid: number): void {
		this.users.exit(pid);
		for (const cpu of this.cpus.cpus) if (cpu.space === pid) cpu.space = 0;
	}

	/** The frames that an operation took without being asked for them are tables: nobody here knows what is in them. */
	noteTables(asked: ReadonlySet<number>): void {
		for (const { pfn, order, gfp } of this.pages.taken) {
			const isTable = (gfp & this.zeroFlag) !== 0 && !asked.has(pfn) && this.pages.blocks.has(pfn);
			for (let page = pfn; page < pfn + 2 ** order; page++) {
				if (isTable) this.tables.add(page);
				else this.tables.delete(page);
			}
			if (isTable) this.bytes.forget(pfn, 2 ** order);
		}
	}

	/** handle_mm_fault for anonymous memory. @returns false where the access is a mistake. */
	#fault(address: number, isWrite: boolean): boolean {
		const { here } = this.cpus;
		const { pid } = here;
		if (here.pagefaultsOff > 0 || !this.users.isMapped(pid, address)) return false;
		const old = this.users.entry(pid, address)?.pfn;
		const page = address - (address % PAGE);
		const outcome = this.pages.faults.shift();
		if (!outcome) {
			if (isWrite) this.#dieInWindow(old);
			return false;
		}
		const { pfn } = outcome;
		if (!isWrite) this.users.install(pid, page, this.users.zeroPage, false);
		else if (old !== undefined && old !== this.users.zeroPage && this.users.counts.get(old) === 1) {
			this.users.install(pid, page, old, true);
			this.mmu.flushUserPage(page, pid);
		} else {
			if (old === undefined || old === this.users.zeroPage) this.#clear(pfn);
			else this.#copy(old, pfn);
			this.users.install(pid, page, pfn, true);
			this.users.hold(pfn);
			if (old !== undefined) {
				this.mmu.flushUserPage(page, pid);
				this.users.drop(old);
			}
		}
		const found = this.users.entry(pid, page)?.pfn;
		if (found !== pfn) throw new Error(`the page fault at ${address.toString(16)} brought ${pfn}, not ${found}`);
		return true;
	}

	/** The page was there, but the window for it was not: the task dies with the page in its hands. */
	#dieInWindow(old: number | undefined): void {
		const fresh = this.pages.taken.findLast(({ gfp }) => (gfp & this.zeroFlag) === 0);
		if (!fresh) return;
		this.lost.add(fresh.pfn);
		if (old === undefined || old === this.users.zeroPage) this.#clear(fresh.pfn);
		else this.#copy(old, fresh.pfn);
	}

	/** clear_user_highpage. */
	#clear(pfn: number): void {
		const window = this.kmapAtomic(pfn, KM_USER0);
		this.access(window, true);
		this.bytes.clear(pfn, 1);
		this.kunmapAtomic(window, KM_USER0);
	}

	/** copy_user_highpage. */
	#copy(from: number, to: number): void {
		const source = this.kmapAtomic(from, KM_USER0);
		const target = this.kmapAtomic(to, KM_USER1);
		this.access(source, false);
		this.access(target, true);
		this.bytes.copy(from, to);
		this.kunmapAtomic(target, KM_USER1);
		this.kunmapAtomic(source, KM_USER0);
	}
}
