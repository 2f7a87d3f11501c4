import { MiB, PAGE_SIZE, type Pfn, pfn as pfnOf, type VirtualAddress, virtual } from '../../machine/address.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { gfpBits } from '../../memory/pages/gfp.ts';
import { holeStart } from '../probe-kernel/first-sight.ts';
import { pageEntry } from '../probe-kernel/page-entry.ts';
import type { PageNames } from '../probe-kernel/page-names.ts';
import type { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import { type Facts, InPart, skip } from '../undetermined.ts';
import type { VmallocState } from './vmalloc-state.ts';

/** Pages of one chunk of the fill test, its guard page not counted. */
const CHUNK = 255;
const MOST_CHUNKS = 2048;
/** Pointers to pages that the probe keeps in an area of its own. */
const POINTERS = 262144;

/** vm_exp() of the first probe: where areas lie, when freed ranges come back, and what a full area does. */
export class VmallocProbe {
	/** What the probe leaves allocated. */
	readonly kept: VirtualAddress[] = [];
	readonly #held = new Map<string, VirtualAddress>();

	constructor(
		readonly probe: ProbeKernel,
		readonly state: VmallocState,
		readonly names: PageNames,
		readonly ioAddress: number,
	) {}

	run(): void {
		const { probe } = this;
		this.#purge();
		this.#flushesOfOthers();
		this.#placement();
		this.#rounding();
		if (this.ioAddress !== 0) this.#ioremap();
		this.#purge();
		this.#fill();
		for (const [name, bytes] of [
			['keep0', PAGE_SIZE],
			['keep1', 3 * PAGE_SIZE],
			['keep2', 65536],
		] as const)
			this.kept.push(this.#vmalloc(name, bytes));
		if (this.ioAddress !== 0) this.kept.push(this.#ioremapOne(this.ioAddress, 0x1000, 'kept', false));
		probe.trail.expect('done', {});
	}

	#purge(): void {
		this.probe.kernel.vmUnmapAliases();
	}

	/** What others had freed before the probe is purged with its first vm_unmap_aliases(). */
	#flushesOfOthers(): void {
		const { probe } = this;
		const { trail } = probe;
		probe.reported = probe.flushes.length;
		while (trail.isNext('flush_tlb_kernel_range')) {
			const others = skip('ranges of others');
			const cpu = probe.cpuShown(trail.number('cpu'));
			trail.expect('flush_tlb_kernel_range', { after: 'vm_unmap_aliases', start: others, end: others, cpu });
		}
	}

	#vmalloc(name: string, bytes: number): VirtualAddress {
		const { probe, state, names } = this;
		const { kernel, trail } = probe;
		const recorded = trail.number('result');
		const isFirst = state.isFirstSight(recorded);
		const isTurn = probe.giveTurn(Number(trail.peek?.page0_highmem));
		const isOther = probe.skipPages(names, Number(trail.peek?.pfn0));

		const [next] = probe.listedPages();
		const address = kernel.vmalloc(bytes);
		const page = kernel.vmallocToPfn(address);
		const shown = Number(trail.peek?.pfn0);
		const facts = this.#pageFacts(page, shown);
		const number = page === NO_PAGE ? 0 : names.recorded(page, shown, facts);
		// What a refill brings has been in the buddy lists, in an order of their own.
		const isRefill = page !== next && number !== shown;
		if (isOther || isRefill) names.tell(page, shown);
		trail.expect('vmalloc', {
			name,
			size: bytes,
			result: isFirst ? holeStart(address, recorded) : address,
			off_from_VMALLOC_START: virtual(address - kernel.context.layout.vmallocStart),
			pfn0: isOther ? new InPart('page taken by others', facts) : isRefill ? new InPart('page frame', facts) : number,
			page0_highmem: isTurn ? skip('pages taken in turn') : page === NO_PAGE ? -1 : kernel.isHighmemPage(page) ? 1 : 0,
		});
		this.#held.set(name, address);
		return address;
	}

	/** What is determined of the page that an area got first: the zone it came from, and that no other area has it. */
	#pageFacts(page: number, recorded: number): Facts {
		const { kernel } = this.probe;
		const zoneOf = (pfn: number) => kernel.parts.pages.zoneOf(pfnOf(pfn)) ?? 'none';
		const others = [...this.#held.values()].map(address => kernel.vmallocToPfn(address)).filter(pfn => pfn !== page);
		const isHeld = others.some(pfn => pfn !== NO_PAGE && this.names.known(pfn) === recorded);
		return { zone: [zoneOf(recorded), zoneOf(page)], holder: [isHeld ? 'held' : 'free', 'free'] };
	}

	#vfree(name: string): void {
		const { probe } = this;
		const flushes = probe.flushes.length;
		const address = this.#held.get(name) ?? virtual(0);
		probe.kernel.vfree(address);
		probe.trail.expect('vfree', { name, addr: address, flushes: probe.flushes.length - flushes });
	}

	#placement(): void {
		const { probe } = this;
		probe.trail.expect('section', { name: 'vmalloc placement' });
		this.#vmalloc('A', PAGE_SIZE);
		this.#vmalloc('B', 3 * PAGE_SIZE);
		this.#vmalloc('C', PAGE_SIZE);
		this.#vmalloc('D', 2 * PAGE_SIZE);
		this.#vfree('B');
		this.#vmalloc('E', 3 * PAGE_SIZE);
		this.#vmalloc('F', PAGE_SIZE);
		const flushes = probe.flushes.length;
		this.#purge();
		probe.trail.expect('vm_unmap_aliases', { flushes: probe.flushes.length - flushes });
		probe.reportFlushes('vm_unmap_aliases');
		this.#vmalloc('G', PAGE_SIZE);
		this.#vmalloc('H', 2 * PAGE_SIZE);
		this.#vmalloc('I', PAGE_SIZE);
		for (const name of ['A', 'C', 'D', 'E', 'F', 'G', 'H', 'I']) this.#vfree(name);
		this.#purge();
		probe.reportFlushes('vm_unmap_aliases');
	}

	#rounding(): void {
		const { kernel, trail } = this.probe;
		const { layout } = kernel.context;
		const first = this.#vmalloc('J', 1);
		this.#vmalloc('K', 5000);
		this.#vmalloc('L', 65536);
		this.#vmalloc('M', MiB);
		const last = this.#vmalloc('N', PAGE_SIZE);
		// Modules lie in the vmalloc area on x86, in one of their own on ARM.
		const isInside = (address: number) => (kernel.isVmallocAddress(virtual(address)) ? 1 : 0);
		trail.expect('is_vmalloc_addr', {
			vmalloc: isInside(first),
			lowmem: isInside(layout.pageOffset),
			module_fn: isInside(layout.modulesStart),
		});
		trail.expect('virt_addr_valid', {
			vmalloc: kernel.virtAddrValid(first) ? 1 : 0,
			lowmem: kernel.virtAddrValid(virtual(layout.pageOffset + 0x100000)) ? 1 : 0,
		});
		const guard = virtual(last + PAGE_SIZE);
		trail.expect('pte', { addr: guard, pte: pageEntry(kernel, guard) });
		for (const name of ['J', 'K', 'L', 'M', 'N']) kernel.vfree(this.#held.get(name) ?? virtual(0));
		this.#purge();
	}

	#ioremapOne(physical: number, bytes: number, note = '', isFreed = true): VirtualAddress {
		const { kernel, trail } = this.probe;
		const recorded = trail.number('result');
		const isFirst = this.state.isFirstSight(recorded - (recorded % PAGE_SIZE));
		const isWidened = this.state.widen(kernel, physical % PAGE_SIZE, bytes, recorded);
		const address = kernel.ioremap(physical, bytes);
		trail.expect('ioremap', {
			phys: physical,
			size: bytes,
			result: isFirst || isWidened ? holeStart(address, recorded) : address,
			note,
		});
		if (isFreed && address !== 0) kernel.iounmap(address);
		return address;
	}

	#ioremap(): void {
		const { kernel, trail } = this.probe;
		const physical = this.ioAddress;
		trail.expect('section', { name: 'ioremap' });
		this.#ioremapOne(physical, 0x1000);
		this.#ioremapOne(physical + 0x123, 0x10);
		this.#ioremapOne(physical, 0x4000);
		this.#ioremapOne(physical, 0x10000);
		this.#ioremapOne(physical, 0x100000);
		this.#purge();
		const before = this.#vmalloc('before ioremap', PAGE_SIZE);
		const device = this.#ioremapOne(physical, 0x4000, 'right after a 1-page vmalloc', false);
		const after = this.#vmalloc('after ioremap', PAGE_SIZE);
		kernel.vfree(after);
		kernel.vfree(before);
		kernel.iounmap(device);
		if (kernel.context.machine.arch === 'x86') {
			this.#ioremapOne(0xb8000, 0x1000);
			this.#ioremapOne(0xa0000, 0x20000);
		}
	}

	#fill(): void {
		const { probe, state } = this;
		const { kernel, trail } = probe;
		state.makeRoom(kernel, POINTERS * 4 + PAGE_SIZE, trail.number('result'));
		const pointers = kernel.vmalloc(POINTERS * 4);
		const page = kernel.allocPages(gfpBits(kernel.context.machine.kernel).kernel, 0);
		if (page === NO_PAGE) return;
		const map = (pages: number) => kernel.vmap(new Array<Pfn>(pages).fill(page));
		this.#largest(map);
		const chunks: VirtualAddress[] = [];
		while (chunks.length < MOST_CHUNKS) {
			const chunk = map(CHUNK);
			if (chunk === 0) break;
			chunks.push(chunk);
		}
		this.#reportFill(chunks);
		if (chunks.length > 20) this.#reuseWhenFull(chunks, map);
		for (const chunk of chunks.reverse()) kernel.vunmap(chunk);
		kernel.freePages(page, 0);
		this.#purge();
		probe.reported = probe.flushes.length;
		this.#mapRam(page);
		kernel.vfree(pointers);
	}

	#reportFill(chunks: readonly VirtualAddress[]): void {
		const { kernel, trail } = this.probe;
		const { vmallocEnd } = kernel.context.layout;
		const [first, second] = chunks;
		const recordedFirst = trail.number('first');
		const isKnown = !this.state.isFirstSight(recordedFirst);
		trail.expect('fill_vmalloc_area', {
			chunks: chunks.length,
			first: isKnown || first === undefined ? first : holeStart(first, recordedFirst),
			second: chunks.length > 1 ? second : 0,
			last: chunks.at(-1) ?? 0,
			VMALLOC_END: vmallocEnd,
		});
		const highest = Math.max(0, ...chunks);
		trail.expect('fill_vmalloc_range', {
			lowest: chunks.length > 0 ? Math.min(...chunks) : 0xffffffff,
			highest,
			tail_to_VMALLOC_END: vmallocEnd - highest,
		});
	}

	/** A full area is purged when the next request finds no hole, so that what was just freed can be had again. */
	#reuseWhenFull(chunks: VirtualAddress[], map: (pages: number) => VirtualAddress): void {
		const { kernel, trail } = this.probe;
		const freed = chunks[10] ?? virtual(0);
		kernel.vunmap(freed);
		const got = map(CHUNK);
		trail.expect('full_vunmap_then_vmap', { freed, got });
		chunks[10] = got;
		this.probe.reportFlushes('purge on full');
	}

	/** The largest area that fits, in MiB, by halving. */
	#largest(map: (pages: number) => VirtualAddress): void {
		const { kernel, trail } = this.probe;
		// Managed pages are an input: the recording tells them.
		const ramMiB = this.state.totalPages >> 8;
		let [low, high] = [0, Math.min(1023, ramMiB)];
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			const address = map(middle << 8);
			if (address !== 0) {
				low = middle;
				kernel.vunmap(address);
				this.#purge();
			} else high = middle - 1;
		}
		const address = low > 0 ? map(low << 8) : virtual(0);
		trail.expect('largest_vmap', { MiB: low, result: address, limit_totalram_MiB: ramMiB });
		if (address !== 0) kernel.vunmap(address);
		this.#purge();
	}

	#mapRam(page: Pfn): void {
		const { kernel, trail } = this.probe;
		const two = kernel.vmMapRam([page, page]);
		const one = kernel.vmMapRam([page]);
		trail.expect('vm_map_ram', { two, one });
		if (two !== 0) kernel.vmUnmapRam(two, 2);
		if (one !== 0) kernel.vmUnmapRam(one, 1);
	}
}
