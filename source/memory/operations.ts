import type { Pfn, VirtualAddress } from '../machine/address.ts';
import type { KernelContext, Task } from './context.ts';
import type { Contexts } from './contexts/contexts.ts';
import type { KernelWords } from './kernel-words.ts';
import type { MemoryView } from './memory-view.ts';
import type { KmemCaches } from './slab/kmem-caches.ts';

/** Result of an operation that found no page. */
export const NO_PAGE = -1;

/**
 * What C code may ask of the kernel. Pages are page frame numbers here; `structPage` and `pfnOfStruct` turn them into the
 * `struct page *` of C and back. Every operation emits its events; misuse writes the kernel's words to the log and, where
 * the kernel would stop the task, throws KernelFault. None ever throws UserError.
 */
export interface KernelOperations {
	readonly context: KernelContext;
	readonly view: MemoryView;
	/** How this kernel says BUG, WARN and oops; oopses are numbered. */
	readonly words: KernelWords;

	// mm/page_alloc.c
	/** @returns first pfn of 2^order pages, or NO_PAGE. */
	allocPages(gfp: number, order: number): Pfn | typeof NO_PAGE;
	freePages(pfn: Pfn, order: number): void;
	/** page_count: how many hold the page. */
	pageCount(pfn: Pfn): number;
	/** get_page: hold it once more. */
	getPage(pfn: Pfn): void;
	/** split_page: the pages of an allocated block are freed one by one from now on. */
	splitPage(pfn: Pfn, order: number): void;
	/** cma_alloc: neighbouring pages of the CMA area. @param order Of the whole, for its alignment. */
	allocContiguous(count: number, order: number): Pfn | typeof NO_PAGE;
	/** Whether a page lies in the CMA area. */
	isContiguous(pfn: Pfn): boolean;
	/** PG_reserved: of pages that the page allocator never had, and of those that drivers mark. */
	pageReserved(pfn: Pfn): boolean;
	setPageReserved(pfn: Pfn, isReserved: boolean): void;
	/** __get_free_pages: the lowmem address of 2^order pages, or 0. */
	getFreePages(gfp: number, order: number): VirtualAddress;
	/** free_pages. */
	freePagesAt(address: VirtualAddress, order: number): void;

	// mm/highmem.c
	/**
	 * @returns the address, or 0 when the pkmap is full: the current task is then TASK_UNINTERRUPTIBLE on pkmap_map_wait,
	 * and the call is to be made again when it has been woken.
	 */
	kmap(pfn: Pfn): VirtualAddress;
	kunmap(pfn: Pfn): void;
	/** @param type KM_ type number; only kernels to 2.6.36 have it, the others ignore it. */
	kmapAtomic(pfn: Pfn, type?: number): VirtualAddress;
	kunmapAtomic(address: VirtualAddress, type?: number): void;
	/** 5.11 and later. */
	kmapLocalPage(pfn: Pfn): VirtualAddress;
	kunmapLocal(address: VirtualAddress): void;
	/** 2.6.37 to 5.10: the raw per-CPU slot stack. */
	kmapAtomicIdxPush(): number;
	kmapAtomicIdx(): number;
	kmapAtomicIdxPop(): void;
	kmapFlushUnused(): void;
	/** ARM only: pins and returns an existing pkmap address, or 0. */
	kmapHighGet(pfn: Pfn): VirtualAddress;
	/** page_address: lowmem address, pkmap address or 0. */
	pageAddress(pfn: Pfn): VirtualAddress;
	/** kmap_to_page: pfn, or NO_PAGE. */
	/** @param isQuiet While only looking nothing is printed. */
	kmapToPage(address: VirtualAddress, isQuiet?: boolean): Pfn | typeof NO_PAGE;
	isHighmemPage(pfn: Pfn): boolean;

	// asm/fixmap.h
	fixToVirt(index: number): VirtualAddress;
	virtToFix(address: VirtualAddress): number;
	/** @param physical physical address in bytes. */
	setFixmap(index: number, physical: number): void;
	clearFixmap(index: number): void;

