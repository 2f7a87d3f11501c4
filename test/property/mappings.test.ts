import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pfn, VirtualAddress } from '../../source/machine/address.ts';
import { checkInvariants, checkMappingInvariants } from '../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../source/memory/kernel.ts';
import { boot, debugOptions, highmemPages } from '../memory/boot-kernel.ts';

/** mm/highmem.c as plainly as it can be told: counts, a cursor, a map. */
class PlainPkmap {
	readonly counts: number[];
	readonly pages = new Map<Pfn, number>();
	cursor = 0;
	scanned = 0;

	constructor(
		readonly slots: number,
		readonly base: number,
	) {
		this.counts = new Array(slots).fill(0);
	}

	kmap(page: Pfn): number {
		const slot = this.pages.get(page) ?? this.take();
		if (slot < 0) return 0;
		this.pages.set(page, slot);
		this.counts[slot] = (this.counts[slot] ?? 0) === 0 ? 2 : (this.counts[slot] ?? 0) + 1;
		return this.base + slot * 4096;
	}

	kunmap(page: Pfn): void {
		const slot = this.pages.get(page) ?? -1;
		this.counts[slot] = (this.counts[slot] ?? 0) - 1;
	}

	take(): number {
		for (let tries = this.slots; tries > 0; tries--) {
			this.cursor = (this.cursor + 1) % this.slots;
			if (this.cursor === 0) {
				this.flush();
				tries = this.slots;
			}
			this.scanned++;
			if (this.counts[this.cursor] === 0) return this.cursor;
		}
		return -1;
	}

	flush(): void {
		for (const [page, slot] of this.pages) {
			if (this.counts[slot] !== 1) continue;
			this.counts[slot] = 0;
			this.pages.delete(page);
		}
	}
}

const act = fc.tuple(
	fc.constantFrom('map', 'map', 'map', 'unmap', 'unmap', 'flush'),
	fc.nat(),
	fc.integer({ min: 1, max: 120 }),
);

const MACHINES = ['imx6q-2g', 'laptop-2g-nopae', 'debian10-pae-4g', 'vexpress-a15-6.1', 'exynos4412-2g'];

describe.each(MACHINES)('pkmap of %s', id => {
	it('does what a plain model does, whatever is mapped and unmapped', () => {
		fc.assert(
			fc.property(fc.array(act, { maxLength: 60 }), acts => {
				const kernel = boot(id, { debug: debugOptions });
				const layout = kernel.view.layout.pkmap;
				if (!layout || !kernel.view.pkmap) throw new Error('no pkmap');
				const plain = new PlainPkmap(layout.slots, layout.base);
				const pages = highmemPages(kernel, layout.slots + 50);
				const used: Pfn[] = [];
				for (const [kind, choice, times] of acts) {
					for (let time = 0; time < times; time++) {
						const page = pages[(choice + time * 7) % pages.length] as Pfn;
						if (kind === 'map') {
							const address = kernel.kmap(page);
							expect(address).toBe(plain.kmap(page));
							if (address === 0) kernel.context.task.state = 'running';
							else used.push(page);
						} else if (kind === 'unmap' && used.length > 0) {
							const [mine] = used.splice((choice + time) % used.length, 1);
							kernel.kunmap(mine as Pfn);
							plain.kunmap(mine as Pfn);
						}
					}
					if (kind === 'flush') {
						kernel.kmapFlushUnused();
						plain.flush();
					}
					expect(kernel.view.pkmap.lastPkmapNr).toBe(plain.cursor);
					expect(kernel.view.pkmap.slotsScanned).toBe(plain.scanned);
					expect(Array.from(plain.counts, (_, slot) => kernel.view.pkmap?.count(slot))).toEqual(plain.counts);
					kernel.context.task.waitingOn ??= kernel.view.pkmap.waiters.length > 0 ? 'pkmap_map_wait' : undefined;
					expect(checkMappingInvariants(kernel.parts)).toEqual([]);
				}
			}),
			{ numRuns: 12 },
		);
	});
});

const STACKED = [
	'imx6q-2g',
	'laptop-2g-nopae',
	'debian10-pae-4g',
	'vexpress-a15-6.1',
	'i386-6.1-8g-pae',
	'exynos4412-2g',
];

