import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot-state.ts';
import { phrase, type Text, verbatim } from '../phrases/phrase.ts';
import { Journal } from '../session/journal/journal.ts';
import type { JournalFolder, StoredJournal } from '../session/journal/journal-folder.ts';
import { resumeSession } from '../session/journal/resume.ts';
import { Session, type SessionOptions } from '../session/session.ts';

/** The sessions of one run of the dashboard, one at a time, each with its journal. */
export class JournaledSessions {
	readonly #folder: JournalFolder | undefined;
	#journal: Journal | undefined;

	/** @param folder Where journals are kept. @default nowhere */
	constructor(folder?: JournalFolder) {
		this.#folder = folder;
	}

	/** Why the newest journal could not be written. */
	get failure(): Text | undefined {
		const { failure } = this.#journal ?? {};
		return failure === undefined ? undefined : phrase('the journal could not be written: {failure}', { failure });
	}

	/** Open a session; the one before is over by intent. @throws {UserError} */
	async open(options: Omit<SessionOptions, 'recorder'>): Promise<Session> {
		const journal = this.#makeJournal(options.machine, options.bootState);
		const session = await Session.open({ ...options, recorder: journal });
		this.end();
		this.#journal = journal;
		return session;
	}

	/** Open a session of the past and go on with its journal. @throws {UserError} */
	async resume(
		stored: StoredJournal,
		readFile: (path: string) => string,
	): Promise<{ readonly session: Session; readonly note: Text }> {
		const { machine, bootState, step } = stored.session;
		const journal = this.#makeJournal(machine, bootState);
		const resumed = await resumeSession(stored.session, { readFile, recorder: journal });
		journal?.takeOver(() => stored.continueWriting());
		if (resumed.session.step !== step) journal?.seek(resumed.session.step);
		this.#journal = journal;
		return resumed;
	}

	/** What there is to say of the last run when the dashboard opens: that it broke off, and how to go on with it. */
	unfinished(): Text | undefined {
		const session = this.#folder?.newest()?.session;
		if (!session || session.isEnded) return undefined;
		return phrase('the last session broke off at step {step}: {command} brings it back', {
			step: session.step,
			command: verbatim('highmem --resume'),
		});
	}

	/** The session is left by intent. */
	end(): void {
		this.#journal?.end();
	}

	#makeJournal(machine: Machine, bootState: BootState | undefined): Journal | undefined {
		const folder = this.#folder;
		return folder && new Journal(() => folder.create(), machine, bootState);
	}
}
