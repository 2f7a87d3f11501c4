import { printable } from '../../machine/user-error.ts';
import { RowBuilder } from '../painting/row-builder.ts';
import { wrap, wrapInto } from '../painting/text.ts';
import type { DashboardStore } from '../store.ts';

/** The strip of a lesson: how far it is, its title, and the caption of the newest step. */
export const lessonRows = (store: DashboardStore, width: number, rows: number): readonly string[] => {
	const { scenario, theme, messages } = store;
	if (!scenario || rows === 0) return [];
	const { language } = store.getState();
	const words = messages.lesson;
	const { border } = theme;
	const title = printable(scenario.title(language));
	const head = new RowBuilder(theme, width)
		.add(border.across.repeat(2), 'mark')
		.add(` ${words.progress(scenario.index, scenario.length, title)} `, 'mark');
	head.right(` ${words.keys} ${border.across}`, 'dim', border.across, 'mark').padTo(width, 'mark', border.across);
	const caption = scenario.index === 0 ? words.start : printable(scenario.caption(language));
	const kept = rows - 1;
	const shown = wrapInto(caption, width - 2, kept);
	return [
		head.toString(),
		...Array.from({ length: kept }, (_, at) =>
			new RowBuilder(theme, width).add(` ${shown[at] ?? ''}`, 'caption').toString(),
		),
	];
};

/** Lines that the longest of these captions takes on a screen of that many columns. */
export const captionRows = (captions: readonly string[], columns: number): number =>
	Math.max(0, ...captions.map(caption => wrap(caption, columns - 2).length));
