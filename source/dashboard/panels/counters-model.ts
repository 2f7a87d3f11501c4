import { COUNTED, type CountedName, OPERATIONS, type OperationName } from '../../memory/paging/counters.ts';
import type { Inspection, InspectorContext } from '../inspector-model.ts';
import { displayWidth, fitText } from '../painting/text.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

type LineContext = Pick<InspectorContext, 'view' | 'messages'>;

const NAME_COLUMNS = 15;
const LEAST_COLUMNS = 6;
const MOST_COLUMNS = 11;

/** Mappings of one page, with what takes them away: these stand side by side. */
const PAIRS: readonly (readonly [OperationName, OperationName])[] = [
	['kmap', 'kunmap'],
	['kmap_atomic', 'kunmap_atomic'],
	['kmap_local', 'kunmap_local'],
];

/** What the kernel's work has cost since boot, by operation; kmap and kmap_atomic first, call by call. */
export const countersModel = (context: ModelContext): PanelModel => {
	const { width, messages } = context;
	const columns = Math.min(
		MOST_COLUMNS,
		Math.max(LEAST_COLUMNS, Math.floor((width - 1 - NAME_COLUMNS) / COUNTED.length)),
	);
	return linesModel('counters', counterLines(context, columns), context, { legends: messages.counters.legends });
};

export const counterLines = (context: LineContext, columns = LEAST_COLUMNS): readonly PanelLine[] => {
	const { view, messages } = context;
	const words = messages.counters;
	const count = (what: CountedName, name?: OperationName): number => view.paging.count(what, name);
	const titles = words.columns.map(title => rightAligned(title, columns)).join('');
	const line = (name: string, values: readonly string[], about: Inspection): PanelLine => ({
		// What did not happen stays blank: what did stands out, and a row that is new says little more than that.
		text: fitText(name, NAME_COLUMNS) + values.map(value => rightAligned(value === '0' ? '' : value, columns)).join(''),
		about,
	});
	const row = (name: string, operation?: OperationName): PanelLine => {
		const values = COUNTED.map(what => String(count(what, operation)));
		return line(name, values.map(shortened), { name, address: undefined, facts: factsOf(values, context) });
	};
	const pairs = PAIRS.filter(([name], at) => at < 2 || count('calls', name) > 0).map(([name, back]) => {
		const calls = count('calls', name);
		const values = COUNTED.map(what =>
			what === 'calls' ? String(calls) : calls === 0 ? '0' : ratio(count(what, name) + count(what, back), calls),
		);
		const facts = [words.pair(name), ...(calls === 0 ? [words.never] : factsOf(values.slice(1), context, 1))];
		return line(name, values.map(shortened), { name, address: undefined, facts });
	});
	const used = OPERATIONS.filter(name => COUNTED.some(what => count(what, name) > 0));
	return [
		heading(fitText(words.each, NAME_COLUMNS) + titles),
		...pairs,
		heading(fitText(words.sinceBoot, NAME_COLUMNS) + titles),
		row(words.total),
		...used.map(name => row(name, name)),
	];
};

const rightAligned = (text: string, columns: number): string =>
	' '.repeat(Math.max(1, columns - displayWidth(text))) + text;

/** Five digits at the most: thousands and millions beyond. */
const shortened = (text: string): string => {
	const value = Number(text);
	if (Number.isNaN(value) || value < 100_000) return text;
	return value < 1e7 ? `${Math.floor(value / 1e3)}k` : `${Math.floor(value / 1e6)}M`;
};

/** A number of times for each call, with two decimals at the most: `1`, `0.5`, `<0.01`. */
const ratio = (count: number, calls: number): string => {
	const value = count / calls;
	return value > 0 && value < 0.01 ? '<0.01' : String(Math.round(value * 100) / 100);
};

/** What is not zero, in words. */
const factsOf = (values: readonly string[], { messages }: LineContext, from = 0): readonly string[] => {
	const { meanings, whole } = messages.counters;
	return values.flatMap((value, at) => (value === '0' ? [] : [whole(value, meanings[at + from] ?? '')]));
};
