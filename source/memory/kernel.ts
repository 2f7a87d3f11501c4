import { type Pfn, pfnToPhysical, type VirtualAddress, virtual } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import type { BootState } from './boot/boot-state.ts';
import { restoreBootState } from './boot/restore-boot-state.ts';
import type { Recorder } from './checkpoint.ts';
import type { Contexts } from './contexts/contexts.ts';
import { KernelAccess } from './kernel-access.ts';
import { KernelParts } from './kernel-parts.ts';
import type { KernelWords } from './kernel-words.ts';
import type { MemoryView } from './memory-view.ts';
import { type KernelOperations, NO_PAGE } from './operations.ts';
import { operation } from './paging/counters.ts';
import type { KmemCaches } from './slab/kmem-caches.ts';

const OTHER = operation('other');
const ALLOC_PAGES = operation('alloc_pages');
const FREE_PAGES = operation('free_pages');
const KMAP = operation('kmap');
const KUNMAP = operation('kunmap');
const KMAP_ATOMIC = operation('kmap_atomic');
const KUNMAP_ATOMIC = operation('kunmap_atomic');
const KMAP_LOCAL = operation('kmap_local');
const KUNMAP_LOCAL = operation('kunmap_local');
const SET_FIXMAP = operation('set_fixmap');
const VMALLOC = operation('vmalloc');
const VFREE = operation('vfree');
const VMAP = operation('vmap');
const VUNMAP = operation('vunmap');
const IOREMAP = operation('ioremap');
const IOUNMAP = operation('iounmap');
const KMALLOC = operation('kmalloc');
const KFREE = operation('kfree');
const MODULE = operation('module');

/** A simulated kernel: its parts behind the operations that C code may ask for. No rule lives here. */
export class Kernel extends KernelAccess implements KernelOperations {
	readonly words: KernelWords;
	readonly contexts: Contexts;
	readonly kmemCaches: KmemCaches;
	#view: MemoryView;

	/**
	 * Boot `machine`; with `bootState` it has already run for a while.
	 * @throws {UserError} when the boot state does not fit the machine.
	 */
	static boot(machine: Machine, bootState: BootState = {}): Kernel {
		const parts = new KernelParts(machine, Math.round((bootState.timeSeconds ?? 0) * 1e9));
		restoreBootState(parts, bootState);
		return new Kernel(parts);
	}

	private constructor(parts: KernelParts) {
		super(parts);
		this.#view = parts.makeView();
		this.words = parts.words;
		this.contexts = parts.contexts;
		this.kmemCaches = parts.kmemCaches;
	}

	/** What the panels read; another object after `renewView`. */
	get view(): MemoryView {
		return this.#view;
	}

	/** After a jump through time: whoever remembers what a view showed must look anew. */
	renewView(): void {
		this.#view = this.parts.makeView();
	}

	keep(recorder: Recorder): void {
		recorder.skip(this.context.machine, this.context.layout);
		recorder.walk(this.parts);
	}

	allocPages(gfp: number, order: number): Pfn | typeof NO_PAGE {
		this.counters.begin(ALLOC_PAGES);
		return this.parts.memory.allocPages(gfp, order);
	}

	freePages(pfn: Pfn, order: number): void {
		this.counters.begin(FREE_PAGES);
		this.parts.memory.freePages(pfn, order);
	}

	pageCount(pfn: Pfn): number {
		return this.parts.pages.pageCount(pfn);
	}

	getPage(pfn: Pfn): void {
		this.parts.pages.getPage(pfn);
	}

	getFreePages(gfp: number, order: number): VirtualAddress {
		const pfn = this.allocPages(gfp & ~this.parts.memory.highmemFlag, order);
		return pfn === NO_PAGE ? virtual(0) : this.parts.conversion.physToVirt(pfnToPhysical(pfn));
	}

	freePagesAt(address: VirtualAddress, order: number): void {
		this.counters.begin(FREE_PAGES);
		if (address !== 0) this.parts.memory.freePages(this.parts.conversion.virtToPfn(address), order);
	}

	kmap(pfn: Pfn): VirtualAddress {
		this.counters.begin(KMAP);
		const { pkmap, preemption } = this.parts;
		preemption.mightSleep(this.parts.rules.kmapSleepsAt, 'kmapWhileAtomic');
		if (pkmap === null || !this.isHighmemPage(pfn)) return this.pageAddress(pfn);
		this.contexts.kmapLock.check();
		const slot = pkmap.kmap(pfn);
		this.contexts.kmapLock.giveBack();
		if (slot >= 0) return pkmap.address(slot);
		this.context.task.wantsPage = pfn;
		this.context.advise('kmapWaits');
		this.contexts.scheduler.schedule();
		return virtual(0);
	}

	kunmap(pfn: Pfn): void {
		this.counters.begin(KUNMAP);
		const { kmapLock } = this.contexts;
		kmapLock.checkInterrupt(this.parts.rules.kunmapInInterruptAt);
		if (!this.isHighmemPage(pfn)) return;
		kmapLock.check();
		this.parts.pkmap?.kunmap(pfn);
	}

	kmapAtomic(pfn: Pfn, type = 0): VirtualAddress {
		this.counters.begin(KMAP_ATOMIC);
		if (this.isHighmemPage(pfn)) return virtual(this.parts.atomic.map(pfn, type));
		this.parts.atomic.mapLowmem();
		return this.pageAddress(pfn);
	}

