import { PAGE_SIZE, type Pfn } from '../../../machine/address.ts';
import type { KernelContext } from '../../context.ts';
import type { KernelWords } from '../../kernel-words.ts';
import type { PageAllocator } from '../../pages/page-allocator.ts';
import type { FreePointers } from '../free-pointers.ts';
import { listAddress } from '../free-pointers.ts';
import type { Slab } from '../slab.ts';
import { MIN_PARTIAL, SlabCache } from '../slab-cache.ts';
import type { SlabDebugFlags } from './debug-flags.ts';
import { type SlabDebugRules, slabDebugRules } from './debug-rules.ts';
import { ObjectChecks } from './object-checks.ts';
import { type ObjectFrame, type ObjectShape, objectFrame } from './object-frame.ts';

const END = -1;
/** The function of 6.12 that looks at an object before it frees it. */
const FREEING = 'free_to_partial_list+0x488/0x574';

/** What a cache is made from. */
interface WatchedParts {
	readonly context: KernelContext;
	readonly pages: PageAllocator;
	readonly words: KernelWords;
	readonly owners: Map<number, SlabCache>;
	readonly links: FreePointers;
}

/**
 * A cache whose objects slub_debug watches. No CPU has a slab of its own: each object comes from the node's list, and each
 * goes back there, looked at on the way (mm/slub.c: alloc_debug_processing, free_debug_processing).
 */
export class WatchedCache extends SlabCache {
	override readonly isPoisoned: boolean;
	readonly checks: ObjectChecks;
	readonly rules: SlabDebugRules;
	/** Slabs that failed a check, which nobody may use any more. */
	readonly disabled = new Set<Slab>();
	readonly #frame: ObjectFrame;

	constructor(
		name: string,
		shape: ObjectShape,
		gfp: number,
		flags: SlabDebugFlags,
		{ context, pages, words, owners, links }: WatchedParts,
	) {
		const frame = objectFrame(context.machine, flags, shape, links.placeIn(shape.bytes));
		super(name, shape.bytes, gfp, context, pages, owners, links, frame);
		this.#frame = frame;
		this.isPoisoned = flags.isPoisoned;
		this.rules = slabDebugRules(context.machine);
		const cache = { name, isFilled: !shape.hasConstructor };
		this.checks = new ObjectChecks(context, words, links, cache, flags, this.rules, frame);
	}

	override alloc(gfp: number, bytes = this.objectBytes): number {
		for (const slab of [...this.partial]) {
			const object = this.#takeFrom(slab, bytes);
			if (object !== 0) return object;
		}
		const slab = this.newSlab(gfp);
		if (!slab) return 0;
		this.partial.unshift(slab);
		slab.place = 'node-partial';
		return this.#takeFrom(slab, bytes);
	}

	/** What was not asked for is a red zone from 6.2 on. */
	override zeroedBytes(bytes: number): number {
		return this.rules.zonesRest && this.#frame.askedSize !== undefined ? bytes : this.objectBytes;
	}

	override free(slab: Slab, offset: number): void {
		const object = slab.address + offset;
		if (this.rules.endsLinkFirst) this.link(slab, offset, END);
		const verdict = this.checks.flags.isChecked ? this.#look(slab, object) : 'sound';
		if (verdict === 'refused') return;
		if (verdict === 'sound') {
			this.checks.track(object, 'freed');
			this.checks.markObject(object, 'inactive');
		}
		slab.setLive(offset, false);
		const wasFull = slab.ownFree === END;
		this.link(slab, offset, slab.ownFree);
		slab.ownFree = offset;
		slab.inUse--;
		if (slab.inUse === 0 && this.partial.length >= MIN_PARTIAL) this.discard(slab);
		else if (wasFull) this.addPartial(slab);
	}

	/** Nothing of an object is told by the list that it would go to. */
	override freeListHead(): number {
		return END;
	}

	protected override afterAdoption(slab: Slab, used: number): void {
		for (let index = 0; index < used; index++) {
			this.checks.markObject(slab.address + index * slab.objectBytes, 'active');
		}
		if (slab.ownFree !== END) this.addPartial(slab);
	}

	protected override enlist(pfn: Pfn, order: number, objects: number): Slab {
		const slab = super.enlist(pfn, order, objects);
		this.checks.fillPages(slab, PAGE_SIZE << order);
		for (let index = 0; index < objects; index++) {
			const offset = index * slab.objectBytes;
			this.link(slab, offset, index + 1 < objects ? offset + slab.objectBytes : END);
		}
		return slab;
	}

