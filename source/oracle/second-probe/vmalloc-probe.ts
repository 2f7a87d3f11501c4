import { pteValue } from '../../layout/explain/entry-value.ts';
import { PAGE_SIZE, pfn as pfnOf, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import type { VmapArea } from '../../memory/vmalloc/vmap-area.ts';
import { holeStart } from '../probe-kernel/first-sight.ts';
import { framePart, lastEntry } from '../probe-kernel/page-entry.ts';
import { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import type { Range } from '../probe-kernel/ranges.ts';
import type { Recording } from '../recording.ts';
import type { Computed } from '../tally.ts';
import type { Trail } from '../trail.ts';
import { skip } from '../undetermined.ts';
import { SecondVmallocState } from './vmalloc-state.ts';

const CHUNK_BYTES = 255 * PAGE_SIZE;
const MOST_CHUNKS = 400;

/** vm() of the second probe: guard pages, lazily freed ranges and when they are purged, reuse after that. */
export class SecondVmallocProbe {
	readonly #probe: ProbeKernel;
	readonly #state: SecondVmallocState;

	constructor(
		readonly kernel: Kernel,
		readonly recording: Recording,
		readonly trail: Trail,
		readonly ioAddress: number,
		taken: readonly Range[],
	) {
		this.#probe = new ProbeKernel(kernel, trail);
		this.#state = new SecondVmallocState(trail.ahead(), kernel, taken);
		this.#state.place(kernel);
	}

	run(): void {
		this.#single();
		this.kernel.vmUnmapAliases();
		this.#lazyPurge();
		this.kernel.vmUnmapAliases();
		this.#series();
		if (this.ioAddress !== 0) {
			const address = this.kernel.ioremap(this.ioAddress, PAGE_SIZE);
			this.#entry('ioremap page', address);
			this.kernel.iounmap(address);
		}
	}

	/** What to compare with an address: nothing where it first shows a hole. */
	#shown(address: number, recorded: unknown): Computed {
		return this.#state.isFirstSight(Number(recorded)) ? holeStart(address, Number(recorded)) : address;
	}

	/** An entry; the page behind it is known only from the entry itself, so that its bits are what is compared. */
	#entry(what: string, address: number): void {
		const { kernel, trail } = this;
		const { machine } = kernel.context;
		const recorded = trail.entry();
		const own = lastEntry(kernel, address);
		const isMemory = own !== 0n && recorded !== 0n && what === 'vmalloc page';
		const pte = isMemory ? (pteValue(machine, framePart(recorded), 'memory') ?? 0n) : own;
		trail.expect('pte', { what, addr: virtual(address), pte, level: 1 });
	}

	#single(): void {
		const { kernel, trail } = this;
		const isHigh = (address: VirtualAddress) => {
			const page = kernel.vmallocToPfn(address);
			return page >= 0 && kernel.isHighmemPage(pfnOf(page)) ? 1 : 0;
		};
		const isTurn = this.#probe.giveTurn(trail.number('vmalloc_page_highmem'));
		const any = kernel.vmalloc(PAGE_SIZE);
		const low = kernel.vmalloc32(PAGE_SIZE);
		trail.expect('vmalloc_vs_vmalloc_32', {
			vmalloc: this.#shown(any, trail.peek?.vmalloc),
			vmalloc_page_highmem: isTurn ? skip('pages taken in turn') : isHigh(any),
			vmalloc_32: this.#shown(low, trail.peek?.vmalloc_32),
			vmalloc_32_page_highmem: isHigh(low),
		});
		this.#entry('vmalloc page', any);
		this.#entry('page after the 1-page vmalloc (guard)', any + PAGE_SIZE);
		trail.expect('vmalloc_0', { result: kernel.vmalloc(0) });
		kernel.vfree(low);
		kernel.vfree(any);
		this.#entry('vmalloc page after vfree (pte cleared at once, VA range lazily)', any);
	}

	#lazyPurge(): void {
		const { kernel, trail } = this;
		const probe = this.#probe;
		const { space, rules } = kernel.parts.vmalloc;
		const shownTurn = trail.number('alloc_no');
		const atOnce = rules.lazyMaxPages / 256 + 1;
		// A worker purges in newer kernels, and its turn comes when it comes.
		const isLate = rules.purgesInWorker && shownTurn > atOnce;
		let begun: readonly VmapArea[] = [];
		if (isLate)
			space.whenTooLazy = () => {
				if (begun.length === 0) begun = space.beginPurge();
			};
		const flushes = probe.flushes.length;
		let [first, previous, rises, drop] = [0, 0, 0, -1];
		for (let turn = 0; turn < MOST_CHUNKS; turn++) {
			if (isLate && turn === shownTurn) {
				space.endPurge(begun);
				// The worker may have had a second turn by then.
				if (trail.number('flushes_so_far') > 1) space.purge();
			}
			const address = kernel.vmalloc(CHUNK_BYTES);
			if (address === 0) break;
			if (turn === 0) first = address;
			if (previous !== 0 && address > previous) rises++;
			if (previous !== 0 && address < previous) {
				drop = turn;
				this.#expectPurge(turn, isLate, first, previous, address, flushes);
				kernel.vfree(address);
				break;
			}
			previous = address;
			kernel.vfree(address);
		}
		space.whenTooLazy = () => space.purge();
		const cpus = kernel.context.cpus.length;
		trail.expect('lazy_purge_summary', {
			rises,
			drop_at: drop,
			online_cpus: cpus,
			prediction_fls_cpus_x_32MiB: (32 - Math.clz32(cpus)) * 32,
		});
	}

	#expectPurge(turn: number, isLate: boolean, first: number, highest: number, now: number, flushes: number): void {
		const { trail } = this;
		const last = this.#probe.flushes.at(-1);
		trail.expect('lazy_purge', {
			size: '255 pages + guard',
			alloc_no: isLate ? skip('turns of the purge worker') : turn,
			first: this.#shown(first, trail.peek?.first),
			highest: this.#state.isStopped ? holeStart(highest, trail.number('highest')) : highest,
			now,
			flushes_so_far: this.#probe.flushes.length - flushes,
			flush_start: last?.start,
			flush_end: last?.end,
			freed_MiB_before: turn,
		});
	}

	#series(): void {
		const { kernel, trail } = this;
		const held = [1, 2, 3, 4, 5, 6].map(pages => kernel.vmalloc(pages * PAGE_SIZE));
		const shown = (trail.peek?.addrs ?? []) as readonly string[];
		const expected = held.map((address, index) => this.#shown(address, shown[index]));
		trail.expect('vmalloc_series_1to6_pages', { addrs: expected });
		kernel.vfree(held[3] ?? virtual(0));
		kernel.vmUnmapAliases();
		held[3] = kernel.vmalloc(PAGE_SIZE);
		const two = kernel.vmalloc(2 * PAGE_SIZE);
		const one = this.#shown(held[3], trail.peek?.one);
		trail.expect('free_4th_purge_then_1page_then_2pages', { one, two: this.#shown(two, trail.peek?.two) });
		kernel.vfree(two);
		for (const address of held) kernel.vfree(address);
		kernel.vmUnmapAliases();
	}
}
