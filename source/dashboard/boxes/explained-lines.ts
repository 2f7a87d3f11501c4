/** What `highmem explain` says, as lines of a box. */
import { type Explanation, explain } from '../../layout/explain/explain.ts';
import { explanationLines } from '../../layout/explain/explain-text.ts';
import type { ExplainWords } from '../../layout/explain/words.ts';
import { hex } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { MemoryView } from '../../memory/memory-view.ts';
import { displayWidth, take, wrap } from '../painting/text.ts';

/** An address as the running kernel has it now, page walk included. */
export const explainedAddress = (view: MemoryView, address: number, words: ExplainWords, width: number) =>
	wrapped(explanationLines(explain(view.machine, hex(address), view), words), width);

/** Why a row of the table or a symbol lies where it does. */
export const explainedName = (machine: Machine, name: string, words: ExplainWords, width: number) =>
	wrapped(explanationLines(ruleOf(machine, name), words), width);

const kept = new WeakMap<Machine, Map<string, Explanation>>();

// What would move a border is found by computing many layouts, and a box asks for its lines at every key.
const ruleOf = (machine: Machine, name: string): Explanation => {
	const rules = kept.get(machine) ?? new Map<string, Explanation>();
	kept.set(machine, rules);
	const rule = rules.get(name) ?? explain(machine, name);
	rules.set(name, rule);
	return rule;
};

const wrapped = (lines: readonly string[], width: number): readonly string[] =>
	lines.flatMap(line => hangingLines(line, width));

/** A line cut into several where it is too long; those that follow stand below its text, behind its label. */
export const hangingLines = (line: string, width: number): readonly string[] => {
	if (displayWidth(line) <= width) return [line];
	const [label = ''] = /^ *(?:\S+(?: \S+)* {2,})?/.exec(line) ?? [];
	const hang = label.trim() === '' ? label.length + (label === '' ? 2 : 0) : displayWidth(label);
	if (hang >= width / 2) return [take(line, width)];
	const [first = '', ...rest] = wrap(line.slice(label.length), width - hang);
	return [label + first, ...rest.map(text => ' '.repeat(hang) + text)];
};
