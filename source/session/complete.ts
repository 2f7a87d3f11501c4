import type { Completion, Interpreter } from '../kernel-c/interpreter.ts';
import { MACHINES } from '../machine/machines.ts';
import { EXPLORER_WORDS } from './explorer-words.ts';

/**
 * What may stand at `cursor`: at the line's beginning the explorer's words and C, behind a word what that word takes,
 * elsewhere C.
 */
export const complete = (interpreter: Interpreter, text: string, cursor: number): readonly Completion[] => {
	const before = text.slice(0, cursor);
	const [, name = '', argument] = /^\s*([a-z]*)(?:\s+(\S*))?$/.exec(before) ?? [];
	const word = argument === undefined ? undefined : EXPLORER_WORDS.find(candidate => candidate.name === name);
	if (word && word.argument !== 'c') {
		const candidates = word.argument === undefined ? [] : CANDIDATES[word.argument](interpreter);
		const start = cursor - (argument ?? '').length;
		return candidates.filter(each => each.name.startsWith(argument ?? '')).map(each => ({ ...each, start }));
	}
	return [...wordsThatBegin(before), ...interpreter.complete(text, cursor)];
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

type Candidates = (interpreter: Interpreter) => readonly Completion[];

const CANDIDATES: Readonly<Record<'machine' | 'module' | 'text', Candidates>> = {
	machine: () => MACHINES.map(({ id, title }) => ({ name: id, detail: title })),
	module: interpreter => interpreter.modules.map(name => ({ name, detail: 'a loaded module' })),
	text: () => [],
};
