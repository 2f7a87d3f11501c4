import { findMachine } from '../machine/machines.ts';
import { UserError } from '../machine/user-error.ts';
import { type PlainPhrase, phrase, verbatim } from '../phrases/phrase.ts';
import type { KernelAct } from './kernel-act.ts';
import type { Request } from './outcome.ts';

/**
 * What a line in the command bar means. C, `cpu`, `task`, `fork`, `exit`, `irq`, `softirq`, `insmod` and `rmmod` are acts of
 * the history; the rest is about it.
 */
export type Command =
	| Exclude<KernelAct, { kind: 'insmod' }>
	/** The act has the module's text too. */
	| { readonly kind: 'insmod'; readonly path: string }
	| { readonly kind: 'seek'; readonly step: number }
	| { readonly kind: 'undo' | 'redo' | 'reset' }
	| { readonly kind: 'goto' | 'walk'; readonly expression: string }
	| { readonly kind: 'find'; readonly text: string }
	| { readonly kind: 'describe'; readonly name: string }
	| { readonly kind: 'explain'; readonly what: string }
	| { readonly kind: 'request'; readonly request: Request };

/** What kind of thing a word's argument is. */
export type ArgumentKind = 'c' | 'cpu' | 'machine' | 'module' | 'place' | 'task' | 'text';

interface ExplorerWord {
	readonly name: string;
	/** How it is written: `cpu N`; what stands in brackets may be left out. */
	readonly usage: string;
	/** One line for the help. */
	readonly help: PlainPhrase;
	/** @throws {UserError} when the argument is no good. */
	readonly read: (argument: string) => Command;
	/** What kind of thing the argument is, for completion. @default 'text', which is not completed */
	readonly argument?: ArgumentKind;
	/** C programs call it: `fork()` is the word, too. @default false */
	readonly isCallToo?: boolean;
}

const wholeNumber = (argument: string, usage: string): number => {
	if (/^\d{1,9}$/.test(argument)) return Number(argument);
	throw new UserError(phrase('"{argument}" is not a number', { argument }), undefined, verbatim(usage));
};

