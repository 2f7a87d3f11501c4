import {
	appendFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { homedir, hostname as nameOfHost } from 'node:os';
import { dirname, join } from 'node:path';
import type { JournalFile } from './journal.ts';
import { type JournaledSession, readJournal } from './read-journal.ts';
import { encodeRecord } from './record.ts';

/** Older ones than these are deleted when a new one begins. */
const KEPT_JOURNALS = 20;

/** `20261121T063000.123-4711@lab7.jsonl`: when it began and which process writes it, on which machine. */
const NAME = /^\d{8}T\d{6}\.\d{3}-(\d+)(?:@([\w.-]+))?\.jsonl$/;

/** Home may be shared by many machines: whether another one still writes is not to be seen but by its silence. */
const SILENCE_MS = 12 * 60 * 60 * 1000;

/** This machine's name as it stands in names of files. */
const hostname = (): string => nameOfHost().replace(/[^\w.-]/g, '_');

/** A session that can be opened again. */
export interface StoredJournal {
	readonly session: JournaledSession;
	/** Go on writing it: what was damaged is cut off, and it is this process's from now on. */
	continueWriting(): JournalFile;
}

/** The journals on disk, in $XDG_STATE_HOME/highmem. The only place of the session that touches files. */
export class JournalFolder {
	readonly #path: string;

	constructor(env: Readonly<Record<string, string | undefined>>) {
		// The XDG base directory specification: a relative path is to be ignored.
		const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : undefined;
		this.#path = join(state ?? join(env.HOME ?? homedir(), '.local', 'state'), 'highmem');
	}

	/** A new journal. @throws {Error} when the folder cannot be made. */
	create(): JournalFile {
		makeFolder(this.#path);
		for (const old of this.#names().slice(KEPT_JOURNALS - 1)) {
			if (!this.#isWritten(old)) rmSync(join(this.#path, old), { force: true });
		}
		return this.#fileAt(this.#newPath());
	}

	/** The newest session that no running highmem writes, and in which something was done. */
	newest(): StoredJournal | undefined {
		for (const name of this.#names()) {
			if (this.#isWritten(name)) continue;
			const path = join(this.#path, name);
			const session = this.#read(path);
			if (!session || session.acts.length === 0) continue;
			return { session, continueWriting: () => this.#takeOver(path, session) };
		}
		return undefined;
	}

	/** Whether another highmem, here or elsewhere, may still write this journal. */
	#isWritten(name: string): boolean {
		const [, pid, host = hostname()] = NAME.exec(name) ?? [];
		if (host === hostname()) return isRunning(Number(pid));
		const changed = statSync(join(this.#path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
		return Date.now() - changed < SILENCE_MS;
	}

	/** Newest first; none when there is no folder. */
	#names(): readonly string[] {
		try {
			return readdirSync(this.#path)
				.filter(name => NAME.test(name))
				.sort()
				.reverse();
		} catch {
			return [];
		}
	}

	#read(path: string): JournaledSession | undefined {
		try {
			return readJournal(readFileSync(path, 'utf8'));
		} catch {
			return undefined;
		}
	}

	/** Writes the sound records to a file of our own before the old one goes, so that no moment is without either. */
	#takeOver(path: string, { sound }: JournaledSession): JournalFile {
		const own = this.#newPath();
		const records = sound.filter(record => record.kind !== 'end');
		writeFileSync(`${own}.new`, records.map(encodeRecord).join(''), { mode: 0o600 });
		renameSync(`${own}.new`, own);
		rmSync(path, { force: true });
		return this.#fileAt(own);
	}

	#newPath(): string {
		const now = new Date().toISOString().replace(/[-:Z]/g, '');
		return join(this.#path, `${now}-${process.pid}@${hostname()}.jsonl`);
	}

	#fileAt(path: string): JournalFile {
		return { append: text => appendFileSync(path, text, { mode: 0o600 }) };
	}
}

/** Makes a folder and those above it. Node's own way never ends where the file system says ENOENT, as /proc does. */
const makeFolder = (path: string): void => {
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
	if (dirname(path) !== path) makeFolder(dirname(path));
	mkdirSync(path, { mode: 0o700 });
};

/** Whether that process is another one, and there. */
const isRunning = (pid: number): boolean => {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Somebody else's process is there too.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};
