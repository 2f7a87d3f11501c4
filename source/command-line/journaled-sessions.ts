import { computeLayout } from '../layout/compute-layout.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { phrase, type Text, verbatim } from '../phrases/phrase.ts';
import { Journal } from '../session/journal/journal.ts';
import type { JournalFolder, StoredJournal } from '../session/journal/journal-folder.ts';
import { resumeSession } from '../session/journal/resume.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { hasSameBorders } from './board-state.ts';

/** The sessions of one run of the dashboard, one at a time, each with its journal. */
export class JournaledSessions {
	readonly #folder: JournalFolder | undefined;
	#journal: Journal | undefined;
	/** What the newest session was booted with. */
	#booted: Pick<SessionOptions, 'machine' | 'bootState'> | undefined;

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
		this.#booted = options;
		return session;
	}

	/**
	 * Open a session on a changed machine. The state that the present one began in is kept where it still fits.
	 * @throws {UserError}
	 */
	async openChanged(
		options: Omit<SessionOptions, 'recorder' | 'bootState'>,
	): Promise<{ readonly session: Session; readonly note?: Text }> {
		const { machine: before, bootState } = this.#booted ?? {};
		if (!before || !bootState) return { session: await this.open(options) };
		if (hasSameBorders(computeLayout(before), computeLayout(options.machine))) {
			try {
				return { session: await this.open({ ...options, bootState }), note: 'it starts in the same state' };
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
			}
		}
		const note = 'the areas and free lists that the other one started with do not fit it and are left out';
		return { session: await this.open(options), note };
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
		this.#booted = { machine, bootState };
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
