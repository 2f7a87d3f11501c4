import type { FixmapLayout } from '../../layout/layout.ts';
import { hex, PAGE_SIZE, type VirtualAddress, virtual } from '../../machine/address.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import { eventCode } from '../event-log.ts';
import type { KernelWords } from '../kernel-words.ts';
import type { FixmapSlot, FixmapSlotState, FixmapView } from '../memory-view.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { KernelPageTable } from '../paging/kernel-page-table.ts';
import type { MappingRules } from './mapping-rules.ts';

const FIXMAP_SET = eventCode('fixmap_set');
const FIXMAP_CLEAR = eventCode('fixmap_clear');

/**
 * The fixed virtual addresses (asm/fixmap.h): compile-time slots, some of which kmap_atomic hands out by CPU and depth.
 * Nothing is allocated here; a slot is an index and its page table entry.
 */
export class Fixmap implements FixmapView {
	readonly firstIndex = 0;
	readonly slots: number;
	readonly #changedAt: Int32Array;
	/** Slots that a kmap_atomic stack has handed out. */
	readonly #taken: Uint8Array;
	readonly #names: readonly string[];
	/** First index behind the kmap slots of all CPUs. */
	readonly #kmapEnd: number;

	constructor(
		readonly context: KernelContext,
		readonly layout: FixmapLayout,
		readonly table: KernelPageTable,
		readonly words: KernelWords,
		readonly rules: MappingRules,
	) {
		this.slots = layout.endOfFixed;
		this.#changedAt = new Int32Array(layout.endOfFixed).fill(-1);
		this.#taken = new Uint8Array(layout.endOfFixed);
		this.#kmapEnd = layout.kmapBegin < 0 ? -1 : layout.kmapBegin + layout.kmapPerCpu * context.machine.nrCpus;
		const names: string[] = new Array(layout.endOfFixed).fill('');
		for (const { name, index, pages } of layout.names) names.fill(name, index, index + pages);
		if (layout.kmapBegin >= 0) names.fill('FIX_KMAP', layout.kmapBegin, this.#kmapEnd);
		this.#names = names;
	}

	keep(recorder: Recorder): void {
		recorder.walk(this.#changedAt);
		recorder.walk(this.#taken);
	}

	/** __fix_to_virt: plain arithmetic, also for an index that does not exist. */
	address(index: number): VirtualAddress {
		const { isDescending, top, start } = this.layout;
		return virtual(isDescending ? top - index * PAGE_SIZE : start + index * PAGE_SIZE);
	}

	/** __virt_to_fix. */
	index(address: number): number {
		const { isDescending, top, start } = this.layout;
		const page = address - (address % PAGE_SIZE);
		return (isDescending ? top - page : page - start) / PAGE_SIZE;
	}

	/** virt_to_fix: BUG outside [FIXADDR_START, FIXADDR_TOP); on ARM from 3.19 that refuses index 0's own page. */
	virtToFix(address: number): number {
		const { start, top } = this.layout;
		if (address >= top || address < start) {
			this.words.bug(
				this.rules.virtToFixAt,
				phrase('virt_to_fix({address}): outside {start} to {top}', {
					address: hex(address),
					start: hex(start),
					top: hex(top),
				}),
			);
		}
		return this.index(address);
	}

	/** Whether an address lies in the fixmap, boot-time maps included. */
	contains(address: number): boolean {
		const index = this.index(address);
		return index >= 0 && index < this.slots && this.context.layout.fixmap.end > address;
	}

	/** __set_fixmap. The TLB is flushed on this CPU only. */
	set(index: number, physical: number): void {
		this.#check('set_fixmap', index);
		this.map(index, Math.floor(physical / PAGE_SIZE));
		this.flush(index);
		this.context.events.record(FIXMAP_SET, index, Math.floor(physical / PAGE_SIZE));
	}

	/** clear_fixmap. */
	clear(index: number): void {
		this.#check('clear_fixmap', index);
		this.unmap(index);
		this.flush(index);
		this.context.events.record(FIXMAP_CLEAR, index);
	}

	/** Write the entry of a slot, without any check or flush. */
	map(index: number, pfn: number): void {
		this.table.set(this.address(index), pfn, PageKind.memory);
		this.#touch(index);
	}

	unmap(index: number): void {
		this.table.clear(this.address(index));
		this.#touch(index);
	}

	/** Flush this CPU's TLB for a slot. */
	flush(index: number): void {
		this.table.flushLocalPage(this.address(index));
	}

	/** Page in a slot, or -1. */
	pfn(index: number): number {
		return this.table.pfn(this.address(index));
	}

	/** Note that kmap_atomic handed a slot out, or took it back. */
	setTaken(index: number, isTaken: boolean): void {
		this.#taken[index] = isTaken ? 1 : 0;
		this.#touch(index);
	}

	isTaken(index: number): boolean {
		return this.#taken[index] === 1;
	}

	slot(index: number): FixmapSlot {
		const { kmapBegin, kmapPerCpu } = this.layout;
		const isKmap = kmapBegin >= 0 && index >= kmapBegin && index < this.#kmapEnd;
		return {
			index,
			address: this.address(index),
			state: this.#state(index, isKmap),
			name: this.#names[index] ?? '',
			cpu: isKmap ? Math.floor((index - kmapBegin) / kmapPerCpu) : -1,
			depth: isKmap ? (index - kmapBegin) % kmapPerCpu : -1,
			pfn: this.pfn(index),
			changedAt: this.#changedAt[index] ?? -1,
		};
	}

	#state(index: number, isKmap: boolean): FixmapSlotState {
		const isMapped = this.pfn(index) >= 0;
		if (!isKmap) return isMapped ? 'used' : this.#names[index] ? 'reserved' : 'free';
		if (this.isTaken(index)) return 'used';
		return isMapped ? 'stale' : 'free';
	}

	#touch(index: number): void {
		this.#changedAt[index] = this.context.step;
		this.context.revisions.fixmap++;
	}

	#check(name: string, index: number): void {
		if (index >= 0 && index < this.slots) return;
		this.words.bug(
			this.rules.setFixmapAt,
			phrase('{name}({index}): indices end before __end_of_fixed_addresses, {slots}', {
				name,
				index,
				slots: this.slots,
			}),
			this.rules.setFixmapName,
		);
	}
}
