import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Pfn, virtual } from '../../source/machine/address.ts';
import { checkMappingInvariants } from '../../source/memory/invariants/invariants.ts';
import type { Kernel } from '../../source/memory/kernel.ts';
import { boot, highmemPages } from '../memory/boot-kernel.ts';

const MACHINES = ['imx6q-2g', 'vexpress-a15-lpae-4g', 'laptop-2g-nopae', 'i386-6.1-8g-pae'] as const;
const PAGE = 4096;

/** TLBs as plainly as they can be told: a list of pages each, the oldest first, emptied by what the kernel says it flushes. */
class PlainTlbs {
	readonly lists: { readonly start: number; readonly frame: number; readonly bytes: number }[][];

	constructor(readonly kernel: Kernel) {
		this.lists = kernel.context.cpus.map(() => []);
		kernel.context.events.subscribe(event => {
			if (event.type !== 'tlb_flush') return;
			const isAll = kernel.context.machine.arch === 'x86' && event.end - event.start > 33 * PAGE;
			for (const [cpu, list] of this.lists.entries()) {
				if (event.isGlobal === 0 && cpu !== event.cpu) continue;
				const kept = isAll ? [] : list.filter(({ start, bytes }) => start >= event.end || start + bytes <= event.start);
				list.splice(0, list.length, ...kept);
			}
		});
	}

	/** Physical address, or -1 where an access faults. */
	access(address: number): number {
		const { context, view } = this.kernel;
		const list = this.lists[context.cpu.id] ?? [];
		const known = list.find(({ start, bytes }) => address >= start && address < start + bytes);
		if (known) return known.frame + (address - known.start);
		const last = view.paging.walk(virtual(address)).at(-1);
		if (!last || last.target === 'none') return -1;
		const start = address - (address % last.covers);
		list.push({ start, frame: last.physical, bytes: last.covers });
		if (list.length > 64) list.shift();
		return last.physical + (address - start);
	}
}

const step = fc.record({
	what: fc.constantFrom(
		'kmap',
		'kmap',
		'kunmap',
		'atomic',
		'vmalloc',
		'vfree',
		'purge',
		'read',
		'read',
		'read',
		'write',
		'write',
	),
	cpu: fc.nat(3),
	choice: fc.nat(),
	value: fc.nat(0xffff),
});

/** Addresses that the program has been given, freed ones included. */
class Program {
	readonly memory = new Map<number, number>();
	readonly addresses: number[] = [];
	readonly areas: number[] = [];
	readonly kmapped: Pfn[] = [];
	readonly plain: PlainTlbs;
	readonly pages: Pfn[];

	constructor(readonly kernel: Kernel) {
		this.plain = new PlainTlbs(kernel);
		this.pages = highmemPages(kernel, 600);
		const { pageOffset } = kernel.view.layout;
		// Below lies the kernel's own image, which strict kernels protect.
		for (let megabyte = 32; megabyte < 116; megabyte++) this.addresses.push(pageOffset + megabyte * 2 ** 20 + 8);
	}

	run({ what, choice, value }: { readonly what: string; readonly choice: number; readonly value: number }): void {
		const { kernel, pages, kmapped, areas, addresses } = this;
		const address = addresses[choice % addresses.length] ?? 0;
		switch (what) {
			case 'kmap': {
				const page = pages[choice % pages.length] as Pfn;
				addresses.push(kernel.kmap(page));
				kmapped.push(page);
				if (kmapped.length > 300) for (const old of kmapped.splice(0, 200)) kernel.kunmap(old);
				return;
			}
			case 'kunmap':
				for (const page of kmapped.splice(choice % Math.max(1, kmapped.length), 1)) kernel.kunmap(page);
				return;
			case 'atomic': {
				const window = kernel.kmapAtomic(pages[choice % pages.length] as Pfn);
				addresses.push(window);
				this.write(window, value);
				kernel.kunmapAtomic(window);
				return;
			}
			case 'vmalloc': {
				const area = kernel.vmalloc(((choice % 40) + 1) * PAGE);
				areas.push(area);
				addresses.push(area, area + (choice % 40) * PAGE);
				return;
			}
			case 'vfree':
				for (const area of areas.splice(choice % Math.max(1, areas.length), 1)) kernel.vfree(virtual(area));
				return;
			case 'purge':
				kernel.vmUnmapAliases();
				return;
			case 'read':
				this.read(address);
				return;
			default:
				this.write(address, value);
		}
	}

	read(address: number): void {
		const place = this.plain.access(address);
		if (place < 0) expect(() => this.kernel.read(virtual(address), 2)).toThrow(/[Uu]nable to handle/);
		else expect(Number(this.kernel.read(virtual(address), 2))).toBe(this.memory.get(place) ?? 0);
	}

	write(address: number, value: number): void {
		const place = this.plain.access(address);
		if (place < 0) {
			expect(() => this.kernel.write(virtual(address), 2, 1n)).toThrow(/[Uu]nable to handle/);
			return;
		}
		this.kernel.write(virtual(address), 2, BigInt(value));
		this.memory.set(place, value);
	}
}

it('every access goes where the TLB of its CPU says, and else where the page tables say', () => {
	fc.assert(
		fc.property(fc.constantFrom(...MACHINES), fc.array(step, { minLength: 20, maxLength: 400 }), (id, steps) => {
			const kernel = boot(id, { cpusOnline: 4, nrCpus: 4 });
			const program = new Program(kernel);
			for (const one of steps) {
				kernel.context.switchCpu(one.cpu);
				// An oops kills the task that touched the address; the next step is another one's.
				const task = kernel.context.addTask(100 + kernel.context.tasks.size, 'random');
				kernel.context.switchTask(task);
				program.run(one);
			}
			expect(checkMappingInvariants(kernel.parts)).toEqual([]);
			for (const [cpu, list] of program.plain.lists.entries()) {
				expect(kernel.view.paging.tlb(cpu).map(entry => entry.address)).toEqual(list.map(({ start }) => start));
			}
		}),
		{ numRuns: 120 },
	);
});