	// mm/vmalloc.c. Addresses are 0 on failure.
	vmalloc(bytes: number, caller?: string): VirtualAddress;
	vzalloc(bytes: number, caller?: string): VirtualAddress;
	/** vmalloc_32: never highmem pages. */
	vmalloc32(bytes: number, caller?: string): VirtualAddress;
	vfree(address: VirtualAddress): void;
	vmap(pfns: readonly Pfn[], caller?: string): VirtualAddress;
	vunmap(address: VirtualAddress): void;
	ioremap(physical: number, bytes: number, caller?: string): VirtualAddress;
	iounmap(address: VirtualAddress): void;
	/** vm_map_ram: a short-lived mapping without a guard page, or 0. */
	vmMapRam(pfns: readonly Pfn[]): VirtualAddress;
	/** @param count Pages that were mapped there. */
	vmUnmapRam(address: VirtualAddress, count: number): void;
	vmUnmapAliases(): void;
	/** vmalloc_to_pfn: NO_PAGE where nothing is mapped. */
	/** @param isQuiet While only looking nothing is printed. */
	vmallocToPfn(address: VirtualAddress, isQuiet?: boolean): Pfn | typeof NO_PAGE;
	isVmallocAddress(address: VirtualAddress): boolean;

	// mm/slub.c
	kmalloc(bytes: number, gfp: number): VirtualAddress;
	kzalloc(bytes: number, gfp: number): VirtualAddress;
	kfree(address: VirtualAddress): void;
	ksize(address: VirtualAddress): number;
	/** Caches that modules make for themselves: kmem_cache_create. */
	readonly kmemCaches: KmemCaches;

	// Conversions (asm/memory.h, asm/page.h): pure arithmetic, right or wrong, as in the kernel.
	/** @param isQuiet While only looking nothing is printed. */
	virtToPhys(address: VirtualAddress, isQuiet?: boolean): number;
	physToVirt(physical: number): VirtualAddress;
	virtAddrValid(address: VirtualAddress): boolean;
	structPage(pfn: Pfn): VirtualAddress;
	pfnOfStruct(page: VirtualAddress): Pfn;
	/** virt_to_page as a pfn. */
	virtToPfn(address: VirtualAddress): Pfn;

	// Memory of the current process
	/** mmap of private anonymous memory: addresses that get pages when they are touched. @returns 0 on failure. */
	mmap(bytes: number): VirtualAddress;
	munmap(address: VirtualAddress, bytes: number): void;
	/** Touch an address of the current process, as copy_to_user does. @returns its page, or NO_PAGE where nothing may be. */
	touchUser(address: VirtualAddress, isWrite: boolean): Pfn | typeof NO_PAGE;
	/** The memory part of fork: `child` shares all pages with the current process until one of them writes. */
	forkMemory(child: Task): boolean;
	/** The memory part of exit: what a process has goes back. */
	exitMemory(task: Task): void;
	/** do_exit of a task that was killed. @returns false when it faults once more and sleeps for ever. */
	die(task: Task): boolean;

	// Access through the kernel's mappings. An unmapped address is an oops (KernelFault).
	/** @param bytes 1, 2, 4 or 8; little endian. */
	read(address: VirtualAddress, bytes: number): bigint;
	write(address: VirtualAddress, bytes: number, value: bigint): void;
	/** Write first values, as a loader does before it protects a module; where nothing is mapped it does nothing. */
	place(address: VirtualAddress, bytes: number, value: bigint): void;
	/** Fetch an instruction: what is not mapped faults. */
	fetch(address: VirtualAddress): void;

	// kernel/module.c
	/**
	 * Memory for a module, as insmod takes it: the process's own pages, then core and init parts.
	 * @returns address of the core part, or 0.
	 */
	loadModule(name: string, coreBytes: number, initBytes: number): VirtualAddress;
	/** Code and constants of a module may be written no longer (STRICT_MODULE_RWX); sizes from the core part on. */
	protectModule(name: string, textBytes: number, constantBytes: number): void;
	/** do_init_module is over: the init part and the insmod process's pages go back. */
	finishModuleInit(name: string): void;
	unloadModule(name: string): void;

	// Contexts: preemption, interrupts, spinlocks, sleeping.
	readonly contexts: Contexts;
	preemptDisable(): void;
	preemptEnable(): void;
	pagefaultDisable(): void;
	pagefaultEnable(): void;

	/** printk with the text already formatted. */
	printk(text: string, level?: number): void;
}
