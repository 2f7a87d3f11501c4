import { type Pfn, virtual } from '../../../../source/machine/address.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Machine } from '../../../../source/machine/machine.ts';
import { PlainBug } from '../model/plain-bug.ts';
import type { HeldArea, Program } from '../program.ts';
import type { Step } from '../step.ts';
import { Difference, KILLED } from '../twin.ts';
import { ioremapAlign, isRam } from './ioremap-rules.ts';

const PAGE = 4096;
const MOST_AREAS = 120;
/** Pointers in a page: larger areas keep their list of pages in another area. */
const POINTERS = 1024;

/** Enter the pages that vmalloc took into the model's tables; all of them must be new, and none twice. */
export const mapOwnPages = ({ twin }: Program, address: number, pages: number): void => {
	const { kernel, model } = twin;
	const fresh = new Set(model.pages.taken.filter(({ order }) => order === 0).map(({ pfn }) => pfn));
	for (let at = address; at < address + pages * PAGE; at += PAGE) {
		const pfn = kernel.vmallocToPfn(virtual(at));
		if (!fresh.delete(pfn)) throw new Difference(`page ${pfn} at 0x${at.toString(16)} was not taken for it`);
		model.mmu.setKernel(at, pfn);
	}
};

/** BUG_ON(in_interrupt()), also where only the bottom halves are off. */
const refuseInterrupt = ({ twin }: Pick<Program, 'twin'>): void => {
	if (twin.model.cpus.isInterrupt) throw new PlainBug('this may sleep, and it is an interrupt');
};

/** What vmalloc does to addresses; where memory ran out in between, the events tell how far it came. */
const vmallocModel = (program: Program, bytes: number, got: number): number => {
	const { vmalloc, pages } = program.twin.model;
	refuseInterrupt(program);
	const count = Math.ceil(bytes / PAGE);
	const hasFailed = got === 0;
	if (hasFailed && pages.failures > 0 && pages.released.length === 0) return 0;
	const start = vmalloc.take((count + 1) * PAGE);
	if (start < 0) return 0;
	const area = vmalloc.at(start);
	const arrayBytes = count * 4;
	const needsArea = count > POINTERS;
	const innerPages = Math.ceil(arrayBytes / PAGE);
	if (!hasFailed) {
		if (needsArea) mapOwnPages(program, vmalloc.take((innerPages + 1) * PAGE), innerPages);
		mapOwnPages(program, start, count);
		return start;
	}
	const triesInner = needsArea && (pages.released.length > 1 || pages.failures === 0);
	const inner = triesInner ? vmalloc.take((innerPages + 1) * PAGE) : -1;
	const innerArea = inner < 0 ? undefined : vmalloc.at(inner);
	// Whose pages could not be had is given up first.
	const order = pages.released[0] === start ? [area, innerArea] : [innerArea, area];
	for (const one of order) if (one) vmalloc.free(one);
	return 0;
};

const takeVmalloc = (program: Program, pages: number, isZeroed: boolean): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	const bytes = pages * PAGE - 100;
	const name = isZeroed ? 'vzalloc' : 'vmalloc';
	const got = twin.do(
		`${name}(${bytes})`,
		() => kernel[name](bytes) as number,
		address => {
			const start = vmallocModel(program, bytes, address);
			for (let page = 0; isZeroed && start !== 0 && page < pages; page++)
				model.bytes.clear(model.mmu.kernel.get(start + page * PAGE) ?? -1, 1);
			return start;
		},
	);
	if (got === KILLED || got === 0) return;
	program.areas.push({ kind: 'vmalloc', address: got, pages });
	program.remember(got, got + (pages - 1) * PAGE + 60, got + pages * PAGE);
};

export const vmalloc = (program: Program, { a, b, c }: Step): void => {
	if (program.areas.length > MOST_AREAS) releaseArea(program, { kind: 'releaseArea', a, b, c });
	else takeVmalloc(program, 1 + (b % (c % 8 === 0 ? 200 : 12)), c % 5 === 0);
};

/** Some megabytes: the list of pages needs an area too, addresses run out, and purges come. */
export const vmallocLarge = (program: Program, { a }: Step): void => takeVmalloc(program, 300 + (a % 2500), false);

export const vmap = (program: Program, { a, b }: Step): void => {
	const { twin } = program;
	const { kernel } = twin;
	if (program.holdings.length === 0 || program.areas.length > MOST_AREAS) return;
	const pfns = Array.from({ length: 1 + (b % 9) }, (_, at) => program.pick(program.holdings, a + at * 3)?.pfn as Pfn);
	const got = twin.do(
		`vmap(${pfns.join(' ')})`,
		() => kernel.vmap(pfns) as number,
		address => mappedModel(program, pfns.length, 1, address, at => pfns[at] ?? -1),
	);
	if (got === KILLED || got === 0) return;
	program.areas.push({ kind: 'vmap', address: got, pages: pfns.length });
	program.remember(got, got + 8);
};

/** An area for pages that are there already. */
const mappedModel = (
	{ twin }: Pick<Program, 'twin'>,
	count: number,
	align: number,
	got: number,
	pfnOf: (page: number) => number,
): number => {
	const { vmalloc, pages, mmu } = twin.model;
	refuseInterrupt({ twin });
	if (got === 0 && pages.failures > 0 && pages.released.length === 0) return 0;
	const start = vmalloc.take((count + 1) * PAGE, align);
	const area = start < 0 ? undefined : vmalloc.at(start);
	if (!area) return 0;
	if (got === 0) {
		vmalloc.free(area);
		return 0;
	}
	for (let page = 0; page < count; page++) mmu.setKernel(start + page * PAGE, pfnOf(page));
	return start;
};

