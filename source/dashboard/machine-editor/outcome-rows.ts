/** The lower part of the machine editor: the mem_init table with what moved, what the kernel says, and why. */
import { type Comparison, hasMoved, type RowComparison } from '../../layout/compare/compare.ts';
import { borderSentence } from '../../layout/explain/border-text.ts';
import { signedSize } from '../../layout/explain/size-text.ts';
import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { Messages } from '../../messages/messages.ts';
import { fittedRows } from '../painting/fitted-rows.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { wrap } from '../painting/text.ts';
import type { StyleName, Theme } from '../painting/theme.ts';
import { rowStyle } from '../panels/layout-model.ts';
import type { DashboardStore } from '../store.ts';
import { scaleRows } from './scale-rows.ts';

/**
 * Painted rows: whether the machine fails to boot, its table, its kernel's messages, and the rules of the borders that
 * moved. Where not all of the table fits into `room`, the parts of the kernel's image share a row.
 */
export const outcomeRows = (
	store: DashboardStore,
	comparison: Comparison,
	width: number,
	room: number,
): readonly string[] => {
	const { theme, messages } = store;
	const words = messages.editor;
	const { bootFailure, messages: said } = comparison.b.layout;
	const lines = (text: string, style: StyleName, mark: string): readonly string[] =>
		wrap(printable(text), width - 4).map((line, at) =>
			new RowBuilder(theme, width).add(` ${at === 0 ? mark : ' '} ${line}`, style).toString(),
		);
	const heading = (text: string): string => new RowBuilder(theme, width).add(` ${text}`, 'title').toString();
	const failure = bootFailure === undefined ? [] : lines(words.unbootable(messages.say(bootFailure)), 'error', '!');
	const spoken = said.length === 0 ? [] : [heading(words.says), ...said.flatMap(line => lines(line, 'warning', ' '))];
	const reasons = reasonsOf(comparison, messages).flatMap(reason => lines(reason, 'plain', '-'));
	const blank = ' '.repeat(width);
	const why = reasons.length === 0 ? [] : [heading(words.why), ...reasons];
	const isTight = failure.length + comparison.rows.length + spoken.length + why.length > room;
	return [
		...failure,
		...tableRows(comparison, { theme, messages, width, isTight }),
		...(room < ROOMY ? [] : ['', ...scaleRows(store, comparison, width), ''].map(row => row || blank)),
		...spoken,
		...why,
	];
};

/** From so many rows on, there is a picture of both layouts, too. */
const ROOMY = 20;

interface TableContext {
	readonly theme: Theme;
	readonly messages: Messages;
	readonly width: number;
	readonly isTight: boolean;
}

/** From that width on, a row that moved says where it was. */
const WIDE = 110;

const tableRows = (
	{ rows, a, b }: Comparison,
	{ theme, messages, width, isTight }: TableContext,
): readonly string[] => {
	// Without the kernel's indent, which a narrow screen has no room for.
	const before = new Map(a.layout.rows.map((row, at) => [row.name, fittedRows(a.layout.rows, 0)[at] ?? '']));
	const now = new Map(b.layout.rows.map((row, at) => [row.name, fittedRows(b.layout.rows, 0)[at] ?? '']));
	const columns = Math.max(...[...before.values(), ...now.values()].map(text => text.length));
	const paint = (row: RowComparison): string => {
		const mark = !hasMoved(row) ? ' ' : !row.a ? '+' : !row.b ? '-' : '*';
		const style = row.b ? rowStyle(row.name) : 'dim';
		const line = new RowBuilder(theme, width)
			.add(` ${mark} `, 'mark')
			.add((row.b ? now : before).get(row.name) ?? '', style, { isChanged: hasMoved(row) })
			.padTo(columns + 5);
		if (row.a && row.b && hasMoved(row) && width >= WIDE) {
			line.add(messages.editor.was(`${hex(row.a.start)} - ${hex(row.a.end)}`), 'dim').padTo(columns + 34);
		}
		return line.add(movedText(row, messages), 'strong').toString();
	};
	const isImage = (row: RowComparison): boolean =>
		row.name.startsWith('.') && row.a !== undefined && row.b !== undefined;
	const image = rows.filter(isImage);
	if (!isTight || image.length < 2) return rows.map(paint);
	const isMoved = image.some(hasMoved);
	const together = new RowBuilder(theme, width)
		.add(isMoved ? ' * ' : '   ', 'mark')
		.add(image.map(({ name }) => name).join(' '), 'plain', { isChanged: isMoved })
		.padTo(columns + 5)
		.add(
			[...new Set(image.map(row => movedText(row, messages)))].filter(text => text !== '').join(messages.editor.comma),
			'strong',
		);
	return [...rows.filter(row => !isImage(row)).map(paint), together.toString()];
};

/** How far a row moved: as a whole, or its start and its end. */
export const movedText = (row: RowComparison, { editor: words }: Messages): string => {
	if (!hasMoved(row)) return '';
	if (!row.a) return words.added;
	if (!row.b) return words.gone;
	const start = row.b.start - row.a.start;
	const end = row.b.end - row.a.end;
	if (start === end) return words.movedBy(signedSize(start));
	return [
		...(start === 0 ? [] : [words.startMoved(signedSize(start))]),
		...(end === 0 ? [] : [words.endMoved(signedSize(end))]),
	].join(words.comma);
};

/** The borders whose rules say what a change does, in the order in which one leads to the other. */
const TELLING = [
	'PAGE_OFFSET',
	'VMALLOC_END',
	'high_memory',
	'VMALLOC_START',
	'MODULES_VADDR',
	'MODULES_END',
	'PKMAP_BASE',
	'LDT_BASE_ADDR',
	'CPU_ENTRY_AREA_BASE',
	'FIXADDR_START',
	'FIXADDR_END',
];

const reasonsOf = ({ a, b }: Comparison, messages: Messages): readonly string[] => {
	return TELLING.flatMap(name => {
		const border = b.layout.borders.get(name);
		if (!border || border.value === a.layout.borders.get(name)?.value) return [];
		return [borderSentence(border, messages.explain)];
	});
};
