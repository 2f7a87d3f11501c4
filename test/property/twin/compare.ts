import { virtual } from '../../../source/machine/address.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import type { Program } from './program.ts';
import { Difference, type Twin } from './twin.ts';

/** What is cheap to compare: after every step. */
export const compareCpus = (twin: Twin): void => {
	const { kernel, model } = twin;
	for (const [id, cpu] of kernel.context.cpus.entries()) {
		const plain = model.cpus.cpus[id];
		twin.same(`preempt_count of CPU ${id}`, cpu.preemptCount, plain?.preempt);
		twin.same(`pagefaults of CPU ${id}`, cpu.pagefaultDisabled, plain?.pagefaultsOff);
		twin.same(`irqs of CPU ${id}`, cpu.irqsDisabled, plain?.irqsOff);
	}
	twin.same('current task', kernel.context.task.pid, model.cpus.here.pid);
	if (model.windows.generation !== 'typed') twin.same('depth', kernel.parts.atomic.stacks.depth, model.windows.depth);
	if (model.pkmap) twin.same('last_pkmap_nr', kernel.view.pkmap?.lastPkmapNr, model.pkmap.cursor);
	twin.same('purges', kernel.view.vmalloc.purges, model.vmalloc.purges);
};

/** Everything that both know, and the kernel's own invariants. */
export const compareAll = (program: Program): void => {
	const { twin } = program;
	compareCpus(twin);
	comparePkmap(twin);
	compareAreas(twin);
	compareTables(twin);
	compareTlbs(twin);
	compareUsers(twin);
	comparePages(twin);
	findLeaks(program);
	const [broken] = checkInvariants(twin.kernel);
	if (broken !== undefined) throw new Difference(`invariant: ${broken}`);
};

const comparePkmap = (twin: Twin): void => {
	const { pkmap } = twin.model;
	const { pkmap: view } = twin.kernel.view;
	if (!pkmap || !view) return;
	const pages = new Map([...pkmap.slotOf].map(([pfn, slot]) => [slot, pfn]));
	for (let slot = 0; slot < pkmap.slots; slot++) {
		twin.same(`count of pkmap slot ${slot}`, view.count(slot), pkmap.count(slot));
		twin.same(`page of pkmap slot ${slot}`, view.pfn(slot), pages.get(slot) ?? -1);
	}
	twin.same('waiters', view.waiters.join(), pkmap.waiters.join());
};

const compareAreas = (twin: Twin): void => {
	const { areas, lazyPages } = twin.model.vmalloc;
	const { vmalloc } = twin.kernel.view;
	const text = (all: readonly { readonly start: number; readonly isLazy: boolean }[], end: (at: number) => number) =>
		all.map(({ start, isLazy }, at) => `${start.toString(16)}-${end(at).toString(16)}${isLazy ? ' lazy' : ''}`);
	const got = vmalloc.areas();
	const ends = got.map(({ start, bytes }) => start + bytes);
	const expected = text(areas, at => areas[at]?.end ?? 0);
	for (const [at, area] of text(got, index => ends[index] ?? 0).entries()) twin.same('area', area, expected[at]);
	twin.same('areas', got.length, areas.length);
	twin.same('lazy pages', vmalloc.lazyPages, lazyPages);
};

const compareTables = (twin: Twin): void => {
	const left = new Map(twin.model.mmu.kernel);
	for (const { address, pfn } of twin.kernel.parts.table.entries()) {
		twin.same(`entry for 0x${address.toString(16)}`, pfn, left.get(address));
		left.delete(address);
	}
	const [missing] = left;
	if (missing) throw new Difference(`no entry for 0x${missing[0].toString(16)}, which maps ${missing[1]}`);
};

const compareTlbs = (twin: Twin): void => {
	for (const [cpu, plain] of twin.model.mmu.tlbs.entries()) {
		const text = (entries: readonly { readonly start: number; readonly physical: number }[]): string =>
			entries.map(({ start, physical }) => `${start.toString(16)}>${physical.toString(16)}`).join(' ');
		const got = [...(twin.kernel.parts.table.mmu.tlbs[cpu]?.entries.values() ?? [])];
		twin.same(`TLB of CPU ${cpu}`, text(got), text(plain));
	}
};

/** Pages of the process that loads a module, which has them until the module's init function is over. */
const INSMOD_PAGES = 24;
const LARGEST_OBJECT = 8192;

/** Every page that is out is somebody's: the program's, an area's, a process's, a slab's, or a page table. */
const findLeaks = ({ twin, holdings, modules }: Program): void => {
	const { pages, mmu, users, tables, lost, layout } = twin.model;
	const large = [...pages.objects].flatMap(([address, { bytes }]) =>
		bytes > LARGEST_OBJECT ? [(address - layout.pageOffset + layout.physOffset) / 4096] : [],
	);
	const known = new Set([...holdings.map(({ pfn }) => pfn as number), ...mmu.kernel.values(), ...large]);
	for (const owner of [users.counts, pages.slabs]) for (const pfn of owner.keys()) known.add(pfn);
	const leaked = [...pages.blocks.keys()].filter(pfn => !known.has(pfn) && !tables.has(pfn) && !lost.has(pfn));
	const loading = modules.filter(({ init }) => init >= 0).length;
	if (leaked.length > loading * INSMOD_PAGES)
		throw new Difference(`${leaked.length} pages are out and nobody's, among them ${leaked.at(-1)}`);
};

const compareUsers = (twin: Twin): void => {
	const { users, mmu } = twin.model;
	const { spaces } = twin.kernel.parts.users;
	twin.same('processes', [...spaces.keys()].sort().join(), [...users.areas.keys()].sort().join());
	for (const [pid, space] of spaces) {
		const left = new Map(mmu.users.get(pid));
		for (const { address, pfn } of space.pages(() => false)) {
			twin.same(`page of process ${pid} at 0x${address.toString(16)}`, pfn, left.get(address)?.pfn);
			left.delete(address);
		}
		twin.same(`pages of process ${pid} that are not there`, left.size, 0);
	}
	for (const [pfn, count] of users.counts)
		twin.same(`count of page ${pfn}`, twin.kernel.parts.pages.pageCount(pfn as never), count);
};

const comparePages = (twin: Twin): void => {
	const { pages } = twin.model;
	const [problem] = pages.check(address => twin.kernel.ksize(virtual(address)));
	if (problem !== undefined) throw new Difference(problem);
	for (const { name, activeObjects } of twin.kernel.view.slab.caches) {
		const live = [...pages.objects.values()].filter(({ cache }) => cache === name).length;
		twin.same(`objects of ${name}`, activeObjects, live);
	}
	if (pages.hasLostPages) return;
	for (const { name, managed, free, perCpuPages } of twin.kernel.view.pages.zones) {
		const out = managed - free - perCpuPages.reduce((sum, count) => sum + count, 0);
		twin.same(`pages of ${name} that are out`, out, (pages.out.get(name) ?? 0) + (twin.atBoot.get(name) ?? 0));
	}
};
