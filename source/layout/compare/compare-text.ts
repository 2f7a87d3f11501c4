import { hex } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import { alignColumns } from '../columns.ts';
import { readableSize, signedSize } from '../explain/size-text.ts';
import type { ExplainWords } from '../explain/words.ts';
import type { LayoutRow } from '../layout.ts';
import { type Comparison, hasMoved, type RowComparison } from './compare.ts';

const RIGHT_NUMBERS: ReadonlySet<number> = new Set([1, 2, 3]);

/** A comparison as lines of text: how the machines differ, the rows, and what it costs. */
export const comparisonLines = (comparison: Comparison, words: ExplainWords): string[] => {
	const { a, b, facts, rows, quantities } = comparison;
	const names = [printable(a.name), printable(b.name)] as const;
	const { compare } = words;
	const factRows = facts.map(fact => [compare.facts[fact.name], fact.a, fact.b]);
	const tableRows = rows.map(row => [row.name, rangeText(row.a), rangeText(row.b), movedText(row, names, words)]);
	const sizeRows = quantities
		.filter(quantity => quantity.a !== 0 || quantity.b !== 0)
		.map(({ name, a: left, b: right }) => [
			compare.quantities[name],
			readableSize(left),
			readableSize(right),
			left === right ? '' : signedSize(right - left),
		]);
	const lines = facts.length === 0 ? [] : [...alignColumns([['', ...names], ...factRows]), ''];
	lines.push(...alignColumns([[compare.row, ...names, compare.moved], ...tableRows]), '');
	lines.push(...alignColumns([[compare.size, ...names, ''], ...sizeRows], RIGHT_NUMBERS));
	if (!rows.some(hasMoved)) lines.push('', compare.identical);
	for (const [at, { layout }] of [a, b].entries()) {
		if (layout.bootFailure !== undefined)
			lines.push('', compare.wouldNotBoot(names[at] ?? '', words.say(layout.bootFailure)));
	}
	return lines;
};

const rangeText = (row: LayoutRow | undefined): string => (row ? `${hex(row.start)} - ${hex(row.end)}` : '-');

const movedText = (row: RowComparison, [left, right]: readonly [string, string], { compare }: ExplainWords): string => {
	if (!hasMoved(row)) return compare.same;
	if (!row.a) return compare.onlyIn(right);
	if (!row.b) return compare.onlyIn(left);
	const [start, end] = [row.b.start - row.a.start, row.b.end - row.a.end];
	if (start === end) return compare.movesWhole(signedSize(start));
	return compare.moves(start === 0 ? undefined : signedSize(start), end === 0 ? undefined : signedSize(end));
};
