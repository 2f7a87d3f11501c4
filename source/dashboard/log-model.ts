import { printable } from '../machine/user-error.ts';
import { formatLogLine } from '../memory/context.ts';
import { isNew, type ModelContext } from './model-context.ts';
import { listRows, type PanelModel } from './panel-model.ts';
import { RowBuilder } from './row-builder.ts';
import { wrap } from './text.ts';
import type { StyleName } from './theme.ts';

/** Time stamp and brackets: `[   58.787147]`. */
const STAMP_COLUMNS = 14;

/** The kernel log, newest line last. Lines that are too long end with the cut mark; the inspector shows them whole. */
export const logModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const { log } = view;
	return {
		...listRows(log.length),
		id: 'log',
		notes: [],
		legends: log.length === 0 ? [] : [messages.log.legend],
		head: log.length === 0 ? [new RowBuilder(theme, width).add(messages.log.empty, 'dim').toString()] : [],
		foot: adviceRows(context),
		paintRow: (row, cursor) => {
			const line = log[row];
			const builder = new RowBuilder(theme, width);
			if (!line) return builder.toString();
			const text = printable(formatLogLine(line));
			const isCursor = row === cursor;
			const style: StyleName = line.level <= 3 ? 'error' : 'plain';
			builder.add(isNew(view, line.step) ? '*' : ' ', 'mark');
			builder.add(text.slice(0, STAMP_COLUMNS), 'dim', { isCursor });
			return builder.add(text.slice(STAMP_COLUMNS), style, { isCursor }).toString();
		},
		newest: log.length > 0 && isNew(view, log.at(-1)?.step ?? -1) ? log.length - 1 : undefined,
	};
};

/** Rows that the explorer's own words may take of the panel. */
const MAX_ADVICE_ROWS = 4;

/** What the explorer says of the newest act beside the log: which rule was broken. No kernel printed this. */
const adviceRows = ({ view, width, theme, messages }: ModelContext): readonly string[] => {
	const lines = view.advices
		.filter(({ step }) => isNew(view, step))
		.flatMap(({ key }) => wrap(`! ${messages.advice[key]}`, width));
	return lines.slice(0, MAX_ADVICE_ROWS).map(line => new RowBuilder(theme, width).add(line, 'warning').toString());
};
