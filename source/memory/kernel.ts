import { type Pfn, pfnToPhysical, type VirtualAddress, virtual } from '../machine/address.ts';
import { hasHighmem, type Machine } from '../machine/machine.ts';
import type { BootState } from './boot-state.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';
import type { Contexts } from './contexts/contexts.ts';
import { KernelParts } from './kernel-parts.ts';
import type { KernelWords } from './kernel-words.ts';
import type { MemoryView } from './memory-view.ts';
import { type KernelOperations, NO_PAGE } from './operations.ts';
import { restoreBootState } from './restore-boot-state.ts';

/** No page frame number is as high: physical addresses have 40 bits. */
const BEYOND_ALL_PAGES = 2 ** 28;

/** A simulated kernel: its parts behind the operations that C code may ask for. No rule lives here. */
export class Kernel implements KernelOperations {
	readonly context: KernelContext;
	readonly words: KernelWords;
	readonly contexts: Contexts;
	#view: MemoryView;
	/** Pages from here on are highmem. One comparison: kmap and kunmap ask for every page. */
	readonly #firstHighmem: number;

	/**
	 * Boot `machine`; with `bootState` it has already run for a while.
	 * @throws {UserError} when the boot state does not fit the machine.
	 */
	static boot(machine: Machine, bootState: BootState = {}): Kernel {
		const parts = new KernelParts(machine, Math.round((bootState.timeSeconds ?? 0) * 1e9));
		restoreBootState(parts, bootState);
		return new Kernel(parts);
	}

	private constructor(readonly parts: KernelParts) {
		this.context = parts.context;
		this.#view = parts.makeView();
		this.words = parts.words;
		this.contexts = parts.contexts;
		const { machine, layout } = parts.context;
		this.#firstHighmem = hasHighmem(machine) ? layout.maxLowPfn : BEYOND_ALL_PAGES;
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
		return this.parts.memory.allocPages(gfp, order);
	}

	freePages(pfn: Pfn, order: number): void {
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
		if (address !== 0) this.parts.memory.freePages(this.parts.conversion.virtToPfn(address), order);
	}

	kmap(pfn: Pfn): VirtualAddress {
		const { pkmap, preemption } = this.parts;
		preemption.mightSleep(this.parts.rules.kmapSleepsAt, 'kmapWhileAtomic');
		if (pkmap === null || !this.isHighmemPage(pfn)) return this.pageAddress(pfn);
		this.contexts.kmapLock.check();
		const slot = pkmap.kmap(pfn);
		this.contexts.kmapLock.giveBack();
		if (slot >= 0) return pkmap.address(slot);
		this.context.advise('kmapWaits');
		this.contexts.scheduler.schedule();
		return virtual(0);
	}

	kunmap(pfn: Pfn): void {
		const { kmapLock } = this.contexts;
		kmapLock.checkInterrupt(this.parts.rules.kunmapInInterruptAt);
		if (!this.isHighmemPage(pfn)) return;
		kmapLock.check();
		kmapLock.isLost = true;
		this.parts.pkmap?.kunmap(pfn);
		kmapLock.isLost = false;
	}

	kmapAtomic(pfn: Pfn, type = 0): VirtualAddress {
		if (this.isHighmemPage(pfn)) return virtual(this.parts.atomic.map(pfn, type));
		this.parts.atomic.mapLowmem();
		return this.pageAddress(pfn);
	}

	kunmapAtomic(address: VirtualAddress, type = 0): void {
		this.parts.atomic.unmap(address, type);
	}

	kmapLocalPage(pfn: Pfn): VirtualAddress {
		return this.isHighmemPage(pfn) ? virtual(this.parts.atomic.mapLocal(pfn)) : this.pageAddress(pfn);
	}

	kunmapLocal(address: VirtualAddress): void {
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
		this.parts.pkmap?.flushAllZero();
	}

	kmapHighGet(pfn: Pfn): VirtualAddress {
		return virtual(this.parts.pkmap?.kmapHighGet(pfn) ?? 0);
	}

	pageAddress(pfn: Pfn): VirtualAddress {
		if (this.isHighmemPage(pfn)) return virtual(this.parts.pkmap?.pageAddress(pfn) ?? 0);
		return this.parts.conversion.physToVirt(pfnToPhysical(pfn));
	}

