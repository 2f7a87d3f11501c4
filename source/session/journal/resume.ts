import { phrase, type Text } from '../../phrases/phrase.ts';
import { Session, type SessionOptions } from '../session.ts';
import type { JournaledSession } from './read-journal.ts';

export interface ResumedSession {
	readonly session: Session;
	/** What could not be brought back as it was, or what there is to say; one line. */
	readonly note: Text;
}

/**
 * Do the acts of a journal again.
 * @throws {UserError} when its machine cannot be booted.
 */
export const resumeSession = async (
	journaled: JournaledSession,
	options: Pick<SessionOptions, 'readFile' | 'recorder'>,
): Promise<ResumedSession> => {
	const { machine, bootState, acts, lostLines } = journaled;
	const session = await Session.open({ ...options, machine, bootState });
	const changedAt = session.repeat(acts, journaled.step);
	const place = { step: session.step, acts: session.history.length };
	const note =
		changedAt !== undefined
			? phrase('resumed at step {step} of {acts}; from step {changedAt} on this highmem does it another way', {
					...place,
					changedAt,
				})
			: lostLines > 0
				? phrase('resumed at step {step} of {acts}; the end of the journal was damaged and is lost', place)
				: phrase('resumed at step {step} of {acts}', place);
	return { session, note };
};
