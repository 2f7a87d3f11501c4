import { computeLayout } from '../layout/compute-layout.ts';
import type { Machine } from '../machine/machine.ts';
import { AddressConversion } from './address-conversion.ts';
import { KernelContext } from './context.ts';
import { Contexts } from './contexts/contexts.ts';
import { Preemption } from './contexts/preemption.ts';
import { TaskDeath } from './contexts/task-death.ts';
import { Fixmap } from './highmem/fixmap.ts';
import { KmapAtomic } from './highmem/kmap-atomic.ts';
import { type MappingRules, mappingRules } from './highmem/mapping-rules.ts';
import { Pkmap } from './highmem/pkmap.ts';
import { KernelMemory } from './kernel-memory.ts';
import { KernelView } from './kernel-view.ts';
import { KernelWords } from './kernel-words.ts';
import { MemoryAccess } from './memory-access.ts';
import { ModuleLoader } from './modules.ts';
import { tableEntries } from './oops/table-entries.ts';
import { PageAllocator } from './pages/page-allocator.ts';
import { PageBytes } from './pages/page-bytes.ts';
import { showMem } from './pages/page-failure.ts';
import { KernelPageTable } from './paging/kernel-page-table.ts';
import { FreePointers } from './slab/free-pointers.ts';
import { KmemCaches } from './slab/kmem-caches.ts';
import { SlabAllocator } from './slab/slab-allocator.ts';
import { PageWindows } from './user/page-windows.ts';
import { UserMemory } from './user/user-memory.ts';
import { Ioremap } from './vmalloc/ioremap.ts';
import { VmallocAllocator } from './vmalloc/vmalloc.ts';

/** The parts of a simulated kernel, made and wired for one machine. Each knows only what it works with. */
export class KernelParts {
	readonly context: KernelContext;
	readonly rules: MappingRules;
	readonly words: KernelWords;
	readonly preemption: Preemption;
	readonly contexts: Contexts;
	readonly table: KernelPageTable;
	readonly bytes: PageBytes;
	readonly conversion: AddressConversion;
	readonly pages: PageAllocator;
	readonly slab: SlabAllocator;
	readonly kmemCaches: KmemCaches;
	readonly memory: KernelMemory;
	/** null without CONFIG_HIGHMEM. */
	readonly pkmap: Pkmap | null;
	readonly fixmap: Fixmap;
	readonly atomic: KmapAtomic;
	readonly death: TaskDeath;
	readonly vmalloc: VmallocAllocator;
	readonly ioremap: Ioremap;
	readonly modules: ModuleLoader;
	readonly access: MemoryAccess;
	readonly users: UserMemory;

	/** @param bootTimeNs Simulated time at which the exploration begins. */
	constructor(machine: Machine, bootTimeNs: number) {
		const layout = computeLayout(machine);
		const context = new KernelContext(machine, layout, bootTimeNs);
		this.context = context;
		this.rules = mappingRules(machine);
		this.words = new KernelWords(context);
		this.preemption = new Preemption(context, this.words);
		this.bytes = new PageBytes(context);
		this.table = new KernelPageTable(context, this.bytes);
		this.conversion = new AddressConversion(machine, layout);
		this.pages = new PageAllocator(context);
		this.pages.words = this.words;
		this.words.entriesAt = address => tableEntries(this.table, address);
		this.words.showMem = () => showMem(this.pages, this.pages.topZone(this.pages.gfp.kernel));
		this.pages.mightSleep = place => this.preemption.mightSleep(place);
		const { bytes, conversion } = this;
		const zero = (address: number, count: number) => bytes.clear(conversion.virtToPhys(address), count);
		const physical = (address: number) =>
			address >= layout.pageOffset && address < layout.highMemory
				? conversion.virtToPhys(address)
				: this.table.translate(address)?.physical;
		const links = new FreePointers(context, { bytes, physical }, this.words);
		this.slab = new SlabAllocator(context, this.pages, this.words, zero, links);
		this.kmemCaches = new KmemCaches(context, this.slab, this.words);
		this.memory = new KernelMemory(context, this.pages, this.slab, bytes);
		const { rules, words, table } = this;
		table.newFrame = () => this.memory.newTableFrame();
		this.pkmap = layout.pkmap ? new Pkmap(context, layout.pkmap, table, words, rules) : null;
		this.contexts = new Contexts(context, this.preemption, this.words, this.pkmap);
		this.pages.view.highmemAddress = pfn => this.pkmap?.pageAddress(pfn) ?? 0;
		this.fixmap = new Fixmap(context, layout.fixmap, table, words, rules);
		this.atomic = new KmapAtomic({ ...this, rules: rules.atomic });
		this.death = new TaskDeath(context, this.preemption, this.atomic);
		this.contexts.reachTables = () => this.death.reachTables();
		this.vmalloc = new VmallocAllocator(this);
		this.ioremap = new Ioremap(this, this.vmalloc, conversion);
		this.modules = new ModuleLoader(context, this.vmalloc, this.memory, this.pkmap, table);
		this.access = new MemoryAccess(context, table, bytes, this.fixmap, words);
		const isHighmem = (pfn: number) => this.pkmap !== null && conversion.isHighmemPage(pfn);
		const windows = new PageWindows(this.atomic, conversion, this.access, bytes, isHighmem);
		this.users = new UserMemory({ context, table, memory: this.memory, pages: this.pages, windows });
		this.access.userFault = (address, isWrite) => this.users.handle(address, isWrite);
	}

	/** A view of these parts. */
	makeView(): KernelView {
		const { context, table, bytes, pkmap, fixmap, vmalloc, users } = this;
		const { pages, slab } = { pages: this.pages.view, slab: this.slab.view };
		return new KernelView({ context, table, bytes, pkmap, fixmap, vmalloc, pages, slab, users });
	}
}
