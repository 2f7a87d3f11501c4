import type { UserError } from '../machine/user-error.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { Text } from '../phrases/phrase.ts';

/** What became of an act, as far as a scenario cares. */
export type HostOutcome =
	| { readonly kind: 'done' }
	/** A word for the dashboard, such as walk. */
	| { readonly kind: 'request'; readonly request: unknown }
	| { readonly kind: 'error'; readonly error: UserError }
	| { readonly kind: 'fault'; readonly message: string; readonly reason: Text }
	| { readonly kind: 'sleeping'; readonly pid: number; readonly on: string };

/** The exploration on which a scenario is played; a session is one. */
export interface ScenarioHost {
	/** Number of acts done. */
	readonly step: number;
	readonly view: MemoryView;
	execute(text: string): HostOutcome;
	seek(step: number): boolean;
	/** A C expression's value as text, and whether it is other than zero. @throws {UserError} */
	inspect(expression: string): { readonly text: string; readonly isTrue: boolean };
}
