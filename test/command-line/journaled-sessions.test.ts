import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournaledSessions } from '../../source/command-line/journaled-sessions.ts';
import { machineWithFlags } from '../../source/machine/from-flags.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { english } from '../../source/phrases/phrase.ts';
import { JournalFolder } from '../../source/session/journal/journal-folder.ts';

const machine = findMachine('imx6q-2g');
let state: string;

beforeEach(() => {
	state = mkdtempSync(join(tmpdir(), 'highmem-state-'));
});

afterEach(() => rmSync(state, { recursive: true }));

const folder = (): JournalFolder => new JournalFolder({ XDG_STATE_HOME: state });

describe('the sessions of one run', () => {
	it('tell the next run when the last one broke off, and are gone on with', async () => {
		const session = await new JournaledSessions(folder()).open({ machine });
		session.execute('x = 1');
		session.execute('x = 2');
		const next = new JournaledSessions(folder());
		const hint = next.unfinished();
		expect(hint && english(hint)).toBe('the last session broke off at step 2: highmem --resume brings it back');
		const stored = folder().newest();
		if (!stored) throw new Error('nothing stored');
		const resumed = await next.resume(stored, () => '');
		expect(english(resumed.note)).toBe('resumed at step 2 of 2');
		resumed.session.execute('x = 3');
		next.end();
		expect(new JournaledSessions(folder()).unfinished()).toBeUndefined();
		expect(
			folder()
				.newest()
				?.session.acts.map(({ text }) => text),
		).toEqual(['x = 1', 'x = 2', 'x = 3']);
	});

	it('end the journal of one session when another is opened', async () => {
		const sessions = new JournaledSessions(folder());
		(await sessions.open({ machine })).execute('x = 1');
		await sessions.open({ machine: findMachine('imx6q-1g') });
		expect(folder().newest()?.session).toMatchObject({ isEnded: true, machine: { id: 'imx6q-2g' } });
	});

	it('keep the state that the board was in on a changed machine where its areas have their place', async () => {
		const sessions = new JournaledSessions();
		const bootState = { lastPkmapNr: 41 };
		await sessions.open({ machine, bootState });
		const same = await sessions.openChanged({ machine: machineWithFlags(machine, { cpus: '2' }) });
		expect(same.session.view.pkmap?.lastPkmapNr).toBe(41);
		expect(same.note).toBe('it starts in the same state');
		const moved = await sessions.openChanged({ machine: machineWithFlags(machine, { vmalloc: '512M' }) });
		expect(moved.session.view.pkmap?.lastPkmapNr).toBe(0);
		expect(moved.note).toBe('the areas and free lists that the other one started with do not fit it and are left out');
		expect((await sessions.openChanged({ machine })).note).toBeUndefined();
	});

	it('leave nothing on disk without a folder', async () => {
		const sessions = new JournaledSessions();
		(await sessions.open({ machine })).execute('x = 1');
		sessions.end();
		expect([sessions.unfinished(), sessions.failure]).toEqual([undefined, undefined]);
		expect(folder().newest()).toBeUndefined();
	});

	it('say once why a journal could not be written', async () => {
		const sessions = new JournaledSessions(new JournalFolder({ XDG_STATE_HOME: '/proc/no-such-place' }));
		const session = await sessions.open({ machine });
		expect(session.execute('x = 1').kind).toBe('done');
		expect(sessions.failure && english(sessions.failure)).toContain('the journal could not be written: ');
	});
});
