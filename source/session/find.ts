import { hex } from '../machine/address.ts';
import { formatLogLine } from '../memory/context.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { type Phrase, phrase } from '../phrases/phrase.ts';

/** How many finds one line of result names. */
const MOST_NAMED = 3;

/**
 * Where a text occurs, whatever its case: the kernel log, newest first, the rows of the layout, mappings of the vmalloc
 * space by their callers, slab caches, tasks.
 * @returns one line, or undefined when it occurs nowhere.
 */
export const findText = (view: MemoryView, text: string): string | Phrase | undefined => {
	const wanted = text.toLowerCase();
	const found = everything(view).filter(line => line.toLowerCase().includes(wanted));
	if (found.length === 0) return undefined;
	const named = found.slice(0, MOST_NAMED).map(line => line.trim().replace(/\s+/g, ' '));
	const more = found.length - named.length;
	const shown = named.join('; ');
	return more > 0 ? phrase('{shown}; and {more} more', { shown, more }) : shown;
};

const everything = (view: MemoryView): readonly string[] => [
	...view.log.map(formatLogLine).reverse(),
	...view.layout.rows.map(({ name, start, end }) => `${name} ${hex(start)} - ${hex(end)}`),
	...view.vmalloc.areas().map(({ start, kind, caller }) => `${kind} ${hex(start)} ${caller}`),
	...view.slab.caches.map(({ name, activeObjects }) => `${name} ${activeObjects} objects`),
	...[...view.tasks.values()].map(({ pid, comm, state, waitingOn }) =>
		`task ${pid} ${comm} ${state} ${waitingOn ?? ''}`.trim(),
	),
];
