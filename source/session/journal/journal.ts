import type { Machine } from '../../machine/machine.ts';
import type { BootState } from '../../memory/boot/boot-state.ts';
import { encodeRecord, JOURNAL_VERSION, type JournalAct, type JournalRecord } from './record.ts';

/** Where one journal is kept. */
export interface JournalFile {
	/** Put text behind what is there. @throws {Error} when it cannot be written. */
	append(text: string): void;
}

/** What a session tells of itself while it goes on. */
export interface SessionRecorder {
	act(act: JournalAct): void;
	seek(step: number): void;
}

/**
 * Writes down what is done in one session, each act when it is done. The file is made with the first act: a session in
 * which nothing was done leaves none. A file that cannot be written ends the journal, never the session.
 */
export class Journal implements SessionRecorder {
	readonly #makeFile: () => JournalFile;
	readonly #boot: JournalRecord;
	#file: JournalFile | undefined;
	/** Why nothing is written any more. */
	failure: string | undefined;

	/** @param makeFile Called before the first record is written. */
	constructor(makeFile: () => JournalFile, machine: Machine, bootState: BootState | undefined) {
		this.#makeFile = makeFile;
		this.#boot = { kind: 'boot', version: JOURNAL_VERSION, machine, bootState };
	}

	/** Go on with a file that holds the session's records already. @param open Gives it. */
	takeOver(open: () => JournalFile): void {
		try {
			this.#file = open();
		} catch (error) {
			this.#fail(error);
		}
	}

	act(act: JournalAct): void {
		this.#write({ kind: 'act', ...act });
	}

	seek(step: number): void {
		this.#write({ kind: 'seek', step });
	}

	/** The session is left by intent. */
	end(): void {
		if (this.#file) this.#write({ kind: 'end' });
	}

	#write(record: JournalRecord): void {
		if (this.failure !== undefined) return;
		try {
			if (!this.#file) {
				this.#file = this.#makeFile();
				this.#file.append(encodeRecord(this.#boot));
			}
			this.#file.append(encodeRecord(record));
		} catch (error) {
			this.#fail(error);
		}
	}

	#fail(error: unknown): void {
		this.failure = error instanceof Error ? error.message : String(error);
	}
}
