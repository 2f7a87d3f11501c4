import { UserError } from '../../machine/user-error.ts';
import type { Text } from '../../phrases/phrase.ts';
import type { Request, SessionLike } from '../session-like.ts';
import type { DashboardStore } from '../store.ts';

/** What `save` asks for. */
export type Saving = Extract<Request, { readonly save: string }>;

/**
 * Writes a session as a scenario.
 * @returns what to do with it.
 * @throws {UserError} when it cannot be written.
 */
export type SaveSession = (session: SessionLike, saving: Saving) => Promise<Text>;

/** Let the session be written, and say what came of it. */
export const saveSession = async (
	store: DashboardStore,
	saving: Saving,
	save: SaveSession | undefined,
): Promise<void> => {
	try {
		if (!save) throw new UserError('nothing can be saved here');
		const text = store.messages.say(await save(store.session, saving));
		store.dispatch({ type: 'said', result: { kind: 'note', text } });
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		store.dispatch({ type: 'said', result: { kind: 'error', error } });
	}
};
