import { alignUp, PAGE_SIZE, type Pfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { KernelContext, Task } from '../context.ts';
import { eventCode } from '../event-log.ts';
import type { KernelMemory } from '../kernel-memory.ts';
import type { ProcessView } from '../memory-view.ts';
import { NO_PAGE } from '../operations.ts';
import { gfpBits } from '../pages/gfp.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import { counted } from '../paging/counters.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import { PageFaults } from './page-faults.ts';
import type { PageWindows } from './page-windows.ts';
import { ProcessViewer } from './process-viewer.ts';
import { UserSpace } from './user-space.ts';

const MMAP = eventCode('mmap');
const MUNMAP = eventCode('munmap');
const FORK = eventCode('fork');
const LOCAL_FLUSHES = counted('localFlushes');

/** Room for the stack that mmap keeps below TASK_SIZE, without randomization (mm/util.c: mmap_base). */
const STACK_GAP = 128 * 2 ** 20;

export interface UserParts {
	readonly context: KernelContext;
	readonly table: KernelPageTable;
	readonly memory: KernelMemory;
	readonly pages: PageAllocator;
	readonly windows: PageWindows;
}

/** Processes' own memory: mmap, page faults, fork with copy on write, exit (mm/mmap.c, mm/memory.c, kernel/fork.c). */
export class UserMemory {
	/** Address spaces by pid. */
	readonly spaces = new Map<number, UserSpace>();
	readonly faults: PageFaults;
	/** TASK_SIZE. */
	readonly end: number;
	readonly #parts: UserParts;
	readonly #gfpKernel: number;

	constructor(parts: UserParts) {
		this.#parts = parts;
		const { context } = parts;
		this.faults = new PageFaults(parts);
		this.#gfpKernel = gfpBits(context.machine.kernel).kernel;
		this.end = context.layout.symbols.get('TASK_SIZE') ?? context.layout.pageOffset;
		context.taskSwitchHooks.push((_, to) => this.#switchTo(to));
	}

	/** The current process's address space, if it has one. */
	get current(): UserSpace | undefined {
		return this.spaces.get(this.#parts.context.task.pid);
	}

	/**
	 * mmap of private anonymous memory, readable and writable: addresses only, from the top of the process's part down.
	 * @returns 0 when no range is left.
	 */
	mmap(bytes: number): VirtualAddress {
		const { context } = this.#parts;
		const size = alignUp(bytes, PAGE_SIZE);
		const space = size > 0 ? (this.current ?? this.#newSpace(context.task)) : undefined;
		if (!space) return virtual(0);
		const start = this.#highestFit(space, size);
		if (start < 0) return virtual(0);
		space.add(start, start + size);
		context.revisions.paging++;
		context.events.record(MMAP, start, size);
		return virtual(start);
	}

	/** munmap: the range's addresses and pages go. */
	munmap(address: VirtualAddress, bytes: number): void {
		const { context } = this.#parts;
		const space = this.current;
		if (!space) return;
		const end = address + alignUp(bytes, PAGE_SIZE);
		this.#dropPages(space, address, end);
		space.remove(address, end);
		context.events.record(MUNMAP, address, end - address);
	}

	/** A page fault of the current task. @returns whether the access may be tried again. */
	handle(address: number, isWrite: boolean): boolean {
		const space = this.current;
		return space !== undefined && this.faults.handle(space, address, isWrite);
	}

	/** Touch an address below TASK_SIZE, with a page fault where that helps. @returns its page. */
	touch(address: VirtualAddress, isWrite: boolean): Pfn | typeof NO_PAGE {
		const { mmu } = this.#parts.table;
		const kind = { isWrite, isUser: true };
		if (address >= this.end) return NO_PAGE;
		let found = mmu.access(address, kind);
		if (typeof found !== 'number' && this.handle(address, isWrite)) found = mmu.access(address, kind);
		return typeof found === 'number' ? (Math.floor(found / PAGE_SIZE) as Pfn) : NO_PAGE;
	}

	/**
	 * The memory of a new process is that of the current one: both read the same pages, and whoever writes first gets a
	 * copy (dup_mmap, copy_page_range).
	 * @returns false when there is no page for its tables.
	 */
	fork(child: Task): boolean {
		const { context, pages, memory } = this.#parts;
		const parent = this.current;
		context.events.record(FORK, context.task.pid, child.pid);
		if (!parent) return true;
		const copy = this.#newSpace(child);
		if (!copy) return false;
		copy.areas = parent.areas;
		for (const { address, pfn } of [...parent.pages(() => false)]) {
			if (!copy.prepare(address, () => memory.newTableFrame())) {
				this.exit(child);
				return false;
			}
			if (pfn !== this.faults.zeroFrame) pages.getPage(pfn as Pfn);
			copy.set(address, pfn, PageKind.userReadOnly);
			parent.set(address, pfn, PageKind.userReadOnly);
		}
		this.#flush(parent);
		return true;
	}

	/** exit_mmap: a process that ends gives its pages and its tables back. */
	exit(task: Task): void {
		const { table, memory } = this.#parts;
		const space = this.spaces.get(task.pid);
		if (!space) return;
		this.#dropPages(space, 0, this.end);
		for (const { frame } of space.tables.values()) memory.freePages(frame as Pfn, 0);
		for (const frame of space.middles) memory.freePages(frame as Pfn, 0);
		memory.freePages((space.root / PAGE_SIZE) as Pfn, space.rootOrder);
		this.spaces.delete(task.pid);
		table.mmu.processes.delete(space.space);
		for (const [cpu, used] of table.mmu.spaces.entries()) if (used === space) table.mmu.spaces[cpu] = table.mmu.kernel;
		this.#flush(space);
	}

	/** What panels read. */
	processes(): readonly ProcessView[] {
		const { table, pages } = this.#parts;
		const sources = { walker: table.mmu.walker, pages, zeroFrame: this.faults.zeroFrame };
		return [...this.spaces.values()].map(space => new ProcessViewer(space, sources));
	}

	#newSpace(task: Task): UserSpace | undefined {
		const { context, table, memory } = this.#parts;
		const { writer } = table;
		const order = writer.rootOrder;
		const frame = memory.allocPages(this.#gfpKernel | memory.zeroFlag, order);
		if (frame === NO_PAGE) return undefined;
		writer.copyKernelPart(table.root, frame * PAGE_SIZE, this.end);
		const space = new UserSpace(task.pid, frame * PAGE_SIZE, order, writer);
		this.spaces.set(task.pid, space);
		table.mmu.processes.set(space.space, space);
		if (task === context.task) this.#switchTo(task);
		return space;
	}

	/** The lowest address of the highest gap that is large enough. */
	#highestFit(space: UserSpace, size: number): number {
		let top = this.end - STACK_GAP;
		for (const { start, end } of [...space.areas].reverse()) {
			if (top - end >= size) break;
			top = Math.min(top, start);
		}
		return top - size >= PAGE_SIZE ? top - size : -1;
	}

	#dropPages(space: UserSpace, start: number, end: number): void {
		const { memory, table } = this.#parts;
		const dropped = [...space.pages(() => false)].filter(({ address }) => address >= start && address < end);
		for (const { address, pfn } of dropped) {
			space.clear(address);
			table.mmu.outdate(address, space.space);
			if (pfn !== this.faults.zeroFrame) memory.freePages(pfn as Pfn, 0);
		}
		if (dropped.length > 0) this.#flush(space);
	}

	/** flush_tlb_mm. */
	#flush(space: UserSpace): void {
		this.#parts.table.mmu.flushSpace(space.space);
	}

	/** switch_mm: the CPU walks the tables of the task that it now runs. x86 and old ARM have no ASIDs: the TLB is emptied. */
	#switchTo(task: Task): void {
		const { context, table } = this.#parts;
		const { mmu } = table;
		const space = this.spaces.get(task.pid);
		// A task without memory of its own goes on with that of the task before (lazy TLB).
		if (!space || mmu.space === space) return;
		mmu.spaces[context.cpu.id] = space;
		const { machine } = context;
		if (machine.arch === 'arm' && machine.armVersion >= 6) return;
		// Before ARMv6 no entry is marked as global, and nothing stays.
		mmu.tlbs[context.cpu.id]?.flushAll(machine.arch === 'x86');
		context.counters.add(LOCAL_FLUSHES);
	}
}