interface Held {
	readonly address: VirtualAddress;
	readonly page: Pfn;
}

describe.each(STACKED)('kmap_atomic of %s', id => {
	it('nests in any order of maps and unmaps on any CPU, and every address reads the right page', () => {
		const step = fc.tuple(fc.constantFrom('map', 'map', 'unmap', 'cpu', 'lowmem'), fc.nat());
		fc.assert(
			fc.property(fc.array(step, { maxLength: 80 }), steps => {
				const kernel = boot(id, { debug: debugOptions });
				const { fixmap } = kernel.view.layout;
				const pages = highmemPages(kernel, 20);
				const lowmem = kernel.virtToPfn(kernel.getFreePages(0, 0));
				const stacks = new Map<number, Held[]>();
				for (const [kind, choice] of steps) {
					const cpu = kernel.context.cpu.id;
					const held = stacks.get(cpu) ?? [];
					stacks.set(cpu, held);
					if (kind === 'cpu') kernel.context.switchCpu(choice % kernel.context.cpus.length);
					else if (kind === 'unmap') {
						const top = held.pop();
						if (top) kernel.kunmapAtomic(top.address);
					} else if (held.length < 12) {
						const page = kind === 'lowmem' ? lowmem : (pages[choice % pages.length] as Pfn);
						const depth = held.filter(one => one.page !== lowmem).length;
						const index = fixmap.kmapBegin + depth + fixmap.kmapPerCpu * cpu;
						const address = kernel.kmapAtomic(page);
						expect(address).toBe(kind === 'lowmem' ? kernel.physToVirt(lowmem * 4096) : kernel.fixToVirt(index));
						held.push({ address, page });
					}
					const now = stacks.get(kernel.context.cpu.id) ?? [];
					expect(kernel.context.cpu.preemptCount).toBe(now.length);
					for (const { address, page } of [...stacks.values()].flat()) {
						expect(kernel.view.translate(address)?.pfn).toBe(page);
					}
					expect(checkMappingInvariants(kernel.parts)).toEqual([]);
				}
			}),
			{ numRuns: 25 },
		);
	});
});

const VERSIONS = ['2.6.24', '2.6.35', '3.10.0', '4.19.0', '5.5.0', '6.1.0'];

/** Lowest address that fits, looked for one page at a time. */
const lowestFit = (kernel: Kernel, bytes: number): number => {
	const { vmallocStart, vmallocEnd } = kernel.view.layout;
	let at: number = vmallocStart;
	for (const area of kernel.view.vmalloc.areas()) {
		if (area.start < vmallocStart) continue;
		if (area.start - at >= bytes) break;
		at = area.start + area.bytes;
	}
	return at + bytes <= vmallocEnd ? at : 0;
};

describe.each(VERSIONS)('vmalloc of kernel %s', version => {
	it('keeps areas apart and maps just their pages', () => {
		const step = fc.tuple(
			fc.constantFrom('vmalloc', 'vmalloc', 'vfree', 'ioremap', 'purge'),
			fc.nat(),
			fc.integer({ min: 1, max: 20 }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), steps => {
				const kernel = boot('imx6q-2g', { kernel: version });
				const held: VirtualAddress[] = [];
				for (const [kind, choice, pages] of steps) {
					if (kind === 'vmalloc') {
						const expected = lowestFit(kernel, (pages + 1) * 4096);
						const address = kernel.vmalloc(pages * 4096);
						// The cursor of 2.6.39 to 5.1 may pass over a hole; every other version takes the lowest.
						const isCursor = version === '3.10.0' || version === '4.19.0';
						if (!isCursor) expect(address).toBe(expected);
						expect(address).toBeGreaterThanOrEqual(expected);
						held.push(address);
					} else if (kind === 'ioremap') held.push(kernel.ioremap(0x2000000, pages * 4096));
					else if (kind === 'purge') kernel.vmUnmapAliases();
					else if (held.length > 0) kernel.vfree(held.splice(choice % held.length, 1)[0] as VirtualAddress);
					expect(checkMappingInvariants(kernel.parts)).toEqual([]);
				}
				expect(checkInvariants(kernel)).toEqual([]);
			}),
			{ numRuns: 25 },
		);
	});
});
