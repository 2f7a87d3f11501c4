import { printable } from '../../machine/user-error.ts';
import { formatLogLine, type LogLine } from '../../memory/context.ts';
import type { Advice } from '../../memory/contexts/advice.ts';
import type { MemoryView } from '../../memory/memory-view.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { wrap } from '../painting/text.ts';
import type { StyleName } from '../painting/theme.ts';
import { isNew, type ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

/** What the log panel lists: a line of the kernel's, or what the explorer says beside it. */
export type LogEntry =
	| { readonly kind: 'line'; readonly line: LogLine }
	| { readonly kind: 'advice'; readonly advice: Advice };

/** The kernel's lines, and behind those of each act what the explorer says of it. */
export const logEntries = ({ log, advices }: MemoryView): readonly LogEntry[] => {
	const entries: LogEntry[] = [];
	let said = 0;
	const sayBefore = (step: number): void => {
		for (let advice = advices[said]; advice && advice.step < step; advice = advices[++said])
			entries.push({ kind: 'advice', advice });
	};
	for (const line of log) {
		sayBefore(line.step);
		entries.push({ kind: 'line', line });
	}
	sayBefore(Number.POSITIVE_INFINITY);
	return entries;
};

/** One row of the panel: a kernel line, or a part of an advice. */
interface LogRow {
	readonly entry: LogEntry;
	readonly item: number;
	/** A part of an advice; the text of a kernel line is made when its row is painted. */
	readonly text?: string;
	/** The last row of an entry is the one that the cursor can be on: what scrolls it into sight shows those above, too. */
	readonly isLast: boolean;
}

/** Time stamp and brackets: `[   58.787147]`. */
const STAMP_COLUMNS = 14;

/**
 * The kernel log, newest line last, and between its lines what the explorer says of broken rules, whole. Lines of the
 * kernel that are too long end with the cut mark; the inspector shows them whole.
 */
export const logModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const entries = logEntries(view);
	const rows = entries.flatMap((entry, item) => rowsOf(entry, item, context));
	const rowOfItem: number[] = [];
	for (const [row, { item }] of rows.entries()) rowOfItem[item] = row;
	const last = entries.at(-1);
	return {
		rowCount: rows.length,
		itemCount: entries.length,
		itemsOf: row => ({ first: rows[row]?.item ?? 0, count: Number(rows[row]?.isLast ?? false) }),
		rowOf: item => rowOfItem[item] ?? 0,
		id: 'log',
		notes: [],
		legends: entries.length === 0 ? [] : messages.log.legends,
		head: entries.length === 0 ? [new RowBuilder(theme, width).add(messages.log.empty, 'dim').toString()] : [],
		foot: [],
		paintRow: (at, cursor) => {
			const row = rows[at];
			const builder = new RowBuilder(theme, width);
			return row ? paint(builder, row, row.item === cursor, isNew(view, stepOf(row.entry))) : builder.toString();
		},
		newest: last && isNew(view, stepOf(last)) ? entries.length - 1 : undefined,
	};
};

const stepOf = (entry: LogEntry): number => (entry.kind === 'line' ? entry.line.step : entry.advice.step);

const rowsOf = (entry: LogEntry, item: number, { width, messages }: ModelContext): readonly LogRow[] => {
	if (entry.kind === 'line') return [{ entry, item, isLast: true }];
	const lines = wrap(messages.advice[entry.advice.key], width - MARK_COLUMNS);
	return lines.map((text, at) => ({
		entry,
		item,
		text: at === 0 ? `! ${text}` : `  ${text}`,
		isLast: at === lines.length - 1,
	}));
};

/** The mark of what is new, and the exclamation mark with its space. */
const MARK_COLUMNS = 3;

const paint = (builder: RowBuilder, { entry, text = '' }: LogRow, isCursor: boolean, isFresh: boolean): string => {
	builder.add(isFresh ? '*' : ' ', 'mark');
	if (entry.kind === 'advice') return builder.add(text, 'warning', { isCursor }).toString();
	const line = printable(formatLogLine(entry.line));
	const style: StyleName = entry.line.level <= 3 ? 'error' : 'plain';
	builder.add(line.slice(0, STAMP_COLUMNS), 'dim', { isCursor });
	return builder.add(line.slice(STAMP_COLUMNS), style, { isCursor }).toString();
};
