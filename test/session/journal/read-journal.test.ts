import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMachine } from '../../../source/machine/machines.ts';
import { Journal, type JournalFile } from '../../../source/session/journal/journal.ts';
import { readJournal } from '../../../source/session/journal/read-journal.ts';
import { decodeRecord, encodeRecord } from '../../../source/session/journal/record.ts';
import { resumeSession } from '../../../source/session/journal/resume.ts';
import { Session } from '../../../source/session/session.ts';
import { digest } from '../digest.ts';

const machine = findMachine('imx6q-2g');

/** A file in memory. */
class MemoryFile implements JournalFile {
	text = '';
	append(text: string): void {
		this.text += text;
	}
}

const MODULE =
	'#include <linux/module.h>\nstatic int __init m_init(void) { printk("模块\\n"); return 0; }\nmodule_init(m_init);\n';

/** A session with some acts, its journal, and the state after each line of it. */
const played = async (texts: readonly string[]) => {
	const file = new MemoryFile();
	const journal = new Journal(() => file, machine, undefined);
	const session = await Session.open({ machine, recorder: journal, readFile: () => MODULE });
	const states = [{ lines: 0, step: 0, acts: 0, digest: digest(session) }];
	for (const text of texts) {
		session.execute(text);
		states.push({
			lines: file.text.split('\n').length - 1,
			step: session.step,
			acts: session.history.length,
			digest: digest(session),
		});
	}
	return { file, journal, session, states };
};

const ACTS = [
	'struct page *page = alloc_page(GFP_HIGHUSER)',
	'v = kmap(page)',
	'*v = 0xdeadbeef',
	'nonsense(',
	'undo',
	'undo',
	'redo',
	'printk("内存 \\u0007 \\n")',
	'insmod m.c',
	'cpu 1',
	'irq int from = 1',
	'softirq from++',
	'task new',
	'rmmod m',
	'*(int *)0 = 1',
	'seek 3',
	'kunmap(page)',
];

describe('a journal', () => {
	it('holds each act as it is done, and is not begun before the first', async () => {
		const { file, session } = await played([]);
		expect(file.text).toBe('');
		session.execute('help');
		session.execute('find lowmem');
		expect(file.text).toBe('');
		session.execute('x = 1');
		expect(file.text.split('\n').map(line => decodeRecord(line)?.kind)).toEqual(['boot', 'act', undefined]);
	});

	it('brings a session back: its acts, also those taken back, its step and its state', async () => {
		const { file, session } = await played([...ACTS, 'undo']);
		const read = readJournal(file.text);
		if (!read) throw new Error('unreadable');
		expect(read).toMatchObject({ step: session.step, lostLines: 0, isEnded: false });
		const resumed = await resumeSession(read, {});
		expect(digest(resumed.session)).toEqual(digest(session));
		expect(resumed.session.history.map(({ text }) => text)).toEqual(session.history.map(({ text }) => text));
		expect(JSON.stringify(resumed.session.history)).toBe(JSON.stringify(session.history));
		expect(resumed.note).toEqual({ key: 'resumed at step {step} of {acts}', values: { acts: 4, step: 3 } });
		expect(resumed.session.redo()).toBe(true);
	});

	it('says when it was ended by intent, and goes on after that', async () => {
		const { file, journal, session } = await played(['x = 1']);
		journal.end();
		expect(readJournal(file.text)?.isEnded).toBe(true);
		session.execute('x = 2');
		expect(readJournal(file.text)).toMatchObject({ isEnded: false, step: 2 });
	});

	it('ends when it cannot be written, and the session goes on', async () => {
		const full: JournalFile = {
			append: () => {
				throw new Error('ENOSPC: no space left on device');
			},
		};
		const journal = new Journal(() => full, machine, undefined);
		const session = await Session.open({ machine, recorder: journal });
		expect(session.execute('x = 1').kind).toBe('done');
		expect(journal.failure).toContain('no space left');
	});
});

describe('a damaged journal', () => {
	it('cut off anywhere loses only the acts behind the cut', async () => {
		const { file, states } = await played(ACTS);
		const bytes = Buffer.from(file.text);
		fc.assert(
			fc.property(fc.nat(bytes.length), length => {
				const text = bytes.subarray(0, length).toString('utf8');
				const read = readJournal(text);
				const whole = text.split('\n').length - 1;
				// A last line that lacks nothing but its line end is as good as whole.
				const isWhole = decodeRecord(text.slice(text.lastIndexOf('\n') + 1)) !== undefined;
				const lines = whole + Number(isWhole);
				if (lines === 0) expect(read).toBeUndefined();
				const known = states.findLast(state => state.lines <= lines);
				if (read && lines >= (states[1]?.lines ?? 0)) {
					expect({ step: read.step, acts: read.acts.length }).toEqual({ step: known?.step, acts: known?.acts });
				}
				expect(read?.lostLines ?? 0).toBeLessThanOrEqual(1);
			}),
			{ numRuns: 500 },
		);
	});

	it('with any byte changed keeps what stands before it', async () => {
		const { file } = await played(ACTS);
		const bytes = Buffer.from(file.text);
		const sound = readJournal(file.text)?.sound ?? [];
		fc.assert(
			fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
				const damaged = Buffer.from(bytes);
				damaged[at] = (damaged[at] ?? 0) ^ change;
				const read = readJournal(damaged.toString('utf8'));
				const before = bytes.subarray(0, at).toString('utf8').split('\n').length - 1;
				const kept = read?.sound.length ?? 0;
				expect(kept).toBeGreaterThanOrEqual(before === 0 ? 0 : before);
				expect(read?.sound.slice(0, before) ?? []).toEqual(sound.slice(0, before));
				// The sum may miss nothing of a line but its own end.
				expect(kept).toBeLessThanOrEqual(before + 1);
			}),
			{ numRuns: 500 },
		);
	});

	it('of any content is read or not, but never breaks', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 400 }), text => {
				expect(readJournal(text)).toBeUndefined();
			}),
		);
	});

	it('resumes with one line that says what was lost', async () => {
		const { file } = await played(ACTS);
		const read = readJournal(`${file.text.slice(0, -20)}\ngarbage\n`);
		if (!read) throw new Error('unreadable');
		const { session, note } = await resumeSession(read, {});
		expect(note).toMatchObject({ key: expect.stringContaining('damaged') });
		expect(session.step).toBe(read.step);
	});

	it('whose acts this highmem does otherwise comes back as far as it goes, and says from where it differs', async () => {
		const { file } = await played(['x = 1', 'printk("one\\n")', 'x = 2']);
		const lines = file.text
			.split('\n')
			.flatMap(line => decodeRecord(line) ?? [])
			.map(record => (record.kind === 'act' && record.step === 2 ? { ...record, timeNs: record.timeNs + 1 } : record));
		const otherTime = readJournal(lines.map(encodeRecord).join(''));
		if (!otherTime) throw new Error('unreadable');
		expect((await resumeSession(otherTime, {})).note).toMatchObject({ values: { acts: 3, changedAt: 2 } });
		const refused = readJournal(
			lines
				.map(record =>
					record.kind === 'act' && record.step === 2
						? { ...record, act: { kind: 'c' as const, text: 'no_such_function()' } }
						: record,
				)
				.map(encodeRecord)
				.join(''),
		);
		if (!refused) throw new Error('unreadable');
		const { session, note } = await resumeSession(refused, {});
		expect(note).toMatchObject({ values: { acts: 1, changedAt: 2 } });
		expect(session.inspect('x').text).toBe('1');
	});
});
