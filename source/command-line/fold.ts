import { displayWidth, wrap } from '../dashboard/painting/text.ts';

/** A label with its column, or the indentation: what the lines after the first leave free. */
const HEAD = /^( *\S+(?: \S+)*? {2,}| *)/;
/** A label farther right is none. */
const MOST_HANGING = 24;
const LEAST_ROOM = 30;

/**
 * A line as it is, or where it is longer than the terminal, several that are broken between words and hang under their
 * first one. Without a terminal (a pipe, a file) nothing is broken.
 */
export const fold = (line: string, columns: number | undefined): readonly string[] => {
	if (columns === undefined || displayWidth(line) <= columns) return [line];
	const [whole = ''] = HEAD.exec(line) ?? [];
	const isLabel = /\S/.test(whole);
	const head = isLabel && displayWidth(whole) > MOST_HANGING ? '' : whole;
	const hanging = isLabel && head !== '' ? displayWidth(head) : displayWidth(head) + 2;
	const room = columns - hanging;
	if (room < LEAST_ROOM) return [line];
	const [first = '', ...rest] = wrap(line.slice(head.length), room);
	return [head + first, ...rest.map(text => ' '.repeat(hanging) + text)];
};
