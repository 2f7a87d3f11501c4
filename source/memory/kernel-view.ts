import type { VirtualAddress } from '../machine/address.ts';
import type { KernelContext } from './context.ts';
import type {
	FixmapView,
	MemoryView,
	PagesView,
	PkmapView,
	ProcessView,
	SlabView,
	Translation,
	VmallocView,
} from './memory-view.ts';
import type { PageBytes } from './pages/page-bytes.ts';
import type { KernelPageTable } from './paging/kernel-page-table.ts';
import type { PagingView } from './paging/paging-view.ts';
import { PagingViewer } from './paging/paging-viewer.ts';
import type { UserMemory } from './user/user-memory.ts';

/** The parts whose state the view shows. */
export interface ViewedParts {
	readonly context: KernelContext;
	readonly table: KernelPageTable;
	readonly bytes: PageBytes;
	readonly pkmap: PkmapView | null;
	readonly fixmap: FixmapView;
	readonly vmalloc: VmallocView;
	readonly pages: PagesView;
	readonly slab: SlabView;
	readonly users: UserMemory;
}

/** The simulated kernel's memory as panels see it. */
export class KernelView implements MemoryView {
	readonly pkmap: PkmapView | null;
	readonly fixmap: FixmapView;
	readonly vmalloc: VmallocView;
	readonly pages: PagesView;
	readonly slab: SlabView;
	readonly paging: PagingView;
	readonly #context: KernelContext;
	readonly #table: KernelPageTable;
	readonly #bytes: PageBytes;
	readonly #users: UserMemory;

	constructor(parts: ViewedParts) {
		this.#context = parts.context;
		this.#table = parts.table;
		this.#bytes = parts.bytes;
		this.#users = parts.users;
		this.pkmap = parts.pkmap;
		this.fixmap = parts.fixmap;
		this.vmalloc = parts.vmalloc;
		this.pages = parts.pages;
		this.slab = parts.slab;
		this.paging = new PagingViewer(parts.table);
	}

	get machine() {
		return this.#context.machine;
	}

	get layout() {
		return this.#context.layout;
	}

	get revisions() {
		return this.#context.revisions;
	}

	get timeNs() {
		return this.#context.timeNs;
	}

	get step() {
		return this.#context.step;
	}

	get cpus() {
		return this.#context.cpus;
	}

	get currentCpu() {
		return this.#context.cpu;
	}

	get tasks() {
		return this.#context.tasks;
	}

	get currentTask() {
		return this.#context.task;
	}

	get processes(): readonly ProcessView[] {
		return this.#users.processes();
	}

	get log() {
		return this.#context.log;
	}

	get advices() {
		return this.#context.advices;
	}

	taskOn(cpu: number) {
		return this.#context.taskOn(cpu);
	}

	translate(address: VirtualAddress): Translation | null {
		const { mmu } = this.#table;
		return this.#table.translate(address, mmu.rootFor(address, mmu.space));
	}

	peek(address: number, bytes: number): Uint8Array {
		return this.#bytes.copy(address, bytes);
	}
}
