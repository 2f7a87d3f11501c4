import type { Layout } from '../../../../source/layout/layout.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Machine } from '../../../../source/machine/machine.ts';
import { PlainBug } from './plain-bug.ts';
import type { PlainCpus } from './plain-cpus.ts';
import type { PlainMmu } from './plain-mmu.ts';
import type { PlainPkmap } from './plain-pkmap.ts';

const PAGE = 4096;

export type Generation = 'typed' | 'stack' | 'local';

/** Slots that a task has pushed on a CPU, and the page in each. */
interface Stack {
	depth: number;
	readonly pages: Map<number, number>;
}

/** kmap_atomic, kmap_local and the fixmap under them (arch highmem.c to 5.10, mm/highmem.c from 5.11). */
export class PlainWindows {
	readonly generation: Generation;
	readonly isDebug: boolean;
	readonly step: number;
	readonly #isArm: boolean;
	readonly #usesPkmap: boolean;
	/** By CPU, or from 5.11 on by CPU and task. */
	readonly #stacks = new Map<string, Stack>();
	/** Told of the sleepers that an unmap woke. */
	whenWoken: (pids: readonly number[]) => void = () => {};

	constructor(
		machine: Machine,
		readonly layout: Layout,
		readonly cpus: PlainCpus,
		readonly mmu: PlainMmu,
		readonly pkmap: PlainPkmap | null,
	) {
		const since = (text: string) => atLeast(machine.kernel, text);
		this.generation = since('5.11') ? 'local' : since('2.6.37') ? 'stack' : 'typed';
		this.isDebug = machine.debug.highmem;
		this.step = this.generation === 'local' && this.isDebug ? 2 : 1;
		this.#isArm = machine.arch === 'arm';
		this.#usesPkmap =
			machine.arch === 'arm' &&
			!machine.errata798181 &&
			!(machine.nrCpus > 1 && machine.armVersion === 6) &&
			(!this.isDebug || machine.vivt);
	}

	get depth(): number {
		return this.#stack().depth;
	}

	/** fix_to_virt. */
	address(index: number): number {
		const { isDescending, top, start } = this.layout.fixmap;
		return isDescending ? top - index * PAGE : start + index * PAGE;
	}

	set(index: number, pfn: number): void {
		this.mmu.setKernel(this.address(index), pfn);
		this.mmu.flushLocalPage(this.cpus.id, this.address(index));
	}

	/** kmap_atomic of a highmem page without the switching off. */
	map(pfn: number, type: number): number {
		const slot = this.#usesPkmap ? (this.pkmap?.slotOf.get(pfn) ?? -1) : -1;
		if (slot >= 0 && this.pkmap) {
			this.pkmap.counts[slot] = this.pkmap.count(slot) + 1;
			return this.pkmap.address(slot);
		}
		const depth = this.generation === 'typed' ? type : this.push();
		const address = this.address(this.index(depth));
		const mustBeEmpty = !this.#isArm || this.isDebug || this.generation === 'local';
		if (mustBeEmpty && this.mmu.kernel.has(address)) throw new PlainBug('the slot is mapped already');
		this.mmu.setKernel(address, pfn);
		this.#stack().pages.set(depth, pfn);
		if (this.#isArm) this.mmu.flushLocalPage(this.cpus.id, address);
		return address;
	}

	/** kunmap_atomic without the switching on. */
	unmap(address: number, type: number): void {
		if (this.#isSlot(address)) {
			this.#release(address, type);
			return;
		}
		if (this.#isArm && this.pkmap?.contains(address)) {
			const pfn = this.mmu.kernel.get(address);
			if (pfn !== undefined) this.whenWoken(this.pkmap.kunmap(pfn));
			return;
		}
		this.#checkLowmem(address);
	}

	/** kmap_atomic_idx_push. The index has risen even where the kernel says BUG. */
	push(): number {
		const stack = this.#stack();
		const { kmapPerCpu } = this.layout.fixmap;
		const before = stack.depth;
		stack.depth += this.step;
		const isFull = this.generation === 'local' ? stack.depth >= kmapPerCpu : this.isDebug && before >= kmapPerCpu;
		if (isFull) throw new PlainBug('the stack of slots is full');
		return stack.depth - 1;
	}

	pop(): void {
		const stack = this.#stack();
		stack.pages.delete(stack.depth - 1);
		stack.depth -= this.step;
		if (stack.depth < 0 && (this.isDebug || this.generation === 'local'))
			throw new PlainBug('the stack of slots is empty');
	}

	/** From 5.11 on the mappings of the old task leave the fixmap, and those of the new one come back. */
	switchTask(from: number, to: number): void {
		if (this.generation !== 'local' || from === to) return;
		for (const depth of this.#stack(from).pages.keys()) this.set(this.index(depth), -1);
		for (const [depth, pfn] of this.#stack(to).pages) {
			this.mmu.setKernel(this.address(this.index(depth)), pfn);
			if (this.#isArm) this.mmu.flushLocalPage(this.cpus.id, this.address(this.index(depth)));
		}
	}

	index(depth: number): number {
		const { kmapBegin, kmapPerCpu } = this.layout.fixmap;
		return kmapBegin + depth + kmapPerCpu * this.cpus.id;
	}

	#release(address: number, type: number): void {
		const depth = this.generation === 'typed' ? type : this.depth - 1;
		const expected = this.address(this.index(depth));
		if (address !== expected) {
			if (this.generation === 'typed' && !this.#isArm) {
				this.#checkLowmem(address);
				return;
			}
			if (this.#isArm && this.isDebug && this.generation !== 'local')
				throw new PlainBug('unmapped in another order than mapped');
		}
		if (!this.#isArm || this.isDebug || this.generation === 'local') {
			this.mmu.setKernel(expected, -1);
			this.mmu.flushLocalPage(this.cpus.id, address);
		}
		if (this.generation !== 'typed') this.pop();
	}

	/** x86 with DEBUG_HIGHMEM to 5.10 looks whether what is no slot is lowmem. */
	#checkLowmem(address: number): void {
		const { pageOffset, highMemory } = this.layout;
		if (this.#isArm || !this.isDebug || this.generation === 'local') return;
		if (address < pageOffset || address >= highMemory) throw new PlainBug('neither a slot nor lowmem');
	}

	#isSlot(address: number): boolean {
		const { kmapBegin, kmapPerCpu, start, isDescending, top } = this.layout.fixmap;
		if (kmapBegin < 0) return false;
		if (this.#isArm && this.generation !== 'local') return address >= start;
		const index = (isDescending ? top - address : address - start) / PAGE;
		return index >= kmapBegin && index < kmapBegin + kmapPerCpu * this.cpus.mostCpus;
	}

	#stack(pid = this.cpus.here.pid): Stack {
		const key = this.generation === 'local' ? `${this.cpus.id} ${pid}` : `${this.cpus.id}`;
		let stack = this.#stacks.get(key);
		if (!stack) {
			stack = { depth: 0, pages: new Map() };
			this.#stacks.set(key, stack);
		}
		return stack;
	}
}
