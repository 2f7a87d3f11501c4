/**
 * The acts of a `do:` block: one a line. A line whose brackets or comment are still open goes on in the next one, so a
 * loop may be written over several lines. Empty lines and lines with nothing but a comment are left out.
 * @returns each act with the number of its first line, counted from 0.
 */
export const splitActs = (block: string): readonly { readonly text: string; readonly line: number }[] => {
	const acts: { text: string; line: number }[] = [];
	let open = '';
	let first = 0;
	for (const [line, text] of block.split('\n').entries()) {
		if (open === '') first = line;
		open = open === '' ? text : `${open}\n${text}`;
		if (isOpen(open)) continue;
		if (withoutComments(open).trim() !== '') acts.push({ text: open.trim(), line: first });
		open = '';
	}
	if (open.trim() !== '') acts.push({ text: open.trim(), line: first });
	return acts;
};

// A string or character literal, a whole comment, or a block comment that does not end.
const LITERAL_OR_COMMENT = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

const withoutComments = (text: string): string =>
	text.replace(LITERAL_OR_COMMENT, match => (match.startsWith('/') ? ' ' : match));

const isOpen = (text: string): boolean => {
	let depth = 0;
	const code = text.replace(LITERAL_OR_COMMENT, match => (/^\/\*(?![\s\S]*\*\/)/.test(match) ? '{' : ' '));
	for (const character of code) {
		if ('([{'.includes(character)) depth++;
		else if (')]}'.includes(character)) depth--;
	}
	return depth > 0;
};