export const ioremap = (program: Program, { a, b, c }: Step): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	const { machine } = model;
	if (program.areas.length > MOST_AREAS) return;
	const bytes = 1 + (b % (c % 6 === 0 ? 4_000_000 : 40_000));
	const holding = program.pick(program.holdings, a);
	const isMistake = c % 40 === 0 && holding;
	const physical = isMistake ? holding.pfn * PAGE : 0x1000 * (a % 0xfffff) + (c % 3 === 0 ? 0x10 : 0);
	const isWide = machine.arch === 'arm' ? machine.lpae : machine.pae;
	const got = twin.do(
		`ioremap(0x${physical.toString(16)}, ${bytes})`,
		() => kernel.ioremap(physical, bytes) as number,
		address => {
			const last = physical + bytes - 1;
			if (last >= (isWide ? 2 ** 40 : 2 ** 32)) return 0;
			if (model.vmalloc.hasIsaShortcut && physical >= 0xa0000 && last < 0x100000)
				return physical + model.layout.pageOffset;
			const offset = physical % PAGE;
			const count = Math.ceil((offset + bytes) / PAGE);
			if (isRam(model.layout, physical - offset, count)) return 0;
			const align = ioremapAlign(machine, count * PAGE);
			const start = mappedModel(program, count, align, address, page => Math.floor(physical / PAGE) + page);
			return start === 0 ? 0 : start + offset;
		},
	);
	if (got === KILLED || got === 0 || got < model.layout.vmallocStart) return;
	program.areas.push({ kind: 'ioremap', address: got, pages: Math.ceil(((physical % PAGE) + bytes) / PAGE) });
};

/** The mappings of an area go, and its addresses as this kernel frees them. */
export const releaseRange = ({ twin }: Program, address: number): void => {
	const { vmalloc: space, mmu } = twin.model;
	const area = space.at(address);
	if (!area) throw new Difference(`nothing is at 0x${address.toString(16)}`);
	for (let at = area.start; at < area.end; at += PAGE) mmu.setKernel(at, -1);
	space.free(area);
};

/** vfree puts its work off from 3.10 on, and iounmap of x86 does not go through vunmap. */
const mayNotBeInterrupt = ({ kernel, arch }: Machine, kind: HeldArea['kind']): boolean =>
	kind === 'vmap' || (kind === 'vmalloc' ? !atLeast(kernel, '3.10') : arch === 'arm');

export const releaseArea = (program: Program, { a }: Step): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	const held = program.take(program.areas, a);
	if (!held) return;
	const name = ({ vmalloc: 'vfree', vmap: 'vunmap', ioremap: 'iounmap' } as const)[held.kind];
	const start = held.address - (held.address % PAGE);
	twin.do(
		`${name}(0x${held.address.toString(16)})`,
		() => {
			kernel[name](virtual(held.address));
			return undefined;
		},
		() => {
			const { pages } = model;
			if (mayNotBeInterrupt(model.machine, held.kind)) refuseInterrupt(program);
			const released = [start, ...pages.released.filter(address => address !== start)];
			for (const address of released) {
				releaseRange(program, address);
			}
			twin.same('areas released', released.length, held.kind === 'vmalloc' && held.pages > POINTERS ? 2 : 1);
			return undefined;
		},
	);
};

export const mapRam = (program: Program, { a, b, c }: Step): void => {
	const { twin, ramMaps } = program;
	const { kernel, model } = twin;
	if (program.holdings.length === 0 || ramMaps.length > MOST_AREAS) return;
	const count = 1 + (b % (c % 6 === 0 ? 50 : 9));
	const pfns = Array.from({ length: count }, (_, at) => program.pick(program.holdings, a + at)?.pfn as Pfn);
	const got = twin.do(
		`vm_map_ram(${count} pages)`,
		() => kernel.vmMapRam(pfns) as number,
		address => {
			const start = model.ramBlocks.map(count);
			if (start < 0) return 0;
			if (address === 0 && model.pages.failures > 0) {
				model.ramBlocks.unmap(start, count);
				return 0;
			}
			for (const [at, pfn] of pfns.entries()) model.mmu.setKernel(start + at * PAGE, pfn);
			return start;
		},
	);
	if (got === KILLED || got === 0) return;
	ramMaps.push({ address: got, count });
	program.remember(got);
};

export const unmapRam = (program: Program, { a }: Step): void => {
	const { twin } = program;
	const held = program.take(program.ramMaps, a);
	if (!held) return;
	const { address, count } = held;
	twin.do(
		`vm_unmap_ram(0x${address.toString(16)}, ${count})`,
		() => {
			twin.kernel.vmUnmapRam(virtual(address), count);
			return undefined;
		},
		() => {
			for (let at = 0; at < count; at++) twin.model.mmu.setKernel(address + at * PAGE, -1);
			twin.model.ramBlocks.unmap(address, count);
			return undefined;
		},
	);
};

export const unmapAliases = ({ twin }: Program): void => {
	twin.do(
		'vm_unmap_aliases()',
		() => {
			twin.kernel.vmUnmapAliases();
			return undefined;
		},
		() => {
			twin.model.ramBlocks.unmapAliases();
			return undefined;
		},
	);
};

/** vfree of what is no area: a warning or an oops, and nothing changes. */
export const vfreeWrong = (program: Program, { a, b }: Step): void => {
	const { twin } = program;
	const { layout, vmalloc: space } = twin.model;
	const pages = Math.floor((layout.vmallocEnd - layout.vmallocStart) / PAGE);
	const address = layout.vmallocStart + (a % pages) * PAGE + (b % 2) * 8;
	if (space.areas.some(({ start, end }) => address >= start && address < end) || program.isAtomic) return;
	try {
		twin.kernel.vfree(virtual(address));
	} catch {
		twin.isKilled = true;
	}
};
