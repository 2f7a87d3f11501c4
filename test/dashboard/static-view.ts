import { computeLayout } from '../../source/layout/compute-layout.ts';
import { pfn, physical, virtual } from '../../source/machine/address.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import type { LogLine, Task } from '../../source/memory/context.ts';
import type { Advice } from '../../source/memory/contexts/advice.ts';
import type {
	FixmapSlot,
	MemoryView,
	PageView,
	PkmapView,
	ProcessView,
	VmallocAreaView,
} from '../../source/memory/memory-view.ts';

/** What a test says about a memory; the rest is as after a clean boot of the documents' board. */
export interface StaticMemory {
	/** A ready-made machine's id, or any other machine. */
	readonly machine?: string | Machine;
	readonly step?: number;
	readonly timeNs?: number;
	/** pkmap_count by slot; absent: 0. */
	readonly counts?: Readonly<Record<number, number>>;
	readonly lastPkmapNr?: number;
	/** Step in which a slot changed. */
	readonly changed?: Readonly<Record<number, number>>;
	readonly fixmap?: readonly Partial<FixmapSlot>[];
	readonly log?: readonly LogLine[];
	readonly advices?: readonly Advice[];
	readonly areas?: readonly VmallocAreaView[];
	readonly processes?: readonly ProcessView[];
	readonly flushes?: number;
}

const FIRST_HIGH_PFN = 0x40000;

/** A memory that stands still, for view models. */
export const staticView = (memory: StaticMemory = {}): MemoryView => {
	const chosen = memory.machine ?? 'imx6q-2g';
	const machine = typeof chosen === 'string' ? findMachine(chosen) : chosen;
	const layout = computeLayout(machine);
	const cpus = Array.from({ length: machine.cpusOnline }, (_, id) => ({
		id,
		preemptCount: 0,
		pagefaultDisabled: 0,
		kmapAtomicIdx: 0,
		irqsDisabled: false,
		locks: [],
	}));
	const [cpu] = cpus;
	if (!cpu) throw new Error('a machine has a CPU');
	const task: Task = { pid: 1, comm: 'init', state: 'running', waitingOn: undefined };
	return {
		machine,
		layout,
		revisions: { pages: 0, pkmap: 0, fixmap: 0, vmalloc: 0, slab: 0, log: 0, tasks: 0, bytes: 0, paging: 0 },
		timeNs: memory.timeNs ?? 0,
		step: memory.step ?? 0,
		cpus,
		currentCpu: cpu,
		tasks: new Map([[1, task]]),
		currentTask: task,
		processes: memory.processes ?? [],
		taskOn: id => (id === 0 ? task : undefined),
		advices: memory.advices ?? [],
		log: memory.log ?? [],
		pkmap: layout.pkmap ? pkmapView(memory, layout.pkmap.base, layout.pkmap.slots) : null,
		fixmap: fixmapView(memory),
		vmalloc: {
			areas: () => memory.areas ?? [],
			lazyPages: 0,
			lazyMaxPages: 8192,
			purges: 0,
			freeBytes: layout.vmallocEnd - layout.vmallocStart,
			largestFreeBytes: layout.vmallocEnd - layout.vmallocStart,
		},
		pages: { zones: [], page: frame => pageView(frame) },
		slab: { caches: [], objectAt: () => null },
		paging: {
			root: physical(0),
			imageTables: physical(0),
			tlbSize: 64,
			tables: 0,
			tlb: () => [],
			walk: () => [],
			count: () => 0,
		},
		translate: address =>
			address >= 0xc0000000 && address < 0xf0000000
				? { physical: physical(address - 0xb0000000), pfn: pfn((address - 0xb0000000) / 4096), via: 'lowmem' }
				: null,
		peek: (_, bytes) => new Uint8Array(bytes),
	};
};

const pkmapView = (memory: StaticMemory, base: number, slots: number): PkmapView => {
	const count = (slot: number): number => memory.counts?.[slot] ?? 0;
	const number = (test: (value: number) => boolean): number =>
		Array.from({ length: slots }, (_, slot) => count(slot)).filter(test).length;
	return {
		slots,
		lastPkmapNr: memory.lastPkmapNr ?? 0,
		freeSlots: number(value => value === 0),
		staleSlots: number(value => value === 1),
		usedSlots: number(value => value > 1),
		wraps: memory.flushes ?? 0,
		flushes: memory.flushes ?? 0,
		slotsScanned: 0,
		waiters: [],
		count,
		pfn: slot => (count(slot) === 0 ? -1 : FIRST_HIGH_PFN + slot),
		address: slot => virtual(base + slot * 4096),
		changedAt: slot => memory.changed?.[slot] ?? -1,
	};
};

/** Two CPUs with 16 slots each, and two slots that the kernel keeps. */
const fixmapView = (memory: StaticMemory): MemoryView['fixmap'] => ({
	slots: 34,
	firstIndex: 0,
	slot: index => {
		const isKmap = index >= 2;
		return {
			index,
			address: virtual(0xffeff000 - index * 4096),
			state: isKmap ? 'free' : 'reserved',
			name: isKmap ? 'FIX_KMAP' : (['FIX_EARLYCON_MEM_BASE', 'FIX_HOLE'][index] ?? ''),
			cpu: isKmap ? Math.floor((index - 2) / 16) : -1,
			depth: isKmap ? (index - 2) % 16 : -1,
			pfn: -1,
			changedAt: -1,
			...memory.fixmap?.find(slot => slot.index === index),
		};
	},
});

const pageView = (frame: number): PageView => ({
	pfn: pfn(frame),
	zone: frame >= FIRST_HIGH_PFN ? 'HighMem' : 'Normal',
	state: 'allocated',
	order: 0,
	isHighmem: frame >= FIRST_HIGH_PFN,
	isSlab: false,
	address: 0,
	structPage: virtual(0xef000000 + frame * 32),
});
