import { headerParts } from '../dashboard/header-parts.ts';
import { fittedRows } from '../dashboard/painting/fitted-rows.ts';
import { isTooSmall, layoutScreen, type Place } from '../dashboard/screen-layout.ts';
import type { Layout } from '../layout/layout.ts';
import type { Machine } from '../machine/machine.ts';
import type { Language } from '../phrases/language.ts';
import type { Say } from '../phrases/phrase.ts';
import type { ScreenSize } from '../terminal/screen-diff.ts';

export interface FirstScreenOptions {
	readonly machine: Machine;
	readonly layout: Layout;
	readonly size: ScreenSize;
	readonly isUnicode: boolean;
	readonly language: Language;
	/** Puts the machine's title into that language. */
	readonly say: Say;
	/** Lines of a lesson's longest caption, 0 without a lesson. */
	readonly captionRows: number;
}

/** Columns of what stands on the right in the header at boot: `[    0.000000] cpu0 sh(100) step 0`. */
const HEADER_RIGHT: Readonly<Record<Language, number>> = { en: 34, zh: 32 };

/**
 * The header and the mem_init table as plain rows, where the dashboard will draw them a moment later, so that nothing
 * jumps. Shown while Ink and the kernel are still being loaded, so it may load nothing itself.
 */
export const firstScreen = (options: FirstScreenOptions): readonly string[] => {
	const { machine, layout, size, language } = options;
	if (isTooSmall(size)) return [];
	const parts = headerParts(machine, layout, size.columns - HEADER_RIGHT[language], text => text.length, options.say);
	return [parts.map(part => ` ${part} `).join(''), ...tableRows(options)];
};

/** The panel of the table, while the rows below the table stay blank; nothing where the panel is not shown at first. */
const tableRows = ({ layout, size, isUnicode, captionRows }: FirstScreenOptions): readonly string[] => {
	// Nothing but the right column asks for the slots.
	const wishes = { tableRows: layout.rows.length, pkmapSlots: 0, fixmapRows: () => 0, captionRows, resultRows: 1 };
	const screen = layoutScreen(size, layout.pkmap ? 'pkmap' : 'layout', wishes);
	const place = screen.columns[0]?.find(({ panel }) => panel === 'layout');
	if (!place) return [];
	const inside = place.columns - 2;
	const rows = fittedRows(layout.rows, inside).slice(0, place.rows - 2 - screen.pictureRows);
	const side = isUnicode ? '│' : '|';
	return [topBorder(layout, place, isUnicode), ...rows.map(row => side + row.padEnd(inside) + side)];
};

const topBorder = ({ heading }: Layout, { columns }: Place, isUnicode: boolean): string => {
	const [left, across, right] = isUnicode ? ['┌', '─', '┐'] : ['+', '-', '+'];
	return `${left} 1 ${heading.replace(/:$/, '')} `.padEnd(columns - 1, across) + right;
};
