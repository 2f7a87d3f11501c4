import type { LogLine } from '../boot-log/log-lines.ts';
import { plainLine } from '../boot-log/plain-line.ts';

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
		const line = plainLine(raw).trimEnd();
		if (line !== '') lines.push({ number, text: line });
	}
	return lines;
};
