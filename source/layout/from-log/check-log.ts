import { hex, KiB, MiB } from '../../machine/address.ts';
import type { PrintedRow } from '../../machine/boot-log/log-facts.ts';
import type { LogReading } from '../../machine/boot-log/log-reading.ts';
import { joined, type Phrase, type PlainPhrase, phrase, type Say, type Text, verbatim } from '../../phrases/phrase.ts';
import { alignColumns } from '../columns.ts';
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

/** `+8 MB`, `-4 kB`. */
const byText = (bytes: number): string => {
	const size = Math.abs(bytes);
	const text = size % MiB === 0 ? `${size / MiB} MB` : `${size / KiB} kB`;
	return `${bytes < 0 ? '-' : '+'}${text}`;
};

/** `start +8 MB, end -4 kB`: by how much the log differs. */
export const differenceText = ({ startBy = 0, endBy = 0 }: RowCheck): Phrase | undefined => {
	const [start, end] = [byText(startBy), byText(endBy)];
	if (startBy !== 0 && endBy !== 0) return phrase('start {start}, end {end}', { start, end });
	if (startBy !== 0) return phrase('start {start}', { start });
	return endBy === 0 ? undefined : phrase('end {end}', { end });
};

const range = (row: { readonly start?: number; readonly end?: number } | undefined): Text => {
	if (row === undefined) return verbatim('-');
	if (row.start === undefined || row.end === undefined) return 'hidden';
	return verbatim(`${hex(row.start)} - ${hex(row.end % 2 ** 32)}`);
};

/** Both columns side by side, one line a row. */
export const checkTable = (checks: readonly RowCheck[], say: Say): string[] => {
	const heading = [say('row'), say('computed'), say('in the log'), ''];
	const lines = checks.map(check => {
		const { name, verdict, computed, printed, cause } = check;
		const words = [VERDICTS[verdict], differenceText(check), cause].filter(text => text !== undefined);
		return [name, say(range(computed)), say(range(printed)), say(joined(words, ': '))];
	});
	return alignColumns([heading, ...lines]);
};

const VERDICTS: Readonly<Record<RowVerdict, PlainPhrase>> = {
	same: 'same',
	differs: 'differs',
	unprinted: 'not printed',
	unpredictable: 'not predictable',
};
