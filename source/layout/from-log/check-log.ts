import type { PrintedRow } from '../../machine/boot-log/log-facts.ts';
import type { LogReading } from '../../machine/boot-log/log-reading.ts';
import type { Text } from '../../phrases/phrase.ts';
import type { Layout, LayoutRow } from '../layout.ts';
import { likelyCause } from './likely-cause.ts';

/**
 * How a row of the log compares with the formulas: `unpredictable` where they cannot know it (the image's sections,
 * vendors' rows), `unprinted` where the log lacks it.
 */
export type RowVerdict = 'same' | 'differs' | 'unprinted' | 'unpredictable';

export interface RowCheck {
	readonly name: string;
	readonly verdict: RowVerdict;
	readonly computed?: { readonly start: number; readonly end: number };
	readonly printed?: PrintedRow;
	/** Printed less computed, in bytes. */
	readonly startBy?: number;
	readonly endBy?: number;
	/** Why it probably differs, or why there is nothing to compare. */
	readonly cause?: Text;
}

/** The linker places these. */
const isSection = (name: string): boolean => name.startsWith('.');

/** Compare every row of the log's table with the layout, in the log's order; then rows that the log lacks. */
export const checkLog = (reading: LogReading, layout: Layout): readonly RowCheck[] => {
	const { printedRows } = reading;
	const used = new Set<string>();
	const checks = printedRows.map(printed => {
		const row = layout.rows.find(({ name }) => name === printed.name);
		const isRepeated = used.has(printed.name);
		used.add(printed.name);
		return checkRow(reading, layout, row, printed, isRepeated);
	});
	const missing = layout.rows.filter(({ name }) => !used.has(name));
	return [...checks, ...missing.map(row => unprinted(reading, row))];
};

const checkRow = (
	reading: LogReading,
	layout: Layout,
	row: LayoutRow | undefined,
	printed: PrintedRow,
	isRepeated: boolean,
): RowCheck => {
	const { name } = printed;
	if (isSection(name))
		return { name, verdict: 'unpredictable', printed, cause: "the linker's choice, taken from the log" };
	if (isRepeated) {
		return { name, verdict: 'differs', printed, cause: 'a patched kernel: it has several such areas' };
	}
	if (!row) {
		if (name === 'timers') return { name, verdict: 'unpredictable', printed, cause: "a vendor's own row" };
		return { name, verdict: 'differs', printed, cause: likelyCause(reading, layout, name, printed) };
	}
	const computed = { start: row.start as number, end: row.end };
	if (printed.start === undefined || printed.end === undefined) {
		return { name, verdict: 'unpredictable', computed, printed, cause: 'the log hides the addresses' };
	}
	// The kernel prints an end at 4 GiB as zero.
	const startBy = printed.start - computed.start;
	const endBy = printed.end - (computed.end % 2 ** 32);
	if (startBy === 0 && endBy === 0) return { name, verdict: 'same', computed, printed };
	const cause = likelyCause(reading, layout, name, printed);
	return { name, verdict: 'differs', computed, printed, startBy, endBy, cause };
};

const unprinted = ({ printedRows }: LogReading, row: LayoutRow): RowCheck => {
	const computed = { start: row.start as number, end: row.end };
	if (isSection(row.name)) return { name: row.name, verdict: 'unpredictable', computed, cause: "the linker's choice" };
	const cause = printedRows.length === 0 ? 'the log has no table' : rowCondition(row.name);
	return { name: row.name, verdict: 'unprinted', computed, cause };
};

const rowCondition = (name: string): Text => {
	if (name === 'modules') return 'a kernel without CONFIG_MODULES';
	if (name === 'pkmap') return 'a kernel without CONFIG_HIGHMEM';
	return 'the table in the log is cut short, or the kernel is patched';
};
