import type { Kernel } from '../../memory/kernel.ts';
import { formatVmallocinfo } from '../../memory/vmalloc/vmallocinfo.ts';
import type { Recording } from '../recording.ts';
import type { Tally } from '../tally.ts';

/** A row of /proc/vmallocinfo: its range, its size, who asked for it (with the name of a module), and the rest. */
const ROW = /^0x(\S+)-0x(\S+)\s+(\d+) (?:(\S+?(?: \[\w+\])?) )?((?:pages|phys)=.*)$/;

/**
 * Compare the rows of /proc/vmallocinfo that tell of what the probe left allocated. Newer kernels print hashes in the place
 * of addresses; the rows still stand in the order of the addresses.
 * @param kept Addresses that the probe left allocated.
 */
export const checkKeptAreas = (recording: Recording, kernel: Kernel, kept: readonly number[], tally: Tally): void => {
	const areas = kernel.view.vmalloc.areas().filter(({ start }) => kept.includes(start));
	const ranges = areas.map(({ start, bytes }) => ({ start, bytes }));
	const rows = formatVmallocinfo(
		kernel.context.machine,
		areas.map(area => ({ ...area, caller: '' })),
	);
	const recorded = recording.vmallocinfo_after.flatMap(text => {
		const [, start = '', end = '', bytes = '', caller = '', rest = ''] = ROW.exec(text) ?? [];
		const isRemap = areas.some(({ physical }) => physical === physicalOf(rest));
		return caller.endsWith('[mmprobe]') || isRemap ? [{ start, end, bytes, rest }] : [];
	});
	// The list may have been cut short.
	if (recorded.length !== rows.length) return;
	for (const [index, { start, end, bytes, rest }] of recorded.entries()) {
		const where = `vmallocinfo_after.kept[${index}]`;
		const range = ranges[index];
		const isReal = Number.parseInt(end, 16) - Number.parseInt(start, 16) === Number(bytes);
		if (isReal) tally.check(`${where}.start`, `0x${start}`, range?.start);
		tally.check(`${where}.size`, Number(bytes), range?.bytes);
		tally.check(`${where}.rest`, rest, ROW.exec(rows[index] ?? '')?.[5]);
	}
};

/** The physical address in the row of a device's range; -1 in others. */
const physicalOf = (rest: string): number => Number.parseInt(/^phys=(?:0x)?([0-9a-f]+)/.exec(rest)?.[1] ?? '-1', 16);
