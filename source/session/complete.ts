import type { Completion, Interpreter } from '../kernel-c/interpreter.ts';
import { hex } from '../machine/address.ts';
import { MACHINES } from '../machine/machines.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { phrase } from '../phrases/phrase.ts';
import { type ArgumentKind, EXPLORER_WORDS } from './explorer-words.ts';

/** What there is to complete from. */
export interface CompletionSources {
	readonly interpreter: Interpreter;
	readonly view: MemoryView;
}

/**
 * What may stand at `cursor`: at the line's beginning the explorer's words and C, behind a word what that word takes,
 * elsewhere C.
 */
export const complete = (sources: CompletionSources, text: string, cursor: number): readonly Completion[] => {
	const before = text.slice(0, cursor);
	const [, name = '', argument] = /^\s*([a-z]*)(?:\s+(\S*))?$/.exec(before) ?? [];
	const word = argument === undefined ? undefined : EXPLORER_WORDS.find(candidate => candidate.name === name);
	if (word && word.argument !== 'c') {
		const candidates = word.argument === undefined ? [] : CANDIDATES[word.argument](sources);
		const start = cursor - (argument ?? '').length;
		const own = candidates.filter(each => each.name.startsWith(argument ?? '')).map(each => ({ ...each, start }));
		return word.argument === 'place' ? [...own, ...variables(sources, text, cursor, own)] : own;
	}
	return [...wordsThatBegin(before), ...sources.interpreter.complete(text, cursor)];
};

const wordsThatBegin = (before: string): readonly Completion[] =>
	/^\s*[a-z]*$/.test(before)
		? EXPLORER_WORDS.filter(word => word.name.startsWith(before.trim())).map(({ name, usage, help }) => ({
				name,
				kind: 'word',
				detail: usage,
				help,
			}))
		: [];

/** A row or symbol may be explained, and so may what a variable points at. */
const variables = (
	{ interpreter }: CompletionSources,
	text: string,
	cursor: number,
	known: readonly Completion[],
): readonly Completion[] =>
	interpreter
		.complete(text, cursor)
		.filter(({ kind, name }) => kind === 'variable' && !known.some(each => each.name === name));

type Candidates = (sources: CompletionSources) => readonly Completion[];

const CANDIDATES: Readonly<Record<Exclude<ArgumentKind, 'c'>, Candidates>> = {
	machine: () => MACHINES.map(({ id, title }) => ({ name: id, detail: title })),
	module: ({ interpreter }) => interpreter.modules.map(name => ({ name, detail: phrase('a loaded module') })),
	cpu: ({ view }) =>
		view.cpus.map(({ id, preemptCount }) => ({ name: String(id), detail: `preempt_count ${preemptCount}` })),
	task: ({ view }) => [
		...[...view.tasks.values()].map(({ pid, comm, state }) => ({ name: String(pid), detail: `${comm}, ${state}` })),
		{ name: 'new', detail: 'another shell on this CPU' },
	],
	place: ({ view: { layout } }) => [
		...layout.rows.map(({ name, start, end }) => ({ name, detail: `${hex(start)} - ${hex(end)}` })),
		...[...layout.symbols].map(([name, value]) => ({ name, detail: hex(value) })),
	],
	text: () => [],
};
