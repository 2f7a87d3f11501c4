import { hex, PAGE_SIZE } from '../../machine/address.ts';
import type { Border, BorderStep } from '../border.ts';
import { inclusiveSpan } from './releases.ts';
import { exactSize } from './size-text.ts';
import type { ExplainWords } from './words.ts';

/** `lowmem ends at 0xef800000: VMALLOC_END 0xff000000 - 240 MB - 8 MB, since RAM reaches further; kernel 3.3 to 4.3`. */
export const borderSentence = (border: Border, words: ExplainWords): string => {
	const subject = words.subjects[border.name] ?? words.otherSubject(border.name);
	const formula = formulaText(border, words);
	const reason = words.reasons[border.rule];
	const why = formula === '' ? reason : `${formula}${words.comma}${reason}`;
	const span = spanText(border, words);
	return `${subject} ${hex(border.value)}${words.colon}${why}${span === '' ? '' : `${words.semicolon}${span}`}`;
};

/** The arithmetic with this machine's numbers; empty for a mere constant. */
const formulaText = ({ steps }: Border, words: ExplainWords): string => {
	const [first] = steps;
	if (steps.length === 1 && first?.name === undefined) return '';
	let text = '';
	for (const [at, step] of steps.entries()) {
		if (step.op === 'round') {
			text += `${words.comma}${words.roundedDown(exactSize(step.value))}`;
			if (at < steps.length - 1) text = `(${text})`;
		} else {
			text += at === 0 ? valueText(step, words) : ` ${step.op} ${valueText(step, words)}`;
		}
	}
	return text;
};

const valueText = ({ as, value, name }: BorderStep, words: ExplainWords): string => {
	if (as === 'address') return name === undefined ? hex(value) : `${name} ${hex(value)}`;
	const size = as === 'pages' ? words.pages(value / PAGE_SIZE) : exactSize(value);
	return name === undefined ? size : `${size}${words.inParentheses(name)}`;
};

const spanText = (border: Border, words: ExplainWords): string => {
	const { first, last } = inclusiveSpan(border.span);
	if (first !== undefined && last !== undefined) return words.span.between(first, last);
	if (first !== undefined) return words.span.from(first);
	return last === undefined ? '' : words.span.upTo(last);
};
