import {
	appendFileSync,
	chmodSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findMachine } from '../../../source/machine/machines.ts';
import { Journal } from '../../../source/session/journal/journal.ts';
import { JournalFolder } from '../../../source/session/journal/journal-folder.ts';
import { resumeSession } from '../../../source/session/journal/resume.ts';
import { Session } from '../../../source/session/session.ts';

const machine = findMachine('imx6q-2g');
let state: string;

beforeEach(() => {
	state = mkdtempSync(join(tmpdir(), 'highmem-state-'));
});

afterEach(() => {
	vi.useRealTimers();
	chmodSync(state, 0o700);
	rmSync(state, { recursive: true });
});

const folder = (): JournalFolder => new JournalFolder({ XDG_STATE_HOME: state });
const files = (): string[] => readdirSync(join(state, 'highmem')).sort();

/** A session that ended without a word: its process is gone. */
const crashed = async (...texts: readonly string[]): Promise<void> => {
	const journal = new Journal(() => folder().create(), machine, undefined);
	const session = await Session.open({ machine, recorder: journal });
	for (const text of texts) session.execute(text);
	for (const name of files()) {
		// No process has this number: Linux gives none above 2^22.
		if (name.includes(`-${process.pid}@`)) renameTo(name, name.replace(/-\d+@.*$/, '-99999999.jsonl'));
	}
};

const renameTo = (from: string, to: string): void => {
	writeFileSync(join(state, 'highmem', to), readFileSync(join(state, 'highmem', from)));
	rmSync(join(state, 'highmem', from));
};

describe('the journals on disk', () => {
	it('are none, and nothing is made, until something is done', async () => {
		expect(folder().newest()).toBeUndefined();
		new Journal(() => folder().create(), machine, undefined).end();
		expect(readdirSync(state)).toEqual([]);
	});

	it('give the newest session back, and go on in its file', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		await crashed('x = 1');
		vi.advanceTimersByTime(1);
		await crashed('y = 2', 'y = 3');
		const stored = folder().newest();
		if (!stored) throw new Error('nothing stored');
		expect(stored.session).toMatchObject({ step: 2, isEnded: false });
		const journal = new Journal(() => folder().create(), machine, undefined);
		const { session } = await resumeSession(stored.session, { recorder: journal });
		journal.takeOver(() => stored.continueWriting());
		session.execute('y = 4');
		expect(files()).toHaveLength(2);
		expect(files().at(-1)).toContain(`-${process.pid}@`);
		expect(
			folder()
				.newest()
				?.session.acts.map(({ text }) => text),
		).toEqual(['y = 2', 'y = 3', 'y = 4']);
	});

	it('lose only a damaged tail, which is cut off before anything is added', async () => {
		await crashed('x = 1', 'x = 2');
		const [name = ''] = files();
		appendFileSync(join(state, 'highmem', name), '{"kind":"act","st');
		const stored = folder().newest();
		expect(stored?.session).toMatchObject({ step: 2, lostLines: 1 });
		stored?.continueWriting().append('');
		expect(folder().newest()?.session).toMatchObject({ step: 2, lostLines: 0 });
	});

	it('pass over those that a running highmem writes, and those that cannot be read at all', async () => {
		await crashed('x = 1');
		const [name = ''] = files();
		// Process 1 runs always.
		renameTo(name, '20200101T000000.000-99999999.jsonl');
		writeFileSync(
			join(state, 'highmem', '20990101T000000.000-1.jsonl'),
			readFileSync(join(state, 'highmem', files()[0] ?? '')),
		);
		writeFileSync(join(state, 'highmem', '20980101T000000.000-99999999.jsonl'), 'no journal at all');
		expect(folder().newest()?.session.acts).toHaveLength(1);
	});

	it('pass over those that another machine with the same home has written to of late', async () => {
		await crashed('x = 1');
		const [name = ''] = files();
		const elsewhere = '20990101T000000.000-4711@lab7.jsonl';
		renameTo(name, elsewhere);
		expect(folder().newest()).toBeUndefined();
		const dayAgo = Date.now() / 1000 - 24 * 60 * 60;
		utimesSync(join(state, 'highmem', elsewhere), dayAgo, dayAgo);
		expect(folder().newest()?.session.acts).toHaveLength(1);
	});

	it('of a format that this highmem does not know are passed over and kept', async () => {
		await crashed('x = 1');
		const [name = ''] = files();
		const path = join(state, 'highmem', name);
		const [boot = '', ...acts] = readFileSync(path, 'utf8').split('\n');
		writeFileSync(path, [boot.replace('"version":1', '"version":2'), ...acts].join('\n'));
		expect(folder().newest()).toBeUndefined();
		folder().create().append('');
		expect(files()).toContain(name);
	});

	it('come back as they were booted: a machine of no name, from the state of a board', async () => {
		const own = { ...machine, id: 'custom', title: 'from a boot log', cpusOnline: 2 };
		const bootState = { timeSeconds: 58, lastPkmapNr: 42 };
		const journal = new Journal(() => folder().create(), own, bootState);
		const session = await Session.open({ machine: own, bootState, recorder: journal });
		session.execute('p = kmap(alloc_page(GFP_HIGHUSER))');
		const [name = ''] = files();
		renameTo(name, name.replace(/-\d+@.*$/, '-99999999.jsonl'));
		const stored = folder().newest();
		if (!stored) throw new Error('nothing stored');
		const resumed = await resumeSession(stored.session, {});
		expect(resumed.session.machine).toEqual(own);
		// The board had taken slot 42 last.
		expect(resumed.session.inspect('PKMAP_NR((unsigned long)p)').text).toBe('43');
		expect(resumed.session.view.timeNs).toBe(session.view.timeNs);
	});

	it('are at most twenty, besides those that are written', async () => {
		// The parent of this process runs as long as it does.
		const written = `19990101T000000.000-${process.ppid}.jsonl`;
		await crashed('x = 1');
		renameTo(files()[0] ?? '', written);
		for (let index = 10; index < 40; index++) {
			await crashed('x = 1');
			for (const name of files().filter(each => each.endsWith('-99999999.jsonl') && !each.startsWith('2000'))) {
				renameTo(name, `20000101T0000${index}.000-99999999.jsonl`);
			}
		}
		expect(files()).toHaveLength(21);
		expect(files().slice(0, 2)).toEqual([written, '20000101T000020.000-99999999.jsonl']);
	});

	it('are for the user alone', async () => {
		await crashed('x = 1');
		const { statSync } = await import('node:fs');
		expect(statSync(join(state, 'highmem')).mode & 0o777).toBe(0o700);
	});

	it('ignore a relative XDG_STATE_HOME, as the specification asks', () => {
		const home = new JournalFolder({ XDG_STATE_HOME: 'somewhere', HOME: state });
		home.create().append('');
		expect(readdirSync(state)).toEqual(['.local']);
	});
});
