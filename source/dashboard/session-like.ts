import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { Language } from '../phrases/language.ts';
import type { Phrase, Text } from '../phrases/phrase.ts';
import type { Act, Outcome } from '../session/outcome.ts';

export type { Act, Outcome, Request } from '../session/outcome.ts';

/** A name that may follow in the command bar. */
export interface Completion {
	readonly name: string;
	/** Signature or value: `struct page *alloc_pages(gfp_t gfp, unsigned int order)`, `0xc0000000`. */
	readonly detail: string | Phrase;
	/** What it does. */
	readonly help?: Text;
	/** Where the text that the name replaces begins; absent: the word before the caret. */
	readonly start?: number;
}

/** What the dashboard needs of an exploration; `Session` is one. */
export interface SessionLike {
	/** Changes identity after an undo or a seek. */
	readonly view: MemoryView;
	readonly machine: Machine;
	/** What it began in. @default a clean boot */
	readonly bootState?: BootState | undefined;
	readonly step: number;
	readonly history: readonly Act[];
	execute(text: string): Outcome;
	undo(): boolean;
	redo(): boolean;
	seek(step: number): boolean;
	complete(text: string, cursor: number): readonly Completion[];
	onChange(listener: () => void): () => void;
}

/** Panel that a lesson's step points at. */
export type Look =
	| 'layout'
	| 'pkmap'
	| 'fixmap'
	| 'vmalloc'
	| 'zones'
	| 'slab'
	| 'log'
	| 'tasks'
	| 'cpus'
	| 'walk'
	| 'counters';

/** A lesson being played on a session. `index` counts the steps that were done, 0 before the first. */
export interface ScenarioLike {
	readonly index: number;
	readonly length: number;
	/** What the newest step did, and what went otherwise than it says: nothing when all is well. */
	readonly result:
		| {
				readonly failures: readonly Text[];
				readonly outcomes: readonly { readonly outcome: { readonly kind: string; readonly request?: unknown } }[];
		  }
		| undefined;
	/** Panel to look at now. */
	readonly look: Look | undefined;
	title(language: Language): string;
	caption(language: Language): string;
	/** Captions of all steps. */
	captions(language: Language): readonly string[];
	/** @returns false at the end. */
	next(): boolean;
	/** @returns false at the start. */
	back(): boolean;
}