	kunmapAtomic(address: VirtualAddress, type = 0): void {
		this.counters.begin(KUNMAP_ATOMIC);
		this.parts.atomic.unmap(address, type);
	}

	kmapLocalPage(pfn: Pfn): VirtualAddress {
		this.counters.begin(KMAP_LOCAL);
		return this.isHighmemPage(pfn) ? virtual(this.parts.atomic.mapLocal(pfn)) : this.pageAddress(pfn);
	}

	kunmapLocal(address: VirtualAddress): void {
		this.counters.begin(KUNMAP_LOCAL);
		this.parts.atomic.unmapLocal(address);
	}

	kmapAtomicIdxPush(): number {
		return this.parts.atomic.push();
	}

	kmapAtomicIdx(): number {
		return this.parts.atomic.top();
	}

	kmapAtomicIdxPop(): void {
		this.parts.atomic.pop();
	}

	kmapFlushUnused(): void {
		this.counters.begin(OTHER);
		this.contexts.kmapLock.check();
		this.parts.pkmap?.flushAllZero();
	}

	kmapHighGet(pfn: Pfn): VirtualAddress {
		return virtual(this.parts.pkmap?.kmapHighGet(pfn) ?? 0);
	}

	setFixmap(index: number, physical: number): void {
		this.counters.begin(SET_FIXMAP);
		this.parts.fixmap.set(index, physical);
	}

	clearFixmap(index: number): void {
		this.counters.begin(SET_FIXMAP);
		this.parts.fixmap.clear(index);
	}

	vmalloc(bytes: number, caller = this.context.task.comm): VirtualAddress {
		this.counters.begin(VMALLOC);
		return this.parts.vmalloc.vmalloc(bytes, caller);
	}

	vzalloc(bytes: number, caller = this.context.task.comm): VirtualAddress {
		this.counters.begin(VMALLOC);
		const address = this.parts.vmalloc.vmalloc(bytes, caller);
		for (const page of this.parts.vmalloc.areaAt(address)?.ownPages ?? []) this.parts.bytes.clearPages(page, 1);
		return address;
	}

	vmalloc32(bytes: number, caller = this.context.task.comm): VirtualAddress {
		return this.parts.vmalloc.vmalloc32(bytes, caller);
	}

	vfree(address: VirtualAddress): void {
		this.counters.begin(VFREE);
		this.parts.vmalloc.vfree(address);
	}

	vmap(pfns: readonly Pfn[], caller = this.context.task.comm): VirtualAddress {
		this.counters.begin(VMAP);
		return this.parts.vmalloc.vmap(pfns, caller);
	}

	vunmap(address: VirtualAddress): void {
		this.counters.begin(VUNMAP);
		this.parts.vmalloc.vunmap(address);
	}

	ioremap(physical: number, bytes: number, caller = this.context.task.comm): VirtualAddress {
		this.counters.begin(IOREMAP);
		return this.parts.ioremap.ioremap(physical, bytes, caller);
	}

	iounmap(address: VirtualAddress): void {
		this.counters.begin(IOUNMAP);
		this.parts.ioremap.iounmap(address);
	}

	vmMapRam(pfns: readonly Pfn[]): VirtualAddress {
		return this.parts.vmalloc.ramBlocks.map(pfns);
	}

	vmUnmapRam(address: VirtualAddress, count: number): void {
		this.parts.vmalloc.ramBlocks.unmap(address, count);
	}

	vmUnmapAliases(): void {
		this.counters.begin(OTHER);
		this.parts.vmalloc.ramBlocks.unmapAliases();
	}

	kmalloc(bytes: number, gfp: number): VirtualAddress {
		this.counters.begin(KMALLOC);
		return this.parts.memory.kmalloc(bytes, gfp);
	}

	kzalloc(bytes: number, gfp: number): VirtualAddress {
		this.counters.begin(KMALLOC);
		return this.parts.slab.kzalloc(bytes, gfp);
	}

	kfree(address: VirtualAddress): void {
		this.counters.begin(KFREE);
		this.parts.slab.kfree(address);
	}

	ksize(address: VirtualAddress): number {
		return this.parts.slab.ksize(address);
	}

	loadModule(name: string, coreBytes: number, initBytes: number): VirtualAddress {
		this.counters.begin(MODULE);
		const address = this.parts.modules.load(name, coreBytes, initBytes);
		if (address !== 0) this.words.head.addModule(name);
		return address;
	}

	protectModule(name: string, textBytes: number, constantBytes: number): void {
		this.parts.modules.protect(name, textBytes, constantBytes);
	}

	finishModuleInit(name: string): void {
		this.parts.modules.finishInit(name);
		this.words.head.modules.set(name, 'live');
	}

	unloadModule(name: string): void {
		this.parts.modules.unload(name);
		this.words.head.modules.delete(name);
	}

	preemptDisable(): void {
		this.parts.preemption.disable();
	}

	preemptEnable(): void {
		this.parts.preemption.enable();
	}

	pagefaultDisable(): void {
		this.parts.preemption.pagefaultDisable();
	}

	pagefaultEnable(): void {
		this.parts.preemption.pagefaultEnable();
	}

	printk(text: string, level?: number): void {
		this.context.printk(text, level);
	}
}