/** The few words beside C that the command bar knows. */
export const EXPLORER_WORDS: readonly ExplorerWord[] = [
	{
		name: 'cpu',
		usage: 'cpu N',
		help: 'go on on CPU N; each CPU has a shell of its own',
		read: argument => ({ kind: 'cpu', id: wholeNumber(argument, 'cpu 1') }),
		argument: 'cpu',
	},
	{
		name: 'task',
		usage: 'task N',
		help: 'go on as task N, on its CPU; task new starts another shell on this CPU',
		read: argument => ({ kind: 'task', pid: argument === 'new' ? 'new' : wholeNumber(argument, 'task 100, task new') }),
		argument: 'task',
	},
	{
		name: 'fork',
		usage: 'fork',
		help: 'start a process with the memory of this shell; who writes to a page first gets a copy',
		read: () => ({ kind: 'fork' }),
		isCallToo: true,
	},
	{
		name: 'exit',
		usage: 'exit',
		help: 'end this shell; the memory of its process goes back, and another shell goes on',
		read: () => ({ kind: 'exit' }),
		isCallToo: true,
	},
	{
		name: 'irq',
		usage: 'irq STATEMENTS',
		help: 'run C as a hard interrupt on this CPU',
		read: text => ({ kind: 'interrupt', context: 'hardirq', text }),
		argument: 'c',
	},
	{
		name: 'softirq',
		usage: 'softirq STATEMENTS',
		help: 'run C as a softirq on this CPU',
		read: text => ({ kind: 'interrupt', context: 'softirq', text }),
		argument: 'c',
	},
	{
		name: 'insmod',
		usage: 'insmod FILE.c',
		help: 'load a kernel module from its C source and run its init function',
		read: argument => ({ kind: 'insmod', path: argument }),
	},
	{
		name: 'rmmod',
		usage: 'rmmod NAME',
		help: "run a module's exit function and unload it",
		read: argument => ({ kind: 'rmmod', name: argument }),
		argument: 'module',
	},
	{ name: 'undo', usage: 'undo', help: 'take the last act back', read: () => ({ kind: 'undo' }) },
	{ name: 'redo', usage: 'redo', help: 'do again what was taken back', read: () => ({ kind: 'redo' }) },
	{
		name: 'seek',
		usage: 'seek N',
		help: 'go to the state after act N; 0 is the boot',
		read: argument => ({ kind: 'seek', step: wholeNumber(argument, 'seek 3') }),
	},
	{
		name: 'reset',
		usage: 'reset',
		help: 'back to the boot; redo brings the acts back',
		read: () => ({ kind: 'reset' }),
	},
	{
		name: 'goto',
		usage: 'goto ADDRESS',
		help: 'move the cursor to an address, or to the value of a C expression',
		read: argument => ({ kind: 'goto', expression: argument }),
		argument: 'c',
	},
	{
		name: 'walk',
		usage: 'walk ADDRESS',
		help: "an address's way through the page tables, entry by entry",
		read: argument => ({ kind: 'walk', expression: argument }),
		argument: 'c',
	},
	{
		name: 'explain',
		usage: 'explain ADDRESS',
		help: 'why an address, a row of the table or a symbol lies where it does',
		read: argument => ({ kind: 'explain', what: argument }),
		argument: 'place',
	},
	{
		name: 'edit',
		usage: 'edit',
		help: 'change RAM, split, vmalloc, kernel ... and see what moves',
		read: () => ({ kind: 'request', request: 'edit' }),
	},
	{
		name: 'find',
		usage: 'find TEXT',
		help: 'where a text occurs: the kernel log, the layout, mappings, slab caches, tasks',
		read: argument => ({ kind: 'find', text: argument }),
	},
	{
		name: 'save',
		usage: 'save FILE.yaml',
		help: 'write what was done so far as a scenario; save! FILE.yaml overwrites a file',
		read: argument => {
			const path = argument.replace(/^!\s*/, '');
			if (!/[^/]\.ya?ml$/.test(path)) {
				throw new UserError('a scenario ends in .yaml', path || undefined, verbatim(`save ${path || 'FILE'}.yaml`));
			}
			return { kind: 'request', request: { save: path, isOverwriting: argument !== path } };
		},
	},
	{
		name: 'lesson',
		usage: 'lesson [N]',
		help: 'open the next lesson, or lesson N; Space plays it',
		read: argument => ({
			kind: 'request',
			request: { lesson: argument === '' ? undefined : wholeNumber(argument, 'lesson 3') },
		}),
	},
	{
		name: 'machine',
		usage: 'machine ID',
		help: 'open another machine; its exploration begins anew',
		read: argument => ({ kind: 'request', request: { machine: findMachine(argument, 'machine').id } }),
		argument: 'machine',
	},
	{
		name: 'help',
		usage: 'help [NAME]',
		help: 'what keys and words there are, or what one function or name of the kernel is',
		read: argument => (argument === '' ? { kind: 'request', request: 'help' } : { kind: 'describe', name: argument }),
		argument: 'c',
	},
	{ name: 'quit', usage: 'quit', help: 'leave', read: () => ({ kind: 'request', request: 'quit' }) },
];

// What makes a leading name C after all: it is assigned to, or called, indexed or taken a member of.
const GOES_ON_AS_C = /^(?:[([.]|\s*(?:[-+*/%&|^]?=(?!=)|\+\+|--|->))/;

/** What stands behind `fork` or `exit` in a program. */
const AS_CALL = /^\s*\(\s*\d*\s*\)\s*;?$/;

/**
 * Tell a word of the explorer from C. A name that is assigned to or called is C: a variable may be called `cpu`.
 * @throws {UserError} for an empty line, and for a word with a missing, superfluous or wrong argument.
 */
export const readCommand = (line: string): Command => {
	const text = line.trim();
	if (text === '') throw new UserError('nothing was typed', undefined, 'C, or a word such as help');
	const name = /^[a-z]+\b/.exec(text)?.[0];
	const word = EXPLORER_WORDS.find(candidate => candidate.name === name);
	const rest = text.slice(name?.length ?? 0);
	if (word?.isCallToo && AS_CALL.test(rest)) return word.read('');
	if (!word || GOES_ON_AS_C.test(rest)) return { kind: 'c', text };
	const isStatements = word.name === 'irq' || word.name === 'softirq';
	const argument = (isStatements ? rest : rest.replace(/;\s*$/, '')).trim();
	const takesArgument = word.usage.includes(' ');
	if (takesArgument && argument === '' && !word.usage.includes('[')) {
		throw new UserError(
			phrase('{name} needs something after it', { name: word.name }),
			undefined,
			verbatim(word.usage),
		);
	}
	if (!takesArgument && argument !== '') {
		throw new UserError(phrase('{name} stands alone', { name: word.name }), undefined, verbatim(word.usage));
	}
	return word.read(argument);
};
