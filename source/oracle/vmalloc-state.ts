import { alignUp, PAGE_SIZE, virtual } from '../machine/address.ts';
import type { Kernel } from '../memory/kernel.ts';
import { VmapArea } from '../memory/vmap-area.ts';
import type { RecordedOperation, Recording } from './recording.ts';

/** A range of addresses, `[start, end)`. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

const MiB = 1 << 20;
/** Where ARM maps the I/O space of PCI (PCI_IO_VIRT_BASE), whatever its size. */
const PCI_IO = { start: 0xfee00000, end: 0xff000000 };

const number = (value: unknown): number => Number(value ?? 0);

/** Ranges that the probe's own areas had at some time, guard pages included. */
export const shownRanges = (operations: readonly RecordedOperation[], vmallocStart: number): Range[] => {
	const ranges: Range[] = [];
	const add = (start: number, bytes: number) => {
		if (start >= vmallocStart) ranges.push({ start, end: start + alignUp(bytes, PAGE_SIZE) + PAGE_SIZE });
	};
	for (const operation of operations) {
		const result = number(operation.result);
		if (operation.op === 'vmalloc') add(result, number(operation.size));
		if (operation.op === 'ioremap') {
			const offset = result % PAGE_SIZE;
			add(result - offset, offset + number(operation.size));
		}
	}
	return ranges;
};

/** `[0, 1)` and `[1, 2)` are `[0, 2)`. */
const joined = (ranges: readonly Range[]): Range[] => {
	const sorted = [...ranges].sort((a, b) => a.start - b.start);
	const result: Range[] = [];
	for (const range of sorted) {
		const last = result.at(-1);
		if (last && range.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
		else result.push(range);
	}
	return result;
};

/** What lies between the ranges in `[from, to)`. */
const between = (ranges: readonly Range[], from: number, to: number): Range[] => {
	const holes: Range[] = [];
	let at = from;
	for (const { start, end } of joined(ranges)) {
		if (start > at) holes.push({ start: at, end: Math.min(start, to) });
		at = Math.max(at, end);
	}
	if (at < to) holes.push({ start: at, end: to });
	return holes.filter(({ start, end }) => start < end);
};

/** Areas of /proc/vmallocinfo, where its addresses are real; hashed ones do not fit their sizes. */
const listedAreas = ({ vmallocinfo_after: rows }: Recording): Range[] => {
	const areas = rows.flatMap(row => {
		const [, start, end, bytes] = /^0x([0-9a-f]{8})-0x([0-9a-f]{8})\s+(\d+)/.exec(row) ?? [];
		return start && end ? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), bytes: Number(bytes) }] : [];
	});
	return areas.every(({ start, end, bytes }) => end - start === bytes) ? areas : [];
};

/**
 * The vmalloc space as others had left it when the probe began. Where the probe's areas show a range free it was free, and
 * what lies between them was taken. Above the first chunk of the fill test all is free but for what stopped the chunks.
 */
export class VmallocState {
	readonly taken: readonly Range[];
	readonly totalPages: number;
	readonly #holes = new Set<number>();

	constructor(recording: Recording, operations: readonly RecordedOperation[], kernel: Kernel) {
		const { vmallocStart, vmallocEnd } = kernel.context.layout;
		const shown = shownRanges(operations, vmallocStart);
		const isShown = (area: Range) => shown.some(({ start, end }) => start < area.end && area.start < end);
		const listed = listedAreas(recording).filter(area => area.start >= vmallocStart && !isShown(area));
		const upper = upperPart(recording, operations, vmallocEnd, listed);
		const below = shown.filter(({ start }) => start < upper.start);
		const taken = [...between(below, vmallocStart, upper.start), ...upper.taken];
		this.taken = joined(taken);
		this.totalPages = recording.zones.reduce((sum, { managed }) => sum + managed, 0);
		const known = new Set([vmallocStart, ...listed.map(({ end }) => end)]);
		for (const { end } of this.taken) if (!known.has(end)) this.#holes.add(end);
	}

	/** Put the areas of others into a kernel. */
	place(kernel: Kernel): void {
		for (const { start, end } of this.taken) {
			const use = { kind: 'vmalloc' as const, caller: '', pages: 0, step: -1 };
			kernel.parts.vmalloc.space.place(new VmapArea(virtual(start), end - start, use));
		}
	}

	/** Whether an address is the start of a hole that nothing has shown before. */
	isFirstSight(address: number): boolean {
		return this.#holes.delete(address);
	}
}

/** The part from the fill test's first chunk on. */
const upperPart = (
	{ vmallocinfo_after: rows }: Recording,
	operations: readonly RecordedOperation[],
	vmallocEnd: number,
	listed: readonly Range[],
): { readonly start: number; readonly taken: readonly Range[] } => {
	const fill = operations.find(({ op }) => op === 'fill_vmalloc_area');
	const largest = operations.find(({ op }) => op === 'largest_vmap');
	if (!fill || !largest) return { start: vmallocEnd, taken: [] };
	const [first, last, chunks] = [number(fill.first), number(fill.last), number(fill.chunks)];
	const taken: Range[] = listed.filter(({ start }) => start >= first);
	const hole = number(largest.result);
	if (rows.some(row => row.includes('pci_reserve_io'))) taken.push(PCI_IO);
	if (hole > first && taken.every(({ end }) => end !== hole)) {
		// The largest area did not begin at the first chunk, so something lies between them.
		const above = Math.floor((last - hole) / MiB) + 1;
		taken.push({ start: first + (chunks - above) * MiB, end: hole });
	}
	if (last + 2 * MiB <= vmallocEnd) taken.push({ start: last + MiB, end: vmallocEnd });
	const space = joined(taken).find(({ start }) => start > hole);
	const most = hole + (number(largest.MiB) + 1) * MiB + PAGE_SIZE;
	if (!space && most <= vmallocEnd && most > last + MiB) taken.push({ start: most - PAGE_SIZE, end: vmallocEnd });
	return { start: first, taken: joined(taken) };
};
