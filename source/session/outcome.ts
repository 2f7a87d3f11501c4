import type { UserError } from '../machine/user-error.ts';
import type { Phrase, Text } from '../phrases/phrase.ts';

/** What an explorer word asks of the dashboard; it changes no memory. */
export type Request =
	| { readonly goto: number }
	| { readonly walk: number }
	/** An address, or the name of a row or symbol. */
	| { readonly explain: number | string }
	| { readonly machine: string }
	/** A lesson by its number; undefined: the next one. */
	| { readonly lesson: number | undefined }
	/** The session as a scenario file. */
	| { readonly save: string; readonly isOverwriting: boolean }
	| 'edit'
	| 'help'
	| 'quit';

/** What became of one act. */
export type Outcome =
	| {
			readonly kind: 'done';
			/** Printed form of the expression's result, if it has one. */
			readonly value?: string | Phrase | undefined;
			/** What else happened: which sleeping tasks went on, and how that ended. */
			readonly notes?: readonly Text[] | undefined;
	  }
	/** A mistake of the user; nothing has changed. */
	| { readonly kind: 'error'; readonly error: UserError }
	/** The simulated kernel killed the task, or, with `isPanic`, stopped for good. `message` is its own first line. */
	| {
			readonly kind: 'fault';
			readonly message: string;
			/** The rule that was broken, in plain words. */
			readonly reason: Text;
			readonly isPanic: boolean;
			readonly notes?: readonly Text[] | undefined;
	  }
	/** The task sleeps on the wait queue `on`; another one has taken over the command bar. */
	| {
			readonly kind: 'sleeping';
			readonly pid: number;
			readonly on: string;
			readonly notes?: readonly Text[] | undefined;
	  }
	| { readonly kind: 'request'; readonly request: Request };

/** One user-visible act: what was typed and what came of it. */
export interface Act {
	/** From 1. */
	readonly step: number;
	readonly text: string;
	readonly outcome: Outcome;
}
