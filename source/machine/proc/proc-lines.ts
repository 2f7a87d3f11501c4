import type { LogLine } from '../boot-log/log-lines.ts';

/** A command line is the longest of them. */
const MAX_LINE = 8192;

const ESCAPES = /\u001b(?:\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)?|.)/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const QUOTE = /^(?:[>|] ?){1,8}/;

/**
 * The lines of a file of /proc as the kernel wrote them: without quoting, colours, control characters and blanks at
 * either end; empty ones are left out.
 * @param before What is added to the line numbers, counted from 1.
 */
export const procLines = (text: string, before = 0): LogLine[] => {
	const lines: LogLine[] = [];
	let number = before;
	for (const raw of text.split('\n')) {
		number++;
		const cut = raw.length > MAX_LINE ? raw.slice(0, MAX_LINE) : raw;
		const clean = cut
			.replace(ESCAPES, '')
			.replace(/[\t\u00a0]/g, ' ')
			.replace(CONTROLS, '')
			.trim();
		const line = clean.replace(QUOTE, '').trim();
		if (line !== '') lines.push({ number, text: line });
	}
	return lines;
};
