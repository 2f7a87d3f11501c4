import { pteValue } from '../../layout/explain/entry-value.ts';
import { PAGE_SIZE, type Pfn, type VirtualAddress, virtual } from '../../machine/address.ts';
import { pageEntry } from '../probe-kernel/page-entry.ts';
import type { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import { type Skipped, skip } from '../undetermined.ts';

/** Pages that the wrap test holds at most. */
const MOST_HELD = 40;

/** kmap_exp() of the first probe: slots, counts, and what becomes of slots that nobody uses. */
export class KmapProbe {
	#hasTouched = false;

	constructor(readonly probe: ProbeKernel) {}

	run(): void {
		this.#stateAtLoad();
		this.#samePageTwice();
		this.#threePages();
		this.#newPageEachTime();
		this.#atomicOfMappedPage();
		this.probe.reportFlushes('before wrap test');
		this.#wrapTest();
	}

	#page(index: number): Pfn {
		return this.probe.pages.held[index] ?? (0 as Pfn);
	}

	#stateAtLoad(): void {
		const { trail, kernel } = this.probe;
		const pkmap = kernel.view.pkmap;
		if (!pkmap) return;
		const isShown = trail.number('last_pkmap_nr') >= 0;
		const inUse = [...Array(pkmap.slots).keys()].filter(slot => pkmap.count(slot) > 0);
		trail.expect('pkmap_state', {
			when: 'module load',
			last_pkmap_nr: skip('pkmap cursor'),
			inuse: isShown ? inUse.length : 0,
		});
		if (isShown)
			for (const slot of inUse.slice(0, 12)) {
				trail.expect('pkmap_slot_in_use_at_load', { slot, count: pkmap.count(slot) });
			}
		trail.expect('pte', { what: 'pkmap slot 0', addr: pkmap.address(0), pte: pageEntry(kernel, pkmap.address(0)) });
	}

	#kmap(index: number): VirtualAddress {
		const { probe } = this;
		const { trail, kernel } = probe;
		const flushes = probe.flushes.length;
		const page = this.#page(index);
		const address = kernel.kmap(page);
		const slot = probe.slot(address);
		trail.expect('kmap', {
			page: `H${index}`,
			pfn: probe.pageNumber(page, trail.number('pfn')),
			result: address,
			slot,
			count: probe.count(slot),
			last_pkmap_nr: kernel.view.pkmap?.lastPkmapNr,
			flushes: probe.flushes.length - flushes,
		});
		return address;
	}

	#kunmap(index: number): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const page = this.#page(index);
		const address = kernel.pageAddress(page);
		const slot = probe.slot(address);
		const flushes = probe.flushes.length;
		kernel.kunmap(page);
		trail.expect('kunmap', {
			page: `H${index}`,
			slot,
			count: probe.count(slot),
			page_address_after: kernel.pageAddress(page),
			pte_after: this.#entryInProcess(address),
			flushes: probe.flushes.length - flushes,
		});
	}

	#pageAddress(index: number): void {
		const { trail, kernel } = this.probe;
		trail.expect('page_address', { page: `H${index}`, result: kernel.pageAddress(this.#page(index)) });
	}

	#section(name: string): void {
		this.probe.trail.expect('section', { name });
	}

	#samePageTwice(): void {
		this.#section('kmap same page twice');
		this.#pageAddress(0);
		this.#kmap(0);
		this.#kmap(0);
		this.#kunmap(0);
		this.#kunmap(0);
		this.#pageAddress(0);
		this.#kmap(0);
		this.#kunmap(0);
	}

	#threePages(): void {
		this.#section('three pages, unmap middle, map new, remap middle');
		for (const index of [1, 2, 3]) this.#kmap(index);
		this.#kunmap(2);
		this.#kmap(4);
		this.#kmap(2);
		for (const index of [2, 1, 3, 4]) this.#kunmap(index);
	}

	#newPageEachTime(): void {
		this.#section('unmap then map a new page immediately (slot not reused before a wrap)');
		for (const index of [5, 6, 7]) {
			this.#kmap(index);
			this.#kunmap(index);
		}
		for (const index of [5, 6, 7]) this.#pageAddress(index);
	}

	#atomicOfMappedPage(): void {
		const { probe } = this;
		const { kernel, trail } = probe;
		const page = this.#page(8);
		const mapped = kernel.kmap(page);
		const slot = probe.slot(mapped);
		kernel.write(mapped, 4, 0xdeadbeefn);
		this.#hasTouched = true;
		probe.cpuOfAddress(trail.number('kmap_atomic'));
		const atomic = kernel.kmapAtomic(page);
		trail.expect('kmap_atomic_of_kmapped_page', {
			kmap: mapped,
			kmap_atomic: atomic,
			same: mapped === atomic ? 1 : 0,
			reads: kernel.read(atomic, 4),
			count_during: probe.count(slot),
		});
		kernel.kunmapAtomic(atomic);
		trail.expect('after kunmap_atomic', { count: probe.count(slot) });
		kernel.kunmap(page);
		probe.cpuOfAddress(trail.number('kmap_atomic'));
		const stale = kernel.kmapAtomic(page);
		trail.expect('kmap_atomic_of_page_kunmapped_but_not_flushed', {
			stale_kmap: mapped,
			kmap_atomic: stale,
			same: mapped === stale ? 1 : 0,
			count_during: probe.count(slot),
			page_address: kernel.pageAddress(page),
		});
		kernel.kunmapAtomic(stale);
	}

	#wrapTest(): void {
		this.#section('wrap test: kmap H10.. each once; hold every 16th, unmap the others at once; 2*LAST_PKMAP+... maps');
		const { probe } = this;
		const { kernel, trail, pages } = probe;
		const pkmap = kernel.view.pkmap;
		if (!pkmap) return;
		const others = pages.held.length - 10;
		const held = new Set<number>();
		let [previous, start, shownSkips, eleventh] = [-2, -1, 0, 0];
		for (let turn = 0; turn < 2 * pkmap.slots + 40; turn++) {
			const index = 10 + (turn % others);
			const page = this.#page(index);
			if (held.has(index)) continue;
			if (kernel.pageAddress(page) !== 0) {
				if (shownSkips++ < 4)
					trail.expect('skip_page_still_mapped', { page: `H${index}`, page_address: kernel.pageAddress(page) });
				continue;
			}
			const flushes = probe.flushes.length;
			const address = kernel.kmap(page);
			const slot = probe.slot(address);
			const flushed = probe.flushes.length - flushes;
			if (slot !== previous + 1 || flushed > 0) {
				if (start >= 0) trail.expect('kmap_run', { from_slot: start, to_slot: previous });
				trail.expect('kmap', {
					page: `H${index}`,
					result: address,
					slot,
					prev_slot: previous,
					flushes: flushed,
					last_pkmap_nr: pkmap.lastPkmapNr,
					note: 'sequence break',
				});
				start = slot;
				if (flushed > 0) this.#reportWrap(eleventh);
			}
			previous = slot;
			if (turn % 16 === 0 && held.size < MOST_HELD) {
				held.add(index);
				if (held.size <= 3) trail.expect('hold', { page: `H${index}`, slot });
			} else {
				kernel.kunmap(page);
				if (index === 11 && eleventh === 0) eleventh = address;
			}
		}
		if (start >= 0) trail.expect('kmap_run', { from_slot: start, to_slot: previous });
		for (const index of held) kernel.kunmap(this.#page(index));
		trail.expect('wrap_test_done', { held: held.size, last_pkmap_nr: pkmap.lastPkmapNr });
	}

	#reportWrap(eleventh: number): void {
		const { probe } = this;
		const { kernel, trail } = probe;
		probe.reportFlushes('kmap that wrapped');
		if (eleventh === 0) return;
		const address = virtual(eleventh);
		trail.expect('page_address_after_wrap', {
			page: 'H11',
			before: address,
			after: kernel.pageAddress(this.#page(11)),
			pte: this.#entryOfUnnamed(address, trail.peek?.pte),
		});
	}

	/**
	 * The entry as the probe's process sees it. With LPAE a process has a table of its own for the gigabyte below the
	 * kernel, pkmap included, and gets the kernel's entry into it by the fault of its first touch.
	 */
	#entryInProcess(address: number): bigint | Skipped {
		const { kernel, trail } = this.probe;
		const { machine } = kernel.context;
		if (machine.arch === 'arm' && machine.lpae && !this.#hasTouched && trail.number('pte_after') === 0)
			return skip('table of the process');
		return pageEntry(kernel, address);
	}

	/** The entry at an address; a page that the trace does not name is known by the entry alone, whose bits must be right. */
	#entryOfUnnamed(address: number, recorded: unknown): bigint {
		const { kernel, pages } = this.probe;
		const { machine } = kernel.context;
		const pfn = kernel.parts.table.pfn(address);
		if (pfn < 0 || !pages.isStandIn(pfn)) return pageEntry(kernel, address);
		const bits = machine.arch === 'x86' ? (machine.pae ? 36 : 32) : machine.lpae ? 40 : 32;
		const entry = BigInt(String(recorded)) & ((1n << BigInt(bits)) - 1n);
		return pteValue(machine, Number(entry >> 12n) * PAGE_SIZE, 'memory') ?? 0n;
	}
}
