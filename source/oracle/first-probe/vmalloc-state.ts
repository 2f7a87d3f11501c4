import { alignUp, MiB, PAGE_SIZE } from '../../machine/address.ts';
import type { Kernel } from '../../memory/kernel.ts';
import type { VmapArea } from '../../memory/vmalloc/vmap-area.ts';
import { otherArea } from '../probe-kernel/other-area.ts';
import { between, joined, type Range } from '../probe-kernel/ranges.ts';
import type { RecordedOperation, Recording } from '../recording.ts';

/** Where ARM maps the I/O space of PCI (PCI_IO_VIRT_BASE), whatever its size. */
const PCI_IO = { start: 0xfee00000, end: 0xff000000 };

const number = (value: unknown): number => Number(value ?? 0);

/** Ranges that the probe's own areas had at some time, guard pages included. */
const shownRanges = (operations: readonly RecordedOperation[], vmallocStart: number): Range[] => {
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

/** Areas of /proc/vmallocinfo, where its addresses are real; hashed ones do not fit their sizes. */
const listedAreas = ({ vmallocinfo_after: rows }: Recording): Range[] => {
	const areas = rows.flatMap(row => {
		const [, start, end, bytes] = /^0x([0-9a-f]{8})-0x([0-9a-f]{8})\s+(\d+)/.exec(row) ?? [];
		return start && end
			? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), bytes: Number(bytes) }]
			: [];
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
	readonly #others = new Set<VmapArea>();
	readonly #zones: Recording['zones'];

	constructor(recording: Recording, operations: readonly RecordedOperation[], kernel: Kernel) {
		const { vmallocStart, vmallocEnd } = kernel.context.layout;
		const shown = shownRanges(operations, vmallocStart);
		const isShown = (area: Range) => shown.some(({ start, end }) => start < area.end && area.start < end);
		const listed = listedAreas(recording).filter(area => area.start >= vmallocStart && !isShown(area));
		const upper = upperPart(recording.arch === 'arm', operations, vmallocEnd, listed);
		const below = shown.filter(({ start }) => start < upper.start);
		const taken = [...between(below, vmallocStart, upper.start), ...upper.taken];
		this.taken = joined(taken);
		this.#zones = recording.zones;
		this.totalPages = recording.zones.reduce((sum, { managed }) => sum + managed, 0);
		const known = new Set([vmallocStart, ...listed.map(({ end }) => end)]);
		for (const { end } of this.taken) if (!known.has(end)) this.#holes.add(end);
	}

	/** Put the areas of others into a kernel. */
	place(kernel: Kernel): void {
		for (const zone of kernel.parts.pages.zones) {
			// Managed pages are an input; an area never has more pages than all zones together.
			const recorded = this.#zones.find(({ name }) => name === zone.name);
			if (recorded) zone.managed = recorded.managed;
		}
		for (const range of this.taken) {
			const area = otherArea(range);
			this.#others.add(area);
			kernel.parts.vmalloc.space.place(area);
		}
	}

	/**
	 * The search of 5.2 and later asks for more room than an aligned range takes. Where one is found in a hole of which the
	 * trace has shown less, the hole must be larger: others do not begin where they were taken to.
	 * @returns whether the hole had to be made larger.
	 */
	widen(kernel: Kernel, offset: number, bytes: number, recorded: number): boolean {
		const { rules, space } = kernel.parts.vmalloc;
		const { areas } = space;
		const { vmallocEnd } = kernel.context.layout;
		const size = alignUp(offset + bytes, PAGE_SIZE);
		const at = recorded - offset;
		const room = rules.searchBytes(size + PAGE_SIZE, rules.ioremapAlign(size));
		const from = areas.lastBelow(at + 1)?.end ?? 0;
		const to = alignUp(from + room, PAGE_SIZE);
		let isWidened = false;
		for (;;) {
			const next = areas.lastBelow(at + 1)?.next ?? null;
			if (!next || next.start >= to || to > vmallocEnd || !this.#others.has(next)) return isWidened;
			areas.remove(next);
			isWidened = true;
			if (next.end > to) {
				const rest = otherArea({ start: to, end: next.end });
				this.#others.add(rest);
				space.place(rest);
			}
		}
	}

	/**
	 * The probe is about to take an area whose address it does not report, and `kept` must stay free for the next: others
	 * have left a hole elsewhere.
	 */
	makeRoom(kernel: Kernel, bytes: number, kept: number): void {
		const { areas } = kernel.parts.vmalloc.space;
		const { vmallocStart, vmallocEnd } = kernel.context.layout;
		if (areas.lowestFit(bytes, 1, vmallocStart, vmallocEnd) !== kept) return;
		const between = this.#othersBetweenHoles(kernel, bytes);
		if (between) {
			for (const area of between) areas.remove(area);
			return;
		}
		const place = [...areas].find(area => this.#others.has(area) && area.bytes >= bytes + PAGE_SIZE);
		if (!place) return;
		areas.remove(place);
		kernel.parts.vmalloc.space.place(otherArea({ start: place.start, end: place.end - bytes }));
	}

	/** Areas of others in a range of just that size from the start of one hole to the start of another. */
	#othersBetweenHoles(kernel: Kernel, bytes: number): VmapArea[] | undefined {
		const areas = [...kernel.parts.vmalloc.space.areas];
		for (const [index, area] of areas.entries()) {
			const from = area.end;
			const inside = areas.slice(index + 1).filter(({ start }) => start < from + bytes);
			const last = inside.at(-1);
			const isFree = inside[0] !== undefined && inside[0].start > from;
			if (isFree && last?.end === from + bytes && inside.every(other => this.#others.has(other))) return inside;
		}
		return undefined;
	}

	/** Whether an address is the start of a hole that nothing has shown before. */
	isFirstSight(address: number): boolean {
		return this.#holes.delete(address);
	}
}

/** The part from the fill test's first chunk on. */
const upperPart = (
	isArm: boolean,
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
	// The list may be cut short, or hidden; the largest hole ends before the I/O space and chunks lie above it.
	const least = hole + number(largest.MiB) * MiB + PAGE_SIZE;
	if (isArm && least <= PCI_IO.start && PCI_IO.start < least + MiB && last >= PCI_IO.end) taken.push(PCI_IO);
	if (hole > first && taken.every(({ end }) => end !== hole)) {
		// The largest area did not begin at the first chunk, so something lies between them.
		const above = between(taken, hole, last + MiB).reduce(
			(sum, { start, end }) => sum + Math.floor((end - start) / MiB),
			0,
		);
		taken.push({ start: first + (chunks - above) * MiB, end: hole });
	}
	if (last + 2 * MiB <= vmallocEnd) taken.push({ start: last + MiB, end: vmallocEnd });
	const space = joined(taken).find(({ start }) => start > hole);
	const most = hole + (number(largest.MiB) + 1) * MiB + PAGE_SIZE;
	if (!space && most <= vmallocEnd && most > last + MiB) taken.push({ start: most - PAGE_SIZE, end: vmallocEnd });
	return { start: first, taken: joined(taken) };
};
