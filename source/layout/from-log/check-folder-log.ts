import { hex } from '../../machine/address.ts';
import type { PrintedRow } from '../../machine/boot-log/log-facts.ts';
import type { Architecture } from '../../machine/machine.ts';
import { UserError } from '../../machine/user-error.ts';
import { english, type Text } from '../../phrases/phrase.ts';
import { computeLayout } from '../compute-layout.ts';
import { checkLog, type RowCheck } from './check-log.ts';
import { differenceText } from './check-table.ts';
import { machineFromLog } from './fit-log.ts';

/** A log without its table, and the rows that its kernel printed. */
export interface FolderLog {
	readonly id: string;
	readonly log: string | Uint8Array;
	/** Whether the head of the log is there. */
	readonly isComplete: boolean;
	readonly rows: readonly { readonly name: string; readonly start: string; readonly end: string }[];
}

export interface LogResult {
	readonly id: string;
	readonly isComplete: boolean;
	/** The machine in a few words. */
	readonly machine: string;
	readonly compared: number;
	readonly exact: number;
	/** Each miss with its cause. */
	readonly misses: readonly string[];
	readonly causes: readonly string[];
	/** Rows that the log says nothing about. */
	readonly undetermined: readonly string[];
}

/** The rows that a log's inputs determine. */
const DETERMINED: Readonly<Record<Architecture, ReadonlySet<string>>> = {
	arm: new Set(['vector', 'fixmap', 'vmalloc', 'lowmem', 'pkmap', 'modules']),
	x86: new Set(['pkmap', 'vmalloc', 'lowmem']),
};

const TABLE_ROW =
	/^.{0,120}?(?:[Vv]irtual kernel memory layout:|(?:vector|DTCM|ITCM|timers|fixmap|cpu_entry|DMA|vmalloc|lowmem|pkmap|modules|\.text|\.init|\.data|\.bss) {0,8}: 0x[0-9a-f(].{0,60}[kM]B\)).{0,40}$/gm;

/** The log with every line of the table taken out. */
export const withoutTable = (log: string): string => log.replace(TABLE_ROW, '');

const printedRow = (row: FolderLog['rows'][number]): PrintedRow => {
	const [start, end] = [Number(row.start), Number(row.end)];
	return {
		name: row.name,
		line: 0,
		...(Number.isNaN(start) ? {} : { start }),
		...(Number.isNaN(end) ? {} : { end }),
	};
};

/** Compute a log's table without seeing it, and compare. */
export const checkFolderLog = ({ id, log, isComplete, rows }: FolderLog): LogResult => {
	const text = typeof log === 'string' ? log : new TextDecoder().decode(log);
	try {
		const reading = machineFromLog(withoutTable(text), `${id}.txt`);
		const { machine } = reading;
		const layout = computeLayout(machine);
		const printedRows = rows.map(printedRow);
		const told = { ...reading, facts: { ...reading.facts, rows: printedRows }, printedRows };
		const checks = checkLog(told, layout).filter(({ name }) => DETERMINED[machine.arch].has(name));
		// Nothing before the table tells of CONFIG_MODULES.
		const isOpen = ({ name, verdict }: RowCheck): boolean =>
			verdict === 'unpredictable' || (verdict === 'unprinted' && name === 'modules');
		// Some vendors print several areas of one name; the row counts once.
		const compared = checks.filter(
			(check, index) => !isOpen(check) && checks.findIndex(({ name }) => name === check.name) === index,
		);
		const misses = compared.filter(({ verdict }) => verdict !== 'same');
		return {
			id,
			isComplete,
			machine: `${machine.arch} ${machine.kernel.text}`,
			compared: compared.length,
			exact: compared.length - misses.length,
			misses: misses.map(missText),
			causes: misses.map(({ name, cause }) => causeText(name, cause)),
			undetermined: checks.filter(isOpen).map(({ name, cause }) => causeText(name, cause)),
		};
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const count = rows.filter(({ name }) => DETERMINED.arm.has(name)).length;
		const misses = [error.line];
		return { id, isComplete, machine: 'unread', compared: count, exact: 0, misses, causes: misses, undetermined: [] };
	}
};

const range = (row: { readonly start?: number; readonly end?: number } | undefined): string =>
	row?.start === undefined || row.end === undefined ? '-' : `${hex(row.start)}-${hex(row.end)}`;

const missText = (check: RowCheck): string => {
	const { name, computed, printed, cause } = check;
	const by = differenceText(check);
	const words = by === undefined ? '' : ` ${english(by)}`;
	return `${name} computed ${range(computed)}, printed ${range(printed)}${words}: ${cause === undefined ? '' : english(cause)}`;
};

const causeText = (name: string, cause: Text | undefined): string =>
	`${name}: ${cause === undefined ? '' : english(cause)}`;