	kmapToPage(address: VirtualAddress): Pfn | typeof NO_PAGE {
		if (!this.parts.pkmap?.contains(address)) return this.parts.conversion.virtToPfn(address);
		return this.vmallocToPfn(address);
	}

	isHighmemPage(pfn: Pfn): boolean {
		return pfn >= this.#firstHighmem;
	}

	fixToVirt(index: number): VirtualAddress {
		return this.parts.fixmap.address(index);
	}

	virtToFix(address: VirtualAddress): number {
		return this.parts.fixmap.virtToFix(address);
	}

	setFixmap(index: number, physical: number): void {
		this.parts.fixmap.set(index, physical);
	}

	clearFixmap(index: number): void {
		this.parts.fixmap.clear(index);
	}

	vmalloc(bytes: number, caller = this.context.task.comm): VirtualAddress {
		return this.parts.vmalloc.vmalloc(bytes, caller);
	}

	vzalloc(bytes: number, caller = this.context.task.comm): VirtualAddress {
		const address = this.parts.vmalloc.vmalloc(bytes, caller);
		for (const page of this.parts.vmalloc.areaAt(address)?.ownPages ?? []) this.parts.bytes.clearPages(page, 1);
		return address;
	}

	vfree(address: VirtualAddress): void {
		this.parts.vmalloc.vfree(address);
	}

	vmap(pfns: readonly Pfn[], caller = this.context.task.comm): VirtualAddress {
		return this.parts.vmalloc.vmap(pfns, caller);
	}

	vunmap(address: VirtualAddress): void {
		this.parts.vmalloc.vunmap(address);
	}

	ioremap(physical: number, bytes: number, caller = this.context.task.comm): VirtualAddress {
		return this.parts.ioremap.ioremap(physical, bytes, caller);
	}

	iounmap(address: VirtualAddress): void {
		this.parts.ioremap.iounmap(address);
	}

	vmMapRam(pfns: readonly Pfn[]): VirtualAddress {
		return this.parts.vmalloc.ramBlocks.map(pfns);
	}

	vmUnmapRam(address: VirtualAddress, count: number): void {
		this.parts.vmalloc.ramBlocks.unmap(address, count);
	}

	vmUnmapAliases(): void {
		this.parts.vmalloc.ramBlocks.unmapAliases();
	}

	vmallocToPfn(address: VirtualAddress): Pfn | typeof NO_PAGE {
		return this.parts.table.translate(address)?.pfn ?? NO_PAGE;
	}

	isVmallocAddress(address: VirtualAddress): boolean {
		return this.parts.conversion.isVmallocAddress(address);
	}

	kmalloc(bytes: number, gfp: number): VirtualAddress {
		return this.parts.memory.kmalloc(bytes, gfp);
	}

	kzalloc(bytes: number, gfp: number): VirtualAddress {
		return this.parts.slab.kzalloc(bytes, gfp);
	}

	kfree(address: VirtualAddress): void {
		this.parts.slab.kfree(address);
	}

	ksize(address: VirtualAddress): number {
		return this.parts.slab.ksize(address);
	}

	virtToPhys(address: VirtualAddress): number {
		return this.parts.conversion.virtToPhys(address);
	}

	physToVirt(physical: number): VirtualAddress {
		return this.parts.conversion.physToVirt(physical);
	}

	virtAddrValid(address: VirtualAddress): boolean {
		return this.parts.conversion.virtAddrValid(address);
	}

	structPage(pfn: Pfn): VirtualAddress {
		return this.parts.conversion.structPage(pfn);
	}

	pfnOfStruct(page: VirtualAddress): Pfn {
		return this.parts.conversion.pfnOfStruct(page);
	}

	virtToPfn(address: VirtualAddress): Pfn {
		return this.parts.conversion.virtToPfn(address);
	}

	read(address: VirtualAddress, bytes: number): bigint {
		return this.parts.access.read(address, bytes);
	}

	write(address: VirtualAddress, bytes: number, value: bigint): void {
		this.parts.access.write(address, bytes, value);
	}

	fetch(address: VirtualAddress): void {
		this.parts.access.fetch(address);
	}

	loadModule(name: string, coreBytes: number, initBytes: number): VirtualAddress {
		const address = this.parts.modules.load(name, coreBytes, initBytes);
		if (address !== 0) this.words.head.addModule(name);
		return address;
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