	/** @returns an object of a slab on the node's list; 0 when the first one did not pass, and the slab is lost then. */
	#takeFrom(slab: Slab, bytes: number): number {
		const { checks, rules } = this;
		const offset = slab.ownFree;
		if (offset === END) this.#fault();
		const object = slab.address + offset;
		const rest = this.next(slab, offset);
		// Kernels up to 6.0 take the whole list first, and give back what they do not need.
		slab.ownFree = rules.takesOne ? rest : END;
		slab.inUse = rules.takesOne ? slab.inUse + 1 : slab.objects;
		if (checks.flags.isChecked && !this.#mayTake(slab, object)) {
			checks.report.fix('Marking all objects used');
			slab.inUse = slab.objects;
			slab.ownFree = END;
			this.disabled.add(slab);
			this.#dropFromList(slab);
			return 0;
		}
		checks.track(object, 'allocated');
		checks.markObject(object, 'active', bytes);
		slab.setLive(offset, true);
		if (!rules.takesOne) this.#giveBack(slab, rest);
		if (slab.inUse === slab.objects) this.#dropFromList(slab);
		return object;
	}

	#mayTake(slab: Slab, object: number): boolean {
		const { checks } = this;
		if (checks.isObject(slab, object)) return checks.isSound(slab, object, 'inactive', false);
		checks.report.object(
			checks.reported(slab, object, false),
			'Freelist Pointer check fails',
			'alloc_debug_processing',
		);
		return false;
	}

	/** deactivate_slab: what is left of the list, which older kernels put back one by one. */
	#giveBack(slab: Slab, rest: number): void {
		let count = 0;
		let turned = END;
		for (let offset = rest; offset !== END && count < slab.objects; count++) {
			const next = this.next(slab, offset);
			if (this.rules.turnsList) this.link(slab, offset, turned);
			turned = offset;
			offset = next;
		}
		slab.ownFree = this.rules.turnsList ? turned : rest;
		slab.inUse = slab.objects - count;
	}

	/** free_consistency_checks, and what becomes of an object that does not pass. */
	#look(slab: Slab, object: number): 'sound' | 'broken' | 'refused' {
		const { checks, rules } = this;
		const { report } = checks;
		const free = slab.ownFree === END ? 0 : slab.address + slab.ownFree;
		if (rules.warns && this.disabled.has(slab)) {
			report.slab(slab, free, 'Slab disabled since SLUB metadata consistency check failed', true);
		} else if (rules.takesOne && slab.inUse === 0) {
			report.slab(slab, free, 'Slab has 0 allocated objects but 1 are to be freed', true);
		} else if (!checks.isObject(slab, object)) {
			report.slab(slab, free, `Invalid object pointer ${report.pointer(object)}`, true);
		} else if (this.#isListed(slab, object)) {
			report.object(checks.reported(slab, object, true), 'Object already free', FREEING);
		} else if (checks.isSound(slab, object, 'active', true)) return 'sound';
		else if (!rules.keepsBroken) return 'broken';
		report.fix(`Object at ${report.pointer(object)} not freed`);
		return 'refused';
	}

	/** on_freelist */
	#isListed(slab: Slab, object: number): boolean {
		const { checks } = this;
		let before = 0;
		let at = listAddress(slab.ownFree, slab.address);
		for (let count = 0; at !== 0 && count <= slab.objects; count++) {
			if (at === object) return true;
			if (!checks.isObject(slab, at)) {
				if (before !== 0) {
					checks.report.object(checks.reported(slab, before, true), 'Freechain corrupt', FREEING);
					this.link(slab, before - slab.address, END);
				}
				return false;
			}
			before = at;
			at = checks.nextOf(at);
		}
		return false;
	}

	#dropFromList(slab: Slab): void {
		const at = this.partial.indexOf(slab);
		if (at >= 0) this.partial.splice(at, 1);
		slab.place = 'full';
	}

	/** A slab on the list without a free object: the kernel follows the link of NULL. */
	#fault(): never {
		const { cpu, machine } = this.context;
		cpu.irqsDisabled = true;
		if (machine.debug.preemptCount) this.context.changePreemptCount(2);
		const access = { address: this.#frame.link, isWrite: false, hasTable: false, isFixmap: false };
		return this.checks.words.pageFault(
			access,
			'kmalloc found a list of free objects that ends too early: one of them was freed twice',
			'___slab_alloc',
		);
	}
}
