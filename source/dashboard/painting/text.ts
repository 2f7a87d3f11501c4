/** Plain text by display width: one column a character, two for Chinese and the like. */
import stringWidth from 'string-width';

const ASCII = /^[\u0020-\u007e]*$/;

/** Put at the end of text that was cut. One column in every terminal. */
export const CUT_MARK = '>';

export const displayWidth = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

/** The first `width` columns of `text`; ends with the cut mark when something is missing. */
export const cut = (text: string, width: number): string => {
	if (displayWidth(text) <= width) return text;
	return width <= 0 ? '' : take(text, width - 1) + CUT_MARK;
};

/** `text` cut or padded with spaces to exactly `width` columns. */
export const fitText = (text: string, width: number): string => {
	const fitted = cut(text, width);
	return fitted + ' '.repeat(Math.max(0, width - displayWidth(fitted)));
};

/** As many whole characters as fit into `width` columns. */
export const take = (text: string, width: number): string => {
	if (ASCII.test(text)) return text.slice(0, Math.max(0, width));
	let taken = '';
	let columns = 0;
	for (const character of text) {
		columns += displayWidth(character);
		if (columns > width) break;
		taken += character;
	}
	return taken;
};

// A piece of text that no line end may part: a Latin word or one Chinese character, with the brackets and full stops
// that belong to it.
const PIECES =
	/( +)|([（《“]*(?:[\u3000-\u9fff\uff00-\uffef]|[^ \u3000-\u9fff\uff00-\uffef]+)[、。，：；）！？》”]*)/gu;

/** Lines of at most `width` columns, broken at spaces and between Chinese characters. */
export const wrap = (text: string, width: number): readonly string[] => {
	const lines: string[] = [];
	let line = '';
	let space = '';
	for (const [, spaces, piece = ''] of text.matchAll(PIECES)) {
		if (spaces !== undefined) {
			space = line === '' ? '' : ' ';
			continue;
		}
		if (displayWidth(line + space + piece) <= width) {
			line += space + piece;
		} else {
			if (line !== '') lines.push(line);
			line = piece;
			while (displayWidth(line) > width && width > 1) {
				const head = take(line, width);
				lines.push(head);
				line = line.slice(head.length);
			}
		}
		space = '';
	}
	if (line !== '') lines.push(line);
	return lines;
};

/** Lines as `wrap` makes them, `most` at the most: the last one holds all that is left, however long that is. */
export const wrapInto = (text: string, width: number, most: number): readonly string[] => {
	const lines = wrap(text, width);
	if (lines.length <= most) return lines;
	const kept = lines.slice(0, Math.max(0, most - 1));
	// A line end took a space away between Latin words, and nothing between Chinese characters.
	let rest = text.trim().replace(/ +/g, ' ');
	for (const line of kept) rest = rest.slice(line.length).trimStart();
	return [...kept, rest];
};
