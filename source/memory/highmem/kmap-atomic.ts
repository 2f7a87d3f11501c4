import { hex } from '../../machine/address.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import type { Preemption } from '../contexts/preemption.ts';
import { eventCode } from '../event-log.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { Fixmap } from './fixmap.ts';
import { KmapStacks, POPPED, PUSHED } from './kmap-stacks.ts';
import { type AtomicRules, hasKmapHighGet } from './mapping-rules.ts';
import type { Pkmap } from './pkmap.ts';

const KMAP_ATOMIC = eventCode('kmap_atomic');
const KUNMAP_ATOMIC = eventCode('kunmap_atomic');

/** What kmap_atomic works with. */
export interface AtomicParts {
	readonly context: KernelContext;
	readonly fixmap: Fixmap;
	/** null without CONFIG_HIGHMEM. */
	readonly pkmap: Pkmap | null;
	readonly words: KernelWords;
	readonly preemption: Preemption;
	readonly rules: AtomicRules;
}

/**
 * Temporary mappings of highmem pages: kmap_atomic in its three generations (arch/arm/mm/highmem.c,
 * arch/x86/mm/highmem_32.c, from 5.11 mm/highmem.c). Lowmem pages never come here.
 */
export class KmapAtomic {
	readonly stacks: KmapStacks;
	readonly #parts: AtomicParts;
	readonly #isDebug: boolean;
	/** Pages that already sit in pkmap are used there (kmap_high_get). */
	readonly #usesPkmap: boolean;
	readonly #increment: number;
	#hasWarned = false;

