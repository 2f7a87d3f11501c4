import { PAGE_SIZE, type Pfn, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import { blockFacts } from '../probe-kernel/first-sight.ts';
import { lastEntry } from '../probe-kernel/page-entry.ts';
import { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { InPart, skip } from '../undetermined.ts';

/** hm() of the second probe: one highmem page at several addresses, and what its old kmap is worth when it comes back. */
export class HighmemProbe {
	readonly #probe: ProbeKernel;

	constructor(
		readonly kernel: Kernel,
		readonly trail: Trail,
	) {
		this.#probe = new ProbeKernel(kernel, trail);
	}

	run(): void {
		const { trail } = this;
		if (trail.isNext('info')) {
			trail.expect('info', { no_highmem: this.#probe.highmemZone ? 0 : 1 });
			return;
		}
		this.#setCursor();
		this.#probe.takePages(0);
		const page = this.#staleMapping();
		if (page === undefined) return;
		this.#aliases(page);
	}

	/** Others have kmapped since: the first slot shows the cursor. */
	#setCursor(): void {
		const { kernel, trail } = this;
		const shown = trail.peek;
		const slot = this.#probe.slot(Number(shown?.addr ?? 0));
		if (kernel.parts.pkmap)
			kernel.parts.pkmap.lastPkmapNr = (slot - 1 + kernel.parts.pkmap.slots) % kernel.parts.pkmap.slots;
	}

	#entry(what: string, address: number, isFirst = false): void {
		const { kernel, trail } = this;
		trail.expect('pte', {
			what,
			addr: isFirst ? skip('pkmap cursor') : virtual(address),
			pte: lastEntry(kernel, address),
			level: 1,
		});
	}

	#take(recorded: number): { page: Pfn; value: Computed } {
		const facts = blockFacts(this.kernel, this.#probe.gfpHighuser, recorded, 0);
		const next = this.#probe.listedPages()[0];
		if (next !== recorded) this.#probe.feed(recorded);
		const page = this.kernel.allocPages(this.#probe.gfpHighuser, 0) as Pfn;
		return { page, value: next === recorded || page !== recorded ? page : new InPart('page frame', facts) };
	}

	#staleMapping(): Pfn | undefined {
		const { kernel, trail } = this;
		const told = trail.ahead().find(({ op }) => op === 'freed_and_reallocated_highmem_page');
		if (!told) return undefined;
		const { page, value } = this.#take(Number(told.pfn));
		const mapped = kernel.kmap(page);
		kernel.write(mapped, 4, 0x12345678n);
		const isShared = kernel.context.cpus.length > 1;
		if (isShared) {
			this.#probe.moveTo(1);
			trail.expect('kmap_visible_on_other_cpu', { addr: skip('pkmap cursor'), cpu1_reads: kernel.read(mapped, 4) });
			this.#probe.moveTo(0);
		}
		this.#entry('kmap of a highmem page', mapped, !isShared);
		kernel.kunmap(page);
		kernel.freePages(page, 0);
		const again = kernel.allocPages(this.#probe.gfpHighuser, 0) as Pfn;
		trail.expect('freed_and_reallocated_highmem_page', {
			pfn: value,
			old_kmap: mapped,
			page_address_of_new_allocation: kernel.pageAddress(again),
			tries: again === page ? 0 : 1,
		});
		const before = kernel.view.pkmap?.lastPkmapNr ?? 0;
		const anew = kernel.kmap(again);
		const moved = (kernel.view.pkmap?.lastPkmapNr ?? 0) - before;
		const shownBefore = trail.number('last_pkmap_nr_before');
		trail.expect('kmap_of_reallocated_page', {
			result: anew,
			same_as_stale: anew === mapped ? 1 : 0,
			last_pkmap_nr_before: skip('pkmap cursor'),
			last_pkmap_nr_after: shownBefore + moved,
		});
		kernel.kunmap(again);
		kernel.freePages(again, 0);
		return page;
	}

	#aliases(first: Pfn): void {
		const { kernel, trail } = this;
		const shownPages = (trail.ahead().find(({ op }) => op === 'vmap_two_pages_in_array_order')?.pfns ?? []) as number[];
		const { page, value } = this.#take(Number(trail.peek?.pfn ?? first));
		const other = this.#take(shownPages[0] ?? -1);
		const shown = trail.number('kmap');
		// The page may be another than before, mapped by others or not.
		const isNew = page !== first;
		if (isNew && kernel.parts.pkmap) kernel.parts.pkmap.lastPkmapNr = this.#probe.slot(shown) - 1;
		const mapped = kernel.kmap(page);
		const alias = kernel.vmap([page]);
		kernel.write(mapped, 4, 0xcafe0001n);
		trail.expect('kmap_and_vmap_alias', {
			pfn: value,
			kmap: isNew ? skip('pkmap cursor') : mapped,
			vmap: alias,
			read_via_vmap: kernel.read(alias, 4),
			vmalloc_to_pfn: kernel.vmallocToPfn(alias),
		});
		this.#entry('vmap of the highmem page', alias);
		kernel.vunmap(alias);
		kernel.kunmap(page);
		const both = kernel.vmap([other.page, page]);
		trail.expect('vmap_two_pages_in_array_order', {
			pfns: [other.value, page],
			result: both,
			pfn_of_first: kernel.vmallocToPfn(both),
			pfn_of_second: kernel.vmallocToPfn(virtual(both + PAGE_SIZE)),
		});
		kernel.vunmap(both);
		this.#probe.cpuOfAddress(trail.number('addr'));
		const atomic = kernel.kmapAtomic(page);
		this.#entry('kmap_atomic slot 0 of this cpu', atomic);
		kernel.kunmapAtomic(atomic);
		this.#entry('same after kunmap_atomic', atomic);
		kernel.freePages(page, 0);
		kernel.freePages(other.page, 0);
	}
}
