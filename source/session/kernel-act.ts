import type { UserError } from '../machine/user-error.ts';
import type { Outcome } from './outcome.ts';

/** An act that changes the kernel, with everything that a replay needs: a module's text, not its file. */
export type KernelAct =
	| { readonly kind: 'c'; readonly text: string }
	| { readonly kind: 'cpu'; readonly id: number }
	| { readonly kind: 'task'; readonly pid: number | 'new' }
	| { readonly kind: 'fork' }
	| { readonly kind: 'exit' }
	| { readonly kind: 'interrupt'; readonly context: 'hardirq' | 'softirq'; readonly text: string }
	| { readonly kind: 'insmod'; readonly path: string; readonly source: string }
	| { readonly kind: 'rmmod'; readonly name: string };

/** How a run of an execution ended. */
export type Ending = Extract<Outcome, { kind: 'done' | 'fault' | 'sleeping' }>;

/** How the run of a sleeper that was woken ended: a mistake of the user may show only then. */
export type SleeperEnding = Ending | { readonly kind: 'error'; readonly error: UserError };
