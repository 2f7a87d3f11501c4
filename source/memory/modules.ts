import { alignUp, PAGE_SIZE, type Pfn, type VirtualAddress, virtual } from '../machine/address.ts';
import { isStrictKernel } from '../machine/strict-kernel.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';
import { eventCode } from './event-log.ts';
import type { Pkmap } from './highmem/pkmap.ts';
import type { MemorySource } from './memory-source.ts';
import { gfpConstants } from './pages/gfp.ts';
import { PageKind } from './paging/entry-bits.ts';
import type { KernelPageTable } from './paging/kernel-page-table.ts';
import type { VmallocAllocator } from './vmalloc/vmalloc.ts';

const MODULE_LOAD = eventCode('module_load');
const MODULE_UNLOAD = eventCode('module_unload');

/**
 * Pages of its own that the insmod process touches before it enters the kernel: text, data, heap and stack of a small
 * static program, and the module's file.
 */
export const INSMOD_PAGES = 24;

/** Text, read-only data and data of a module lie in pages of their own from 4.11 (STRICT_MODULE_RWX). */
const STRICT_CORE_PARTS = 3;
const STRICT_INIT_PARTS = 2;

interface Module {
	readonly core: VirtualAddress;
	init: VirtualAddress;
	processPages: Pfn[];
}

/**
 * What loading a module does to memory (kernel/module.c: load_module, do_init_module). The small objects of a module
 * (its sections, parameters, sysfs entries) are not modelled; a boot state gives the slabs as they are with them.
 */
export class ModuleLoader {
	readonly #modules = new Map<string, Module>();
	readonly #isStrict: boolean;
	readonly #userGfp: number;

	constructor(
		readonly context: KernelContext,
		readonly vmalloc: VmallocAllocator,
		readonly memory: MemorySource,
		readonly pkmap: Pkmap | null,
		readonly table: KernelPageTable,
	) {
		const { kernel } = context.machine;
		this.#isStrict = isStrictKernel(context.machine);
		this.#userGfp = gfpConstants(kernel).get('GFP_HIGHUSER_MOVABLE') ?? 0;
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#modules);
	}

	has(name: string): boolean {
		return this.#modules.has(name);
	}

	/** @returns the address of the core part, or 0 when there is no room or the module is loaded already. */
	load(name: string, coreBytes: number, initBytes: number): VirtualAddress {
		if (this.#modules.has(name)) return virtual(0);
		const { context, memory, vmalloc } = this;
		const processPages: Pfn[] = [];
		for (let page = 0; page < INSMOD_PAGES; page++) {
			const pfn = memory.allocPages(this.#userGfp, 0);
			if (pfn >= 0) processPages.push(pfn as Pfn);
		}
		if (vmalloc.rules.moduleLoadPurges) {
			// set_memory_* on the new module's pages: arch/x86/mm/pageattr.c: change_page_attr_set_clr.
			this.pkmap?.flushAllZero();
			vmalloc.space.purge();
		}
		const core = this.#allocate(this.#size(coreBytes, STRICT_CORE_PARTS));
		const init = core === 0 ? virtual(0) : this.#allocate(this.#size(initBytes, STRICT_INIT_PARTS));
		if (core === 0 || init === 0) {
			if (core !== 0) vmalloc.vfree(core);
			this.#exit(processPages);
			return virtual(0);
		}
		this.#modules.set(name, { core, init, processPages });
		context.events.record(MODULE_LOAD, context.events.textId(name), core, coreBytes);
		return core;
	}

	/** module_enable_ro: the code, and the constants in the pages behind it, where modules are laid out for that. */
	protect(name: string, textBytes: number, constantBytes: number): void {
		const module = this.#modules.get(name);
		if (!module || !this.#isStrict) return;
		const { table } = this;
		const constants = module.core + alignUp(textBytes, PAGE_SIZE);
		const end = constants + alignUp(constantBytes, PAGE_SIZE);
		for (let page: number = module.core; page < end; page += PAGE_SIZE) {
			const pfn = table.pfn(page);
			if (pfn >= 0) table.set(page, pfn, page < constants ? PageKind.readOnlyCode : PageKind.readOnly);
		}
	}

	/** The init function has returned: its part and the insmod process are gone. */
	finishInit(name: string): void {
		const module = this.#modules.get(name);
		if (!module) return;
		if (module.init !== 0) this.vmalloc.vfree(module.init);
		module.init = virtual(0);
		this.#exit(module.processPages);
		module.processPages = [];
	}

	unload(name: string): void {
		const module = this.#modules.get(name);
		if (!module) return;
		this.finishInit(name);
		this.vmalloc.vfree(module.core);
		this.#modules.delete(name);
		this.context.events.record(MODULE_UNLOAD, this.context.events.textId(name), module.core);
	}

	#allocate(bytes: number): VirtualAddress {
		const { modulesStart, modulesEnd } = this.context.layout;
		return this.vmalloc.allocate(bytes, modulesStart, modulesEnd, 'module', 'load_module', PageKind.code);
	}

	#size(bytes: number, strictParts: number): number {
		const whole = alignUp(Math.max(bytes, 1), PAGE_SIZE);
		return this.#isStrict ? whole + (strictParts - 1) * PAGE_SIZE : whole;
	}

	#exit(pages: readonly Pfn[]): void {
		for (const page of pages) this.memory.freePages(page, 0);
	}
}
