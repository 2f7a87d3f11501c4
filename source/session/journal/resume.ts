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
	const count = { acts: session.history.length, step: session.step };
	if (changedAt !== undefined) {
		return {
			session,
			note: phrase('{acts} acts are back; from act {changedAt} on this highmem does it another way', {
				...count,
				changedAt,
			}),
		};
	}
	if (lostLines > 0) {
		return {
			session,
			note: phrase('{acts} acts are back; the last {lostLines} lines of the journal were damaged', {
				...count,
				lostLines,
			}),
		};
	}
	return { session, note: phrase('{acts} acts are back, at step {step}', count) };
};