	constructor(parts: AtomicParts) {
		const { context, rules } = parts;
		const { machine } = context;
		this.#parts = parts;
		this.#isDebug = machine.debug.highmem;
		this.#increment = this.#isDebug ? rules.debugIncrement : 1;
		const isVivt = machine.arch === 'arm' && machine.vivt;
		// With DEBUG_HIGHMEM ARM forces a slot of its own, unless the cache is virtually tagged and must not see two addresses.
		this.#usesPkmap = hasKmapHighGet(machine) && (!this.#isDebug || isVivt);
		this.stacks = new KmapStacks(context, parts.fixmap, rules.generation === 'local', parts.words);
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#hasWarned, hasWarned => {
			this.#hasWarned = hasWarned;
		});
	}

	/** kmap_atomic of a highmem page. @param type slot number, in the typed generation only. */
	map(pfn: number, type: number): number {
		this.#parts.preemption.enterAtomic();
		return this.#mapSlot(pfn, type);
	}

	/** kmap_atomic of a lowmem page takes no slot, but the task is atomic all the same. */
	mapLowmem(): void {
		this.#parts.preemption.enterAtomic();
	}

	/** kmap_local_page: as kmap_atomic, but the task stays preemptible. */
	mapLocal(pfn: number): number {
		return this.#mapSlot(pfn, 0);
	}

	unmap(address: number, type: number): void {
		this.#unmapSlot(address, type);
		this.#parts.preemption.leaveAtomic();
	}

	unmapLocal(address: number): void {
		this.#unmapSlot(address, 0);
	}

	/** kmap_atomic_idx_push. @returns the slot's depth. */
	push(): number {
		const { rules, words, fixmap, preemption, context } = this.#parts;
		const depth = this.stacks.depth;
		const top = depth + this.#increment;
		const { kmapPerCpu } = fixmap.layout;
		// The count rises before anybody looks at it: on a CPU's stack it stays so when the task is killed.
		this.stacks.depth = top;
		this.stacks.setPage(top - 1, PUSHED);
		if (rules.limit === 'always' && top >= kmapPerCpu) {
			// __kmap_local_pfn_prot has preemption off meanwhile, and the task dies with that.
			preemption.disable();
			words.bug(
				rules.fullAt,
				phrase('kmap_local nests {kmapPerCpu} deep at most: somebody does not unmap', { kmapPerCpu: kmapPerCpu - 1 }),
				'__kmap_local_pfn_prot',
			);
		}
		if (rules.limit === 'debug' && this.#isDebug && depth >= kmapPerCpu) {
			words.bug(
				rules.fullAt,
				phrase('kmap_atomic has {kmapPerCpu} slots on a CPU: somebody does not unmap', { kmapPerCpu }),
				context.machine.arch === 'arm' ? 'kmap_atomic' : 'kmap_atomic_prot',
			);
		}
		const slot = top - 1;
		fixmap.setTaken(this.stacks.index(slot), true);
		return slot;
	}

	/** kmap_atomic_idx: depth of the slot on top, -1 when the stack is empty. */
	top(): number {
		return this.stacks.depth - 1;
	}

	/** kmap_atomic_idx_pop. Without DEBUG_HIGHMEM nobody notices that it falls below 0 (to 5.10). */
	pop(): void {
		const { rules, words, fixmap } = this.#parts;
		const depth = this.stacks.depth - this.#increment;
		const slot = this.stacks.depth - 1;
		const index = this.stacks.index(slot);
		this.stacks.depth = depth;
		if (depth < 0 && (this.#isDebug || rules.generation === 'local')) {
			words.bug(
				rules.emptyAt,
				'kunmap_atomic once more than kmap_atomic: the stack of slots is empty',
				this.#unmapName,
			);
		}
		this.stacks.setPage(slot, POPPED);
		fixmap.setTaken(index, false);
	}

	#mapSlot(pfn: number, type: number): number {
		const { context, fixmap, pkmap, words, rules } = this.#parts;
		const pinned = this.#usesPkmap && pkmap ? pkmap.kmapHighGet(pfn) : 0;
		if (pinned !== 0) return pinned;
		const isTyped = rules.generation === 'typed';
		const depth = isTyped ? type : this.push();
		const index = this.stacks.index(depth);
		const address = fixmap.address(index);
		const mustBeEmpty = rules.refusesPresent === 'always' || this.#isDebug;
		if (mustBeEmpty && fixmap.pfn(index) >= 0) {
			words.bug(
				rules.presentAt,
				phrase('fixmap slot {index} at {address} is still mapped: somebody else uses it', {
					index,
					address: hex(address),
				}),
				rules.generation === 'local' ? '__kmap_local_pfn_prot' : 'kmap_atomic_prot',
			);
		}
		fixmap.map(index, pfn);
		if (isTyped) fixmap.setTaken(index, true);
		this.stacks.setPage(depth, pfn);
		// x86 flushes when it unmaps, ARM when it maps.
		if (context.machine.arch === 'arm') fixmap.table.flushLocalPage(address);
		context.events.record(KMAP_ATOMIC, index, pfn, address, depth);
		return address;
	}

	#unmapSlot(address: number, type: number): void {
		const { fixmap, pkmap, rules } = this.#parts;
		const page = address - (address % 4096);
		if (this.#isSlotAddress(page)) this.#releaseSlot(page, rules.generation === 'typed' ? type : this.top());
		else if (pkmap?.contains(page) && this.#releasesPkmap) {
			const pfn = fixmap.table.pfn(page);
			pkmap.beforeLock();
			if (pfn >= 0) pkmap.kunmap(pfn);
		} else this.#checkLowmem(page);
	}

	#releaseSlot(page: number, depth: number): void {
		const { context, fixmap, rules } = this.#parts;
		const index = this.stacks.index(depth);
		const expected = fixmap.address(index);
		if (page !== expected) {
			// The typed x86 kernels only clear the slot of the type they are given, and only by its own address.
			if (rules.generation === 'typed' && context.machine.arch === 'x86') {
				this.#checkLowmem(page);
				return;
			}
			this.#complainOrder(page, expected);
		}
		if (rules.clearsOnUnmap === 'always' || this.#isDebug) {
			// ARM's generic code finds the entry by the address (KMAP_LOCAL_NON_LINEAR_PTE_ARRAY).
			const isByAddress = rules.generation === 'local' && context.machine.arch === 'arm';
			fixmap.unmap(isByAddress ? fixmap.index(page) : index);
			fixmap.table.flushLocalPage(page);
		}
		context.events.record(KUNMAP_ATOMIC, index, page, depth);
		if (rules.generation === 'typed') fixmap.setTaken(index, false);
		else this.pop();
	}

	/** The kernel's function that finds a wrong unmap. */
	get #unmapName(): string {
		return this.#parts.rules.generation === 'local' ? 'kunmap_local_indexed' : '__kunmap_atomic';
	}

	#complainOrder(page: number, expected: number): void {
		const { words, rules } = this.#parts;
		const reason = phrase('kunmap_atomic({page}) while {expected} is on top: unmap in reverse order', {
			page: hex(page),
			expected: hex(expected),
		});
		if (rules.wrongOrder === 'bug in debug' && this.#isDebug) words.bug(rules.wrongOrderAt, reason, this.#unmapName);
		if (rules.wrongOrder === 'bug in debug' || (rules.wrongOrder === 'warn in debug' && !this.#isDebug)) return;
		if (this.#hasWarned) return;
		this.#hasWarned = true;
		words.warn(rules.wrongOrderAt);
	}

	/** ARM to 5.10 takes everything above FIXADDR_START for a slot; the others look at the kmap slots alone. */
	#isSlotAddress(page: number): boolean {
		const { fixmap, context, rules } = this.#parts;
		const { kmapBegin, kmapPerCpu } = fixmap.layout;
		if (kmapBegin < 0) return false;
		if (context.machine.arch === 'arm' && rules.generation !== 'local') return page >= fixmap.layout.start;
		const index = fixmap.index(page);
		return index >= kmapBegin && index < kmapBegin + kmapPerCpu * context.machine.nrCpus;
	}

	/** ARM hands pkmap addresses out and so takes them back; on x86 they are not special. */
	get #releasesPkmap(): boolean {
		const { context, rules } = this.#parts;
		const { machine } = context;
		return machine.arch === 'arm' && (rules.generation !== 'local' || hasKmapHighGet(machine));
	}

	/** x86 with DEBUG_HIGHMEM: BUG_ON(vaddr < PAGE_OFFSET), BUG_ON(vaddr >= high_memory). */
	#checkLowmem(page: number): void {
		const { context, words, rules } = this.#parts;
		const { pageOffset, highMemory } = context.layout;
		if (rules.generation === 'local' && page < pageOffset) words.warnOnce(rules.belowKernelAt);
		if (context.machine.arch !== 'x86' || !this.#isDebug || rules.generation === 'local') return;
		if (page >= pageOffset && page < highMemory) return;
		words.bug(
			'arch/x86/mm/highmem_32.c:98',
			phrase('kunmap_atomic({page}): neither a kmap_atomic slot nor a lowmem address', { page: hex(page) }),
			'__kunmap_atomic',
		);
	}
}
