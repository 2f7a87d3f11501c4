import type { Act, Completion, Outcome, SessionLike } from '../../source/dashboard/session-like.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { verbatim } from '../../source/phrases/phrase.ts';
import { type StaticMemory, staticView } from './static-view.ts';

/** A session that knows one command, `kmap`, which takes the next pkmap slot. For what happens on the screen around it. */
export const staticSession = (memory: StaticMemory = {}): SessionLike => {
	let acts: readonly Act[] = [];
	let step = 0;
	let listeners: readonly (() => void)[] = [];
	const view = () => {
		const slots = Array.from({ length: step }, (_, at) => at + 1);
		return staticView({
			...memory,
			step,
			lastPkmapNr: step,
			counts: { ...memory.counts, ...Object.fromEntries(slots.map(slot => [slot, 2])) },
			changed: Object.fromEntries(slots.map(slot => [slot, slot])),
		});
	};
	let current = view();
	const seek = (to: number): boolean => {
		if (to < 0 || to > acts.length || to === step) return false;
		step = to;
		current = view();
		for (const listener of listeners) listener();
		return true;
	};
	const execute = (text: string): Outcome => {
		if (text === 'quit' || text === 'help') return { kind: 'request', request: text };
		if (text.startsWith('goto ')) return { kind: 'request', request: { goto: Number(text.slice(5)) } };
		if (text !== 'kmap') {
			return {
				kind: 'error',
				error: new UserError(verbatim(`no function ${text}`), '1:1', verbatim('did you mean kmap?')),
			};
		}
		const outcome: Outcome = { kind: 'done', value: current.pkmap?.address(step + 1).toString(16) };
		acts = [...acts.slice(0, step), { step: step + 1, text, outcome }];
		seek(step + 1);
		return outcome;
	};
	const names: readonly Completion[] = [
		{ name: 'kmap', detail: 'void *kmap(struct page *page)' },
		{ name: 'kmap_atomic', detail: 'void *kmap_atomic(struct page *page)' },
		{ name: 'PAGE_OFFSET', detail: '0xc0000000' },
	];
	return {
		get view() {
			return current;
		},
		machine: current.machine,
		get step() {
			return step;
		},
		get history() {
			return acts;
		},
		execute,
		undo: () => seek(step - 1),
		redo: () => seek(step + 1),
		seek,
		complete: (text, cursor) => {
			const word = /\w*$/.exec(text.slice(0, cursor))?.[0] ?? '';
			return names.filter(({ name }) => name.startsWith(word));
		},
		onChange: listener => {
			listeners = [...listeners, listener];
			return () => {
				listeners = listeners.filter(other => other !== listener);
			};
		},
	};
};
